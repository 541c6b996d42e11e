"""Finds the reference periods that a text names: periods, what stands before them, and ranges.

Invariants: one pass of one pattern without unbounded repetition, so linear; at most `AT_MOST` are
found; whatever cannot be read as days is no period. The grammar is our own: general date parsers
read "2016/17" as a day and "year ending June" as June.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from gateway.detect.material.periods_read import Found, read
from gateway.detect.material.periods_words import ATOM, CONNECTOR, LEAD, OTHER_WORDS
from gateway.model.period import Period, months, year_to

AT_MOST = 500

_LEAD_LENGTH = 40

_GAP = 24


def periods(text: str, written: date, year: Period | None = None) -> list[Found]:
    """Every period of a lower-case, folded text, in order. `written` is the day on which it was
    written; months without a year are taken from `year` where that is known, else they are the
    last such months that had begun by then."""
    atoms: list[Found] = []
    for match in ATOM.finditer(text):
        found = read(match, written, year)
        if found is not None:
            atoms.append(_with_lead(found, text))
        if len(atoms) >= AT_MOST:
            break
    return _joined(atoms, text)


def in_prose(text: str, written: date, year: Period | None = None) -> list[Found]:
    """The same of running text, where a "may" or "march" that stands alone is another word."""
    return [found for found in periods(text, written, year) if not _is_other(text, found)]


def _is_other(text: str, found: Found) -> bool:
    """A modal verb, a march, a day ("on aug 16", "16 aug"), what is compared with ("on last year"),
    when something comes out ("published in december"), or a year that only its name tells."""
    words = text[found.start : found.end]
    if found.relative and (words in OTHER_WORDS or found.period.kind in ("year", "financial-year")):
        return True
    lead = text[max(0, found.start - 24) : found.start]
    if found.relative and ((found.month and _DAY.search(lead)) or _COMPARED.search(lead)):
        return True
    if _COMES_OUT.search(lead):
        return True
    day = found.period.kind == "month" and _MONTH_AND_DAY.fullmatch(words)
    return bool(day) and _UPON.search(text, max(0, found.start - 8), found.start) is not None


_MONTH_AND_DAY = re.compile(r"[a-z]+\.?\s[0-3]?\d")

_DAY = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)?\s{1,3}(?:of\s)?$")
_COMPARED = re.compile(r"\b(?:on|than|with|from|over|since|against)\s{1,3}(?:the\s)?$")
_COMES_OUT = re.compile(
    r"\b(?:publish(?:ed)?|releas(?:ed?|ing)|due|out|announced|available|coming)\s{1,3}(?:(?:in|on|by)\s{1,3})?$"
)
_UPON = re.compile(r"(?:on|by|before|after|until|since|from)\s{1,3}$")


def whole(cell: str, written: date, year: Period | None = None) -> Found | None:
    """The period of a cell that holds nothing else."""
    if not 1 < len(cell) <= 60:
        return None
    found = periods(cell, written, year)
    if len(found) != 1:
        return None
    rest = cell[: found[0].start] + cell[found[0].end :]
    return None if any(map(str.isalnum, _AFTERTHOUGHT.sub("", rest))) else found[0]


_AFTERTHOUGHT = re.compile(
    r"[\[(](?:[a-z]|provisional|revised|prov|to date)[\])]|\b(?:between|total|00:00)\b"
)


def _with_lead(found: Found, text: str) -> Found:
    """ "Year ending June 2016" is twelve months, "as at 31 March 2016" one day."""
    lead = LEAD.search(text, max(0, found.start - _LEAD_LENGTH), found.start)
    if lead is None:
        return found
    period = _led(lead.lastgroup or "", lead, found.period)
    return replace(found, period=period, start=lead.start()) if period else found


def _led(kind: str, lead: re.Match[str], period: Period) -> Period | None:
    if kind == "year_ending":
        return year_to(period.end)
    if kind == "months_ending":
        words = lead["count"]
        return year_to(period.end, int(words) if words.isdigit() else _COUNTS[words], "range")
    if kind == "quarter_ending":
        return year_to(period.end, 3, "quarter")
    if kind == "week_ending" and period.kind == "day":
        return Period(period.end - timedelta(days=6), period.end, "week")
    if kind == "week_beginning" and period.kind == "day":
        return Period(period.start, period.start + timedelta(days=6), "week")
    if kind == "as_at":
        return Period(period.end, period.end, "as-at")
    return period if kind == "month" else None


_COUNTS = dict(
    zip("two three four five six seven eight nine ten eleven".split(), range(2, 12), strict=True)
)


def _joined(atoms: list[Found], text: str) -> list[Found]:
    """Two periods with "to" between them are one."""
    joined: list[Found] = []
    for found in atoms:
        before = joined[-1] if joined else None
        between = text[before.end : found.start] if before else ""
        if (
            before is None
            or len(between) > _GAP
            or not CONNECTOR.fullmatch(between)
            or ("and" in between and not text[: before.start].rstrip().endswith("between"))
        ):
            joined.append(found)
            continue
        first = before
        if before.month and before.relative and not (found.month and found.relative):
            # "April to August 2016": the year of the last counts for the first.
            at = found.period.end.year
            first = replace(before, period=months(at, before.month), relative=False)
        if before.quarter and before.relative and found.quarter and not found.relative:
            # "Q1 to Q2 2016/17", in whatever month that year begins.
            last = found.period.start
            index = last.year * 12 + last.month - 1 - 3 * (found.quarter - before.quarter)
            first = replace(before, period=months(index // 12, index % 12 + 1, "quarter"))
            first = replace(first, relative=False)
        if first.period.start > found.period.end and first.month:
            start = first.period.start
            first = replace(first, period=months(start.year - 1, start.month))
        if first.period.start > found.period.end:
            joined.append(found)
            continue
        relative = first.relative or found.relative
        joined[-1] = Found(first.period.to(found.period), before.start, found.end, relative)
    return joined
