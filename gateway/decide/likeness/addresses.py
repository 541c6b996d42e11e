"""Near misses of addresses and names: a letter, a tag, a domain, a namesake, the same post."""

from __future__ import annotations

from datetime import date
from typing import Iterable, Iterator

from gateway.decide.likeness.departments import acronyms, twins
from gateway.decide.likeness.listed import Known, Listed, TheList
from gateway.decide.likeness.near_miss import NearMiss
from gateway.decide.likeness.spelling import Alike, alike, near_domain
from gateway.model.likeness import LikeWords
from gateway.model.person_name import name, same

_ELSEWHERE = "is not on the list"


def of_address(one: Known, listed: TheList, day: date) -> Iterator[NearMiss]:
    """Whom on the list the spelling of an address is taken for."""
    spelling = one.spelt
    for other in _others(one, listed.spelt_like(spelling), day):
        found = alike(spelling, other.known.spelt)
        if found is not None:
            yield in_words(one, found, other.known.address, other.standing)


def in_words(one: Known, found: Alike, address: str, standing: str) -> NearMiss:
    sentence = f"{one.address} {found.how} {address}, {standing}{found.end}."
    return NearMiss(found.kind, address, sentence, found.confidence)


def of_name(one: Known, listed: TheList, day: date) -> Iterator[NearMiss]:
    """Namesakes, and posts that have the same address in another place."""
    for other in _others(one, listed.by_local.get(one.spelt.local, ()), day):
        if other.known.spelt.domain != one.spelt.domain and not (one.name and other.known.name):
            sentence = (
                f"{one.address} has the same words before the @ as {other.known.address},"
                f" {other.standing}; the same post in another place {_ELSEWHERE}."
            )
            yield NearMiss("post", other.known.address, sentence, "high")
    if one.name:
        for other in _others(one, listed.by_surname.get(one.name[-1], ()), day):
            yield from _namesake(one, other)


def of_called(one: Known, listed: TheList, day: date) -> Iterator[NearMiss]:
    """Somebody whom the message calls by the name of somebody on the list."""
    called = name(one.called)
    if len(called) < 2:
        return
    entries = (*listed.by_surname.get(called[-1], ()), *listed.by_surname.get(called[0], ()))
    for other in _others(one, entries, day):
        if same(called, other.known.name):
            sentence = (
                f"The message calls {one.address} by the name of {other.known.address},"
                f" {other.standing}; a namesake {_ELSEWHERE}."
            )
            yield NearMiss("surname", other.known.address, sentence, "medium")


def _namesake(one: Known, other: Listed) -> Iterator[NearMiss]:
    theirs, address = other.known.name, other.known.address
    elsewhere = one.spelt.domain != other.known.spelt.domain or (
        bool(one.organisation and other.known.organisation)
        and one.organisation != other.known.organisation
    )
    whole = one.spelt.local == other.known.spelt.local or same(one.name, theirs)
    if whole or _may_be_one(one.name[0], theirs[0]):
        has = "has the name" if whole else "may have the name"
        sentence = f"{one.address} {has} of {address}, {other.standing}; a namesake {_ELSEWHERE}."
        yield NearMiss("surname", address, sentence, "high" if whole and elsewhere else "medium")
    elif elsewhere or _by_initials(one, other.known):
        sentence = f"{one.address} has the surname of {address}, {other.standing}."
        yield NearMiss("surname", address, sentence, "low")


def _may_be_one(given: str, other: str) -> bool:
    """T and Terry, Terry and Terry; not Terry and Toni."""
    return given == other or (min(len(given), len(other)) == 1 and given[0] == other[0])


def _by_initials(one: Known, other: Known) -> bool:
    """a.reed and b.reed: two people, and one letter between them."""
    return all(
        len(words) == 2 and len(words[0]) == 1 for words in (one.spelt.words, other.spelt.words)
    )


def of_department(
    one: Known, listed: TheList, like: LikeWords, kind: str, domains: Iterable[str]
) -> Iterator[NearMiss]:
    """A domain that is taken for one of the list's: by its acronym, or by one letter where nobody
    knows what it is. `kind` is the class of the recipient's domain."""
    here = one.spelt.domain
    if here in listed.by_domain or kind in ("webmail", "media"):
        return
    mine = acronyms(here, one.organisation, like)
    person = (*listed.by_local.get(one.spelt.local, ()), *listed.by_looks.get(one.spelt.looks, ()))
    told = {other.known.spelt.domain for other in person}
    for domain in domains:
        pair = twins(mine, listed.departments[domain], like)
        if kind == "unknown" and _looks_like(one, listed.by_domain[domain][0].known):
            if domain in told:
                continue  # somebody there is named already
            sentence = (
                f"{one.address} is at {one.spelt.shown_domain}, which looks like {domain}, where"
                " people on the list are."
            )
            yield NearMiss("confusable", domain, sentence, "medium")
        elif pair is not None:
            sentence = (
                f"{one.address} is at {here} ({pair[0].upper()}), easily taken for {domain}"
                f" ({pair[1].upper()}), where people on the list are."
            )
            yield NearMiss("twin-department", domain, sentence, "medium")


def _looks_like(one: Known, other: Known) -> bool:
    mine, yours = (each.spelt.looks.rpartition("@")[2] for each in (one, other))
    return mine == yours or near_domain(one.spelt, other.spelt)


def _others(one: Known, entries: Iterable[Listed], day: date) -> Iterator[Listed]:
    """Those who are on the list and are somebody else."""
    for entry in entries:
        mine = entry.known.address == one.address or (
            one.person is not None and entry.known.person is one.person
        )
        if not mine and entry.on(day):
            yield entry
