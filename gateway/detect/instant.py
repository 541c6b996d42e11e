"""Words of a banner -> the instant until which it holds, read as late as the words allow (law 9).

Invariants: the result is zone-aware or None; every conflict (weekday and date, two times, a zone
that its place does not keep that day, a clock change) yields the latest reading and a warning.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from gateway.detect.timewords import Day, Time, Words, Zone

WEEKDAY = "weekday and date disagree; read as the latest plausible day"
TWO_DAYS = "two different days; the later one is taken"
TWO_TIMES = "two different times; the later one is taken"
NO_TIME = "no time of day; read as the end of that day"
MIDNIGHT = "midnight is ambiguous; read as the end of that day"
ZONE = "the stated zone is not in force on that day; the later reading is taken"
CLOCK_CHANGE = "the clock changes at that time; the later reading is taken"
NO_DAY = "no day of the month; read as the end of that period"
NO_SUCH_DAY = "no such day in that month; read as the day after its last"
NEXT = "'next' with a weekday is ambiguous; the later one is taken"
OTHER_DATE = "the Date field is far from the arrival; the later reading is taken"
_LAST_YEAR = 9990
_PERIOD = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_NO_DAYS: tuple[None, ...] = (None,)
_RECENT = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Reading:
    until: datetime | None
    warnings: tuple[str, ...] = ()


def read(words: Words, base: datetime, zone: str) -> Reading:
    """The latest instant that `words` allow, relative words counted from `base`."""
    if not (words.timed or words.dated):
        return Reading(None)
    warnings: dict[str, None] = {}
    home = ZoneInfo(zone)
    american = any(z.place.startswith("America/") for z in words.zones) or (
        words.docket or (zone.startswith("America/") and not words.zones)
    )
    stated = words.zones[0] if words.zones else None
    local = base.astimezone(_clock_of(stated, home)).date()
    try:
        days = _days(words, local, american, warnings)
        times = words.times or [Time(24, 0)]
        if days and not words.timed and NO_DAY not in warnings:
            warnings[NO_TIME] = None
        # A zone that stands beside one of several times says nothing about the others.
        shared = None if len(times) > 1 and any(t.zone for t in times) else stated
        moments = [
            _moment(day, t, t.zone or shared, home, base, warnings)
            for t in times
            for day in days or _NO_DAYS
        ]
        if words.weekdays and not words.days and not words.relative:
            # "Friday 5 pm" sent on a Friday evening is the next one.
            moments = [m if m > base else m + timedelta(days=7) for m in moments]
    except (OverflowError, ValueError):  # beyond the calendar: no instant, hence never expired
        return Reading(None, tuple(warnings))
    if len(set(moments)) > 1:
        warnings[TWO_TIMES] = None
    return Reading(max(moments), tuple(warnings))


def read_late(words: Words, bases: tuple[datetime, ...], zone: str) -> Reading:
    """The latest reading counted from any of `bases`; a warning where they differ (law 9)."""
    readings = [read(words, base, zone) for base in bases]
    instants = [r.until for r in readings if r.until is not None]
    if len(instants) < len(readings):
        return next(r for r in readings if r.until is None)  # not to be read: never expires
    last = max(readings, key=lambda r: instants[readings.index(r)])
    if len(set(instants)) == 1:
        return last
    return Reading(last.until, (*last.warnings, OTHER_DATE))


def read_stamp(text: str, zone: str) -> Reading:
    """The last instant that an ISO 8601 date or time may mean (SDMX, XML Schema): the end of the
    day, month or year where no time is stated, the department's zone where none is."""
    text = text.strip()[:60]
    midnight = "T24:00" in text
    period = _PERIOD.fullmatch(text)
    warnings = [NO_DAY if len(text) < 10 else NO_TIME] if period else []
    try:
        if period:
            year, month = int(period[1]), int(period[2] or 12)
            day = int(period[3]) if period[3] else calendar.monthrange(year, month)[1]
            moment = datetime(year, month, day) + timedelta(days=1)
        else:
            moment = datetime.fromisoformat(text.replace("T24:00", "T00:00"))
            moment += timedelta(days=1 if midnight else 0)
        if moment.tzinfo is None:
            early, late = (moment.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
            if early.utcoffset() != late.utcoffset():
                warnings.append(CLOCK_CHANGE)
            moment = max(early.astimezone(UTC), late.astimezone(UTC)).astimezone(ZoneInfo(zone))
        return Reading(moment, tuple(warnings))
    except (ValueError, OverflowError):
        return Reading(None)


def _clock_of(zone: Zone | None, home: ZoneInfo) -> tzinfo:
    if zone is None:
        return home
    if zone.place:
        return ZoneInfo(zone.place)
    return home if zone.offset is None else timezone(timedelta(hours=zone.offset))


def _days(words: Words, local: date, american: bool, warnings: dict[str, None]) -> list[date]:
    """The one day that is meant, or none at all where only a time is stated."""
    weekday = words.weekdays[0] if words.weekdays else None
    found = [_date(d, local, american, weekday, warnings) for d in words.days]
    if words.weekdays and words.days:
        found = [max(_same_weekday(d, words.weekdays, warnings)) for d in found]
    for offset in words.relative:
        day = local + timedelta(days=offset)
        found.append(max(_same_weekday(day, words.weekdays, warnings)) if words.weekdays else day)
    if not found and words.weekdays:
        found = [local + timedelta(days=(w - local.weekday()) % 7) for w in words.weekdays]
        if found and words.following:
            warnings[NEXT] = None
            found = [d + timedelta(days=7) for d in found]
    if len(set(found)) > 1:
        warnings[TWO_DAYS] = None
    return [max(found)] if found else []


def _date(
    day: Day, local: date, american: bool, weekday: int | None, warnings: dict[str, None]
) -> date:
    year, month, number = day.year, day.month, day.day
    if day.numeric and ((american and number <= 12) or month > 12):
        month, number = number, month
    if number == 0:
        warnings[NO_DAY] = None
        first = date(year or local.year, month or 12, 1)
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if year is not None:
        return _calendar(year, month, number, warnings)
    # No year: the next such date. A weekday that fits the recent past and not the future decides.
    upcoming = next(
        candidate
        for y in range(local.year, local.year + 9)
        if (candidate := _calendar(y, month, number, warnings)) >= local
    )
    if weekday is not None and upcoming.weekday() != weekday:
        recent = _calendar(upcoming.year - 1, month, number, {})
        if recent.weekday() == weekday and local - recent <= _RECENT:
            return recent
    return upcoming


def _calendar(year: int, month: int, number: int, warnings: dict[str, None]) -> date:
    if year > _LAST_YEAR:
        raise OverflowError
    try:
        return date(year, month, number)
    except ValueError:
        warnings[NO_SUCH_DAY] = None
        return date(year, month, 28) + timedelta(days=4) if month == 2 else date(year, month + 1, 1)


def _same_weekday(day: date, weekdays: list[int], warnings: dict[str, None]) -> list[date]:
    """`day`, and where it is not the weekday stated, the nearest days that are."""
    if day.weekday() in weekdays and len(set(weekdays)) == 1:
        return [day]
    warnings[WEEKDAY] = None
    near = [day + timedelta(days=n) for n in range(-7, 8)]
    return [day, *(d for d in near if d.weekday() in weekdays)]


def _moment(
    day: date | None,
    t: Time,
    zone: Zone | None,
    home: ZoneInfo,
    base: datetime,
    warnings: dict[str, None],
) -> datetime:
    if day is None:  # a time alone: the next one
        clock = _clock_of(zone, home)
        today = base.astimezone(clock).date()
        for days in (0, 1):
            doubts: dict[str, None] = {}
            moment = _at(today + timedelta(days=days), t, zone, home, doubts)
            if moment > base:
                break
        warnings.update(doubts)
        return moment
    if t.named and t.hour == 24:
        warnings[MIDNIGHT] = None
    return _at(day, t, zone, home, warnings)


def _at(
    day: date, t: Time, zone: Zone | None, home: ZoneInfo, warnings: dict[str, None]
) -> datetime:
    """Wall-clock time on a day -> instant; the later one where there are two."""
    if t.hour == 24:
        day, wall = day + timedelta(days=1), time(0, 0)
    else:
        wall = time(t.hour, t.minute)
    naive = datetime.combine(day, wall)
    if zone is None or (zone.offset is None and not zone.place):
        return _later(naive, home, warnings)
    if zone.offset is None:
        return _later(naive, ZoneInfo(zone.place), warnings)
    literal = naive.replace(tzinfo=timezone(timedelta(hours=zone.offset)))
    if not zone.place or zone.place == "UTC":
        return literal
    lived = _later(naive, ZoneInfo(zone.place), {})
    if lived == literal:
        return lived
    # "0930 GMT" in July is 10:30 on London's clocks if taken at its word (DOMAIN section 3).
    warnings[ZONE] = None
    return max(literal, lived)


def _later(naive: datetime, zone: ZoneInfo, warnings: dict[str, None]) -> datetime:
    early = naive.replace(tzinfo=zone, fold=0)
    late = naive.replace(tzinfo=zone, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early
    warnings[CLOCK_CHANGE] = None
    # Through UTC, so that a time the clock skips becomes one that exists.
    return max(early.astimezone(UTC), late.astimezone(UTC)).astimezone(zone)
