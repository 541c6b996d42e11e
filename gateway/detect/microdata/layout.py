"""Finds the table inside a sheet: titles above, one or more header rows, the body, notes below.

Everything is bounded: at most `MAX_COLUMNS` columns are looked at, and the layout is decided
from a few dozen rows, so that a sheet of a million rows or columns costs no more than a page.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Sequence

Row = Sequence[str]

MAX_COLUMNS = 400
HEAD_ROWS = 60
MAX_HEADER_ROWS = 5

_NUMBER = re.compile(r"[-+(]? ?[£$€]? ?(?:\d[\d,. ]*|\.\d+)(?:[eE][-+]?\d+)?[%)]?$")
_YEARISH = re.compile(r"\s*(?:1[5-9]|20|21)\d\d(?:\.0)?\s*$")


@dataclass(frozen=True, slots=True)
class Layout:
    """`headers` holds one joined text a column ("" where there is none); `first` is the index of
    the first body row in the source; `axis` the header row whose cells look most like an axis."""

    headers: tuple[str, ...]
    body: Sequence[Row]
    first: int
    titles: int
    header_rows: int
    notes: int
    width: int


def is_number(cell: str) -> bool:
    """A number as people write them; only the start of a long cell is looked at."""
    return cell.isdecimal() or _NUMBER.match(cell[:60].strip()) is not None


def filled(row: Row) -> int:
    """How many cells hold something, among the columns that are looked at."""
    if len(row) > MAX_COLUMNS:
        row = row[:MAX_COLUMNS]
    return len(row) - row.count("") - row.count(" ")


def filled_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows that hold something, among the columns that are looked at."""
    if max(map(len, rows), default=0) <= MAX_COLUMNS:
        return list(filter(any, rows))
    return [row for row in rows if filled(row)]


def lay_out(rows: Sequence[Row], named: bool = False) -> Layout:
    """Split the rows into titles, headers, body and notes; `named` rows begin with the header."""
    if named and rows:
        width = min(MAX_COLUMNS, max(map(len, rows[:HEAD_ROWS])))
        return Layout(_join([rows[0]], width), rows[1:], 1, 0, 1, 0, width)
    total = len(rows)
    head = list(map(filled, rows[:HEAD_ROWS]))
    typical = _typical_width(rows, head)
    need = max(1, min(typical, 2), (typical + 1) // 2)
    start = next((i for i, c in enumerate(head) if c >= need and not _remark(rows[i])), None)
    if start is None:
        return Layout((), (), 0, sum(1 for c in head if c), 0, 0, 0)
    if start and _heads_above(rows, start, head[start - 1]):
        start -= 1
    titles = sum(1 for count in head[:start] if count)
    header_rows, first = _headers(rows, start)
    end, notes = _end(rows, first, typical)
    width = min(MAX_COLUMNS, max(map(len, rows[start : start + HEAD_ROWS]), default=0))
    body: Sequence[Row] = rows if first == 0 and end == total else rows[first:end]
    return Layout(_join(header_rows, width), body, first, titles, len(header_rows), notes, width)


def _remark(row: Row) -> bool:
    """A line of comment, as data files begin with: "# Source: …"."""
    return row[0][:1] == "#" and (len(row[0]) > 12 or row[0][1:2] == " ")


def _heads_above(rows: Sequence[Row], start: int, count: int) -> bool:
    """The row right above is the upper half of a two-row header: the first cell stands there."""
    return count >= 3 or (count == 2 and bool(rows[start - 1][0]) and not rows[start][0])


def _typical_width(rows: Sequence[Row], head: list[int]) -> int:
    """The upper-middle number of filled cells: titles and notes are narrower than the body."""
    total = len(rows)
    step = max(1, total // 20)
    counts = [c for c in head if c] + [filled(rows[i]) for i in range(HEAD_ROWS, total, step)]
    counts = sorted(c for c in counts if c)
    return counts[int(len(counts) * 0.6)] if counts else 0


def _headers(rows: Sequence[Row], start: int) -> tuple[list[Row], int]:
    """The header rows from `start` on, and the index of the first body row."""
    window = filled_rows(rows[start + 1 : start + 41])
    reference = window[4:] if len(window) > 8 else window[1:] if len(window) > 2 else window
    if not reference:
        return [], start
    numeric = _numeric_columns(reference)
    if not numeric:
        row = rows[start][:MAX_COLUMNS]
        return ([row], start + 1) if _names_columns(row, window) else ([], start)
    found: list[Row] = []
    at = start
    while at < min(len(rows), start + MAX_HEADER_ROWS + 3) and len(found) < MAX_HEADER_ROWS:
        row = rows[at][:MAX_COLUMNS]
        if filled(row) and not _heads(row, numeric, first=not found):
            break
        # Two axes never stand one below the other: figures can be evenly spaced as well.
        if found and _all_numbers(row, numeric) and _all_numbers(found[-1], numeric):
            break
        if filled(row):
            found.append(row)
        at += 1
    return found, at


def _numeric_columns(reference: list[Row]) -> list[int]:
    enough = max(1, len(reference) // 4)
    found = []
    columns = itertools.zip_longest(*(row[:MAX_COLUMNS] for row in reference), fillvalue="")
    for column, everything in enumerate(columns):
        # Dashes and dots stand where there is no figure.
        cells = [cell for cell in everything if cell.strip(" -–—.:*~")]
        # Where none of the first is a number, too few are left to be.
        if len(cells) < enough or not any(map(is_number, cells[: len(cells) // 5 + 1])):
            continue
        if "".join(cells).isdecimal() or sum(map(is_number, cells)) >= 0.8 * len(cells):
            found.append(column)
    return found


def _heads(row: Row, numeric: list[int], first: bool) -> bool:
    """Does this row name columns? In numeric columns it holds text, blanks, or an axis of years."""
    cells = [row[c] for c in numeric if c < len(row) and row[c].strip()]
    if not cells:
        # Text in the key column only: a group label of the body, unless something stands above.
        return first or filled(row) > 1
    numbers = [cell for cell in cells if is_number(cell)]
    if len(numbers) <= 0.2 * len(cells):
        return True
    return len(numbers) >= 3 and len(numbers) == len(cells) and _is_axis(numbers)


def _all_numbers(row: Row, numeric: list[int]) -> bool:
    cells = [row[c] for c in numeric if c < len(row) and row[c].strip()]
    return bool(cells) and all(map(is_number, cells))


def _is_axis(cells: list[str]) -> bool:
    """Years or 0, 1, 2 … as column heads: evenly spaced and all different."""
    try:
        values = [float(cell.replace(",", "")) for cell in cells]
    except ValueError:
        return False
    steps = {round(b - a, 6) for a, b in itertools.pairwise(values)}
    if len(steps) == 1 and steps != {0.0}:
        return True
    # The same year may stand over several quarters.
    return all(map(_YEARISH.match, cells)) and (len(set(values)) == len(values) or len(values) > 3)


def _names_columns(row: Row, window: list[Row]) -> bool:
    """In a table of texts: the first row is a header unless its cells come back further down."""
    cells = [cell.strip() for cell in row if cell.strip()]
    if len(set(cells)) < 0.5 * len(cells):
        return False
    again = 0
    for column, cell in enumerate(row):
        if cell.strip() and any(column < len(r) and r[column] == cell for r in window):
            again += 1
    return again == 0 and not any(is_number(cell) or "@" in cell for cell in cells)


def _end(rows: Sequence[Row], first: int, typical: int) -> tuple[int, int]:
    """Where the body ends, and how many note rows stand below it."""
    end, notes = len(rows), 0
    lowest = max(first, end - 40)
    narrow = 1 if typical < 6 else 2
    while end > lowest and typical >= 3 and (count := filled(rows[end - 1])) <= narrow:
        notes += count > 0
        end -= 1
    return end, notes


def _join(header_rows: list[Row], width: int) -> tuple[str, ...]:
    """One text a column; a blank cell of an upper row takes its left neighbour's (merged cells)."""
    texts = [""] * width
    for number, row in enumerate(header_rows):
        carried = ""
        for column in range(width):
            cell = row[column].strip()[:200] if column < len(row) else ""
            if number < len(header_rows) - 1:
                carried = cell or carried
                cell = carried
            if cell:
                texts[column] = f"{texts[column]} {cell}".strip()
    return tuple(texts)
