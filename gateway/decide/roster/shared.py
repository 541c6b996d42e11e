"""Addresses behind which several people are: what they are, and how to say who may not have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping

from gateway.decide.roster.question import Answer, Question
from gateway.model.people import Group
from gateway.model.release import Status

_NAMED = 3
_KINDS = {
    "shared": "a shared mailbox",
    "private-office": "the mailbox of a private office",
    "press": "a press mailbox",
}


@dataclass(frozen=True, slots=True)
class Shared:
    """A mailbox or a distribution list. `fault` says why nobody knows whom it reaches;
    `unread` that it is an account's mailbox, whoever reads it."""

    address: str
    what: str
    noun: str
    readers: tuple[str, ...]
    all_must_be_listed: bool = True
    fault: str = ""
    unread: bool = False


def shared_address(question: Question, address: str) -> Shared | None:
    """What stands behind an address, where it is not a single person's. Where a mailbox is given
    twice, or is a distribution list as well, everybody whom it reaches by either counts."""
    directory = question.directory
    group = directory.groups.get(address)
    mailboxes = question.roster.shared.get(address, ())
    if address in directory.mailboxes:
        mailboxes = (directory.mailboxes[address], *mailboxes)
    if not mailboxes and group is None:
        return None
    reached = [reader for mailbox in mailboxes for reader in mailbox.readers]
    if group is not None:
        reached += group.members
    return Shared(
        address,
        _KINDS[mailboxes[0].kind] if mailboxes else "a distribution list",
        "reader" if mailboxes else "member",
        tuple(dict.fromkeys(reached)),
        group is not None or any(mailbox.all_must_be_listed for mailbox in mailboxes),
        _fault(question, group) if group else "",
        group is not None and group.kind == "mailbox",
    )


def _fault(question: Question, group: Group) -> str:
    """Why nobody knows whom a list reaches at that time; "" where it is known."""
    if group.fault or group.read is None or not question.stale(group.until):
        return group.fault
    return f"it was last read on {question.moment(group.read)}, which is too long ago"


def in_words(shared: Shared, answers: Mapping[str, Answer]) -> Answer:
    """The answer for a shared address from those of everybody whom it reaches, or of so many of
    them that it is settled."""
    if shared.unread:
        return Answer("not-listed", f"Nobody knows who reads it: {shared.fault.rstrip('.')}.")
    if shared.fault:
        sentence = f"It is {shared.what} that cannot be expanded: {shared.fault.rstrip('.')}."
        return Answer("not-listed", sentence)
    if not answers:
        sentence = f"It is {shared.what}, and nobody can tell who its {shared.noun}s are."
        return Answer("not-listed", sentence)
    refused = [reader for reader, answer in answers.items() if not answer.allowed]
    if not refused:
        return Answer(
            _everybodys(answers), f"It is {shared.what}, and {_each(shared)} may have this release."
        )
    status, why = _why({answers[reader].status for reader in refused}, len(refused))
    named = ", ".join(refused[:_NAMED])
    if len(answers) < len(shared.readers):
        named += " and others"
    elif len(refused) > _NAMED:
        named += f" and {len(refused) - _NAMED} more"
    some = _some(shared, len(refused), len(answers) < len(shared.readers))
    return Answer(status, f"It is {shared.what}, and {some} {why}: {named}.")


def forwarded_in_words(target: str, found: Answer) -> Answer:
    """The answer for an address whose mail goes on to one that may not have it."""
    status, why = _why({found.status}, 1)
    return Answer(status, f"Mail to it is forwarded to {target}, who {why}.", barred=found.barred)


def _everybodys(answers: Mapping[str, Answer]) -> Status:
    produced = all(answer.status == "production" for answer in answers.values())
    return "production" if produced else "listed"


def _each(shared: Shared) -> str:
    count = len(shared.readers)
    return f"its one {shared.noun}" if count == 1 else f"each of its {count} {shared.noun}s"


def _some(shared: Shared, count: int, at_least: bool) -> str:
    total = len(shared.readers)
    if total == 1:
        return f"its one {shared.noun}"
    return f"{'at least ' if at_least else ''}{count} of its {total} {shared.noun}s"


def _why(statuses: set[Status], count: int) -> tuple[Status, str]:
    """The status of the whole, and what keeps the refused ones from it."""
    if statuses == {"not-yet"}:
        return "not-yet", "may not have it yet"
    if statuses == {"missing-declaration"}:
        return "missing-declaration", "must first sign the declaration or read the guidance"
    if statuses == {"not-listed"}:
        return "not-listed", f"{'is' if count == 1 else 'are'} not on the list"
    return "not-listed", "may not have it"
