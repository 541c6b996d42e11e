"""What somebody must have signed and read before a place on a list counts.

A declaration that is there must be current even where none is required. The one given with a place
goes before the person's own.
"""

from __future__ import annotations

from gateway.decide.roster.question import Question, day_in_words
from gateway.model.people import Declaration, Person


def missing(question: Question, declaration: Declaration | None, person: Person | None) -> str:
    """What is missing, as the end of a sentence about them; "" where nothing is."""
    declaration = declaration or (person.declaration if person else None)
    return _undeclared(question, declaration) or _unread(question, person)


def _undeclared(question: Question, declaration: Declaration | None) -> str:
    oldest = question.roster.declaration_version
    if declaration is None:
        required = (
            question.roster.declaration_required
            or oldest is not None
            or (question.regime is not None and question.regime.declaration_required)
        )
        return "they have not signed the declaration" if required else ""
    if declaration.expires is not None and declaration.expires < question.day:
        return f"their declaration lapsed after {day_in_words(declaration.expires)}"
    if question.day < declaration.signed:
        return f"their declaration only counts from {day_in_words(declaration.signed)}"
    if oldest is not None and declaration.version < oldest:
        return (
            f"they have signed version {declaration.version} of the declaration, and version"
            f" {oldest} is asked for"
        )
    return ""


def _unread(question: Question, person: Person | None) -> str:
    if question.regime is None or not question.regime.guidance_required:
        return ""
    read = person.guidance_read if person else None
    return "" if read and read <= question.day else "they have not read the guidance"
