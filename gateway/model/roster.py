"""Who may see one release: roles, who holds them, who works on it, who is barred.

Addresses are normalised (`model.address`). Dates are whole days in the release's zone, both ends
included, except that an exclusion ends at the start of `until` (DOMAIN section 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Mapping

from gateway.model.indexes import by_address, grouped, index
from gateway.model.people import Declaration, Delegation, Mailbox
from gateway.model.regime import Window


@dataclass(frozen=True, slots=True)
class Role:
    """One line of the published list: a title, never an address. `count` is how many people;
    `window` a shorter one than the release's (None: the same)."""

    id: str
    title: str
    organisation: str = ""
    count: int = 1
    justification: str = ""
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person in a role, from the first to the last day inclusive (None: open-ended).

    `substitutes` may stand in while the holder is away. An `exceptional` grant is made by a
    published letter, found at `letter`.
    """

    role: str
    address: str
    starts: date | None = None
    ends: date | None = None
    declaration: Declaration | None = None
    substitutes: tuple[str, ...] = ()
    grant: Literal["list", "exceptional"] = "list"
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """A turn of duty: who holds a role from one instant up to another, the last one excluded."""

    role: str
    address: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Somebody barred from every list from `starts` until the start of `until` (None: for good).
    `incident` is the breach that it follows from."""

    address: str
    starts: date
    until: date | None
    reason: str
    incident: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """Who may see one release.

    `production_team` and `quality_assurers` may work on it before the window opens (T3.3);
    `appointments` and `shifts` are the pre-release list (T3.4), which counts inside the window only.
    `exclusions`, `mailboxes` and `delegations` are those of this release alone; the register holds
    those of every release. `declaration_version` is the oldest declaration that counts; where there
    is one, a declaration is required. The mappings at the end are indexes by address, made from the
    rest: `substituting` by the substitute's, `delegated` by the delegate's.
    """

    roles: Mapping[str, Role]
    appointments: tuple[Appointment, ...]
    production_team: frozenset[str]
    declaration_required: bool = False
    quality_assurers: frozenset[str] = frozenset()
    exclusions: tuple[Exclusion, ...] = ()
    shifts: tuple[Shift, ...] = ()
    mailboxes: tuple[Mailbox, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    declaration_version: int | None = None
    appointed: Mapping[str, tuple[Appointment, ...]] = index()
    excluded: Mapping[str, tuple[Exclusion, ...]] = index()
    on_duty: Mapping[str, tuple[Shift, ...]] = index()
    shared: Mapping[str, tuple[Mailbox, ...]] = index()
    substituting: Mapping[str, tuple[Appointment, ...]] = index()
    delegated: Mapping[str, tuple[Delegation, ...]] = index()

    def __post_init__(self) -> None:
        object.__setattr__(self, "appointed", by_address(self.appointments))
        object.__setattr__(self, "excluded", by_address(self.exclusions))
        object.__setattr__(self, "on_duty", by_address(self.shifts))
        object.__setattr__(self, "shared", by_address(self.mailboxes))
        substituting = grouped(
            (substitute, entry) for entry in self.appointments for substitute in entry.substitutes
        )
        object.__setattr__(self, "substituting", substituting)
        delegated = grouped((entry.delegate, entry) for entry in self.delegations)
        object.__setattr__(self, "delegated", delegated)
