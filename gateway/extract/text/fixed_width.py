"""Columns by position: headings over rulers, listings of consoles, packed records without blanks.

Prose has blanks in all places; where five lines with numbers leave the same places free, these
divide columns. Lines of one length that hold digits and letters in the same places are records.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Iterator, Sequence

MIN_LINES = 5
PACKED_LENGTH = 20
MAX_WIDTH = 2_000
# A block is known by its first lines; more of them only cost time.
_SHAPE_LINES = 400
_RULER = re.compile(r"[ \t]*\+?[-=─═]{2,}(?:[ \t+|┼]+[-=─═]{1,})+[ \t+]*$")
_RUN = re.compile(r"[-=─═]+")
_DRAWN = re.compile(r"[\s|:+=\-─━═┼├┤┌┐└┘┬┴╪╞╡╔╗╚╝╠╣╦╩╬]*$")
_BLANK = re.compile(r"\s")
_FILLED = re.compile(r"\S")
_CLASSES = bytes(
    0x30 if 0x30 <= code <= 0x39 else 0x20 if code in (9, 32) else 0x0A if code == 10 else 0x78
    for code in range(256)
)
Rows = list[list[str]]
Numbered = Sequence[tuple[int, str]]


def shape_of(text: str) -> bytes:
    """The text with every digit as 0 and every other sign as x, to search quickly."""
    return text.encode("ascii", "replace").translate(_CLASSES)


def is_drawn(line: str) -> bool:
    """A line that only draws: a border, a ruler, Markdown's second line."""
    return _DRAWN.match(line) is not None


def ruled_tables(lines: Sequence[str]) -> Iterator[tuple[int, Rows]]:
    """(index of the first line, rows) of what stands over and under "---- --- ------"."""
    at, total = 0, len(lines)
    while at < total:
        line = lines[at]
        if len(line) > MAX_WIDTH or not line.strip().startswith(("-", "=", "+", "─", "═")):
            at += 1
            continue
        if not _RULER.match(line) or (
            "+" in line and any("|" in x for x in lines[at + 1 : at + 2])
        ):
            at += 1  # what stands between bars is cut at the bars
            continue
        starts = [run.start() for run in _RUN.finditer(line)]
        first = at
        while first > 0 and at - first < 4 and lines[first - 1].strip():
            first -= 1
            if is_drawn(lines[first]):
                first += 1
                break
        rows = [_cut(lines[i], starts) for i in range(first, at)]
        at += 1
        while at < total and (
            lines[at].strip() or (at + 1 < total and _continues(lines, at, starts))
        ):
            if lines[at].strip() and not is_drawn(lines[at]):
                rows.append(_cut(lines[at], starts))
            at += 1
        if len(rows) >= 3:
            yield first, rows


def _continues(lines: Sequence[str], at: int, starts: list[int]) -> bool:
    """Does the table go on behind one blank line?"""
    following = lines[at + 1]
    within = starts[: bisect_right(starts, len(following))]
    return bool(following.strip()) and all(
        start == 0 or following[start - 1 : start].isspace() for start in within
    )


def _cut(line: str, starts: Sequence[int]) -> list[str]:
    """The cells as far as the line goes: a ruler may have more columns than the lines below."""
    first = 0
    cells = []
    for end in starts[1:]:
        if end >= len(line):
            break
        cells.append(line[first:end].strip(" \t|"))
        first = end
    cells.append(line[first:].strip(" \t|"))
    return cells


def aligned_rows(block: Numbered) -> Rows | None:
    """The block cut where all its lines are blank; None where that is not a table of figures."""
    lines = [line.expandtabs(8)[:MAX_WIDTH].rstrip() for _, line in block if not is_drawn(line)]
    if len(lines) < MIN_LINES:
        return None
    numbers = sum(any(map(str.isdigit, line)) for line in lines)
    if numbers * 10 < len(lines) * 8:
        return None
    width = max(map(len, lines))
    filled = 0
    for line in lines[:_SHAPE_LINES]:
        places = _BLANK.sub("0", _FILLED.sub("1", line)).ljust(width, "0")
        filled |= int(places or "0", 2)
    pattern = bin(filled)[2:].rjust(width, "0")
    starts = [run.start() for run in re.finditer("1+", pattern)]
    if len(starts) < 3 or _mostly_empty(lines, starts):
        return None
    return [_cut(line, [0, *starts[1:]]) for line in lines]


def _mostly_empty(lines: Sequence[str], starts: Sequence[int]) -> bool:
    """Long words in few columns are text with chance gaps; rows have short cells in all of them."""
    sample = lines[:60]
    cells = [cell for line in sample for cell in _cut(line, starts)]
    filled = [cell for cell in cells if cell]
    numeric = sum(cell[-1:].isdigit() and " " not in cell for cell in filled)
    return (
        len(filled) * 10 < len(cells) * 4
        or sum(map(len, filled)) > 25 * len(filled)
        or numeric * 10 < len(filled) * 3
    )


def packed_rows(lines: Sequence[str]) -> Rows | None:
    """Records without delimiters: lines of one length with the same classes in their places.

    One column for each stretch of places of a class; inside a run of digits a column begins where
    values vary much less than in the place before, as leading digits do.
    """
    length = len(lines[0])
    if len(lines) < MIN_LINES or not PACKED_LENGTH <= length <= MAX_WIDTH:
        return None
    sample = lines[:_SHAPE_LINES]
    text = "".join(sample)
    if sum(map(text.count, "0123456789")) * 2 < len(text):
        return None
    places = [_classed(set(place)) for place in zip(*sample, strict=True)]
    mixed = sum(kind == "?" for kind, _ in places)
    if mixed * 10 > length * 2:
        return None
    starts = [0]
    for at in range(1, length):
        (before, many), (kind, few) = places[at - 1], places[at]
        # After a place that varies freely, one that hardly does begins something else.
        if (kind != before and "1" not in (kind, before)) or (many >= 6 and few * 2 <= many):
            starts.append(at)
    return [_cut(line, starts) for line in lines]


def _classed(signs: set[str]) -> tuple[str, int]:
    """The class of a place: digits, letters, blanks with either, always the same, or anything."""
    many = len(signs)
    rest = signs - {" "}
    if many == 1 and not (rest and next(iter(rest)).isalnum()):
        return "1", 1
    if all(map(str.isdigit, rest)):
        return "0", many
    if all(map(str.isalpha, rest)):
        return "a", many
    return "?", many
