"""The lists of people in a release file (DOMAIN section 4) -> `Roster`, with every fault in them.

A list that the gateway cannot honour must not load: overlapping appointments and dates that
contradict each other are faults, never ignored.
"""

from __future__ import annotations

from datetime import date

from gateway.model.people import Declaration
from gateway.model.regime import Regime
from gateway.model.roster import Appointment, Exclusion, Role, Roster
from gateway.releases import values
from gateway.releases.appointments import check_appointments
from gateway.releases.entries import Entry
from gateway.releases.limits import check_limits, granted

ROSTER_KEYS = (
    "declaration_required", "roles", "appointments", "production_team", "quality_assurers",
    "exclusions",
)  # fmt: skip
_ROLE_KEYS = ("id", "title", "organisation", "count", "justification", "window")


def read_roster(root: Entry, zone: str, regime: Regime | None, day: date | None) -> Roster:
    """The lists of one release; `zone` is where its days begin, `day` that of its publication."""
    roles = _roles(root, regime)
    pairs = [
        (entry, appointment)
        for entry in root.entries("appointments", ("role", "address", "from", "to", "declaration"))
        if (appointment := _appointment(entry, roles, regime))
    ]
    check_appointments(pairs, roles)
    if regime is not None and day is not None:
        check_limits(root, pairs, roles, regime, day)
    return Roster(
        roles=roles,
        appointments=tuple(appointment for _, appointment in pairs),
        production_team=frozenset(root.each("production_team", values.address)),
        declaration_required=_declaration_required(root, regime),
        quality_assurers=frozenset(root.each("quality_assurers", values.address)),
        exclusions=read_exclusions(root),
    )


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


def _declaration_required(root: Entry, regime: Regime | None) -> bool:
    """A list may ask for more than its regime, never for less."""
    asked = regime is not None and regime.declaration_required
    required = root.take("declaration_required", values.flag, asked)
    if regime is not None and asked and not required:
        message = f"declaration_required: {regime.id} requires a declaration of everybody"
        root.fault("declaration_required", message, "leave the line out")
    return required


def _roles(root: Entry, regime: Regime | None) -> dict[str, Role]:
    roles: dict[str, Role] = {}
    window = values.window_in(regime.calendar if regime else None)
    for entry in root.entries("roles", _ROLE_KEYS):
        id_ = entry.require("id", values.line)
        title = entry.require("title", values.line)
        role = Role(
            id_ or "",
            title or "",
            entry.take("organisation", values.line, ""),
            entry.take("count", values.count, 1),
            entry.take("justification", values.line, ""),
            entry.maybe("window", window),
        )
        if id_ in roles:
            entry.fault("id", f"id: the role '{id_}' is there already", "keep one of the two")
        elif id_:
            roles[id_] = role
    return roles


def _appointment(
    entry: Entry, roles: dict[str, Role], regime: Regime | None
) -> Appointment | None:  # fmt: skip
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
    appointment = Appointment(role, address, starts, ends, declaration)
    return granted(entry, appointment, regime) if regime else appointment


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
