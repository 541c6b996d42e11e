"""The forms of calendars, and what reads each."""

from __future__ import annotations

from typing import Callable, Mapping

from gateway.model.announcement import Kind
from gateway.releases.calendars.csv_table import read_csv
from gateway.releases.calendars.govuk import read_govuk
from gateway.releases.calendars.icalendars import read_icalendar
from gateway.releases.calendars.listing import MAX_BYTES, Listing, NotACalendar
from gateway.releases.calendars.ons import read_ons
from gateway.releases.calendars.sdmx import read_sdmx

_READERS: Mapping[Kind, Callable[[bytes, Listing], None]] = {
    "govuk": read_govuk,
    "ons": read_ons,
    "icalendar": read_icalendar,
    "csv": read_csv,
    "sdmx": read_sdmx,
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
        _READERS[kind](content, listing)
    except NotACalendar as found:
        listing.clear()
        listing.fault(0, str(found), found.hint)
    if not listing.announcements and not listing.faults:
        hint = "no calendar is empty for long; is this the right address or file?"
        listing.fault(0, "there is not one announcement in it", hint)
    return listing
