"""A person's own places on a list: by appointment, and by turns of duty.

Of several places the best counts, so that one more place never takes anything away.
"""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from typing import Iterable, Iterator, NamedTuple

from gateway.decide.roster.grants import LETTER_ONLY, last_day, why_no_grant
from gateway.decide.roster.holder import Holder
from gateway.decide.roster.question import Answer, Question, day_in_words
from gateway.decide.roster.undertaking import missing
from gateway.model.people import Declaration, Person
from gateway.model.roster import Appointment, Shift


class Rank(IntEnum):
    """How far a place gets somebody, best first."""

    LISTED = 0
    WINDOW_SHUT = 1
    UNDECLARED = 2
    OVER = 3
    TO_COME = 4
    IDLE = 5


class Place(NamedTuple):
    """One way to be on the list. `nearness` orders places of one rank: the smallest is shown.
    `own` says that it can be handed on to a delegate."""

    rank: Rank
    answer: Answer
    nearness: int = 0
    own: bool = False


def best_of(places: Iterable[Place]) -> Place | None:
    return min(places, key=lambda place: (place.rank, place.nearness), default=None)


def own_places(question: Question, holder: Holder) -> Iterator[Place]:
    """The places that are somebody's own: they can be handed on to a delegate."""
    for address in holder.addresses:
        for appointment in question.roster.appointed.get(address, ()):
            yield _appointment(question, appointment, holder.person)
    turns = [s for address in holder.addresses for s in question.roster.on_duty.get(address, ())]
    for role in dict.fromkeys(shift.role for shift in turns):
        yield _duty(question, [shift for shift in turns if shift.role == role], holder.person)


def _appointment(question: Question, appointment: Appointment, person: Person | None) -> Place:
    title, role = question.title(appointment.role), appointment.role
    ends, why_then = last_day(question, appointment)
    if ends is not None and ends < question.day:
        sentence = f"Their appointment as {title} ended on {day_in_words(ends)}{why_then}."
        return Place(Rank.OVER, Answer("expired", sentence, role), -ends.toordinal())
    if appointment.starts is not None and question.day < appointment.starts:
        return to_come(f"Their appointment as {title}", appointment.starts, role)
    why_not = why_no_grant(question, appointment)
    if why_not:
        return idle(f"They are on the list as {title}, but {why_not}.", role)
    how = f"They are on the list as {title}"
    place = in_force(question, how, role, appointment.declaration, person)
    # A letter lets one person in, and nobody in their stead.
    return place._replace(own=appointment.grant == "list")


def _duty(question: Question, turns: list[Shift], person: Person | None) -> Place:
    """One role's turns of one person: at any instant they are on duty or not."""
    title, role, at = question.title(turns[0].role), turns[0].role, question.at
    running = [turn.ends for turn in turns if turn.starts <= at < turn.ends]
    if running:
        if question.regime is not None and question.regime.exceptional_only:
            return idle(f"They are on duty as {title}, but {LETTER_ONLY}.", role)
        how = f"They are on duty as {title} until {question.moment(max(running))}"
        return in_force(question, how, role, None, person)._replace(own=True)
    over = max((turn.ends for turn in turns if turn.ends <= at), default=None)
    next_ = min((turn.starts for turn in turns if at < turn.starts), default=None)
    said = [
        *([f"their last turn ended on {question.moment(over)}"] if over else []),
        *([f"their next turn begins on {question.moment(next_)}"] if next_ else []),
    ]
    sentence = f"They are not on duty as {title}: {', and '.join(said)}."
    if next_:
        return Place(Rank.TO_COME, Answer("not-yet", sentence, role), next_.toordinal())
    return Place(Rank.OVER, Answer("expired", sentence, role), -over.toordinal() if over else 0)


def in_force(
    question: Question, how: str, role: str, declaration: Declaration | None, person: Person | None
) -> Place:
    """A place whose days or hours are now; what is left to ask is whether they have signed, and
    whether the window is open."""
    lack = missing(question, declaration, person)
    if lack:
        return Place(Rank.UNDECLARED, Answer("missing-declaration", f"{how}, but {lack}.", role))
    if question.release.suspended:
        sentence = (
            f"{how}, but the release is {question.release.state}: pre-release access is shut until"
            " it has a new date."
        )
        return Place(Rank.WINDOW_SHUT, Answer("not-yet", sentence, role))
    opens = question.release.opens_for(role)
    if question.at >= opens:
        return Place(Rank.LISTED, Answer("listed", f"{how}.", role))
    sentence = f"{how}, but pre-release access only opens on {question.moment(opens)}."
    return Place(Rank.WINDOW_SHUT, Answer("not-yet", sentence, role))


def to_come(what: str, starts: date, role: str | None = None) -> Place:
    sentence = f"{what} only starts on {day_in_words(starts)}."
    return Place(Rank.TO_COME, Answer("not-yet", sentence, role), starts.toordinal())


def idle(sentence: str, role: str | None = None) -> Place:
    return Place(Rank.IDLE, Answer("not-listed", sentence, role))
