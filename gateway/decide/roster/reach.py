"""What the lists say about an address: that of a person, or one behind which several people are.

A shared mailbox or a distribution list may have a release where everybody whom it reaches may have
it by themselves. One that reaches nobody, itself, or whom nobody can tell, is not listed; so is one
that reaches somebody who is excluded, whatever else is said of it. Where mail to an address is
forwarded, everybody to whom it goes on must be listed too.
"""

from __future__ import annotations

from gateway.decide.roster.holder import exclusion
from gateway.decide.roster.person import of_person
from gateway.decide.roster.question import Answer, Question
from gateway.decide.roster.shared import Shared, forwarded_in_words, in_words, shared_address

_TAGGED = "An address with a +tag is never the one on a list, so it counts as not listed."
_ITSELF = Answer("not-listed", "It is read through itself.")
_TOO_DEEP = Answer("not-listed", "It stands behind more lists than are followed.")
_DEPTH = 20
_ENOUGH = 500


def of_address(question: Question, address: str) -> Answer:
    """The answer for a normalised address."""
    return _of_address(question, address, {}, 0)


def _of_address(question: Question, address: str, known: dict[str, Answer], depth: int) -> Answer:
    """`known` are answers of this question so far; the one of an address that is still being
    looked into is that it is read through itself."""
    found = known.get(address)
    if found is not None:
        return found
    if "+" in address.partition("@")[0]:
        return exclusion(question, (address,)) or Answer("not-listed", _TAGGED)
    shared = shared_address(question, address)
    if shared is None:
        answer = of_person(question, address)
    elif depth == _DEPTH:
        answer = _TOO_DEEP
    else:
        known[address] = _ITSELF
        answer = _of_shared(question, shared, known, depth)
    if question.onward and question.directory.forwards and _may(answer):
        known[address] = _ITSELF
        answer = _going_on(question, address, answer, known, depth)
    known[address] = answer
    return answer


def _may(answer: Answer) -> bool:
    return answer.allowed or answer.status == "not-yet"


def _going_on(
    question: Question, address: str, answer: Answer, known: dict[str, Answer], depth: int
) -> Answer:
    """The answer for an address that may have it, or will, unless its mail goes on to one that
    may not, or will not."""
    directory = question.directory
    own = directory.aliases(address)
    for alias in own:
        forward = directory.forwards.get(alias)
        if forward is None:
            continue
        if forward.fault:
            sentence = f"Mail to it is forwarded, and nobody can tell where to: {forward.fault}."
            return Answer("not-listed", sentence)
        for target in forward.targets:
            if target in own:
                continue
            found = _TOO_DEEP
            if depth < _DEPTH:
                found = _of_address(question, target, known, depth + 1)
            if not (found.allowed or (answer.status == found.status and _may(found))):
                return forwarded_in_words(target, found)
    return answer


def _of_shared(question: Question, shared: Shared, known: dict[str, Answer], depth: int) -> Answer:
    bar = exclusion(question, (shared.address,))
    if bar:
        return bar
    answers: dict[str, Answer] = {}
    refused = 0
    for reader in shared.readers:
        answers[reader] = _of_address(question, reader, known, depth + 1)
        refused += not answers[reader].allowed
        # Nothing that others say can change it any more; only who is excluded matters further out.
        if refused > _ENOUGH and depth == 0 and shared.all_must_be_listed:
            break
    barred = any(answer.barred for answer in answers.values())
    answer = in_words(shared, answers)._replace(barred=barred)
    own = of_person(question, shared.address)
    if not own.allowed or answer.allowed:
        return answer
    if not shared.all_must_be_listed and not barred:
        return own
    return answer._replace(
        sentence=f"{answer.sentence} Its own place on the list does not change that."
    )
