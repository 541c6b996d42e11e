"""Records whose cells follow one another, one a line or one an item: every k-th begins a record.

What tells is the kinds of the values: identifier, name, code, figure, and the same again. Columns
one below the other are told by long stretches of one kind.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import Collection, Iterator, Sequence

from gateway.extract.text.field_records import Fields, records_of_fields

Rows = list[list[str]]
Found = tuple[int, int, Rows]
MIN_CELLS = 20
MIN_WIDTH, MAX_WIDTH = 3, 60
MIN_RECORDS = 5
LONGEST = 80
# So many cells are looked at together to find the width.
_SAMPLE, _STEP = 1_500, 1_000
_AGREEING, _NEARLY = 0.86, 0.7
_NUMBER = re.compile(r"[-+]?\d+")
_FIGURE = re.compile(r"[-+£$€]?\d[\d.,]*%?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T][\d:.]+)?")
_LONG_NUMBER = 7
_FIRST = 12
_DIGITS = re.compile(r"\d")
_BULLET = re.compile(r"\s*(?:(?:[-*+•·>=_]+|\d{1,4}[.)])(?=\s|$)\s*)*(?:\[[^\[\]]{1,40}\]\s*$)?")
_BETWEEN = re.compile(r"\s*(?:[,;|~^\t#{}&]|::|\s[-–/]\s|\.\s|\sand\s)\s*")
_EDGES = " \t\"'`()[]{}:."
_FIELD = re.compile(r"([A-Za-z_][\w ]{0,40}?)(?:\s?[:=]\s?|\s(?=\S*\d\S*$))(\S.*)")
_MARKUP = ('":', '="', "</", "://")
_WORDS = 4


def rows_of_cells(cells: Sequence[str]) -> Found | None:
    """Where the first records begin and end among the cells, and their rows; None for none."""
    return next(tables_of_cells(cells), None)


def tables_of_cells(cells: Sequence[str]) -> Iterator[Found]:
    """The same for all records among the cells."""
    if len(cells) < MIN_CELLS:
        return
    kinds = bytes(map(kind_of, cells))
    if len(set(kinds)) < 2:
        return
    at, none = 0, True
    while len(cells) - at >= MIN_CELLS:
        found = _one_after_the_other(cells, kinds, at)
        if found is None:
            at += _STEP
        else:
            yield found
            at, none = found[1], False
    below = _one_below_the_other(cells, kinds) if none else None
    if below is not None:
        yield below


def kind_of(cell: str) -> int:
    """What sort of value it is, as a sign."""
    if not cell:
        return ord(" ")
    if len(cell) > LONGEST:
        return ord("p")
    if not _DIGITS.search(cell):
        if "@" in cell:
            return ord("@")
        return ord("l" if len(cell) == 1 else "W" if " " in cell else "w")
    if _NUMBER.fullmatch(cell):
        return ord("I" if len(cell) >= _LONG_NUMBER else "i")
    if _DATE.fullmatch(cell):
        return ord("d")
    if _FIGURE.fullmatch(cell):
        return ord("f")
    return ord("M" if " " in cell else "m")


def _one_after_the_other(cells: Sequence[str], kinds: bytes, begin: int) -> Found | None:
    sample = kinds[begin : begin + _SAMPLE]
    refused: list[int] = []
    for width in range(MIN_WIDTH, min(MAX_WIDTH, len(sample) // MIN_RECORDS) + 1):
        first = _first_even(_differing(sample, width), width)
        if first is None or any(width % smaller == 0 for smaller in refused):
            continue
        if _is_simpler(sample[first : first + width * MIN_RECORDS]):
            continue
        found = _rows_from(cells, kinds, _behind_head(cells, begin + first, width), width)
        if found is not None:
            return found
        refused.append(width)
    return None


def _differing(kinds: bytes, width: int) -> bytes:
    """A zero where a value is of the same kind as that `width` further on."""
    size = len(kinds) - width
    differing = int.from_bytes(kinds[:size]) ^ int.from_bytes(kinds[width:])
    return differing.to_bytes(size)


def _first_even(differing: bytes, width: int) -> int | None:
    """Where enough records begin that are alike."""
    span = width * (MIN_RECORDS - 1)
    least = int(_AGREEING * span)
    half = max(1, span // 2)
    for near in range(0, len(differing) - half + 1, half):
        if differing.count(0, near, near + half) < _NEARLY * half:
            continue
        for at in range(max(0, near - half), min(near + half, len(differing) - span + 1)):
            if not differing[at] and differing.count(0, at, at + span) >= least:
                return at
    return None


def _is_simpler(kinds: bytes) -> bool:
    """Items, or items and prices: one kind, or two in turn."""
    return any(
        _differing(kinds, width).count(0) >= _AGREEING * (len(kinds) - width) for width in (1, 2)
    )


def _behind_head(cells: Sequence[str], first: int, width: int) -> int:
    """The records begin behind the names of their values, where there are any."""
    for at in range(max(width, first - 1), min(first + 2 * width, len(cells))):
        if _is_head(cells[at - width : at]) and _DIGITS.search(" ".join(cells[at : at + width])):
            return at
    return first


def _is_head(cells: Sequence[str]) -> bool:
    names = set(cells)
    plain = not any(
        " " in name or _FIGURE.fullmatch(name) or _DATE.fullmatch(name) for name in names
    )
    return len(names) == len(cells) and all(names) and plain


def _rows_from(cells: Sequence[str], kinds: bytes, first: int, width: int) -> Found | None:
    # Whether these are records is seen at the first of them, and cheaply.
    end = _end_of_even(kinds, first, width, first + _FIRST * width)
    count = (end - first) // width
    columns = [Counter(kinds[first + at : end : width]).most_common(1)[0] for at in range(width)]
    kept = [kind for kind, often in columns if often >= 0.75 * count]
    varying = sum(len(set(cells[first + at : end : width])) > 1 for at in range(width))
    if count < MIN_RECORDS or varying < MIN_WIDTH:
        return None
    if len(kept) < 0.7 * width or len(set(kept)) < 2:
        return None
    end = _end_of_even(kinds, end - width, width, len(kinds))
    rows = [list(cells[at : at + width]) for at in range(first, end, width)]
    head = list(cells[max(0, first - width) : first])
    if len(head) == width and _is_head(head):
        rows.insert(0, head)
        first -= width
    return first, end, rows


def _end_of_even(kinds: bytes, first: int, width: int, most: int) -> int:
    end = first + width
    while end + width <= min(len(kinds), most):
        pairs = zip(kinds[end - width : end], kinds[end : end + width], strict=True)
        if sum(a == b for a, b in pairs) < 0.6 * width:
            break
        end += width
    return end


def _one_below_the_other(cells: Sequence[str], kinds: bytes) -> Found | None:
    stretches: list[tuple[int, int]] = []
    at = 0
    for _, group in itertools.groupby(kinds):
        length = sum(1 for _ in group)
        stretches.append((at, length))
        at += length
    lengths = Counter(length for _, length in stretches if length >= MIN_RECORDS)
    for length, _ in lengths.most_common(5):
        first = next(start for start, found in stretches if found == length)
        for headed in (1, 0):
            columns = _columns_from(cells, kinds, first - headed, length + headed)
            if headed and not _is_head([column[0] for column in columns]):
                continue
            if len(columns) >= MIN_WIDTH:
                end = first - headed + len(columns) * (length + headed)
                rows = [list(row) for row in zip(*columns, strict=True)]
                return first - headed, end, rows
    return None


def _columns_from(cells: Sequence[str], kinds: bytes, first: int, size: int) -> list[list[str]]:
    columns, found = [], set()
    for at in range(max(first, 0), len(cells) - size + 1, size) if first >= 0 else ():
        kind, often = Counter(kinds[at + 1 : at + size]).most_common(1)[0]
        if often < 0.8 * (size - 1):
            break
        columns.append(list(cells[at : at + size]))
        found.add(kind)
    return columns if len(found) >= 2 else []


def records_in_lines(
    lines: Sequence[str], taken: Collection[int]
) -> Iterator[tuple[set[int], Rows]]:
    """Records whose cells stand one a line, change their delimiter, or go on over lines and words
    of other things: the lines of each table, and its rows."""
    cells: list[str] = []
    places: list[int] = []
    fields: Fields = []
    for index, line in enumerate(lines):
        if index in taken or not line or line.isspace():
            continue
        line = _BULLET.sub("", line, count=1)
        if not line or _is_prose(line):
            continue
        found = _cells_of(line)
        cells += found
        places += [index] * len(found)
        if len(found) > 1:
            fields += _named(index, found)
    if len(fields) >= MIN_CELLS:
        for _, rows in records_of_fields(fields):
            yield {line for line, _, _ in fields}, rows
    for first, end, rows in tables_of_cells(cells):
        yield set(places[first:end]), rows


def _cells_of(line: str) -> list[str]:
    cells = [cell.strip(_EDGES) for cell in _BETWEEN.split(line)]
    if not cells[-1]:
        cells.pop()
    words = cells[0].split() if len(cells) == 1 else []
    return words if len(words) >= MIN_WIDTH and all(map(_FIGURE.fullmatch, words)) else cells


def _is_prose(line: str) -> bool:
    if len(line) > LONGEST and not _BETWEEN.search(line):
        return True
    if any(map(line.__contains__, _MARKUP)):
        return True  # what JSON and XML hold is read as such
    return line.count(" ") >= _WORDS and not _DIGITS.search(line)


def _named(line: int, cells: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Cells that name their value: "born: 1970", "employees 12"."""
    for cell in cells:
        if len(cell) <= LONGEST and (match := _FIELD.fullmatch(cell)):
            yield line, match[1], match[2]
