"""iCalendar files (RFC 5545): events with a UID, a summary and a beginning.

A floating time is one of the calendar's configured zone; an event of a whole day names a day
without a time. What repeats is not worked out: such an event confirms nothing.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component

from gateway.model.release import ReleaseState
from gateway.releases.calendars.listing import MAX_ENTRIES, Listing, NotACalendar
from gateway.releases.calendars.local_time import Moment, on_the_wall, plausible, whole_day
from gateway.releases.entries import Unfit

_STATES: dict[str, ReleaseState] = {
    "": "confirmed",
    "CONFIRMED": "confirmed",
    "TENTATIVE": "provisional",
    "CANCELLED": "cancelled",
}
_REPEATS = ("RRULE", "RDATE", "RECURRENCE-ID", "EXRULE")


def read_icalendar(content: bytes, listing: Listing) -> None:
    """Raises NotACalendar."""
    for number, (called_off, event) in listing.entries(_events(content)):
        place = f"event {number}"
        state = "cancelled" if called_off else _STATES.get(_word(event, "STATUS"))
        moment = listing.dated(place, _moment, event, listing.zone)
        if state is None:
            listing.fault(0, f"{place}: a STATUS that is not known; nothing is confirmed by it")
            state, moment = "provisional", None
        listing.add(place, _said(event, "UID"), _said(event, "SUMMARY"), moment, state)


def _events(content: bytes) -> list[tuple[bool, Component]]:
    """Every event, and whether its whole calendar calls its events off."""
    if content.upper().count(b"BEGIN:") > 2 * MAX_ENTRIES:
        raise NotACalendar(f"more than {2 * MAX_ENTRIES} components", "ask for fewer entries")
    try:
        calendars = [
            one for one in Calendar.from_ical(content, multiple=True) if one.name == "VCALENDAR"
        ]
        found = [
            (_word(calendar, "METHOD") == "CANCEL", event)
            for calendar in calendars
            for event in calendar.walk("VEVENT")
        ]
    except Exception:  # noqa: BLE001 - whatever its parser stumbles over, it cannot be read
        calendars = []
    if not calendars:
        raise NotACalendar("not iCalendar (RFC 5545)", "it begins with BEGIN:VCALENDAR")
    return found


def _said(event: Any, name: str) -> str:
    try:
        return str(event.get(name, ""))
    except Exception:  # noqa: BLE001 - a broken property raises when it is looked at
        return ""


def _word(component: Any, name: str) -> str:
    return _said(component, name).strip().upper()


def _moment(event: Component, zone: str) -> Moment:
    for name in _REPEATS:
        if name in event:
            raise Unfit(f"it repeats ({name})", "write each publication as an event of its own")
    begins = event.get("DTSTART")
    if begins is None or isinstance(begins, list):
        raise Unfit("it needs one DTSTART")
    try:
        value, parameters = begins.dt, begins.params
    except Exception:  # noqa: BLE001 - a broken property raises when it is looked at
        raise Unfit("its DTSTART cannot be read") from None
    if isinstance(value, datetime):
        return _timed(value, str(parameters.get("TZID", "")), zone)
    if isinstance(value, date):
        return whole_day(value, zone)
    raise Unfit("its DTSTART is no day")


def _timed(value: datetime, named: str, zone: str) -> Moment:
    if value.tzinfo is None:
        if named:
            raise Unfit(f"there is no zone “{named[:60]}”", "add its VTIMEZONE")
        return on_the_wall(value, zone)
    if isinstance(value.tzinfo, ZoneInfo) and value.tzinfo.key != "UTC":
        return on_the_wall(value.replace(tzinfo=None), value.tzinfo.key)
    # Other zones are those that the file itself defines.
    readings = (plausible(value.replace(fold=fold)) for fold in (0, 1))
    return max(readings, key=lambda moment: moment.instant)
