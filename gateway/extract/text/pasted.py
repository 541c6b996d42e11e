"""Tables that stand inside running text: delimited, aligned, packed or written as fields.

Found cheaply, by counting: prose has commas, but seldom in five lines the same number. A block is
only offered to the judge; whether it is records is not decided here.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import Iterator, Sequence

from gateway.extract.text.bare_cells import bare_cells
from gateway.extract.text.delimited import Rows, split_rows
from gateway.extract.text.field_records import field_records
from gateway.extract.text.fixed_width import (
    PACKED_LENGTH,
    aligned_rows,
    is_drawn,
    packed_rows,
    ruled_tables,
    shape_of,
)
from gateway.extract.text.folded_signs import folded
from gateway.extract.text.named_cells import without_names
from gateway.extract.text.rare_delimiters import least_between, written_between
from gateway.extract.text.repeating_cells import records_in_lines
from gateway.extract.text.written_records import written_tables
from gateway.model.content import Table
from gateway.model.message import Gap, Part

DELIMITERS = ",\t;|~^"
_DELIMITERS = tuple((delimiter, delimiter.encode()) for delimiter in DELIMITERS)
MIN_LINES = 5
MIN_DELIMITERS = 2
# Few lines are enough where they are wide: variables as rows, units as columns.
MIN_WIDE_LINES, WIDE = 3, 8
# So many tables, and one more for so many signs of text.
MAX_BLOCKS = 500
_SIGNS_A_BLOCK = 1_000
# Notes between the rows that do not end a block.
_PAUSE = 3
_MAX_CELL = 60
_QUOTE = re.compile(r"^[> ]*> ?", re.M)
# Marks of remarks in scripts.
_MARKS = ("\n#", "\n//", "\n--", "\n%", "\nREM ")
_MARK = re.compile(r"^(?:#+|//+|--|%+|REM )[ \t]?", re.M)
# Prose is mostly these; what tables are drawn with is looked for among the rest.
_DIGITS = b"0123456789"
_WORDS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .'?()"
_GAPS = re.compile(r"(?<=\S) {2,}(?=\S)")
_EVEN = re.compile(rb"([\x02-\xff])\1{4}")
_SHORT = 8_000
_BARS = "│┃║¦╎┆┊｜"
_TO_BAR = str.maketrans(dict.fromkeys(_BARS, "|"))
_RULERS = ("- -", "= =", "-+-", "─ ─", "─┼─", "=+=")
_ROW_END = re.compile(r"\\\\(?:\[[^\]]{0,20}\])?(?:\s*\\[a-z]+(?:\{[^}]{0,20}\})?)*\s*$")
_LEAST_RULE = 8
_LONG_NUMBER = b"00000000"
_LEAST_FIELDS = 12
_LEAST_NUMBERS = 15
_DATE = re.compile(r"[\s*•-]*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\s*")
_CODE = re.compile(r"(?=.*\d{3})[A-Za-z]{0,4}[ -]?\d[\dA-Za-z/.-]*(?: \d{2,4}){0,3}(?: ?[A-Z])?")
Numbered = list[tuple[int, str]]


def tables_in_text(part: Part, text: str, where: str) -> Iterator[Table | Gap]:
    """Each block as a Table whose `where` names its lines; a Gap where there are more of them."""
    # One sign is found much sooner than two, and most texts have none of these.
    if ">" in text and ("\n>" in text or text[:1] == ">"):
        text = _QUOTE.sub("", text)
    text = without_marks(folded(text))
    left = MAX_BLOCKS + len(text) // _SIGNS_A_BLOCK
    for found in _all_tables(part, text, where):
        yield found
        left -= 1
        if left < 0:
            location = part.location.at(where)
            yield Gap(location, "limit", "more tables in the text than are looked at")
            return


def _all_tables(part: Part, text: str, where: str) -> Iterator[Table | Gap]:
    taken: set[int] = set()
    if where != "source":
        for own, table in written_tables(part, text, where):
            taken |= own
            yield table
    signs = text.encode("utf-8", "surrogatepass").translate(None, _WORDS)
    if signs.count(b"\n") < MIN_WIDE_LINES - 1:
        return
    if not text.isascii() and any(map(text.__contains__, _BARS)):
        text = text.translate(_TO_BAR)
        signs = text.encode("utf-8", "surrogatepass").translate(None, _WORDS)
    least = MIN_LINES * MIN_DELIMITERS
    usual = [d for d, sign in _DELIMITERS if signs.count(sign) >= least]
    if b"&" in signs and ("\\\\" in text or _queries(signs)):
        usual.append("&")
    colons = signs.count(b":")
    if colons >= 3 * MIN_LINES and text.count(": ") * 4 < colons:
        usual.append(":")
    ruled = _ruled(text, signs)
    rare = written_between(text, signs)
    if not usual and not ruled and not rare and not _may_hold_columns(text, signs):
        return
    lines = text.split("\n")
    if taken:
        lines = ["" if index in taken else line for index, line in enumerate(lines)]
    if ruled:
        for first, rows in ruled_tables(lines):
            taken.update(range(first, first + len(rows) + 1))
            yield _placed(part, where, first, first + len(rows), rows)
    for delimiter in usual:
        if delimiter == "," and len(text) < _SHORT and _prose(text, lines):
            continue
        for block in _blocks(lines, delimiter):
            if delimiter == "&" and not _of_figures(block, delimiter):
                continue
            yield _table(part, where, block, delimiter)
            own = {index for index, _ in block}
            if _alone(lines, own):
                taken.update(own)
    for run in rare:
        for block in _blocks(lines, run, least_between(run)):
            if taken.isdisjoint(index for index, _ in block) and _of_figures(block, run):
                yield _joined(part, where, block, run)
                taken.update(index for index, _ in block)
    yield from _without_delimiters(part, text, lines, where, taken)


def without_marks(text: str) -> str:
    """Lines that a script keeps as remarks, without what marks them."""
    for mark in _MARKS:
        # A sign alone is found much sooner than counted behind line feeds.
        if mark[1] in text and text.count(mark) >= MIN_LINES:
            return _MARK.sub("", text)
    return text


def _may_hold_columns(text: str, signs: bytes) -> bool:
    """The least that columns without delimiters need: numbers, wide gaps, or names and values."""
    if signs.count(b":") + signs.count(b"=") >= _LEAST_FIELDS:
        return True
    return len(signs) - len(signs.translate(None, _DIGITS)) >= MIN_LINES or "  " in text


def _alone(lines: list[str], own: set[int]) -> bool:
    """Do the lines stand together? Others between them may go on with their records."""
    between = lines[min(own) : max(own) + 1]
    return len(own) > 2 * (len(between) - between.count("") - len(own))


def _queries(signs: bytes) -> bool:
    """Names and values as forms are sent: a=1&b=2."""
    return signs.count(b"&") >= MIN_LINES * MIN_DELIMITERS <= signs.count(b"=")


def _ruled(text: str, signs: bytes) -> bool:
    dashes = signs.count(b"-") >= _LEAST_RULE or signs.count(b"=") >= _LEAST_RULE
    if not dashes and (text.isascii() or "─" not in text):
        return False
    return any(map(text.__contains__, _RULERS))


def _without_delimiters(
    part: Part, text: str, lines: list[str], where: str, taken: set[int]
) -> Iterator[Table]:
    """Columns that only their places or their names tell apart."""
    shape = shape_of(text)
    columns = "  " in text and text.count("  ") >= MIN_LINES * MIN_DELIMITERS
    numbers = shape.count(b"x0") + shape.count(b" 0") + shape.count(b"\n0")
    if where != "source" and numbers >= _LEAST_NUMBERS:
        for own, found in records_in_lines(lines, taken):
            taken.update(own)
            yield _placed(part, where, min(own), max(own), found)
    if shape.count(_LONG_NUMBER) >= MIN_LINES:
        yield from _packed(part, where, lines, taken)
    if shape.count(b"0\n") >= MIN_LINES:
        yield from _lists(part, where, lines, taken)
    if columns or shape.count(b"0 0") >= MIN_LINES:
        for run in _runs(lines, taken):
            for titles in range(3):
                rows = aligned_rows(run[titles:])
                if rows:
                    rows = _by_gaps(run[titles:], rows)
                    taken.update(index for index, _ in run)
                    yield _placed(part, where, run[0][0], run[-1][0], rows)
                    break
    if columns:
        gaps = [_GAPS.sub("\t", line.strip()) if "  " in line else "" for line in lines]
        for block in _blocks(gaps, "\t"):
            if taken.isdisjoint(index for index, _ in block):
                yield _table(part, where, block, "\t")
                taken.update(index for index, _ in block)
    if text.count(":") + text.count("=") >= _LEAST_FIELDS:
        for first, rows in field_records(lines):
            yield _placed(part, where, first, first + len(rows), rows)


def _by_gaps(block: Numbered, rows: Rows) -> Rows:
    """Cut at gaps instead, where that gives every line as many cells, and more of them."""
    cut = [_GAPS.split(line.strip()) for _, line in block]
    widths = set(map(len, cut))
    return cut if len(widths) == 1 and widths.pop() > max(map(len, rows)) else rows


def _runs(lines: list[str], taken: set[int]) -> Iterator[Numbered]:
    """Lines between blank ones that belong to no table yet."""
    run: Numbered = []
    for index, line in enumerate([*lines, ""]):
        if line and not line.isspace() and index not in taken:
            run.append((index, line))
            continue
        if len(run) >= MIN_LINES:
            yield run
        run = []


def _packed(part: Part, where: str, lines: list[str], taken: set[int]) -> Iterator[Table]:
    """Lines of one length, one below the other."""
    for length, group in itertools.groupby(enumerate(lines), lambda line: len(line[1].rstrip())):
        block = list(group) if length >= PACKED_LENGTH else []
        if len(block) >= MIN_LINES and block[0][0] not in taken:
            rows = packed_rows([line.rstrip() for _, line in block])
            if rows:
                taken.update(index for index, _ in block)
                yield _placed(part, where, block[0][0], block[-1][0], rows)


def _lists(part: Part, where: str, lines: list[str], taken: set[int]) -> Iterator[Table]:
    """Numbers and codes, one a line."""
    run: Numbered = []
    other = 0
    for index, line in enumerate([*lines, *[" "] * (_PAUSE + 2)]):
        code = line.strip()
        if 5 <= len(code) <= 40 and _CODE.fullmatch(code) and index not in taken:
            run.append((index, code))
            other = 0
        elif code or index >= len(lines):
            other += 1
            if other > _PAUSE:
                if len(run) >= MIN_LINES:
                    rows = [[item] for _, item in run]
                    if not any(" " in item for _, item in run):
                        taken.update(at for at, _ in run)
                    yield _placed(part, where, run[0][0], run[-1][0], rows)
                run = []


def _placed(part: Part, where: str, first: int, last: int, rows: Sequence[Sequence[str]]) -> Table:
    place = f"lines {first + 1}–{last + 1}"
    return Table(
        part.location.at(f"{where}, {place}" if where else place), rows, total_rows=len(rows)
    )


def _prose(text: str, lines: list[str]) -> bool:
    """The everyday case, quickly: blanks after commas, and no five lines with as many of them."""
    if text.count(", ") * 2 <= text.count(","):
        return False
    try:
        counts = bytes([line.count(",") for line in lines])
    except ValueError:
        return False  # more than 255 in a line
    return not _EVEN.search(counts.translate(None, b"\0\1"))


def _table(part: Part, where: str, block: Numbered, delimiter: str) -> Table:
    lines = [line for _, line in block]
    if delimiter == "|":
        drawn = [(index, line.replace("|", " ")) for index, line in block]
        if lines[-1].count("|") <= 2 and (rows := aligned_rows(drawn) or []):
            return _placed(part, where, block[0][0], block[-1][0], rows)
        lines = [line.strip(" |") for line in lines if not is_drawn(line)]
    elif delimiter == "&" and "\\\\" in lines[0]:
        lines = [_ROW_END.sub("", line).rstrip() for line in lines]
    rows = split_rows("\n".join(lines), delimiter)
    if delimiter in "|&":
        rows = [list(map(str.strip, row)) for row in rows]
    bare = without_names(bare_cells(rows))
    return _placed(part, where, block[0][0], block[-1][0], bare)


def _of_figures(block: Numbered, run: str) -> bool:
    """Prose has dashes, too, and links have strokes; rows have figures."""
    links = run in "/-_=&" and sum("://" in line for _, line in block) * 2 > len(block)
    if run in "/-." and sum(_DATE.fullmatch(line) is not None for _, line in block) * 2 > len(
        block
    ):
        return False
    return not links and sum(any(map(str.isdigit, line)) for _, line in block) * 2 > len(block)


def _joined(part: Part, where: str, block: Numbered, run: str) -> Table:
    """Cells between a sequence of signs; what of it opens the line and closes it goes, too."""
    edges = run + " \t"
    rows = [[cell.strip() for cell in line.strip(edges).split(run)] for _, line in block]
    return _placed(part, where, block[0][0], block[-1][0], without_names(bare_cells(rows)))


def _blocks(lines: list[str], delimiter: str, least: int = MIN_DELIMITERS) -> Iterator[Numbered]:
    counts = [line.count(delimiter) for line in lines]
    if len(counts) - counts.count(0) - counts.count(1) < MIN_WIDE_LINES:
        return
    run: list[int] = []
    other = 0
    for index, count in enumerate(counts):
        if count >= least:
            run.append(index)
            other = 0
        elif lines[index] and not lines[index].isspace():
            other += 1
            if other > _PAUSE and run:
                yield from _of_run(lines, counts, run, delimiter)
                run = []
    yield from _of_run(lines, counts, run, delimiter)


def _of_run(
    lines: list[str], counts: list[int], run: list[int], delimiter: str
) -> Iterator[Numbered]:
    """A run of lines with delimiters: whole where it is even, else its even stretches."""
    if len(run) < MIN_LINES:
        wide = [index for index in run if counts[index] >= WIDE]
        same = len({counts[index] for index in wide}) == 1
        if len(wide) >= MIN_WIDE_LINES and same and delimiter in "\t;|":
            yield [(index, lines[index]) for index in wide]
        return
    if delimiter == ":" and min(counts[index] for index in run) < 3:
        return
    block = [(index, lines[index]) for index in run]
    text = "\n".join(line for _, line in block)
    spaced = text.count(f"{delimiter} ") * 2 > text.count(delimiter) and delimiter in ",;"
    usual, often = Counter(counts[index] for index in run).most_common(1)[0]
    if not spaced and (often * 10 >= len(run) * 6 or '"' in text):
        if often >= MIN_LINES:
            # Prose with commas, just before the rows.
            first = next(at for at, index in enumerate(run) if counts[index] == usual)
            run, block = run[first:], block[first:]
        if len(text) <= _MAX_CELL * sum(counts[index] + 1 for index in run):
            yield block
        return
    start = 0
    for at in range(1, len(run) + 1):
        if at < len(run) and counts[run[at]] == counts[run[start]]:
            continue
        even = block[start:at]
        start, cells = at, (counts[run[start]] + 1) * len(even)
        if len(even) >= MIN_LINES and sum(len(line) for _, line in even) <= _MAX_CELL * cells:
            yield even
