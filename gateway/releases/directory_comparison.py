"""What is different between two versions of what holds for every list: people, exclusions, files
that are synthetic; in plain words for those who approve it.
"""

from __future__ import annotations

from typing import Any, Callable, Iterator, Mapping, TypeVar

from gateway.model.people import Directory, Person
from gateway.model.register import Register
from gateway.releases.comparison import unworded
from gateway.releases.roster_comparison import excluded
from gateway.releases.wording import day, listed

T = TypeVar("T")
ELSEWHERE = ("sources", "disputed", "forwards")
"""What the office's own directories say: no file of the department does, and nobody approves it."""


def common_differences(old: Register, new: Register) -> tuple[str, ...]:
    """Sentences about everything but the releases themselves; none where they agree."""
    return (
        *_of_directory(old.directory, new.directory),
        *(
            f"{one.address} is barred from every list {excluded(one)}."
            for one in new.exclusions
            if one not in old.exclusions
        ),
        *(
            f"{one.address} is no longer barred from every list {excluded(one)}."
            for one in old.exclusions
            if one not in new.exclusions
        ),
        *_each(
            old.synthetic,
            new.synthetic,
            lambda one: f"The synthetic file “{one.title}” ({one.sha256[:12]}…)",
            lambda one: f"{one.owner} answers for it until {day(one.expires)}",
            {"sha256"},
        ),
    )


def _of_directory(old: Directory, new: Directory) -> Iterator[str]:
    yield from _each(old.people, new.people, _name, _addresses, {"id"})
    yield from _each(
        old.mailboxes,
        new.mailboxes,
        lambda one: f"The mailbox {one.address}",
        lambda one: f"read by {listed(one.readers)}",
        {"address"},
    )
    yield from _each(
        old.groups,
        new.groups,
        lambda one: f"The distribution list {one.address}",
        lambda one: one.fault or f"it reaches {listed(one.members)}",
        {"address"},
    )
    yield from unworded(old, new, {"people", "mailboxes", "groups", *ELSEWHERE})


def _each(
    old: Mapping[str, T], new: Mapping[str, T], name: Callable[[T], str],
    about: Callable[[T], str], keys: set[str],
) -> Iterator[str]:  # fmt: skip
    for id, one in new.items():
        if id not in old:
            yield f"{name(one)} is new: {about(one)}."
    for id, one in old.items():
        if id not in new:
            yield f"{name(one)} is gone."
    for id, one in new.items():
        if id in old:
            told: Any = unworded(old[id], one, keys)
            yield from (f"{name(one)}: {change}" for change in told)


def _name(person: Person) -> str:
    return person.name or person.id


def _addresses(person: Person) -> str:
    return listed(person.addresses)
