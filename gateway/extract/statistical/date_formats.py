"""Which display formats of SAS, SPSS and Stata make a number a date, and the date it stands for.

The formats are those of "SAS Formats and Informats: Reference", the SPSS "Command Syntax Reference"
(Date and Time) and Stata's `help datetime`.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Callable

from gateway.extract import types
from gateway.extract.statistical.column_text import after, date_after, duration_text, number_text

Show = Callable[[float], str]
_SIXTIES = datetime(1960, 1, 1)
_GREGORIAN = datetime(1582, 10, 14)
_NAME = re.compile(r"\$?([A-Z](?:8601)?[A-Z]*)")
_SAS_DAYS = re.compile(
    r"(?:WEEKDATX?|WEEKDATE|WORDDATX?|WORDDATE|DATE|DAY|DOWNAME|JULDAY|JULIAN|MONNAME|MONTH|MONYY"
    r"|QTRR?|WEEKDAY|YEAR|YYMON|YYQR?[CDNPSZ]?|YYMMDD[BCDNPS]?|MMDDYY[BCDNPS]?|DDMMYY[BCDNPS]?"
    r"|YYMM[CDNPS]?|MMYY[CDNPS]?|WEEK[UVW]|[EB]8601DA|MINGUO|NENGO|EURDF(?:DD|DE|MY|WDX|WKX)|NLDATE[A-Z]*)"
)
_SAS_MOMENTS = re.compile(
    r"(?:DATETIME|DATEAMPM|MDYAMPM|DT(?:DATE|MONYY|WKDATX|YEAR|YYQC)|[EB]8601(?:DT|DZ|DX|LX|DN)|EURDFDT|NLDATM[A-Z]*)"
)
_SAS_TIMES = re.compile(r"(?:TIME|TIMEAMPM|TOD|HHMM|HOUR|MMSS|[EB]8601(?:TM|TZ|LZ|TX))")
_SPSS_DAYS = frozenset("DATE ADATE EDATE JDATE SDATE QYR MOYR WKYR".split())
_SPSS_MOMENTS = frozenset(("DATETIME", "YMDHMS"))
_SPSS_TIMES = frozenset(("TIME", "DTIME", "MTIME"))


def shown_as_date(kind: str, display: str | None) -> Show | None:
    """How numbers of a column with this display format are shown, or None for plain numbers."""
    if not display:
        return None
    if kind == types.DTA:
        return _stata(display)
    match = _NAME.match(display.upper())
    return (_spss if kind in (types.SAV, types.POR) else _sas)(match.group(1)) if match else None


def _sas(name: str) -> Show | None:
    if _SAS_DAYS.fullmatch(name):
        return lambda days: date_after(_SIXTIES, days)
    if _SAS_MOMENTS.fullmatch(name):
        return lambda seconds: after(_SIXTIES, seconds=seconds)
    return duration_text if _SAS_TIMES.fullmatch(name) else None


def _spss(name: str) -> Show | None:
    if name in _SPSS_DAYS:
        return lambda seconds: date_after(_GREGORIAN, seconds / 86400)
    if name in _SPSS_MOMENTS:
        return lambda seconds: after(_GREGORIAN, seconds=seconds)
    return duration_text if name in _SPSS_TIMES else None


def _stata(display: str) -> Show | None:
    kind = re.match(r"%-?(d|t[cCdwmqhy])", display)
    if kind is None:
        return None
    unit = kind.group(1)
    if unit in ("d", "td"):
        return lambda days: date_after(_SIXTIES, days)
    if unit in ("tc", "tC"):
        return lambda moments: after(_SIXTIES, milliseconds=moments)
    return {"tw": _week, "tm": _month, "tq": _quarter, "th": _half}.get(unit, number_text)


def _week(weeks: float) -> str:
    return _period(weeks, 52, "{}w{}")


def _month(months: float) -> str:
    return _period(months, 12, "{}-{:02d}")


def _quarter(quarters: float) -> str:
    return _period(quarters, 4, "{}q{}")


def _half(halves: float) -> str:
    return _period(halves, 2, "{}h{}")


def _period(count: float, a_year: int, form: str) -> str:
    """Stata counts weeks, months, quarters and half-years from the beginning of 1960."""
    if not -1e6 < count < 1e6:
        return number_text(count)
    year, index = divmod(int(count), a_year)
    return form.format(1960 + year, index + 1)
