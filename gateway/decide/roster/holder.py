"""Who has an address, and whether anything rules them out whatever places they have.

Whatever holds for one address of a person holds for all of them. Where that they are one person's is
said by a directory which was read too long ago, or is an address elsewhere that a directory has
beside somebody's own, it bars and lets nobody in.
"""

from __future__ import annotations

from datetime import date
from typing import Iterable, NamedTuple

from gateway.decide.roster.question import Answer, Question, day_in_words
from gateway.model.address import is_within
from gateway.model.people import Person
from gateway.model.roster import Exclusion


class Holder(NamedTuple):
    """One person: the `addresses` whose places count for them, the one that is asked about first,
    and all their `aliases`; `person` is None where nobody in the directory has them."""

    addresses: tuple[str, ...]
    person: Person | None
    aliases: tuple[str, ...]


def holder_of(question: Question, address: str) -> Holder:
    directory = question.directory
    person, aliases = directory.person_of.get(address), directory.aliases(address)
    if person is None:
        return Holder(aliases, None, aliases)
    idle = person.told if question.stale(person.until) else person.private
    if address in idle:
        return Holder((address,), None, aliases)
    return Holder(tuple(one for one in aliases if one not in idle), person, aliases)


def ruled_out(question: Question, holder: Holder) -> Answer | None:
    """Why no place could help this person, whatever places there are."""
    bar = exclusion(question, holder.aliases)
    if bar:
        return bar
    address = holder.addresses[0]
    if address in question.directory.disputed:
        return Answer("not-listed", f"{question.directory.disputed[address]}, so it is on no list.")
    if holder.person is None and not is_shared(question, address):
        unknown = _unknown(question, address)
        if unknown:
            return unknown
    known = question.directory.person_of.get(address)
    if known is not None and known.left is not None and known.left < question.day:
        return Answer("expired", f"They left on {day_in_words(known.left)}.")
    return None


def _unknown(question: Question, address: str) -> Answer | None:
    """Why somebody counts for nothing whom the directory does not know at that time: it may hold
    them, or a list of that address, where it could not be read."""
    directory = question.directory
    person = directory.person_of.get(address)
    if person is not None and not question.stale(person.until):
        return None  # a private mailbox of theirs: known, and of no account
    if directory.complete:
        sentence = "Nobody in the directory has this address, so it is on no list."
        if person is not None:
            sentence = "The directory was read too long ago to say whose address this is."
        return Answer("not-listed", sentence)
    domain = address.rpartition("@")[2]
    for source in directory.sources:
        if source.fault and is_within(domain, source.domains):
            sentence = (
                f"The directory '{source.name}' {source.fault}, so nobody can tell who is behind"
                " this address."
            )
            return Answer("not-listed", sentence)
    return None


def is_shared(question: Question, address: str) -> bool:
    """Whether several people are behind an address."""
    directory = question.directory
    return (
        address in directory.mailboxes
        or address in directory.groups
        or address in question.roster.shared
    )


def exclusion(question: Question, addresses: Iterable[str]) -> Answer | None:
    """The exclusion in force that lasts longest; it ends at the start of `until`."""
    running = [
        entry
        for address in addresses
        for excluded in (question.register.excluded, question.roster.excluded)
        for entry in excluded.get(address, ())
        if entry.starts <= question.day and (entry.until is None or question.day < entry.until)
    ]
    if not running:
        return None
    until = max(running, key=_until).until
    how_long = f"until the start of {day_in_words(until)}" if until else "until further notice"
    sentence = f"They are excluded from pre-release lists {how_long}."
    return Answer("excluded", sentence, barred=True)


def _until(entry: Exclusion) -> date:
    return entry.until or date.max
