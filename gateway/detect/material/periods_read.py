"""Reads one period as it is written: days, weeks, months, quarters, years, and relative ones.

Years of accounts begin in April, academic ones in September; weeks are those of ISO 8601; days come
before months where both are numbers. What is no day of the calendar is no period.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.detect.material.periods_words import ACADEMIC, MONTH_NUMBERS, ORDINALS, SEASONS
from gateway.model.period import Period, PeriodKind, financial_year, months, year_to

_SEPTEMBER, _APRIL = 9, 4
_CENTURY_TURNS = 70


@dataclass(frozen=True, slots=True)
class Found:
    """A period and where it stands. `relative`: its year or all of it was taken from the day on
    which the text was written. `month`: a month that stands without a year. `quarter`: the number of
    a quarter in its year."""

    period: Period
    start: int
    end: int
    relative: bool = False
    month: int = 0
    quarter: int = 0


def read(match: re.Match[str], written: date, year: Period | None) -> Found | None:
    """The period of one match of `ATOM`, written on a day; `year` is that of months and quarters
    without one. None for a day that there is not."""
    kind = match.lastgroup or ""
    try:
        period = _READ[kind](match) if kind in _READ else None
        if period is not None:
            return Found(period, match.start(), match.end(), quarter=_number(match, kind))
        if kind == "bare":
            month = MONTH_NUMBERS[match["bare"]]
            return _month_without_year(month, match.start(), match.end(), written, year)
        relative = _relative(match, kind, written, year)
        if relative is None:
            return None
        return Found(relative, match.start(), match.end(), True, 0, _number(match, kind))
    except (ValueError, OverflowError):
        return None  # no such day


def _number(match: re.Match[str], kind: str) -> int:
    """Of a quarter, 0 for what is none."""
    names = {
        "quarter_alone": ("qn0", "qo0"),
        "quarter_year": ("qn", "qo"),
        "year_quarter": ("hq", "hq"),
    }.get(kind)
    return _ordinal(match[names[0]] or match[names[1]]) if names else 0


def _month_without_year(
    month: int, start: int, end: int, written: date, year: Period | None
) -> Found:
    if year is not None and (year.end - year.start).days in range(360, 370):
        at = year.start.year if month >= year.start.month else year.start.year + 1
        return Found(months(at, month), start, end, False, month)
    at = written.year if month <= written.month else written.year - 1
    return Found(months(at, month), start, end, True, month)


def _relative(match: re.Match[str], kind: str, written: date, year: Period | None) -> Period | None:
    if kind == "quarter_alone":
        base = year or months(written.year, 1, "year")
        number = _ordinal(match["qn0"] or match["qo0"])
        begun = [
            _part(first, number, "quarter")
            for first in (base.start, base.start.replace(year=base.start.year - 1))
        ]
        return next((one for one in begun if one.start <= written), begun[-1])
    if kind == "to_date":
        april = match["td"].startswith("f")
        begins = _APRIL if april else 1
        first = written.year if written.month >= begins else written.year - 1
        return Period(date(first, begins, 1), written, "range")
    if kind != "rel":
        return None
    back = 0 if match["rw"] in ("this", "current") else 1
    unit = match["ru"]
    if unit == "week":
        monday = written - timedelta(days=written.weekday() + 7 * back)
        return Period(monday, monday + timedelta(days=6), "week")
    if unit == "month":
        return year_to(_month_before(written, back), 1, "month")
    if unit == "quarter":
        this = months(written.year, 3 * ((written.month - 1) // 3) + 1, "quarter")
        return year_to(_month_before(this.start, 3 * back - 2), 3, "quarter")
    if unit.endswith("year") and unit != "year":
        first = written.year if written.month >= _APRIL else written.year - 1
        return financial_year(first - back)
    return months(written.year - back, 1, "year")


def _month_before(day: date, count: int) -> date:
    index = day.year * 12 + day.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def _year(text: str) -> int:
    text = text.strip("'")
    if len(text) == 4:
        return int(text)
    return int(text) + (2000 if int(text) < _CENTURY_TURNS else 1900)


def _double(text: str) -> int | None:
    """The first of two years that follow each other: 2016/17, 16-17; None for others."""
    first, _, second = text.strip("'").replace("-", "/").partition("/")
    if not second:
        return None
    year = _year(first)
    return year if (year + 1) % 100 == int(second) % 100 else None


def _any_year(text: str) -> Period:
    """A calendar year, or the year of accounts where two are named. Raises ValueError."""
    if "/" in text or "-" in text.strip("'"):
        first = _double(text)
        if first is None:
            raise ValueError("these years do not follow each other")
        return financial_year(first)
    return months(_year(text), 1, "year")


def _ordinal(text: str) -> int:
    return ORDINALS[text] if text in ORDINALS else int(text[0])


def _part(first: date, number: int, kind: PeriodKind) -> Period:
    """One month, quarter or half of a year that begins with a day."""
    length = {"month": 1, "quarter": 3, "half": 6}[kind]
    index = first.year * 12 + first.month - 1 + length * (number - 1)
    return months(index // 12, index % 12 + 1, kind)


def _day(year: int, month: int, day: int) -> Period:
    on = date(year, month, day)
    return Period(on, on, "day")


def _week(year: int, number: int) -> Period:
    """A week as ISO 8601 counts them, Monday to Sunday."""
    monday = date.fromisocalendar(year, number, 1)
    return Period(monday, monday + timedelta(days=6), "week")


def _slashed(m: re.Match[str]) -> Period:
    """Day first, as everywhere but in the United States; month first where nothing else can be."""
    day, month = int(m["dd"]), int(m["dm"])
    if month > 12:
        day, month = month, day
    return _day(_year(m["dy"]), month, day)


def _fin(m: re.Match[str]) -> Period | None:
    first = _double(m["fy"])
    if first is None:
        return _years(m["fy"])
    begins = _SEPTEMBER if m["fw"] and m["fw"].startswith(ACADEMIC) else _APRIL
    return financial_year(first, begins)


def _years(text: str) -> Period | None:
    """2010-2016: from one year to another."""
    first, last = (half.strip() for half in text.replace("-", "/").split("/"))
    if len(first) < 4 or len(last) < 4 or int(last) < int(first):
        return None
    return months(int(first), 1, "year").to(months(int(last), 1, "year"))


def _month_in(m: re.Match[str]) -> Period:
    year, month = _any_year(m["ly"]), MONTH_NUMBERS[m["lm"]]
    return months(year.start.year + (month < year.start.month), month)


_READ: dict[str, Callable[[re.Match[str]], Period | None]] = {
    "iso": lambda m: _day(int(m["iy"]), int(m["im"]), int(m["id"])),
    "slashed": _slashed,
    "day_month": lambda m: _day(_year(m["ay"]), MONTH_NUMBERS[m["am"]], int(m["ad"])),
    "month_day": lambda m: _day(_year(m["by"]), MONTH_NUMBERS[m["bm"]], int(m["bd"])),
    "month_in": _month_in,
    "year_month": lambda m: months(_year(m["cy"]), MONTH_NUMBERS[m["cm"]]),
    "year_number": lambda m: months(_year(m["ey"]), int(m["em"])),
    "number_year": lambda m: months(_year(m["gy"]), int(m["gm"])),
    "year_quarter": lambda m: _part(_any_year(m["hy"]).start, int(m["hq"]), "quarter"),
    "quarter_year": lambda m: _part(
        _any_year(m["qy"]).start, _ordinal(m["qn"] or m["qo"]), "quarter"
    ),
    "year_half": lambda m: _part(_any_year(m["jy"]).start, int(m["jh"]), "half"),
    "half_year": lambda m: _part(_any_year(m["ky"]).start, _ordinal(m["kn"] or m["ko"]), "half"),
    "iso_week": lambda m: _week(int(m["wy"] or m["wy2"]), int(m["wn"] or m["wn2"])),
    "accounting": lambda m: _part(_any_year(m["py"]).start, int(m["pn"]), "month"),
    "season": lambda m: months(int(m["sy"]), SEASONS[m["sn"]], "quarter"),
    "fin": _fin,
    "fin_short": lambda m: financial_year(_year(m["fs"]) - 1),
    "quarter_named": lambda m: year_to(
        date(_year(m["ry"]), MONTH_NUMBERS[m["rm"]], 1), 3, "quarter"
    ),
    "year": lambda m: months(int(m["year"]), 1, "year"),
}  # fmt: skip
