"""Days and times of calendars, most of which name no zone -> instants.

A calendar is not ours to mend, so that what can be read in two ways is read as the later and noted:
local times that the clocks show twice or never, and days without a time.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.model.instant import in_utc
from gateway.releases.entries import Unfit

_YEARS = range(1990, 2200)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = "|".join((*_MONTHS, *(f"{name[:3]}" for name in _MONTHS), "sept"))
_DAY = re.compile(
    rf"(?:(?P<weekday>{'|'.join(_WEEKDAYS)}),?\s+)?"
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{_MONTH})\.?,?\s+(?P<year>\d{{4}})"
    r"(?:,?\s*(?:at\s+)?(?P<time>\d.*|noon|midday|midnight))?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s*([ap])\.?m\.?|(\d{1,2})[:.]?(\d\d)", re.IGNORECASE)
_ONLY_MONTHS = re.compile(
    rf"(?:(?:{_MONTH})\.?(?:\s+\d{{4}})?\s*(?:to|and|or|/|-|–)\s*)?(?:{_MONTH})\.?,?\s+\d{{4}}",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d{1,9})?\s?(Z|[+-]\d\d:?\d\d)?)?"
)
_HINT = "it should be like 28 March 2018 9:30am or 2018-03-28T09:30:00+01:00"


@dataclass(frozen=True, slots=True)
class Moment:
    """When something comes out, in UTC. Of a day without a time, `since` is the beginning and
    `instant` the end. `note` says what was read as the later of two."""

    instant: datetime
    since: datetime | None = None
    note: str = ""


def later(*moments: Moment | None) -> Moment | None:
    """The latest of those that there are."""
    return max((m for m in moments if m), key=lambda moment: moment.instant, default=None)


def written(value: str, zone: str) -> Moment | None:
    """A moment in words or in ISO 8601; None where the words name months and no day.

    Raises Unfit.
    """
    said = " ".join(value.split())
    if iso := _ISO.fullmatch(said):
        return _iso(iso, zone)
    if _ONLY_MONTHS.fullmatch(said):
        return None
    found = _DAY.fullmatch(said)
    if not found:
        raise Unfit(f"cannot read “{said[:60]}” as a day", _HINT)
    day = _day(int(found["year"]), month(found["month"]), int(found["day"]))
    weekday = (found["weekday"] or "").lower()
    if weekday and _WEEKDAYS.index(weekday) != day.weekday():
        raise Unfit(f"“{said[:60]}” is a {_WEEKDAYS[day.weekday()].title()}", _HINT)
    if found["time"] is None:
        return whole_day(day, zone)
    return on_the_wall(datetime.combine(day, clock(found["time"])), zone)


def month(name: str) -> int:
    return next(number for number, one in enumerate(_MONTHS, 1) if one.startswith(name[:3].lower()))


def clock(value: str) -> time:
    """A time of day in words: 9:30am, 09:30, 0930, noon. Raises Unfit."""
    said = value.strip().rstrip(".").lower()
    if said in ("noon", "midday"):
        return time(12)
    if said == "midnight":
        raise Unfit("“midnight” may be either end of the day", _HINT)
    found = _CLOCK.fullmatch(said + "." if said.endswith(("a.m", "p.m")) else said)
    if not found:
        raise Unfit(f"cannot read “{said[:30]}” as a time of day", _HINT)
    if found[3]:
        hour, minute = int(found[1]), int(found[2] or 0)
        if not 1 <= hour <= 12:
            raise Unfit(f"there is no “{said}”", _HINT)
        hour = hour % 12 + (12 if found[3] == "p" else 0)
    else:
        hour, minute = int(found[4]), int(found[5])
    try:
        return time(hour, minute)
    except ValueError:
        raise Unfit(f"there is no “{said}”", _HINT) from None


def plausible(instant: datetime) -> Moment:
    """An instant with a zone of its own. Raises Unfit."""
    try:
        at = in_utc(instant)
    except (OverflowError, ValueError):
        raise Unfit("not a plausible instant", _HINT) from None
    if at.year not in _YEARS:
        raise Unfit(f"the year {at.year} is not plausible", _HINT)
    return Moment(at)


def on_the_wall(moment: datetime, zone: str) -> Moment:
    """When the clocks of a zone show this: the later instant where they do so twice or never."""
    if moment.year not in _YEARS:
        raise Unfit(f"the year {moment.year} is not plausible", _HINT)
    here = ZoneInfo(zone)
    readings = {moment.replace(tzinfo=here, fold=fold).astimezone(UTC) for fold in (0, 1)}
    instant = max(readings)
    if len(readings) == 1:
        return Moment(instant)
    shown = f"{moment:%H:%M} on {moment.day} {moment:%B %Y}"
    never = instant.astimezone(here).replace(tzinfo=None) != moment
    how = "never show" if never else "show twice"
    return Moment(
        instant, note=f"the clocks of {zone} {how} {shown}; it is read as the later instant"
    )


def whole_day(day: date, zone: str) -> Moment:
    """A day without a time: it is not over before its end."""
    if day.year not in _YEARS:
        raise Unfit(f"the year {day.year} is not plausible", _HINT)
    ends = [datetime.combine(each, time()) for each in (day, day + timedelta(days=1))]
    starts, end = (on_the_wall(each, zone).instant for each in ends)
    return Moment(end, since=starts)


def _iso(found: re.Match[str], zone: str) -> Moment:
    try:
        day = date.fromisoformat(found[1])
        if found[2] is None:
            return whole_day(day, zone)
        moment = datetime.combine(day, time.fromisoformat(found[2]))
        if found[3] is None:
            return on_the_wall(moment, zone)
        return plausible(datetime.fromisoformat(f"{moment.isoformat()}{found[3]}"))
    except Unfit:
        raise
    except ValueError:
        raise Unfit(f"there is no “{found[0]}”", _HINT) from None


def _day(year: int, number: int, day: int) -> date:
    try:
        return date(year, number, day)
    except ValueError:
        last = monthrange(year, number)[1] if MINYEAR <= year <= MAXYEAR else 0
        month = f"{_MONTHS[number - 1].title()} {year}"
        hint = f"{month} has {last} days; {_HINT}" if day > last > 0 else _HINT
        raise Unfit(f"there is no such day as {day} {month}", hint) from None
