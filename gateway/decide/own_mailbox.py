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
    writers = {normalise_address(case.envelope.sender), case.message.author} - {"", address}
    local, _, domain = address.rpartition("@")
    if kind not in PRIVATE or any(domain == _domain(each) for each in writers):
        return False
    if kind == "webmail" and local.rstrip("0123456789") in map(_long_local, writers):
        return True
    spelt = [local]
    if kind == "unknown":  # carol@lane.example, mail@carol-lane.example
        label = domain.partition(".")[0]
        spelt += [label, f"{local}.{label}"]
    names = Names(text for each in writers for text in _names(case, directory, each))
    shown = name(case.named.get(address, ""))
    return names.hold(shown) or any(names.spelt_by(text) for text in spelt)


def _names(case: Case, directory: Directory, writer: str) -> Iterator[Name]:
    """What the sender is called: by the directory, by the From field, by the address itself."""
    person = directory.person_of.get(writer)
    if person is not None:
        yield name(person.name)
    yield name(case.named.get(writer, ""))
    yield local_name(writer.rpartition("@")[0])


def _long_local(address: str) -> str | None:
    """A local part that is too long to be anybody's by chance."""
    local = address.rpartition("@")[0]
    return local if len(local) >= _SHORTEST_LOCAL else None


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
