"""`_people.yaml` -> `Directory`: everybody the department knows, whatever the release.

Nothing in it permits anything: who may see a release is said by its own file.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.model.people import Directory, Person
from gateway.releases import values
from gateway.releases.delegates import read_absences, read_delegates
from gateway.releases.entries import Entry, Sheet
from gateway.releases.holders import Known, read_declaration
from gateway.releases.mailboxes import read_groups, read_mailboxes

_KEYS = ("complete", "people", "mailboxes", "groups", "delegates", "absences", "changed_by")
_PERSON_KEYS = (
    "id", "name", "title", "organisation", "addresses", "declaration", "guidance_read", "left",
    "previous",
)  # fmt: skip


def read_people(sheet: Sheet, releases: frozenset[str]) -> Directory:
    """The directory; `releases` are the ids of all releases."""
    root = sheet.root(_KEYS)
    root.maybe("changed_by", values.authors)
    found = Directory(_people(root), complete=root.take("complete", values.flag, False))
    found = replace(found, groups=read_groups(root, found, "_people.yaml"))
    found = replace(found, mailboxes={box.address: box for box in read_mailboxes(root, found)})
    return replace(
        found,
        delegations=read_delegates(root, Known(found, releases)),
        absences=read_absences(root, found),
    )


def _people(root: Entry) -> dict[str, Person]:
    people: dict[str, Person] = {}
    owners: dict[str, str] = {}
    for entry in root.entries("people", _PERSON_KEYS):
        id_ = entry.require("id", values.line)
        name = entry.require("name", values.line)
        addresses = _addresses(entry, name or "", owners)
        person = Person(
            id_ or "",
            name or "",
            addresses,
            entry.take("title", values.line, ""),
            entry.take("organisation", values.line, ""),
            read_declaration(entry),
            entry.maybe("guidance_read", values.day),
            entry.maybe("left", values.day),
            tuple(entry.each("previous", values.line)),
        )
        if id_ in people:
            entry.fault("id", f"id: the person '{id_}' is there already", "an id is one person's")
        elif id_ and name and addresses:
            people[id_] = person
    return people


def _addresses(entry: Entry, name: str, owners: dict[str, str]) -> tuple[str, ...]:
    addresses = tuple(entry.each("addresses", values.address))
    if not addresses:
        entry.fault("addresses", "addresses: none", "write at least one, the usual one first")
    for address in addresses:
        if address in owners:
            entry.fault(
                "addresses",
                f"addresses: {address} is {owners[address]}'s already",
                "one address is one person's; several people's is a mailbox",
            )
        owners.setdefault(address, name)
    return addresses
