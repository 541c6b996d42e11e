"""The lists of people in a release file (DOMAIN section 4) -> `Roster`, with every fault in them.

A list that the gateway cannot honour must not load: overlapping appointments and dates that
contradict each other are faults, never ignored.
"""

from __future__ import annotations

from datetime import date

from gateway.model.people import Directory
from gateway.model.regime import Regime
from gateway.model.roster import Exclusion, Role, Roster
from gateway.releases import values
from gateway.releases.appointments import read_appointments, read_rota
from gateway.releases.delegates import read_delegates
from gateway.releases.entries import Entry
from gateway.releases.holders import HOLDER_KEYS, Known, read_holder
from gateway.releases.limits import check_limits
from gateway.releases.mailboxes import read_mailboxes
from gateway.releases.occupancy import check_occupancy

ROSTER_KEYS = (
    "declaration_required", "declaration_version", "roles", "appointments", "rota", "mailboxes",
    "delegates", "production_team", "quality_assurers", "exclusions",
)  # fmt: skip
_ROLE_KEYS = ("id", "title", "organisation", "count", "justification", "window")


def read_roster(
    root: Entry, id: str, zone: str, regime: Regime | None, day: date | None, known: Known
) -> Roster:
    """The lists of release `id`; `zone` is where its days begin, `day` that of its publication."""
    directory = known.directory
    roles = _roles(root, regime)
    appointments = read_appointments(root, roles, directory, regime)
    rota = read_rota(root, roles, directory, zone)
    check_occupancy(appointments, rota, roles, directory, zone)
    version = root.maybe("declaration_version", values.version)
    roster = Roster(
        roles=roles,
        appointments=tuple(appointment for _, appointment in appointments),
        production_team=frozenset(root.each("production_team", values.address)),
        declaration_required=_declaration_required(root, regime, version),
        quality_assurers=frozenset(root.each("quality_assurers", values.address)),
        exclusions=read_exclusions(root, directory),
        shifts=tuple(shift for _, shift in rota),
        mailboxes=read_mailboxes(root, directory),
        delegations=read_delegates(root, known, id),
        declaration_version=version,
    )
    if regime is not None and day is not None:
        check_limits(root, id, roster, regime, directory, zone, day)
    return roster


def read_exclusions(root: Entry, directory: Directory) -> tuple[Exclusion, ...]:
    """The `exclusions` of a file; `until` is the first day on which it is over."""
    found = []
    for entry in root.entries(
        "exclusions", (*HOLDER_KEYS, "from", "until", "reason", "incident")
    ):  # fmt: skip
        address = read_holder(entry, directory)
        starts = entry.require("from", values.day)
        until = entry.maybe("until", values.day)
        reason = entry.require("reason", values.line)
        incident = entry.take("incident", values.line, "")
        if starts and until and until <= starts:
            entry.fault("until", "until: not after 'from'", "it ends at the start of this day")
        elif address and starts and reason:
            found.append(Exclusion(address, starts, until, reason, incident))
    return tuple(found)


def _declaration_required(root: Entry, regime: Regime | None, version: int | None) -> bool:
    """A list may ask for more than its regime, never for less; a version is asked of everybody."""
    by_law = regime is not None and regime.declaration_required
    required = root.take("declaration_required", values.flag, by_law or version is not None)
    if regime is not None and by_law and not required:
        message = f"declaration_required: {regime.id} requires a declaration of everybody"
        root.fault("declaration_required", message, "leave the line out")
    elif version is not None and not required:
        message = "declaration_required: 'declaration_version' asks for one of everybody"
        root.fault("declaration_required", message, "leave one of the two lines out")
    return required


def _roles(root: Entry, regime: Regime | None) -> dict[str, Role]:
    roles: dict[str, Role] = {}
    window = values.window_in(regime.calendar if regime else None)
    for entry in root.entries("roles", _ROLE_KEYS):
        id_ = entry.require("id", values.line)
        title = entry.require("title", values.published)
        role = Role(
            id_ or "",
            title or "",
            entry.take("organisation", values.published, ""),
            entry.take("count", values.count, 1),
            entry.take("justification", values.published, ""),
            entry.maybe("window", window),
        )
        if id_ in roles:
            entry.fault("id", f"id: the role '{id_}' is there already", "keep one of the two")
        elif id_:
            roles[id_] = role
    return roles
