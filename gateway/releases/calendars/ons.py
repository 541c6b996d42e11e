"""Release calendars of the ONS, as its site and its search give them.

`releaseDate` is in UTC, and midnight of the local day where no time is known. Until a release is
`finalised` its `provisionalDate` is free text that may name no day; the date beside it is a
placeholder then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Iterator, Mapping
from zoneinfo import ZoneInfo

from gateway.model.release import ReleaseState
from gateway.releases.calendars.listing import Listing, NotACalendar, json_of
from gateway.releases.calendars.local_time import Moment, later, whole_day, written
from gateway.releases.entries import Unfit

_STATES: tuple[ReleaseState, ...] = ("cancelled", "postponed", "published")
_FLAGS = (*_STATES, "finalised")


def read_ons(content: bytes, listing: Listing) -> None:
    """Raises NotACalendar."""
    for number, entry in listing.entries(_entries(json_of(content))):
        place = f"entry {number}"
        if not isinstance(entry, dict):
            listing.fault(0, f"{place}: not a release")
            continue
        said = _folded(entry)
        about = said.get("description")
        said |= _folded(about) if isinstance(about, dict) else {}
        faulty = [flag for flag in _FLAGS if not isinstance(said.get(flag, False), bool)]
        for flag in faulty:
            listing.fault(0, f"{place}: '{flag}' is neither true nor false; nothing is confirmed")
        state = _state(said)
        moment = listing.dated(place, _moment, said, state, listing.zone)
        if faulty:
            moment = None
        changes = list(_changes(said, listing.zone))
        listing.add(place, said.get("uri"), said.get("title"), moment, state, changes)


def _entries(document: Any) -> list[Any]:
    """A list of releases, an answer of the search in its old or new form, or one release."""
    found = document
    if isinstance(found, dict) and isinstance(found.get("result"), dict):
        found = found["result"]
    if isinstance(found, dict):
        for name in ("results", "releases"):
            if isinstance(found.get(name), list):
                return list(found[name])
        if isinstance(found.get("description"), dict):
            return [found]
    if isinstance(found, list):
        return found
    raise NotACalendar("not a release calendar of the ONS", "expected an object with 'releases'")


def _folded(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The same names whether written releaseDate or release_date."""
    return {key.replace("_", "").lower(): value for key, value in entry.items()}


def _state(said: Mapping[str, Any]) -> ReleaseState:
    for state in _STATES:
        if said.get(state) is True:
            return state
    return "confirmed" if said.get("finalised") is True else "provisional"


def _moment(said: Mapping[str, Any], state: ReleaseState, zone: str) -> Moment | None:
    written_date = said.get("releasedate")
    if not isinstance(written_date, str) or not written_date.strip():
        raise Unfit("it has no releaseDate", "expected one such as 2020-07-09T08:30:00.000Z")
    moment = in_utc_text(written_date, zone)
    provisional = said.get("provisionaldate")
    if state != "provisional" or not isinstance(provisional, str) or not provisional.strip():
        return moment
    worded = written(provisional, zone)
    return worded and later(moment, worded)


def in_utc_text(value: str, zone: str) -> Moment:
    """An instant with an offset; a midnight of the zone is a day without a time. Raises Unfit."""
    if not value.strip().endswith(("Z", "z")) and "+" not in value[10:] and "-" not in value[10:]:
        raise Unfit(
            "releaseDate without an offset", "expected one such as 2020-07-09T08:30:00.000Z"
        )
    moment = written(value.upper(), zone)
    if moment is None:
        raise Unfit("cannot read releaseDate")
    local = moment.instant.astimezone(ZoneInfo(zone))
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return whole_day(local.date(), zone)
    return moment


def _changes(said: Mapping[str, Any], zone: str) -> Iterator[datetime]:
    changes = said.get("datechanges")
    for change in changes if isinstance(changes, list) else ():
        before = _folded(change).get("previousdate") if isinstance(change, dict) else None
        if not isinstance(before, str):
            continue
        try:
            moment = in_utc_text(before, zone)
        except Unfit:
            continue  # how an old date was written matters to nobody
        yield moment.since or moment.instant
