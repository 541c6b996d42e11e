"""Remarks about single entries of a list: who is on it and should not be, or will not count.

Whether somebody counts is asked of the same judge as for mail, in the last second before
publication: an appointment or a declaration that ends before that has ended too early.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import Iterator

from gateway.model.address import domain_of
from gateway.model.instant import in_utc
from gateway.model.people import Person
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.releases.hygiene.entries import on_list
from gateway.releases.hygiene.remark import Circumstances, Remark
from gateway.releases.titles import letters, likeness, same_title
from gateway.releases.wording import quoted

_KINDS = {
    "expired": "ended",
    "excluded": "excluded",
    "missing-declaration": "declaration",
    "not-yet": "not-yet",
    "not-listed": "not-counting",
}
_A_SECOND = timedelta(seconds=1)

_SAME_POST = 0.85


def of_people(register: Register, release: Release, known: Circumstances) -> Iterator[Remark]:
    yield from _not_counting(release, known)
    yield from _former_holders(register, release)
    yield from _domains(register, release, known)
    yield from _near_duplicates(register, release)


def _not_counting(release: Release, known: Circumstances) -> Iterator[Remark]:
    end = in_utc(release.instant) - _A_SECOND
    for address in release.roster.appointed:
        found = known.judge(release, address, end)
        if not found.allowed:
            sentence = f"{address} will not count when it is published: {found.sentence}"
            yield Remark(release.id, _KINDS[found.status], sentence, address)
    for shift in release.roster.shifts:
        found = known.judge(release, shift.address, min(in_utc(shift.ends) - _A_SECOND, end))
        if not found.allowed:
            sentence = f"{shift.address} will not count on duty: {found.sentence}"
            yield Remark(release.id, _KINDS[found.status], sentence, shift.address)
    for address in sorted(release.roster.production_team | release.roster.quality_assurers):
        found = known.judge(release, address, end)
        if not found.allowed:
            sentence = f"{address} works on it and may not have it: {found.sentence}"
            yield Remark(release.id, _KINDS[found.status], sentence, address)


def _former_holders(register: Register, release: Release) -> Iterator[Remark]:
    """Somebody who is listed in a post that by the directory they held before, or that somebody
    else holds now: what a copied list carries along."""
    holders: dict[str, list[Person]] = {}
    for one in release.roster.appointments:
        person = register.directory.person_of.get(one.address)
        role = release.roster.roles.get(one.role)
        if person is None or role is None or _same_post(person.title, role.title):
            continue
        held = next((post for post in person.previous if _same_post(post, role.title)), None)
        if held:
            now = f"they are {quoted(person.title)} now" if person.title else "they left that post"
            yield Remark(
                release.id,
                "previous-holder",
                f"{one.address} is listed as {quoted(role.title)}, but the directory has"
                f" {quoted(held)} among their previous posts: {now}.",
                one.address,
                one.role,
            )
            continue
        holders = holders or _by_title(register)
        same = holders.get(letters(role.title), ())
        holder = next((other for other in same if other is not person), None)
        if holder and person.title and holder.addresses:
            yield Remark(
                release.id,
                "role-changer",
                f"{one.address} is listed as {quoted(role.title)}; by the directory they are"
                f" {quoted(person.title)}, and {holder.addresses[0]} is {quoted(holder.title)}.",
                one.address,
                one.role,
            )


def _by_title(register: Register) -> dict[str, list[Person]]:
    """Who the directory says holds a post, by its title without capitals and punctuation."""
    found: dict[str, list[Person]] = {}
    for person in register.directory.people.values():
        if person.title:
            found.setdefault(letters(person.title), []).append(person)
    return found


def _same_post(one: str, other: str) -> bool:
    return bool(one) and (same_title(one, other) or likeness(one, other) >= _SAME_POST)


def _domains(register: Register, release: Release, known: Circumstances) -> Iterator[Remark]:
    team = release.roster.production_team | release.roster.quality_assurers
    for address in dict.fromkeys((*on_list(release.roster), *sorted(team))):
        found = known.class_of(address)
        if found == "webmail":
            sentence = f"{address} is a personal mailbox; a list needs an address of their office."
            yield Remark(release.id, "webmail", sentence, address)
        elif found == "media":
            sentence = f"{address} is an address of the media."
            yield Remark(release.id, "media", sentence, address)
        elif found == "unknown":
            sentence = (
                f"{address} is in a domain that nobody has classed: if {domain_of(address)} is"
                " right, add it to the file of domains."
            )
            yield Remark(release.id, "unknown-domain", sentence, address)


def _near_duplicates(register: Register, release: Release) -> Iterator[Remark]:
    known = register.directory.person_of
    for one, other in combinations(on_list(release.roster), 2):
        mine, yours = known.get(one), known.get(other)
        if mine is not None and mine is yours:
            sentence = f"{one} and {other} are the same person, on the list twice."
            yield Remark(release.id, "twice", sentence, other)
        elif not (mine and yours) and one_letter_apart(one, other):
            sentence = f"{one} and {other} differ by one letter: is one of them a mistake?"
            yield Remark(release.id, "near-duplicate", sentence, other)


def one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter more, less, changed or exchanged with the next makes them equal."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    left, right = one[start:], other[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[1:] == shorter
