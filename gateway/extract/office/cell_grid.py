"""Cells that come one by one, at any place, put together as a Table of the rows that are filled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Iterator, Literal

from gateway.extract.office.row_cells import WIDE
from gateway.extract.office.sheet_walk import MAX_BREAKS
from gateway.extract.text.delimited import longest_stretches
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Location

Visibility = Literal["visible", "hidden", "very-hidden"]


class Grid:
    """`rows` by row, then by column; what has no text is left out by whoever fills it."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[int, str]] = {}

    def put(self, row: int, column: int, text: str) -> None:
        if text:
            cells = self.rows.get(row)
            if cells is None:
                cells = self.rows[row] = {}
            cells[column] = text

    def contents(
        self, location: Location, visibility: Visibility, limits: ReadLimits
    ) -> Iterator[Content]:
        """The Table, the stretches of it between blank rows, and a Gap where a limit cut it."""
        rows: list[list[str]] = []
        breaks: list[int] = []
        left, last, cut = limits.cells, -1, ""
        for number in sorted(self.rows):
            row = _row(self.rows[number])
            if not row:
                continue
            if len(row) > limits.columns:
                cut = f"more than {limits.columns} columns"
                del row[limits.columns :]
            left -= len(row)
            if left < 0:
                cut = f"more than {limits.cells} cells"
                break
            if number - last > 1 and rows and len(breaks) < MAX_BREAKS:
                breaks.append(len(rows))
            last = number
            rows.append(row)
        if not rows and not cut:
            return
        yield Table(location, rows, visibility, len(self.rows), "workbook")
        for first, end in longest_stretches(breaks, len(rows)):
            place = location.at(f"{location.where}, part from row {first + 1} of those filled")
            yield Table(place, rows[first:end], visibility, end - first, "workbook")
        if cut:
            yield Gap(location, "limit", cut)


def _row(cells: dict[int, str]) -> list[str]:
    """Blank cells filled in; cells far out follow in their order, so that they cost no more."""
    last = max(cells, default=-1)
    if last < WIDE:
        row = [""] * (last + 1)
        for place, text in cells.items():
            row[place] = text
        return row
    places = sorted(cells)
    near = [place for place in places if place < WIDE]
    row = [""] * (near[-1] + 1 if near else 0)
    for place in near:
        row[place] = cells[place]
    row.extend(cells[place] for place in places[len(near) :])
    return row


def number_text(value: float) -> str:
    """Fifteen significant digits, no trailing ".0", as a workbook shows it."""
    if value == value and abs(value) < 1e15 and value == int(value):
        return str(int(value))
    if value != value or abs(value) == float("inf"):
        return "#NUM!"
    return f"{value:.15g}"


def moment_text(serial: float, date_1904: bool) -> str:
    """A serial day as an ISO date, time, or both."""
    if not 0 <= serial < 2_958_466:
        return number_text(serial)
    epoch = datetime(1904, 1, 1) if date_1904 else datetime(1899, 12, 30)
    try:
        moment = epoch + timedelta(seconds=round(serial * 86400))
    except OverflowError:
        return number_text(serial)
    if serial < 1:
        return moment.strftime("%H:%M:%S")
    return moment.strftime("%Y-%m-%d" if serial == int(serial) else "%Y-%m-%d %H:%M:%S")
