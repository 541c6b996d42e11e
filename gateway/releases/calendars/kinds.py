"""The forms of calendars, and what reads each.

A reader is loaded when there is such a calendar: every command reads the lists, and few need it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Callable, Mapping

from gateway.model.announcement import Kind
from gateway.releases.calendars.listing import MAX_BYTES, Listing, NotACalendar

_READERS: Mapping[Kind, str] = {
    "govuk": "gateway.releases.calendars.govuk:read_govuk",
    "ons": "gateway.releases.calendars.ons:read_ons",
    "icalendar": "gateway.releases.calendars.icalendars:read_icalendar",
    "csv": "gateway.releases.calendars.csv_table:read_csv",
    "sdmx": "gateway.releases.calendars.sdmx:read_sdmx",
}


def read_calendar(kind: Kind, content: bytes, file: str, zone: str) -> Listing:
    """Everything that a calendar announces. `zone` is that of times which name none.

    Where it is no such calendar, or none of its entries can be read, the listing is empty and
    says why.
    """
    listing = Listing(file, zone)
    try:
        if len(content) > MAX_BYTES:
            raise NotACalendar(f"larger than {MAX_BYTES} bytes", "ask for fewer entries")
        _reader(kind)(content, listing)
    except NotACalendar as found:
        listing.clear()
        listing.fault(0, str(found), found.hint)
    if not listing.announcements and not listing.faults:
        hint = "no calendar is empty for long; is this the right address or file?"
        listing.fault(0, "there is not one announcement in it", hint)
    return listing


def _reader(kind: Kind) -> Callable[[bytes, Listing], None]:
    module, name = _READERS[kind].split(":")
    reader: Callable[[bytes, Listing], None] = getattr(import_module(module), name)
    return reader
