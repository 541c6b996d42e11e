"""What the lists say about one person.

Exclusion beats leaving beats the production team beats every place on the list.
"""

from __future__ import annotations

from gateway.decide.roster.holder import holder_of, ruled_out
from gateway.decide.roster.places import best_of, own_places
from gateway.decide.roster.question import Answer, Question
from gateway.decide.roster.stead import delegations, substitutions


def of_person(question: Question, address: str) -> Answer:
    """What the lists say about whoever has this address."""
    holder = holder_of(question, address)
    reason = ruled_out(question, holder)
    if reason:
        return reason
    if not question.roster.production_team.isdisjoint(holder.addresses):
        return Answer("production", "They are in the production team.")
    if not question.roster.quality_assurers.isdisjoint(holder.addresses):
        return Answer("production", "They are a quality assurer of this release.")
    if question.release.regime and question.regime is None:
        return Answer(
            "not-listed",
            f"The release follows the regime '{question.release.regime}', which is not known, so"
            " nobody is on its list.",
        )
    places = (
        *own_places(question, holder),
        *substitutions(question, holder),
        *delegations(question, holder),
    )
    best = best_of(places)
    return (
        best.answer if best else Answer("not-listed", "They are not on the list for this release.")
    )
