"""Addresses that several people read (`mailboxes:`) and lists written down in full (`groups:`).

Who reads a mailbox must be known: one without readers, or one that is read through itself, does not
load.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable, Iterator, Mapping, Sequence

from gateway.model.people import Directory, Group, Mailbox, MailboxKind
from gateway.releases import values
from gateway.releases.entries import Entry

Reached = Mapping[str, Sequence[str]]
_MAILBOX_KEYS = ("address", "kind", "readers", "all_must_be_listed")
_KIND: Callable[[Any], MailboxKind] = values.one_of("shared", "private-office", "press")


def read_mailboxes(root: Entry, directory: Directory) -> tuple[Mailbox, ...]:
    """The `mailboxes` of a file. A circle is found too where it leads through the directory."""
    found: dict[str, tuple[Entry, Mailbox]] = {}
    for entry in root.entries("mailboxes", _MAILBOX_KEYS):
        address = _shared_address(entry, directory, found)
        kind: MailboxKind = entry.take("kind", _KIND, "shared")
        readers = _reached(entry, "readers")
        strict = entry.take("all_must_be_listed", values.flag, True)
        if address and readers:
            found[address] = entry, Mailbox(address, readers, kind, strict)
    mailboxes = tuple(mailbox for _, mailbox in found.values())
    if mailboxes:
        entries = {address: entry for address, (entry, _) in found.items()}
        everywhere = (*directory.mailboxes.values(), *mailboxes)
        _check_circles(entries, _reached_by(everywhere, directory.groups))
    return mailboxes


def read_groups(root: Entry, directory: Directory, source: str) -> dict[str, Group]:
    """The `groups` of a file named `source`: distribution lists whose members are written down.
    `directory` is what other files say."""
    found: dict[str, tuple[Entry, Group]] = {}
    for entry in root.entries("groups", ("address", "members")):
        address = _shared_address(entry, directory, found)
        members = _reached(entry, "members")
        elsewhere = directory.groups.get(address or "")
        if elsewhere is not None:
            message = f"address: {elsewhere.source} has this list already"
            entry.fault("address", message, "keep one of the two")
        elif address and members:
            found[address] = entry, Group(address, members, source)
    groups = {address: group for address, (_, group) in found.items()}
    entries = {address: entry for address, (entry, _) in found.items()}
    everywhere = {**directory.groups, **groups}
    _check_circles(entries, _reached_by(directory.mailboxes.values(), everywhere))
    return groups


def _shared_address(
    entry: Entry, directory: Directory, found: Mapping[str, object]
) -> str | None:  # fmt: skip
    address = entry.require("address", values.address)
    if address is None:
        return None
    owner = directory.person_of.get(address)
    if owner is not None:
        entry.fault(
            "address",
            f"address: it is that of one person, {owner.name}",
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


def _check_circles(entries: Mapping[str, Entry], reached: Reached) -> None:
    """Note a fault at an entry of every circle that these entries close."""
    for circle in _circles(reached):
        address = next((one for one in circle if one in entries), None)
        if address is not None:
            path = " > ".join((*circle, circle[0]))
            message = f"address: it is read through itself: {path}"
            entries[address].fault("address", message, "take one of them out")


def _circles(reached: Reached) -> Iterator[tuple[str, ...]]:
    """Circles of addresses that reach themselves: at least one, where there are any."""
    done: set[str] = set()
    for start in reached:
        way: dict[str, None] = {}
        left = [iter((start,))]
        while left:
            address = next(left[-1], None)
            if address is None:
                left.pop()
                if way:
                    done.add(way.popitem()[0])
            elif address in way:
                addresses = tuple(way)
                yield addresses[addresses.index(address) :]
            elif address not in done:
                way[address] = None
                left.append(iter(reached.get(address, ())))


def _reached_by(mailboxes: Iterable[Mailbox], groups: Mapping[str, Group]) -> Reached:
    """Whom each shared address reaches directly."""
    reached: dict[str, list[str]] = {key: list(group.members) for key, group in groups.items()}
    for mailbox in mailboxes:
        reached.setdefault(mailbox.address, []).extend(mailbox.readers)
    return reached
