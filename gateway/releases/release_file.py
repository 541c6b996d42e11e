"""One release file (DOMAIN section 4) -> `Release`, with every fault in it.

What the gateway cannot honour must not load: unknown keys and values that contradict each other
are faults, never ignored.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Callable, Literal

from gateway.model.release import Release, ReleaseState
from gateway.releases import values
from gateway.releases.entries import Sheet, Unfit
from gateway.releases.roster_file import ROSTER_KEYS, read_roster

_RELEASE_KEYS = (
    "id", "title", "instant", "zone", "window", "state", "market_sensitive", "delivery", "lift",
    "contacts", "head_of_profession", "banner", "subject_words",
    "series", "published", "reviewed", "changed_by",
)  # fmt: skip
_STATES: Callable[[Any], ReleaseState] = values.one_of(
    "provisional", "confirmed", "published", "postponed", "cancelled"
)  # fmt: skip
_DELIVERY: Callable[[Any], Literal["attach", "links-only"]] = values.one_of("attach", "links-only")
_LIFT: Callable[[Any], Literal["instant", "instant-and-published"]] = values.one_of(
    "instant", "instant-and-published"
)
_A_DAY = timedelta(hours=24)


def read_release(sheet: Sheet, stem: str, zone: str) -> Release | None:
    """The release in a file named `stem`; None where what matters most is missing."""
    root = sheet.root(("release", *ROSTER_KEYS))
    entry = root.entry("release", _RELEASE_KEYS)
    if entry is None:
        sheet.fault((), "'release' is missing", "begin with 'release:' and its title and instant")
        read_roster(root, zone)
        return None
    entry.take("id", lambda value: _same_id(value, stem), stem)
    title = entry.require("title", values.line)
    zone = entry.take("zone", values.zone, zone)
    instant = entry.require("instant", values.instant_in(zone))
    release = Release(
        id=stem,
        title=title or "",
        instant=instant or datetime.min,
        zone=zone,
        window=entry.take("window", values.window, _A_DAY),
        state=entry.take("state", _STATES, "provisional"),
        roster=read_roster(root, zone),
        lift=entry.take("lift", _LIFT, "instant"),
        market_sensitive=entry.take("market_sensitive", values.flag, False),
        delivery=entry.take("delivery", _DELIVERY, "attach"),
        contacts=tuple(entry.each("contacts", values.mailbox)),
        head_of_profession=entry.take("head_of_profession", values.mailbox, ""),
        banner=entry.take("banner", values.phrase, ""),
        subject_words=tuple(entry.each("subject_words", values.phrase)),
        series=entry.take("series", values.line, ""),
        published=entry.take("published", values.line, ""),
        reviewed=entry.maybe("reviewed", values.day),
        changed_by=entry.take("changed_by", values.address, ""),
    )
    return release if title and instant else None


def _same_id(value: Any, stem: str) -> str:
    if value != stem:
        raise Unfit(f"the file is named '{stem}'", "the file's name is the id; make them agree")
    return stem
