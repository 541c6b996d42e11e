"""Whom an entry of a list means: an address, or a person of the directory by their id."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.model.people import Declaration, Directory
from gateway.releases import values
from gateway.releases.entries import Entry

HOLDER_KEYS = ("address", "person")
_DECLARATION_KEYS = ("signed", "version", "expires")


@dataclass(frozen=True, slots=True)
class Known:
    """What every list may refer to: the people, and the ids of all releases."""

    directory: Directory = field(default_factory=Directory)
    releases: frozenset[str] = frozenset()


def who(directory: Directory, address: str) -> str:
    """Whose an address is: the same for all addresses of one person."""
    person = directory.person_of.get(address)
    return person.id if person else address


def read_holder(entry: Entry, directory: Directory) -> str | None:
    """The address of whoever is meant; `person` may be written instead of `address`."""
    if not entry.has("person"):
        return entry.require("address", values.address)
    if entry.has("address"):
        entry.fault("person", "person: stands beside 'address'", "write one of the two")
        return None
    id_ = entry.require("person", values.line)
    if id_ is None:
        return None
    person = directory.people.get(id_)
    if person is None:
        entry.fault("person", f"person: there is no person '{id_}'", "people are in _people.yaml")
        return None
    return person.addresses[0]


def read_declaration(entry: Entry) -> Declaration | None:
    """The declaration that was signed; None where there is none."""
    inner = entry.entry("declaration", _DECLARATION_KEYS)
    if inner is None:
        return None
    signed = inner.require("signed", values.day)
    version = inner.take("version", values.version, 1)
    expires = inner.maybe("expires", values.day)
    if signed and expires and expires < signed:
        inner.fault("expires", "expires: before 'signed'", "it is the last valid day")
    return Declaration(signed, version, expires) if signed else None
