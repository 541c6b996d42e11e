"""People, their addresses, and the addresses that stand for several people.

Addresses are normalised (`model.address`). Dates are whole days, both ends included; None is
open-ended. Nothing here permits anything: who may see a release is said by its roster alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Mapping

from gateway.model.fault import Fault
from gateway.model.indexes import by_address, grouped, index

MailboxKind = Literal["shared", "private-office", "press"]


@dataclass(frozen=True, slots=True)
class Declaration:
    """A signed undertaking: `expires` is its last valid day."""

    signed: date
    version: int = 1
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """One human being. `addresses` are all of theirs, the usual one first; whatever holds for one
    of them holds for all. `title` is the directory's, not a role on any list. `left` is their last
    day; `previous` are titles that they held before, newest first. `told` are those addresses that
    only an office's directory gives: until `until` they are the same person's as any other, after
    that they only bar. So do, always, those of `told` that are `private`: outside the domains that
    the directory answers for."""

    id: str
    name: str
    addresses: tuple[str, ...]
    title: str = ""
    organisation: str = ""
    declaration: Declaration | None = None
    guidance_read: date | None = None
    left: date | None = None
    previous: tuple[str, ...] = ()
    told: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address that several people read. Unless `all_must_be_listed` is false it may have only
    what every one of its `readers` may have."""

    address: str
    readers: tuple[str, ...]
    kind: MailboxKind = "shared"
    all_must_be_listed: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """A distribution list and whom it reaches: `members` are people's addresses, nested lists
    taken apart. `fault` says why it could not be expanded; such a list reaches anybody. What it
    says counts until `until`, and `read` is when its source was read. A `mailbox` is no list, but
    the address of an account whose readers nobody knows."""

    address: str
    members: tuple[str, ...]
    source: str = ""
    fault: str = ""
    read: datetime | None = None
    until: datetime | None = None
    kind: Literal["list", "mailbox"] = "list"


@dataclass(frozen=True, slots=True)
class Forward:
    """Where mail to an address goes on to, by an office's directory. `fault` says why nobody can
    tell. It holds for good: that mail goes on only ever keeps something from an address."""

    targets: tuple[str, ...]
    source: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Delegation:
    """`delegate` acts for `principal`, for `releases` (empty: for all). Not transitive."""

    principal: str
    delegate: str
    starts: date | None = None
    ends: date | None = None
    releases: frozenset[str] = frozenset()
    declaration: Declaration | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody is away, so that their pre-approved substitutes count."""

    address: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Source:
    """A directory of the office that people and lists come from. `read` is when, and it counts
    until `until`. It answers for addresses of `domains`: where it could not be read at all, `fault`
    says why, and nobody knows whose they are. `faults` are those of single entries."""

    name: str
    kind: str
    place: str
    domains: frozenset[str] = frozenset()
    read: datetime | None = None
    until: datetime | None = None
    fault: str = ""
    faults: tuple[Fault, ...] = ()
    people: int = 0
    groups: int = 0


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody the department knows. Where it is `complete`, an address that it does not know
    is on no list. `sources` are the directories that people and groups were read from besides the
    register's own files; `disputed` are addresses that belong to two people by them, and why;
    `forwards` are addresses whose mail goes on to others. The mappings at the end are indexes by
    address, made from the rest; that of delegations is by the delegate's."""

    people: Mapping[str, Person] = field(default_factory=dict)
    mailboxes: Mapping[str, Mailbox] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    delegations: tuple[Delegation, ...] = ()
    absences: tuple[Absence, ...] = ()
    complete: bool = False
    sources: tuple[Source, ...] = ()
    disputed: Mapping[str, str] = field(default_factory=dict)
    forwards: Mapping[str, Forward] = field(default_factory=dict)
    person_of: Mapping[str, Person] = index()
    delegated: Mapping[str, tuple[Delegation, ...]] = index()
    absent: Mapping[str, tuple[Absence, ...]] = index()

    def __post_init__(self) -> None:
        owners = {
            address: person for person in self.people.values() for address in person.addresses
        }
        object.__setattr__(self, "person_of", owners)
        delegated = grouped((entry.delegate, entry) for entry in self.delegations)
        object.__setattr__(self, "delegated", delegated)
        object.__setattr__(self, "absent", by_address(self.absences))

    def aliases(self, address: str) -> tuple[str, ...]:
        """Every address of the same person, the given one first."""
        person = self.person_of.get(address)
        if person is None:
            return (address,)
        return (address, *(other for other in person.addresses if other != address))
