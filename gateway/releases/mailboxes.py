"""Addresses that several people read (`mailboxes:`) and lists written down in full (`groups:`).

Who reads a mailbox must be known: one without readers, or one that is read through itself, does not
load.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable, Iterator, Mapping, Sequence

from gateway.model.people import Group, Mailbox, MailboxKind, Person
from gateway.releases import values
from gateway.releases.entries import Entry

Owners = Mapping[str, Person]
Reached = Mapping[str, Sequence[str]]
_KIND: Callable[[Any], MailboxKind] = values.one_of("shared", "private-office", "press")


def read_mailboxes(root: Entry, owners: Owners, elsewhere: Reached) -> tuple[Mailbox, ...]:
    """The `mailboxes` of a file. `owners` are people by their addresses; `elsewhere` says whom
    addresses reach that other files give, so that a circle through them is found."""
    found: dict[str, tuple[Entry, Mailbox]] = {}
    for entry in root.entries("mailboxes", ("address", "kind", "readers", "all_must_be_listed")):
        address = _shared_address(entry, owners, found)
        kind: MailboxKind = entry.take("kind", _KIND, "shared")
        readers = _reached(entry, "readers")
        strict = entry.take("all_must_be_listed", values.flag, True)
        if address and readers:
            found[address] = entry, Mailbox(address, readers, kind, strict)
    reached = {address: mailbox.readers for address, (_, mailbox) in found.items()}
    _check_circles({address: entry for address, (entry, _) in found.items()}, elsewhere, reached)
    return tuple(mailbox for _, mailbox in found.values())


def read_groups(root: Entry, owners: Owners) -> dict[str, Group]:
    """The `groups` of a file: distribution lists whose members are written down."""
    found: dict[str, tuple[Entry, Group]] = {}
    for entry in root.entries("groups", ("address", "members")):
        address = _shared_address(entry, owners, found)
        members = _reached(entry, "members")
        if address and members:
            found[address] = entry, Group(address, members, "_people.yaml")
    reached = {address: group.members for address, (_, group) in found.items()}
    _check_circles({address: entry for address, (entry, _) in found.items()}, {}, reached)
    return {address: group for address, (_, group) in found.items()}


def _shared_address(entry: Entry, owners: Owners, found: Mapping[str, object]) -> str | None:
    address = entry.require("address", values.address)
    if address is None:
        return None
    if address in owners:
        entry.fault(
            "address",
            f"address: it is that of one person, {owners[address].name}",
            "take it away from the person, or list the person",
        )
    elif address in found:
        entry.fault("address", "address: it is there already", "join the two")
        return None
    return address


def _reached(entry: Entry, key: str) -> tuple[str, ...]:
    reached = tuple(entry.each(key, values.address))
    if not reached:
        entry.fault(key, f"{key}: nobody", "write the address of each, or take the entry out")
    return reached


def _check_circles(entries: Mapping[str, Entry], elsewhere: Reached, here: Reached) -> None:
    """Note a fault at an entry of every circle that these entries close."""
    for circle in _circles({**elsewhere, **here}):
        address = next((one for one in circle if one in entries), None)
        if address is not None:
            path = " > ".join((*circle, circle[0]))
            message = f"address: it is read through itself: {path}"
            entries[address].fault("address", message, "take one of them out")


def _circles(reached: Reached) -> Iterator[tuple[str, ...]]:
    """Circles of addresses that reach themselves: at least one, where there are any."""
    done: set[str] = set()
    for start in reached:
        way: list[str] = []
        left = [iter((start,))]
        while left:
            address = next(left[-1], None)
            if address is None:
                left.pop()
                if way:
                    done.add(way.pop())
            elif address in way:
                yield tuple(way[way.index(address) :])
            elif address not in done:
                way.append(address)
                left.append(iter(reached.get(address, ())))


def reached_by(mailboxes: Iterable[Mailbox], groups: Mapping[str, Group]) -> dict[str, list[str]]:
    """Whom each shared address reaches directly."""
    reached: dict[str, list[str]] = {key: list(group.members) for key, group in groups.items()}
    for mailbox in mailboxes:
        reached.setdefault(mailbox.address, []).extend(mailbox.readers)
    return reached
