"""Everybody on one release's list as others may be taken for them, made once for each list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Iterator, Mapping

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from gateway.decide.likeness.departments import acronyms
from gateway.decide.likeness.spelling import Spelt, spelt
from gateway.decide.likeness.titles import Title, read_title
from gateway.model.indexes import grouped
from gateway.model.likeness import LikeWords
from gateway.model.people import Directory, Person
from gateway.model.person_name import Name, local_name, name
from gateway.model.release import Release
from gateway.model.roster import Appointment, Role

_NAMED = 2


@dataclass(frozen=True, slots=True)
class Known:
    """An address and whose it is. `name` is () where it is a post's, or nobody's that is known;
    `called` is what a message calls somebody whom the directory does not know."""

    spelt: Spelt
    person: Person | None
    name: Name
    organisation: str
    called: str = ""

    @property
    def address(self) -> str:
        return self.spelt.address


@dataclass(frozen=True, slots=True)
class Listed:
    """One address of somebody on the list: `standing` says in what way, up to their last day (None:
    open-ended). Who is to come is on it already."""

    known: Known
    standing: str
    ends: date | None = None

    def on(self, day: date) -> bool:
        left = self.known.person.left if self.known.person else None
        return all(last is None or day <= last for last in (self.ends, left))


@dataclass(frozen=True, slots=True)
class ListedRole:
    """A line of the published list, and who holds it when."""

    role: Role
    title: Title
    appointments: tuple[Appointment, ...]

    def held_by(self, day: date) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.address for one in self.appointments if in_force(one, day)))

    def last_before(self, day: date) -> Appointment | None:
        """The appointment that ended last."""
        over = [one for one in self.appointments if one.ends is not None and one.ends < day]
        return max(over, key=lambda one: one.ends or day, default=None)


def in_force(one: Appointment, day: date) -> bool:
    return (one.starts or day) <= day <= (one.ends or day)


def day_in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def quoted(text: str) -> str:
    return f"“{text}”"


def people_in_words(addresses: tuple[str, ...]) -> str:
    """The first of them by address, the rest by their number."""
    shown = list(addresses[:_NAMED])
    if len(addresses) > _NAMED:
        shown.append(f"{len(addresses) - _NAMED} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _in_one_order(one: Spelt) -> str:
    return f"{' '.join(sorted(one.words))}@{one.domain}"


class TheList:
    """One release's list, by each of the ways in which somebody is taken for somebody on it."""

    def __init__(self, release: Release, directory: Directory, like: LikeWords) -> None:
        self._directory = directory
        self._like = like
        self._release = release
        entries = tuple(self._entries())
        self.addresses = frozenset(one.known.address for one in entries)
        self.by_address = grouped((one.known.address, one) for one in entries)
        self.by_looks = grouped((one.known.spelt.looks, one) for one in entries)
        self.by_domain = grouped((one.known.spelt.domain, one) for one in entries)
        self._letters = {
            domain: [one.known.spelt.letters for one in those]
            for domain, those in self.by_domain.items()
        }
        self._by_words = grouped((_in_one_order(one.known.spelt), one) for one in entries)
        self.by_local = grouped((one.known.spelt.local, one) for one in entries)
        self.by_surname = grouped((one.known.name[-1], one) for one in entries if one.known.name)
        held = grouped((one.role, one) for one in release.roster.appointments)
        self.roles = tuple(
            ListedRole(role, read_title(role.title, like), held.get(role.id, ()))
            for role in release.roster.roles.values()
        )
        self._by_subject = grouped(
            (word, post) for post in self.roles for word in post.title.subject or ("",)
        )
        self.departments: Mapping[str, frozenset[str]] = {
            domain: acronyms(domain, those[0].known.organisation, like)
            for domain, those in self.by_domain.items()
        }

    def spelt_like(self, one: Spelt) -> Iterator[Listed]:
        """All whose address may be taken for this one, and some others."""
        yield from self.by_looks.get(one.looks, ())
        yield from self.by_local.get(one.local, ())
        base, tagged, _ = one.local.partition("+")
        if tagged:
            yield from self.by_address.get(f"{base}@{one.domain}", ())
        yield from self._by_words.get(_in_one_order(one), ())
        letters = self._letters.get(one.domain, ())
        near = extract(one.letters, letters, scorer=OSA.distance, score_cutoff=2, limit=None)
        for _, _, place in near:
            yield self.by_domain[one.domain][place]

    def posts_about(self, title: Title) -> tuple[ListedRole, ...]:
        """Those that have a word with a title in common, besides how senior they are."""
        found = (self._by_subject.get(word, ()) for word in sorted(title.subject) or ("",))
        return tuple({post.role.id: post for posts in found for post in posts}.values())

    def known(self, address: str, called: str = "") -> Known:
        """What is known of an address, on the list or not; `called` is the name that stands beside
        it in a message."""
        person = self._directory.person_of.get(address)
        whole = spelt(address)
        named = name(person.name) if person else ()
        if not named and address not in self._directory.mailboxes:
            named = local_name(whole.local)
            if self._like.posts.intersection(named):
                named = ()
        if len(named) < 2:
            named = ()  # one word is nobody's name
        return Known(
            whole,
            person,
            named,
            person.organisation if person else "",
            "" if person or address in self._directory.mailboxes else called,
        )

    def _entries(self) -> Iterator[Listed]:
        roster = self._release.roster
        for one in roster.appointments:
            standing = f"who is on the list as {self._title(one.role)}"
            for address in self._directory.aliases(one.address):
                yield Listed(self.known(address), standing, one.ends)
            standing = f"who may stand in as {self._title(one.role)}"
            for substitute in one.substitutes:
                yield Listed(self.known(substitute), standing, one.ends)
        for turn in roster.shifts:
            standing = f"who has turns of duty as {self._title(turn.role)}"
            yield Listed(self.known(turn.address), standing, turn.ends.date())
        for address in sorted(roster.production_team):
            yield Listed(self.known(address), "who is in the production team")
        for address in sorted(roster.quality_assurers):
            yield Listed(self.known(address), "who is a quality assurer of this release")
        yield from self._mailboxes()

    def _mailboxes(self) -> Iterator[Listed]:
        """Those that people on the list read, and nobody else."""
        roster = self._release.roster
        listed = {
            alias
            for address in (*roster.appointed, *roster.production_team, *roster.quality_assurers)
            for alias in self._directory.aliases(address)
        }
        for mailbox in (*self._directory.mailboxes.values(), *roster.mailboxes):
            if mailbox.readers and listed.issuperset(mailbox.readers):
                yield Listed(self.known(mailbox.address), "which people on the list read")

    def _title(self, role: str) -> str:
        known = self._release.roster.roles.get(role)
        return quoted(known.title if known else role)
