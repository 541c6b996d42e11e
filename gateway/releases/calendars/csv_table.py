"""Calendars in a table: columns id, title, date, and where there are any time, zone and state.

The date may have the time with it. A row without a time names a day; one without a state is
confirmed.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, time
from typing import Mapping, cast, get_args

from gateway.model.release import ReleaseState
from gateway.releases import values
from gateway.releases.calendars.listing import Listing, NotACalendar
from gateway.releases.calendars.local_time import Moment, clock, on_the_wall, whole_day, written
from gateway.releases.entries import Unfit
from gateway.releases.importing.cells import day

_COLUMNS = ("id", "title", "date", "time", "zone", "state")
_NEEDED = _COLUMNS[:3]
_STATES = get_args(ReleaseState)


def read_csv(content: bytes, listing: Listing) -> None:
    """Raises NotACalendar."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotACalendar("not UTF-8", "save it as CSV UTF-8") from None
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        names = [cell.strip().casefold() for cell in next(rows, [])]
        _check(names, listing)
        for _, cells in listing.entries(rows):
            if any(cell.strip() for cell in cells):
                _add(listing, rows.line_num, dict(zip(names, cells, strict=False)))
    except csv.Error as error:
        raise NotACalendar(f"not CSV: line {rows.line_num}: {error}") from None


def _check(names: list[str], listing: Listing) -> None:
    lacking = [name for name in _NEEDED if name not in names]
    twice = [name for name in _COLUMNS if names.count(name) > 1]
    if lacking or twice:
        wrong = f"no column {', '.join(lacking)}" if lacking else f"two columns {', '.join(twice)}"
        raise NotACalendar(wrong, f"the first row names the columns: {', '.join(_COLUMNS)}")
    for name in names:
        if name and name not in _COLUMNS:
            listing.note(f"the column “{name[:40]}” is not used")


def _add(listing: Listing, line: int, row: Mapping[str, str]) -> None:
    cells = {name: " ".join(cell.split()) for name, cell in row.items()}
    place = f"row “{cells.get('title', '')[:60]}”"
    state = cells.get("state", "").casefold() or "confirmed"
    moment = listing.dated(place, _moment, cells, listing.zone, line=line)
    if state not in _STATES:
        hint = f"write one of: {', '.join(_STATES)}"
        listing.fault(line, f"{place}: no such state; nothing is confirmed by it", hint)
        state, moment = "provisional", None
    listing.add(
        place, cells.get("id"), cells.get("title"), moment, cast(ReleaseState, state), line=line
    )  # fmt: skip


def _moment(cells: Mapping[str, str], default: str) -> Moment | None:
    zone = values.zone(cells["zone"]) if cells.get("zone") else default
    said, hour = cells.get("date", ""), cells.get("time", "")
    try:
        on = day(said)
    except Unfit:
        if hour:
            raise
        return written(said, zone)
    return on_the_wall(datetime.combine(on, _clock(hour)), zone) if hour else whole_day(on, zone)


def _clock(said: str) -> time:
    """Also 09:30:00, which spreadsheets write."""
    return clock(said[:-3] if said.count(":") == 2 and said.endswith(":00") else said)
