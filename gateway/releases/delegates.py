"""Who acts for whom (`delegates:`), and who is away (`absences:`)."""

from __future__ import annotations

from gateway.model.people import Absence, Delegation, Directory
from gateway.releases import values
from gateway.releases.entries import Entry
from gateway.releases.holders import HOLDER_KEYS, Known, read_declaration, read_holder

_KEYS = ("principal", "delegate", "from", "to", "releases", "declaration")


def read_delegates(root: Entry, known: Known, here: str = "") -> tuple[Delegation, ...]:
    """The `delegates` of a file; `here` is the id of the file's own release, if it has one."""
    read = [_delegate(entry, known, here) for entry in root.entries("delegates", _KEYS)]
    return tuple(delegation for delegation in read if delegation)


def _delegate(entry: Entry, known: Known, here: str) -> Delegation | None:
    directory = known.directory
    principal = entry.require("principal", values.address)
    delegate = entry.require("delegate", values.address)
    starts = entry.maybe("from", values.day)
    ends = entry.maybe("to", values.day)
    named = entry.each("releases", values.line)
    declaration = read_declaration(entry)
    if starts and ends and ends < starts:
        entry.fault("to", "to: before 'from'", "both days are included")
    if principal and delegate and delegate in directory.aliases(principal):
        entry.fault("delegate", "delegate: the principal's own address", "name somebody else")
    if principal in directory.mailboxes or principal in directory.groups:
        hint = "name the person for whom the delegate acts"
        entry.fault("principal", "principal: several people are behind this address", hint)
    for release in named:
        if release not in known.releases:
            entry.fault("releases", f"releases: there is no release '{release}'", "write its id")
    if here and named and here not in named:
        hint = f"add {here}, or move the entry to _people.yaml"
        entry.fault("releases", "releases: not for this release, so it would never count", hint)
    if not principal or not delegate:
        return None
    return Delegation(principal, delegate, starts, ends, frozenset(named), declaration)


def read_absences(root: Entry, directory: Directory) -> tuple[Absence, ...]:
    """The `absences` of a file: whole days, both included."""
    found = []
    for entry in root.entries("absences", (*HOLDER_KEYS, "from", "to")):
        address = read_holder(entry, directory)
        starts = entry.require("from", values.day)
        ends = entry.require("to", values.day)
        if starts and ends and ends < starts:
            entry.fault("to", "to: before 'from'", "both days are included")
        elif address and starts and ends:
            found.append(Absence(address, starts, ends))
    return tuple(found)
