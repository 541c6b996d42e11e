"""Remarks about single entries of a list: who is on it and should not be, or will not count.

Whether somebody counts is asked of the same judge as for mail, in the last second before
publication: an appointment or a declaration that ends before that has ended too early.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import Iterator, Sequence

from gateway.model.address import domain_of
from gateway.model.instant import in_utc
from gateway.model.receipt import Receipt
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.model.roster import Roster
from gateway.releases.hygiene.editions import earlier
from gateway.releases.hygiene.remark import Circumstances, Remark
from gateway.releases.titles import likeness, same_title
from gateway.releases.wording import day, listed, quoted

_KINDS = {
    "expired": "ended",
    "excluded": "excluded",
    "missing-declaration": "declaration",
    "not-yet": "not-yet",
    "not-listed": "not-counting",
}
_LAST = 3
"""How many earlier releases of the series are asked who used their place."""

_SAME_POST = 0.85


def of_people(register: Register, release: Release, known: Circumstances) -> Iterator[Remark]:
    yield from _not_counting(release, known)
    yield from _former_holders(register, release)
    yield from _domains(register, release, known)
    yield from _near_duplicates(register, release)
    yield from _bounces(release, known.receipts)
    yield from _never_used(register, release, known.receipts)


def _not_counting(release: Release, known: Circumstances) -> Iterator[Remark]:
    end = in_utc(release.instant) - timedelta(seconds=1)
    for address in _listed(release.roster):
        found = known.judge(release, address, end)
        if not found.allowed:
            sentence = f"{address} will not count when it is published: {found.sentence}"
            yield Remark(release.id, _KINDS.get(found.status, found.status), sentence, address)


def _former_holders(register: Register, release: Release) -> Iterator[Remark]:
    """Somebody who is listed in a post that the directory says they held before (cloned lists)."""
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


def _same_post(one: str, other: str) -> bool:
    return bool(one) and (same_title(one, other) or likeness(one, other) >= _SAME_POST)


def _domains(register: Register, release: Release, known: Circumstances) -> Iterator[Remark]:
    team = release.roster.production_team | release.roster.quality_assurers
    for address in dict.fromkeys((*_listed(release.roster), *sorted(team))):
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
    for one, other in combinations(_listed(release.roster), 2):
        mine, yours = known.get(one), known.get(other)
        if mine is not None and mine is yours:
            sentence = f"{one} and {other} are the same person, on the list twice."
            yield Remark(release.id, "twice", sentence, other)
        elif not (mine and yours) and one_letter_apart(one, other):
            sentence = f"{one} and {other} differ by one letter: is one of them a mistake?"
            yield Remark(release.id, "near-duplicate", sentence, other)


def _bounces(release: Release, receipts: Sequence[Receipt]) -> Iterator[Remark]:
    newest: dict[str, Receipt] = {}
    for receipt in receipts:
        before = newest.get(receipt.address)
        if before is None or before.at <= receipt.at:
            newest[receipt.address] = receipt
    for address in _listed(release.roster):
        last = newest.get(address)
        if last and last.state == "failed" and last.code.startswith("5"):
            sentence = (
                f"Mail to {address} came back for good ({last.code}) on {day(last.at.date())}:"
                " is the address still right?"
            )
            yield Remark(release.id, "bounces", sentence, address)


def _never_used(
    register: Register, release: Release, receipts: Sequence[Receipt]
) -> Iterator[Remark]:
    """Who was on the last lists of the series and never got anything by any of their addresses."""
    delivered: dict[str, set[str]] = {}
    for receipt in receipts:
        if receipt.state == "delivered":
            delivered.setdefault(receipt.release, set()).add(receipt.address)
    asked = [one for one in earlier(register, release) if one.id in delivered][:_LAST]
    if not asked:
        sentence = (
            "Who never uses their place cannot be told: the store has no deliveries of earlier"
            " releases of this series."
        )
        yield Remark(release.id, "never-used", sentence, warning=False)
        return
    names = listed([one.id for one in asked])
    for address in _listed(release.roster):
        aliases = set(register.directory.aliases(address))
        if all(aliases & one.roster.appointed.keys() for one in asked) and not any(
            aliases & delivered[one.id] for one in asked
        ):
            sentence = f"{address} was on the lists of {names} and never got anything of them."
            yield Remark(release.id, "never-used", sentence, address)


def _listed(roster: Roster) -> tuple[str, ...]:
    """Every address on the pre-release list once, in the order of the file."""
    held = [one.address for one in roster.appointments]
    return tuple(dict.fromkeys((*held, *(shift.address for shift in roster.shifts))))


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
