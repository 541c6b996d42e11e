"""Other ways to read a sheet: records may stand beside, below or across what a page begins with.

A sheet is cut where its make-up changes (bands of rows), where empty columns divide it (blocks), and
turned where its rows, not its columns, are of one nature (units across). Looks at samples of rows only.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Iterator, Literal, Sequence

from gateway.detect.microdata.column import letter
from gateway.detect.microdata.layout import MAX_COLUMNS, Row, is_number
from gateway.detect.microdata.structure import KEY_ROWS

Turn = Literal["rows", "columns"]

NEAR = 130
FAR = 240
LAST = (1, 4, 8, 16, 32, 64, 128)
MIXED = 0.04
MIN_BAND = 4
MAX_BANDS = 5
MAX_BLOCKS = 6
MAX_TURNED = 400


@dataclass(frozen=True, slots=True)
class Reading:
    """A part of a table that is judged by itself. `first` and `left` are where it begins in the
    source; `turned` says that its rows are the source's columns."""

    rows: Sequence[Row]
    where: str
    first: int = 0
    left: int = 0
    turned: bool = False


def bands(rows: Sequence[Row], body: int) -> Iterator[Reading]:
    """The stretches of rows between changes of make-up, where there are any below the first row of
    the `body`: what changes in the heads above it begins no other table."""
    cuts = [cut for cut in _cuts(rows) if cut > body]
    if not cuts:
        return
    ends = [*cuts, len(rows)]
    starts = [0, *cuts]
    for start, end in list(zip(starts, ends, strict=True))[:MAX_BANDS]:
        if end - start >= MIN_BAND:
            yield Reading(rows[start:end], "", first=start)


def mixed(rows: Sequence[Row]) -> Iterator[Reading]:
    """The rows that reach further than those they stand between, where they come again and again."""
    ends = [_make_up(row)[0] for row in rows[:KEY_ROWS]]
    if len(ends) < 3 * MIN_BAND:
        return
    usual, often = Counter(ends).most_common(1)[0]
    wide = [at for at, end in enumerate(ends) if end >= usual + 2]
    if often < 0.5 * len(ends) or len(wide) < max(MIN_BAND, MIXED * len(ends)):
        return
    if sum(b - a > 1 for a, b in pairwise(wide)) >= 0.5 * len(wide):
        yield Reading([rows[at] for at in wide], "", first=wide[0])


def blocks(rows: Sequence[Row], empty: Sequence[int], width: int) -> Iterator[Reading]:
    """The blocks of columns between `empty` ones, where two or more have at least two columns."""
    edges = [-1, *empty, width]
    spans = [(a + 1, b) for a, b in pairwise(edges) if b - a > 2]
    if len(spans) < 2 and (not spans or len(empty) == 0):
        return
    body = rows[:KEY_ROWS]
    for start, end in spans[:MAX_BLOCKS]:
        yield Reading([row[start:end] for row in body], "", left=start)


def without(rows: Sequence[Row], left_out: Sequence[int]) -> Iterator[Reading]:
    """The table without a few of its columns."""
    if left_out:
        omitted = frozenset(left_out)
        body = [[cell for c, cell in enumerate(row) if c not in omitted] for row in rows[:KEY_ROWS]]
        yield Reading(body, "")


def turned(rows: Sequence[Row]) -> Iterator[Reading]:
    """The table with rows and columns exchanged, where its rows are more of one nature."""
    if not 3 <= len(rows) <= MAX_TURNED:
        return
    width = min(max(map(len, rows[:60])), MAX_COLUMNS)
    if width < MIN_BAND or not _runs_across(rows, width):
        return
    body = [row for row in rows if any(row[:width])]
    across = [[row[c] if c < len(row) else "" for row in body] for c in range(width)]
    yield Reading(across, "read across", turned=True)


def _runs_across(rows: Sequence[Row], width: int) -> bool:
    """Are cells more like their neighbours in the row than like those in the column?"""
    body = [row for row in rows[:40] if len(row) - row.count("") >= 2]
    if len(body) < 3:
        return False
    names = [row[0].strip() for row in body if row[0].strip()]
    if len(names) < 0.5 * len(body) or len(set(names)) < 0.6 * len(names):
        return False
    if sum(map(is_number, names)) > 0.2 * len(names):
        return False
    columns = range(1, min(width, 12))
    natures = [[_nature(row[c]) if c < len(row) else "" for c in columns] for row in body[1:25]]
    along, down = _alike(natures), _alike(list(zip(*natures, strict=True)))
    return along > down + 0.12


def _nature(cell: str) -> str:
    """A rough sort of content: whole numbers by length, decimals, words themselves."""
    cell = cell.strip()
    if not cell:
        return ""
    if cell.isdecimal():
        return f"n{len(cell)}" if len(cell) < 3 else "n"
    if is_number(cell):
        return "d"
    # Answers to one question return; those to different questions are different words.
    return cell[:16] if len(cell) <= 40 else "text"


def _alike(lines: Sequence[Sequence[str]]) -> float:
    same = seen = 0
    for line in lines:
        filled = [nature for nature in line if nature]
        seen += max(len(filled) - 1, 0)
        same += sum(a == b for a, b in pairwise(filled))
    return same / seen if seen else 0.0


def _cuts(rows: Sequence[Row]) -> list[int]:
    """Where bands begin: at a row of names over numbers further down, and where the make-up changes."""
    total = len(rows)
    cuts = set(_later_heads(rows[:NEAR]))
    if total > 2 * MIN_BAND:
        step = max(1, total // FAR)
        places = sorted(
            {
                *range(0, min(total, 48), 4),
                *range(0, total, step),
                *(total - n for n in LAST if n <= total),
            }
        )
        known = [(at, kind) for at in places if (kind := _make_up(rows[at]))[0]]
        for (a, left), (b, right) in pairwise(known):
            if _other(left, right) and _settled(rows, a, b):
                cuts.add(_edge(rows, a, b, left, right))
    chosen: list[int] = []
    for cut in sorted(cuts):
        if (
            cut >= MIN_BAND - 1
            and total - cut >= MIN_BAND
            and (not chosen or cut - chosen[-1] >= 3)
        ):
            chosen.append(cut)
    return chosen[: MAX_BANDS - 1]


def _later_heads(rows: Sequence[Row]) -> Iterator[int]:
    """Rows of different words below a row with numbers and above rows with numbers."""
    plain = [not any(map(str.isdecimal, row)) for row in rows]
    for at in range(MIN_BAND - 1, len(rows) - 2):
        if not plain[at] or plain[at + 1] or plain[at - 1]:
            continue
        cells = [cell.strip() for cell in rows[at][:MAX_COLUMNS] if cell.strip()]
        if len(cells) >= 2 and len(set(cells)) == len(cells) and not any(map(is_number, cells)):
            yield at


MakeUp = tuple[int, bool]


def _make_up(row: Row) -> MakeUp:
    """How far to the right a row reaches, and whether it holds numbers."""
    end = min(len(row), MAX_COLUMNS)
    while end and not row[end - 1].strip():
        end -= 1
    return end, any(map(str.isdecimal, row[:end]))


def _other(left: MakeUp, right: MakeUp) -> bool:
    return abs(left[0] - right[0]) >= 2 or (left[1] != right[1] and left[0] > 1 < right[0])


def _settled(rows: Sequence[Row], a: int, b: int) -> bool:
    """Do the rows before `a` and after `b` keep their make-up, so that this is no ragged edge?"""
    before = [kind for row in rows[max(0, a - 3) : a + 1] if (kind := _make_up(row))[0]]
    after = [kind for row in rows[b : b + 4] if (kind := _make_up(row))[0]]
    if len(after) < 3 or len(before) < 3:
        return False
    return all(_other(x, y) for x in before for y in after)


def _edge(rows: Sequence[Row], a: int, b: int, left: MakeUp, right: MakeUp) -> int:
    """The first row from `a` on that is made up like `right`; changes in between are halved in."""
    while b - a > 1:
        middle = (a + b) // 2
        kind = _make_up(rows[middle])
        if kind == left or (kind != right and not _other(kind, left)):
            a = middle
        else:
            b = middle
    return b


def place(reading: Reading, width: int, first: int, count: int) -> str:
    """ "columns D–H, rows 51–150" in the source."""
    if reading.turned:
        return f"read across: columns {letter(1)}–{letter(count)}, a unit each"
    left = letter(reading.left)
    right = letter(reading.left + max(width - 1, 0))
    top = reading.first + first
    return f"columns {left}–{right}, rows {top + 1}–{top + count}"
