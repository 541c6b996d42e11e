"""Whether a recipient looks like the sender's own private mailbox.

A local part made of the sender's name at a domain of webmail, or at one that nobody knows; a domain
of that name; or the sender's name beside an address there. A suspicion that rules may ask about,
no proof.
"""

from __future__ import annotations

from typing import Iterator

from gateway.model.address import normalise_address
from gateway.model.people import Directory
from gateway.model.person_name import Name, Names, local_name, name
from gateway.model.verdict import Case

PRIVATE = frozenset(("webmail", "unknown"))
_SHORTEST_LOCAL = 5


def is_own(case: Case, directory: Directory, address: str, kind: str) -> bool:
    """`address` is a recipient's, normalised, `kind` the class of its domain."""
    sender = normalise_address(case.envelope.sender)
    if kind not in PRIVATE or "@" not in sender or _domain(address) == _domain(sender):
        return False
    local, mine = address.rpartition("@")[0], sender.rpartition("@")[0]
    if kind == "webmail" and len(mine) >= _SHORTEST_LOCAL and local.rstrip("0123456789") == mine:
        return True
    shown = name(case.named.get(address, ""))
    spelt = [local]
    if kind == "unknown":  # carol@lane.example, mail@carol-lane.example
        domain = _domain(address).partition(".")[0]
        spelt += [domain, f"{local}.{domain}"]
    names = Names(_names(case, directory, sender))
    return names.hold(shown) or any(names.spelt_by(text) for text in spelt)


def _names(case: Case, directory: Directory, sender: str) -> Iterator[Name]:
    """What the sender is called: by the directory, by the From field, by the address itself."""
    person = directory.person_of.get(sender)
    if person is not None:
        yield name(person.name)
    yield name(case.named.get(sender, ""))
    yield local_name(sender.rpartition("@")[0])


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
