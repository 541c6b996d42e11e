"""A reference period: the days that a figure is about, however somebody wrote them down.

A period is not the leak; its figures are. Both ends are included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

PeriodKind = Literal[
    "day", "week", "month", "quarter", "half", "year", "financial-year", "year-ending", "range",
    "as-at",
]  # fmt: skip
YEARS = range(1900, 2201)
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_WRITTEN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?|-?Q([1-4])|/(\d\d))?", re.IGNORECASE)
_APRIL = 4


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """`start` and `end` are its first and last day; a stock (`as-at`) has one day."""

    start: date
    end: date
    kind: PeriodKind = "range"

    @property
    def ends(self) -> str:
        """Its last month, or its last day where that is no month's end: 2016-08, 2016-08-12."""
        whole = (self.end + timedelta(days=1)).day == 1
        return f"{self.end:%Y-%m}" if whole else self.end.isoformat()

    def to(self, other: Period) -> Period:
        """From the beginning of this one to the end of another."""
        return Period(self.start, other.end, "range")


def months(year: int, month: int, kind: PeriodKind = "month", length: int = 0) -> Period:
    """Whole months from one on, as many as the kind has unless a `length` is given. Raises
    ValueError for a month that there is not."""
    if year not in YEARS:
        raise ValueError("not a plausible year")
    first = date(year, month, 1)
    return Period(first, _plus(first, length or _MONTHS.get(kind, 1)) - timedelta(days=1), kind)


def financial_year(first: int, begins: int = _APRIL) -> Period:
    """The year of accounts that begins in a year: April to March, as in the United Kingdom."""
    return months(first, begins, "financial-year", 12)


def year_to(end: date, length: int = 12, kind: PeriodKind = "year-ending") -> Period:
    """Whole months that end with the month of `end`."""
    first = _plus(date(end.year, end.month, 1), 1 - length)
    return months(first.year, first.month, kind, length)


def written(text: str) -> Period | None:
    """The period that a file states: 2016-08, 2016-Q3, 2016, 2016/17 (April to March), 2016-08-12,
    or two of them with "to" between. None where it is none of these."""
    first, to, last = text.strip().partition(" to ")
    begin, end = _one(first.strip()), _one(last.strip()) if to else None
    if begin is None or (to and (end is None or end.end < begin.start)):
        return None
    return begin.to(end) if end else begin


def _one(text: str) -> Period | None:
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    year, month, day, quarter, next_year = found.groups()
    try:
        if day:
            on = date(int(year), int(month), int(day))
            return Period(on, on, "day") if on.year in YEARS else None
        if month:
            return months(int(year), int(month))
        if quarter:
            return months(int(year), 3 * int(quarter) - 2, "quarter")
        if next_year:
            consecutive = (int(year) + 1) % 100 == int(next_year)
            return financial_year(int(year)) if consecutive else None
        return months(int(year), 1, "year")
    except ValueError:
        return None


def _plus(first: date, count: int) -> date:
    months_ = first.year * 12 + first.month - 1 + count
    return date(months_ // 12, months_ % 12 + 1, 1)
