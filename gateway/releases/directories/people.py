"""Accounts of directories join the people whom the register's own file names.

Pure. The register's own file goes first: a directory adds addresses, a title and a department to
somebody of the same name, never a declaration, a last day or an id. One address of two people
lets neither of them in, and is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Iterable, Sequence

from gateway.model.address import is_within
from gateway.model.fault import Fault
from gateway.model.people import Person, Source
from gateway.model.person_name import name as words_of
from gateway.releases.directories.records import Account

OWN = "_people.yaml"
"""Who is given by the register's own file."""


@dataclass
class People:
    """Everybody so far, by id and by address; `given` says which source each person is from."""

    by_id: dict[str, Person]
    owners: dict[str, str]
    given: dict[str, str]
    disputed: dict[str, str]
    faults: dict[str, list[Fault]]

    @classmethod
    def of(cls, people: Iterable[Person]) -> People:
        by_id = {person.id: person for person in people}
        owners = {address: one.id for one in by_id.values() for address in one.addresses}
        return cls(by_id, owners, dict.fromkeys(by_id, OWN), {}, {})

    def add(self, source: Source, accounts: Sequence[Account]) -> None:
        """Everybody of one directory."""
        for account in accounts:
            if not account.addresses:
                continue
            owners = {
                self.owners[address]: address
                for address in account.addresses
                if address in self.owners
            }
            if not owners:
                self._new(source, account, account.addresses)
            elif len(owners) == 1 and self._same(source, account, next(iter(owners))):
                self._join(next(iter(owners)), source, account)
            else:
                self._dispute(source, account, owners)

    def _same(self, source: Source, account: Account, id: str) -> bool:
        """Whether an account is that of somebody who is known from elsewhere."""
        person = self.by_id[id]
        if self.given[id] == source.name:
            return False
        if set(account.addresses) <= set(person.addresses) and not account.name:
            return True
        return alike(person.name, account.name)

    def _new(self, source: Source, account: Account, addresses: tuple[str, ...]) -> None:
        id = f"{source.name}:{addresses[0]}"
        self.by_id[id] = Person(
            id, account.name or addresses[0], addresses, account.title, account.organisation,
            told=frozenset(addresses), private=_private(source, addresses), until=source.until,
        )  # fmt: skip
        self.given[id] = source.name
        self.owners.update(dict.fromkeys(addresses, id))

    def _join(self, id: str, source: Source, account: Account) -> None:
        person = self.by_id[id]
        more = tuple(one for one in account.addresses if one not in person.addresses)
        self.by_id[id] = replace(
            person,
            addresses=person.addresses + more,
            title=person.title or account.title,
            organisation=person.organisation or account.organisation,
            told=person.told.union(more),
            private=person.private | _private(source, person.addresses + more).intersection(more),
            until=_sooner(person.until, source.until) if more or person.told else person.until,
        )
        self.owners.update(dict.fromkeys(more, id))

    def _dispute(self, source: Source, account: Account, owners: dict[str, str]) -> None:
        name = account.name or account.addresses[0]
        for id in owners:
            person = self.by_id[id]
            shared = [one for one in account.addresses if self.owners.get(one) == id]
            for address in shared:
                here, there = source.name, self.given[id]
                where = f"by {there} and {name} by {here}"
                self.disputed[address] = f"It belongs to two people, {person.name} {where}"
                self.faults.setdefault(here, []).append(
                    Fault(
                        source.place,
                        0,
                        0,
                        f"{account.place}: {address} is {name}'s here and {person.name}'s"
                        f" in {there}, so it is on no list",
                        "mend one of the two; one person is written alike in both",
                    )
                )
        rest = tuple(one for one in account.addresses if one not in self.owners)
        if rest:
            self._new(source, account, rest)


def alike(one: str, other: str) -> bool:
    """Whether two spellings can be one person's name: every word of the shorter one, or its
    initial, is in the longer. A single word is nobody's name."""
    shorter, longer = sorted((words_of(one), words_of(other)), key=len)
    if len(shorter) < 2:
        return False
    left = list(longer)
    for word in shorter:
        found = next((w for w in left if w == word), None) or next(
            (w for w in left if 1 in (len(w), len(word)) and w[0] == word[0]), None
        )
        if found is None:
            return False
        left.remove(found)
    return any(len(word) > 1 and word in longer for word in shorter)


def _private(source: Source, addresses: Sequence[str]) -> frozenset[str]:
    """Addresses elsewhere of somebody who has one here; all of a guest's are elsewhere."""
    elsewhere = frozenset(one for one in addresses if not is_within(_domain(one), source.domains))
    return elsewhere if len(elsewhere) < len(addresses) else frozenset()


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)
