"""One file of rules/holidays -> the calendar that working days are counted by.

A calendar says which years it covers, because a year that nobody has written down is not a year
without holidays: a count that would run into one is a fault, never a guess.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from gateway.model.regime import WorkingDays
from gateway.releases import values
from gateway.releases.entries import Sheet, Unfit

_KEYS = ("title", "source", "first_year", "last_year", "weekend", "holidays")
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKEND = frozenset((5, 6))


def read_holidays(sheet: Sheet, stem: str) -> WorkingDays | None:
    """The calendar in a file named `stem`; None where it cannot be relied on."""
    root = sheet.root(_KEYS)
    root.require("title", values.line)
    root.require("source", values.line)
    first = root.require("first_year", values.year)
    last = root.require("last_year", values.year)
    weekend = frozenset(root.each("weekend", _weekday)) or _WEEKEND
    written = root.mapping("holidays", values.line)
    if first is None or last is None:
        return None
    days = [_day(sheet, text, first, last) for text in written]
    if last < first:
        root.fault("last_year", "last_year: before 'first_year'", "both years are covered")
        return None
    free = frozenset(day for day in days if day is not None)
    return WorkingDays(0, free, weekend, range(first, last + 1), stem)


def _day(sheet: Sheet, text: str, first: int, last: int) -> date | None:
    place = ("holidays", text)
    try:
        day = values.day(text)
    except Unfit as unfit:
        sheet.fault(place, f"{text}: {unfit}", unfit.hint)
        return None
    if not first <= day.year <= last:
        sheet.fault(place, f"{text}: outside the years of this calendar", f"{first} to {last}")
    return day


def _weekday(value: Any) -> int:
    if value not in _WEEK:
        raise Unfit("not a day of the week", f"write one of: {', '.join(_WEEK)}")
    return _WEEK.index(value)
