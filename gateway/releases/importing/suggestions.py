"""Whom the directory has under a title like that of a role: for a person to ask, never to accept.

People were named by the likeness of their titles before, and it was a breach.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gateway.model.people import Directory
from gateway.releases.titles import likeness, same_title
from gateway.releases.wording import quoted

_LIKE = 0.75
_MOST = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    address: str
    sentence: str


def suggestions(
    directory: Directory, title: str, organisation: str, today: date
) -> tuple[Suggestion, ...]:
    """The few people whose titles are most like this one, the most alike first."""
    rated = []
    for person in directory.people.values():
        if not person.title or not person.addresses or (person.left and person.left < today):
            continue
        like = likeness(title, person.title)
        elsewhere = organisation and person.organisation and not same_title(
            organisation, person.organisation
        )  # fmt: skip
        if like >= _LIKE and not elsewhere:
            rated.append((-like, person.addresses[0], person))
    return tuple(
        Suggestion(
            address, f"The directory has {person.name or address} as {quoted(person.title)}."
        )
        for _, address, person in sorted(rated, key=lambda one: one[:2])[:_MOST]
    )
