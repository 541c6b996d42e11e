"""Places in somebody's stead: for a holder who is away, and for a principal who is on the list.

Neither is handed on, and neither comes with a grant that a letter makes to one person.
"""

from __future__ import annotations

from typing import Iterable, Iterator

from gateway.decide.roster.grants import last_day, why_no_grant
from gateway.decide.roster.holder import Holder, holder_of, is_shared, ruled_out
from gateway.decide.roster.places import Place, Rank, best_of, idle, in_force, own_places, to_come
from gateway.decide.roster.question import Answer, Question, day_in_words
from gateway.model.people import Delegation, Person
from gateway.model.roster import Appointment


def substitutions(question: Question, holder: Holder) -> Iterator[Place]:
    """Standing in counts on the days when the holder is away, and never beside the holder."""
    for address in holder.addresses:
        for appointment in question.roster.substituting.get(address, ()):
            absentee = _in_reach(question, appointment.address)
            if absentee is None or appointment.address in holder.addresses:
                continue
            if not _counts(question, appointment) or appointment.grant == "exceptional":
                continue
            title, role = question.title(appointment.role), appointment.role
            if _away(question, absentee.addresses):
                how = f"They stand in as {title}, whose holder is away"
                yield in_force(question, how, role, None, holder.person)
            else:
                yield idle(
                    f"They may stand in as {title}, but only on days when the holder is away.", role
                )


def _in_reach(question: Question, address: str) -> Holder | None:
    """The person whom somebody stands for: one person, whom nothing rules out."""
    holder = holder_of(question, address)
    return None if is_shared(question, address) or ruled_out(question, holder) else holder


def _counts(question: Question, appointment: Appointment) -> bool:
    ends, _ = last_day(question, appointment)
    begun = appointment.starts is None or appointment.starts <= question.day
    return (
        begun and (ends is None or question.day <= ends) and not why_no_grant(question, appointment)
    )


def _away(question: Question, addresses: Iterable[str]) -> bool:
    return any(
        absence.starts <= question.day <= absence.ends
        for address in addresses
        for absence in question.directory.absent.get(address, ())
    )


def delegations(question: Question, holder: Holder) -> Iterator[Place]:
    for address in holder.addresses:
        for delegated in (question.directory.delegated, question.roster.delegated):
            for delegation in delegated.get(address, ()):
                yield _delegation(question, delegation, holder.person)


def _delegation(question: Question, delegation: Delegation, person: Person | None) -> Place:
    """Acting for somebody: not transitive, and the production team cannot be delegated, because
    only the principal's own places on the list are looked at."""
    if delegation.releases and question.release.id not in delegation.releases:
        return idle("They act for somebody on other releases, and not on this one.")
    if delegation.ends is not None and delegation.ends < question.day:
        sentence = f"Their delegation ended on {day_in_words(delegation.ends)}."
        return Place(Rank.OVER, Answer("expired", sentence), -delegation.ends.toordinal())
    if delegation.starts is not None and question.day < delegation.starts:
        return to_come("Their delegation", delegation.starts)
    principal = _in_reach(question, delegation.principal)
    places = own_places(question, principal) if principal else ()
    best = best_of(place for place in places if place.own)
    if best is None or best.rank > Rank.WINDOW_SHUT:
        return idle("They act for somebody who is not on the list by themselves at that time.")
    # By title, never by address: the principal may be among the recipients who are not shown.
    role = best.answer.role or ""
    how = f"They act for somebody who is on the list as {question.title(role)}"
    return in_force(question, how, role, delegation.declaration, person)
