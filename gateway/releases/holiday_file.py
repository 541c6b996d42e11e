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
    days: set[date] = set()
    for entry in root.entries("holidays", ("date", "name")):
        entry.require("name", values.line)
        day = entry.require("date", values.day)
        if day is None or first is None or last is None:
            continue
        if not first <= day.year <= last:
            entry.fault("date", "date: outside the years of this calendar", f"{first} to {last}")
        elif day in days:
            entry.fault("date", "date: written twice", "keep one of the two")
        days.add(day)
    if first is None or last is None:
        return None
    if last < first:
        root.fault("last_year", "last_year: before 'first_year'", "both years are covered")
        return None
    return WorkingDays(0, frozenset(days), weekend, range(first, last + 1), stem)


def _weekday(value: Any) -> int:
    if value not in _WEEK:
        raise Unfit("not a day of the week", f"write one of: {', '.join(_WEEK)}")
    return _WEEK.index(value)
