"""What one directory says, whatever its format: accounts of people, and distribution lists.

Addresses are normalised. A `place` is where an entry stands, for whoever has to mend it: a line, an
entry's number, a distinguished name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable

from gateway.model.address import is_usable, normalise_address

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,19}):")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Account:
    """A person as a directory has them. `keys` are what lists may call them by."""

    keys: tuple[str, ...]
    place: str
    name: str
    addresses: tuple[str, ...]
    title: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A distribution list as a directory has it: `members` are keys, or addresses. `fault` says why
    its members are not known. A `mailbox` is an account that nobody signs in to, so that it is read
    by others."""

    keys: tuple[str, ...]
    place: str
    name: str
    addresses: tuple[str, ...]
    members: tuple[str, ...] = ()
    fault: str = ""
    mailbox: bool = False


@dataclass(frozen=True, slots=True)
class Forwarding:
    """That mail to `addresses` goes on `to` others: addresses, or keys of entries. `fault` says
    what of it cannot be read."""

    addresses: tuple[str, ...]
    place: str
    to: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Extract:
    """All of one directory."""

    accounts: tuple[Account, ...] = ()
    listings: tuple[Listing, ...] = ()
    forwardings: tuple[Forwarding, ...] = ()


def text(value: object) -> str:
    """One line of a directory's text, as it may be shown; "" for anything else."""
    if not isinstance(value, str) or not value:
        return ""
    if not value.isprintable():
        value = "".join(c if c.isprintable() else " " for c in value)
    return " ".join(value.split())[:_LONGEST]


def addresses(*values: object) -> tuple[str, ...]:
    """The e-mail addresses among values such as `SMTP:a@dept.example` (the usual one),
    `smtp:b@dept.example`, `c@dept.example` or `sip:d@dept.example`, which is none."""
    usual: list[str] = []
    others: list[str] = []
    for value in values:
        if not isinstance(value, str) or "@" not in value:
            continue
        scheme = _SCHEME.match(value)
        if scheme and scheme[1].lower() != "smtp":
            continue
        normal = normalise_address(value[scheme.end() :] if scheme else value)
        if is_usable(normal):
            (usual if scheme and scheme[1] == "SMTP" else others).append(normal)
    return tuple(dict.fromkeys((*usual, *others)))


def first(values: Iterable[object]) -> str:
    """The first that says something."""
    return next((said for value in values if (said := text(value))), "")
