"""Whom somebody who is not on a list may have been taken for: the near misses of one register.

Nothing is looked for where somebody may have the release, or is on its list and only not yet; but
that a list is behind the directory is said of people on it, too. Nobody's near misses depend on who
else is on a message.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Iterator
from zoneinfo import ZoneInfo

from gateway.decide.embargo import ties
from gateway.decide.likeness.addresses import of_address, of_called, of_department, of_name
from gateway.decide.likeness.careers import changed_role, of_career, of_earlier_lists, of_excluded
from gateway.decide.likeness.listed import TheList, in_force
from gateway.decide.likeness.near_miss import NearMiss, most_telling
from gateway.decide.likeness.posts import of_title
from gateway.decide.roster import domain_class, standing
from gateway.model.address import is_usable, normalise_address
from gateway.model.edition import earlier
from gateway.model.finding import Finding
from gateway.model.instant import in_utc
from gateway.model.message import Location
from gateway.model.register import Register
from gateway.model.release import Release, Standing
from gateway.model.verdict import Case

_WHERE = Location("0", None, "recipients")
_LOOKED_AT = frozenset({"not-listed", "expired"})
_LAST_EDITIONS = 3


class Lookalikes:
    """The near misses of one register. What is worked out for a list is kept for the next message."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._lists: dict[str, tuple[TheList, tuple[Release, ...]]] = {}

    def with_findings(self, case: Case, now: datetime) -> Case:
        """The case with a finding for each way in which a recipient is taken for somebody."""
        releases = [
            self._register.releases[tie.release]
            for tie in ties(case, self._register, now)
            if tie.embargoed and tie.release is not None
        ]
        if not releases:
            return case
        whom = dict.fromkeys(normalise_address(each.address) for each in case.envelope.recipients)
        found = tuple(
            _finding(address, release, near)
            for address in whom
            for release in releases
            for near in self.near_misses(release, address, now, case.named.get(address, ""))
        )
        return replace(case, findings=case.findings + found) if found else case

    def near_misses(
        self, release: Release, address: str, at: datetime, called: str = ""
    ) -> tuple[NearMiss, ...]:
        """The most telling ones, the surest first; () where there is nothing to explain. `called` is
        the name that stands beside the address in a message."""
        has = standing(self._register, release, address, at)
        return self.of_standing(release, has, at, called)

    def of_standing(
        self, release: Release, has: Standing, at: datetime, called: str = ""
    ) -> tuple[NearMiss, ...]:
        """The same, where the standing is known."""
        address = normalise_address(has.address)
        day = in_utc(at).astimezone(ZoneInfo(release.zone)).date()
        if not is_usable(address):
            return ()
        if has.status == "listed":
            return most_telling(self._of_list_member(release, address, day))
        if has.status == "excluded":
            return most_telling(self._of_barred(release, address, day))
        if has.status not in _LOOKED_AT or self._has_a_place(release, address, day):
            return ()
        return most_telling(self._all(release, address, day, called))

    def _of_list_member(self, release: Release, address: str, day: date) -> Iterator[NearMiss]:
        person = self._register.directory.person_of.get(address)
        if person is not None and person.previous:
            one = self._list(release)[0].known(address)
            yield from changed_role(one, person.addresses, release, self._register.like, day)

    def _of_barred(self, release: Release, address: str, day: date) -> Iterator[NearMiss]:
        one = self._list(release)[0].known(address)
        aliases = self._register.directory.aliases(address)
        yield from of_excluded(one, aliases, self._barred(release, day))

    def _barred(self, release: Release, day: date) -> tuple[str, ...]:
        """The addresses that are excluded on a day, as the exclusions have them."""
        entries = (*self._register.exclusions, *release.roster.exclusions)
        running = (e for e in entries if e.starts <= day and (e.until is None or day < e.until))
        return tuple(dict.fromkeys(entry.address for entry in running))

    def _has_a_place(self, release: Release, address: str, day: date) -> bool:
        """Whether the list has them, and something else than the list keeps them out."""
        directory = self._register.directory
        person = directory.person_of.get(address)
        left = person is not None and person.left is not None and person.left < day
        return not left and any(
            in_force(entry, day)
            for alias in directory.aliases(address)
            for entry in release.roster.appointed.get(alias, ())
        )

    def _all(self, release: Release, address: str, day: date, called: str) -> Iterator[NearMiss]:
        """Who is excluded is on no list, so that nobody resembles somebody on it by them."""
        directory = self._register.directory
        barred = {alias for each in self._barred(release, day) for alias in directory.aliases(each)}
        yield from self._of_barred(release, address, day)
        for near in self._of_list(release, address, day, called):
            if near.resembles not in barred:
                yield near

    def _of_list(
        self, release: Release, address: str, day: date, called: str
    ) -> Iterator[NearMiss]:
        register, like = self._register, self._register.like
        listed, editions = self._list(release)
        one, aliases = listed.known(address, called), register.directory.aliases(address)
        yield from of_address(one, listed, day)
        yield from of_career(one, aliases, release, listed, like, day)
        yield from of_earlier_lists(one, aliases, editions, listed, like, day)
        yield from of_title(one, listed, like, day)
        yield from of_name(one, listed, day)
        yield from of_called(one, listed, day)
        kind = domain_class(register, address)
        yield from of_department(one, listed, like, kind, listed.departments)

    def _list(self, release: Release) -> tuple[TheList, tuple[Release, ...]]:
        kept = self._lists.get(release.id)
        if kept is None:
            listed = TheList(release, self._register.directory, self._register.like)
            kept = listed, earlier(self._register, release)[:_LAST_EDITIONS]
            self._lists[release.id] = kept
        return kept


def near_misses(
    register: Register, release: Release, address: str, at: datetime
) -> tuple[NearMiss, ...]:
    """The near misses of one address, for whoever asks once."""
    return Lookalikes(register).near_misses(release, address, at)


def _finding(address: str, release: Release, near: NearMiss) -> Finding:
    facts = {
        "recipient": address,
        "resembles": near.resembles,
        "likeness": near.kind,
        "release": release.id,
        "why": near.sentence,
    }
    return Finding("lookalike-recipient", _WHERE, near.confidence, facts)
