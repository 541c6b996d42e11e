"""The register's own people and lists, and what the office's directories say -> `Directory`.

Pure. What a directory says never keeps the register from loading: an entry that makes no sense is
unlisted and told, a directory that could not be read knows nobody.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Mapping, Sequence

from gateway.model.address import is_usable
from gateway.model.fault import Fault
from gateway.model.people import Directory, Group, Source
from gateway.model.register import Register
from gateway.releases.directories.expansion import Inner, Member, Node, Reach, expanded
from gateway.releases.directories.forwarding import forwards_of, unclear
from gateway.releases.directories.people import OWN, People
from gateway.releases.directories.records import (
    Account,
    Extract,
    Listing,
    text,
)


@dataclass(frozen=True, slots=True)
class DirectoryReading:
    """One directory as it was read: about it, and what it says."""

    source: Source
    extract: Extract = field(default_factory=Extract)


def with_directories(register: Register, readings: Sequence[DirectoryReading]) -> Register:
    """The same, with everybody whom directories know as well, and named by what they say too."""
    if not readings:
        return register
    told = [f"{reading.source}" for reading in readings]
    digest = hashlib.sha256("\n".join((register.digest, *told)).encode()).hexdigest()
    return replace(register, directory=joined(register.directory, readings), digest=digest)


def joined(own: Directory, readings: Sequence[DirectoryReading]) -> Directory:
    """`own` are the people and lists of the register's own files."""
    people = People.of(own.people.values())
    for reading in readings:
        people.add(reading.source, reading.extract.accounts)
    lists = _Lists(own, readings, people)
    forwards = forwards_of((one.source.name, one.extract) for one in readings)
    sources = [
        replace(
            reading.source,
            people=sum(1 for account in reading.extract.accounts if account.addresses),
            groups=sum(1 for listing in reading.extract.listings if listing.addresses),
            faults=(
                *reading.source.faults,
                *people.faults.get(reading.source.name, ()),
                *lists.faults(reading.source),
                *unclear(reading.source.place, reading.extract, forwards),
            ),
        )
        for reading in readings
    ]
    return replace(
        own,
        people=people.by_id,
        groups=lists.groups(),
        sources=tuple(sources),
        disputed=people.disputed,
        forwards=forwards,
    )


class _Lists:
    """Every list of every source as one graph: the register's own go by their addresses, those of
    directories by the numbers of the source and of the list in it. `_at` is which lists have an
    address; those whose readers the register's own file names count as their address."""

    def __init__(
        self, own: Directory, readings: Sequence[DirectoryReading], people: People
    ) -> None:
        self._own = own
        self._people = people
        self._readings = readings
        self._listings: dict[str, tuple[Source, Listing]] = {
            f"{number}/{place}": (reading.source, listing)
            for number, reading in enumerate(readings)
            for place, listing in enumerate(reading.extract.listings)
        }
        self._at: dict[str, list[str]] = {address: [address] for address in own.groups}
        self._settled: dict[str, str] = {}
        for key, (_, listing) in self._listings.items():
            for address in listing.addresses:
                if listing.mailbox and self._is_settled(address):
                    self._settled[key] = address
            for address in () if key in self._settled else listing.addresses:
                self._at.setdefault(address, []).append(key)
        self._found: dict[str, Reach] = expanded(self._nodes())

    def groups(self) -> dict[str, Group]:
        """The lists by their addresses."""
        return {address: self._group(address, keys) for address, keys in self._at.items()}

    def faults(self, source: Source) -> list[Fault]:
        """Why lists of a source could not be taken apart; a mailbox is no list."""
        return [
            Fault(
                source.place,
                0,
                0,
                f"{listing.place}: '{listing.name}' counts as unlisted: {self._found[key].fault}",
            )
            for key, (origin, listing) in self._listings.items()
            if origin is source and listing.addresses and not listing.mailbox
            and self._found[key].fault
        ]  # fmt: skip

    def _is_settled(self, address: str) -> bool:
        """Whether the register's own file says who reads it."""
        id = self._people.owners.get(address)
        mailbox = self._own.mailboxes.get(address)
        return mailbox is not None or (id is not None and self._people.given[id] == OWN)

    def _group(self, address: str, keys: Sequence[str]) -> Group:
        reaches = [self._found[key] for key in keys]
        names = " and ".join(dict.fromkeys(self._origin(key) for key in keys))
        owner = self._people.owners.get(address)
        fault = next((reach.fault for reach in reaches if reach.fault), "")
        if owner is not None:
            fault = f"{self._people.by_id[owner].name} has the same address"
        elif len({frozenset(reach.members) for reach in reaches}) > 1:
            fault = f"{len(keys)} lists of {names} have this address and do not agree"
        within = {key for reach in reaches for key in reach.keys}.union(keys)
        sources = [self._listings[key][0] for key in within if key in self._listings]
        dated = [source for source in sources if source.until is not None]
        oldest = min(dated, key=lambda source: source.until or source.read, default=None)  # type: ignore[arg-type, return-value]
        mailbox = all(key in self._listings and self._listings[key][1].mailbox for key in keys)
        return Group(
            address,
            () if fault else reaches[0].members,
            names,
            fault,
            oldest.read if oldest else None,
            oldest.until if oldest else None,
            "mailbox" if mailbox else "list",
        )

    def _origin(self, key: str) -> str:
        own = self._own.groups.get(key)
        return own.source if own else self._listings[key][0].name

    def _nodes(self) -> dict[str, Node]:
        nodes = {
            address: Node(address, self._by_address(group.members), group.fault)
            for address, group in self._own.groups.items()
        }
        for number, reading in enumerate(self._readings):
            accounts = {key: one for one in reading.extract.accounts for key in one.keys}
            inner = {
                key: f"{number}/{place}"
                for place, listing in enumerate(reading.extract.listings)
                for key in listing.keys
            }
            for place, listing in enumerate(reading.extract.listings):
                nodes[f"{number}/{place}"] = self._node(listing, accounts, inner)
        return nodes

    def _node(
        self, listing: Listing, accounts: Mapping[str, Account], inner: Mapping[str, str]
    ) -> Node:
        members: list[Member] = []
        fault = listing.fault
        for key in () if fault else listing.members:
            account = accounts.get(key)
            if account is not None and account.addresses:
                members.append(account.addresses[0])
            elif account is not None:
                fault = f"a member has no address: {account.name or account.place}"
            elif key in inner:
                settled = self._settled.get(inner[key])
                members.append(settled or Inner(inner[key]))
            elif is_usable(key) and "=" not in key:
                members += self._by_address((key,))
            else:
                fault = f"a member is not in the directory: {text(key)}"
            if fault:
                break
        return Node(listing.name, members, fault)

    def _by_address(self, addresses: Sequence[str]) -> list[Member]:
        """Addresses of people, or of lists that some source has."""
        found: list[Member] = []
        for address in addresses:
            keys = self._at.get(address)
            found += [Inner(key) for key in keys] if keys else [address]
        return found
