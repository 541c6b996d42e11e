"""Announcements of GOV.UK: answers of its search, or single announcements as its content has them.

`display_date` is local text without a zone, and "March 2018" where no day is known yet; the
timestamp of the search is a placeholder then. Cancelled announcements keep their date. Published
ones leave the search, and others may be on its next page: absence says nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Iterable, Mapping

from gateway.model.release import ReleaseState
from gateway.releases.calendars.listing import Listing, NotACalendar, json_of
from gateway.releases.calendars.local_time import Moment, later, written
from gateway.releases.entries import Unfit

_STATES: Mapping[str, ReleaseState] = {
    "provisional": "provisional",
    "confirmed": "confirmed",
    "cancelled": "cancelled",
    "published": "published",
}
_FORMATS = ("statistics_announcement", "national_statistics_announcement",
            "official_statistics_announcement")  # fmt: skip


def read_govuk(content: bytes, listing: Listing) -> None:
    """Raises NotACalendar."""
    document = json_of(content)
    found = _entries(document)
    for number, entry in listing.entries(found):
        if not isinstance(entry, dict):
            listing.fault(0, f"entry {number}: not an announcement")
        elif entry.get("format", _FORMATS[0]) in _FORMATS:
            _add(listing, f"entry {number}", entry)
    if isinstance(document, dict) and isinstance(total := document.get("total"), int):
        first = document.get("start")
        read = len(found) + (first if isinstance(first, int) else 0)
        if read < total:
            listing.note(
                f"it has {total} entries, of which {read} were read; ask for more (count=)"
            )


def _entries(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        if isinstance(document.get("results"), list):
            return list(document["results"])
        if isinstance(document.get("details"), dict):
            return [document]
    raise NotACalendar("not announcements of GOV.UK", "expected an object with 'results'")


def _add(listing: Listing, place: str, entry: Mapping[str, Any]) -> None:
    said: dict[str, Any] = dict(entry)
    for inner in ("metadata", "details"):
        if isinstance(entry.get(inner), dict):
            said |= {key: value for key, value in entry[inner].items() if value is not None}
    key = next((said[name] for name in ("link", "base_path", "slug") if said.get(name)), None)
    state = _state(listing, place, said)
    moment = listing.dated(place, _moment, said, state, listing.zone)
    if state is None:
        state, moment = "provisional", None
    if moment is None and state == "confirmed":
        listing.note(f"{place}: confirmed without a day")
    listing.add(place, key, said.get("title"), moment, state, _changes(said, listing.zone))


def _state(listing: Listing, place: str, said: Mapping[str, Any]) -> ReleaseState | None:
    """None where it is a word that nobody knows: then nothing is sure of this announcement."""
    if said.get("cancelled_at"):
        return "cancelled"
    word = said.get("statistics_announcement_state", said.get("state"))
    if word is None and isinstance(said.get("confirmed"), bool):
        word = "confirmed" if said["confirmed"] else "provisional"
    state = _STATES.get(word) if isinstance(word, str) else None
    if state is None:
        hint = f"known states: {', '.join(_STATES)}"
        listing.fault(0, f"{place}: a state that is not known; nothing is confirmed by it", hint)
    return state


def _moment(said: Mapping[str, Any], state: ReleaseState | None, zone: str) -> Moment | None:
    shown, stamp = said.get("display_date"), said.get("release_timestamp")
    stamped = written(stamp, zone) if isinstance(stamp, str) and stamp else None
    if not isinstance(shown, str) or not shown.strip():
        if stamped is None:
            raise Unfit("it has no date", "expected display_date, such as 28 March 2018 9:30am")
        return stamped if state != "provisional" else None
    displayed = written(shown, zone)
    if displayed is None or stamped is None or displayed.since is not None:
        return displayed
    if displayed.instant == stamped.instant:
        return displayed
    note = "its text and its timestamp name different instants; the later one counts"
    chosen = later(displayed, stamped)
    return chosen and Moment(chosen.instant, note=note)


def _changes(said: Mapping[str, Any], zone: str) -> Iterable[datetime]:
    before = said.get("previous_display_date")
    try:
        moment = written(before, zone) if isinstance(before, str) else None
    except Unfit:
        return ()  # how an old date was written matters to nobody
    return (moment.since or moment.instant,) if moment else ()
