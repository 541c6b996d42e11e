"""Who has an address, and whether anything rules them out whatever places they have.

Whatever holds for one address of a person holds for all of them.
"""

from __future__ import annotations

from datetime import date
from typing import Iterable, NamedTuple

from gateway.decide.roster.question import Answer, Question, day_in_words
from gateway.model.people import Person
from gateway.model.roster import Exclusion


class Holder(NamedTuple):
    """All addresses of one person; `person` is None where nobody in the directory has them."""

    addresses: tuple[str, ...]
    person: Person | None


def holder_of(question: Question, address: str) -> Holder:
    directory = question.directory
    return Holder(directory.aliases(address), directory.person_of.get(address))


def ruled_out(question: Question, holder: Holder) -> Answer | None:
    """Why no place could help this person, whatever places there are."""
    bar = exclusion(question, holder.addresses)
    if bar:
        return bar
    if holder.person is None:
        if question.directory.complete and not is_shared(question, holder.addresses[0]):
            return Answer(
                "not-listed", "Nobody in the directory has this address, so it is on no list."
            )
    elif holder.person.left is not None and holder.person.left < question.day:
        return Answer("expired", f"They left on {day_in_words(holder.person.left)}.")
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
