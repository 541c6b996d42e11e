"""One release file (DOMAIN section 4) -> `Release`, with every fault in it.

A list that the gateway cannot honour must not load: unknown keys, overlapping appointments and
dates that contradict each other are faults, never ignored.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Callable, Literal

from gateway.model.people import Declaration
from gateway.model.release import Release, ReleaseState
from gateway.model.roster import Appointment, Exclusion, Role, Roster
from gateway.releases import values
from gateway.releases.appointments import check_appointments
from gateway.releases.entries import Entry, Sheet, Unfit

_RELEASE_KEYS = (
    "id", "title", "instant", "zone", "window", "state", "market_sensitive", "delivery", "lift",
    "contacts", "head_of_profession", "banner", "subject_words",
)  # fmt: skip
_KEYS = (
    "release", "declaration_required", "roles", "appointments", "production_team",
    "quality_assurers", "exclusions",
)  # fmt: skip
_UNBUILT = {
    "mailboxes": "shared mailboxes are not built yet; list the people who read it one by one",
    "delegates": "delegation is not built yet; give the delegate an appointment of their own",
}
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
    root = sheet.root(_KEYS, _UNBUILT)
    roster = _roster(root)
    entry = root.entry("release", _RELEASE_KEYS)
    if entry is None:
        sheet.fault((), "'release' is missing", "begin with 'release:' and its title and instant")
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
        roster=roster,
        lift=entry.take("lift", _LIFT, "instant"),
        market_sensitive=entry.take("market_sensitive", values.flag, False),
        delivery=entry.take("delivery", _DELIVERY, "attach"),
        contacts=tuple(entry.each("contacts", values.mailbox)),
        head_of_profession=entry.take("head_of_profession", values.mailbox, ""),
        banner=entry.take("banner", values.phrase, ""),
        subject_words=tuple(entry.each("subject_words", values.phrase)),
    )
    return release if title and instant else None


def read_exclusions(root: Entry) -> tuple[Exclusion, ...]:
    """The `exclusions` of a file; `until` is the first day on which it is over."""
    found = []
    for entry in root.entries("exclusions", ("address", "from", "until", "reason")):
        address = entry.require("address", values.address)
        starts = entry.require("from", values.day)
        until = entry.maybe("until", values.day)
        reason = entry.require("reason", values.line)
        if starts and until and until <= starts:
            entry.fault("until", "until: not after 'from'", "it ends at the start of this day")
        elif address and starts and reason:
            found.append(Exclusion(address, starts, until, reason))
    return tuple(found)


def _same_id(value: Any, stem: str) -> str:
    if value != stem:
        raise Unfit(f"the file is named '{stem}'", "the file's name is the id; make them agree")
    return stem


def _roster(root: Entry) -> Roster:
    roles = _roles(root)
    pairs = [
        (entry, appointment)
        for entry in root.entries("appointments", ("role", "address", "from", "to", "declaration"))
        if (appointment := _appointment(entry, roles))
    ]
    check_appointments(pairs, roles)
    return Roster(
        roles=roles,
        appointments=tuple(appointment for _, appointment in pairs),
        production_team=frozenset(root.each("production_team", values.address)),
        declaration_required=root.take("declaration_required", values.flag, False),
        quality_assurers=frozenset(root.each("quality_assurers", values.address)),
        exclusions=read_exclusions(root),
    )


def _roles(root: Entry) -> dict[str, Role]:
    roles: dict[str, Role] = {}
    for entry in root.entries("roles", ("id", "title", "organisation", "count", "justification")):
        id_ = entry.require("id", values.line)
        title = entry.require("title", values.line)
        role = Role(
            id_ or "",
            title or "",
            entry.take("organisation", values.line, ""),
            entry.take("count", values.count, 1),
            entry.take("justification", values.line, ""),
        )
        if id_ in roles:
            entry.fault("id", f"id: the role '{id_}' is there already", "keep one of the two")
        elif id_:
            roles[id_] = role
    return roles


def _appointment(entry: Entry, roles: dict[str, Role]) -> Appointment | None:
    role = entry.require("role", values.line)
    address = entry.require("address", values.address)
    starts = entry.maybe("from", values.day)
    ends = entry.maybe("to", values.day)
    declaration = _declaration(entry)
    if role and role not in roles:
        known = ", ".join(roles) or "none"
        entry.fault("role", f"role: there is no role '{role}'", f"roles of this release: {known}")
    if starts and ends and ends < starts:
        entry.fault("to", "to: before 'from'", "both days are included")
        return None
    if role not in roles or not address:
        return None
    return Appointment(role, address, starts, ends, declaration)


def _declaration(entry: Entry) -> Declaration | None:
    inner = entry.entry("declaration", ("signed", "version", "expires"))
    if inner is None:
        return None
    signed = inner.require("signed", values.day)
    version = inner.take("version", values.count, 1)
    expires = inner.maybe("expires", values.day)
    if signed and expires and expires < signed:
        inner.fault("expires", "expires: before 'signed'", "it is the last valid day")
    return Declaration(signed, version, expires) if signed else None
