"""What a rule can see while it is asked: one message, one release it may belong to, the people.

A message is seen once for every release it is tied to, and once with no release where it has
none. People are worked out only when a rule asks for them; whoever has no standing for an
embargoed release is not listed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Callable

from gateway.decide.delta import earlier_is_known, has_joined
from gateway.decide.embargo import embargoed
from gateway.decide.own_mailbox import is_own
from gateway.decide.roster import domain_class, standing
from gateway.model.address import domain_of, normalise_address
from gateway.model.finding import Finding, Json
from gateway.model.indexes import grouped
from gateway.model.instant import in_utc
from gateway.model.register import Register
from gateway.model.release import Release, Standing, Status
from gateway.model.verdict import Case, Tie

NEAR, DAY = timedelta(days=7), timedelta(days=1)
NO_TIE = Tie(None, False, "", "The message belongs to no release.")


@dataclass(slots=True)
class Person:
    """A sender or recipient in the light of one release."""

    address: str
    domain: str
    kind: str
    listed: bool | None
    standing: Standing | None

    @property
    def status(self) -> Status | None:
        if self.standing is not None:
            return self.standing.status
        return None if self.listed is None else "not-listed"


class Situation:
    """One case beside one tie. Nothing in it changes after it has been worked out."""

    __slots__ = (
        "_added",
        "_lookalikes",
        "_old",
        "_people",
        "_roles",
        "_sender",
        "_synthetic",
        "_types",
        "case",
        "now",
        "register",
        "release",
        "tie",
    )

    def __init__(self, case: Case, register: Register, tie: Tie, now: datetime) -> None:
        self.case = case
        self.register = register
        self.tie = tie
        self.now = now
        self.release: Release | None = (
            register.releases.get(tie.release) if tie.release is not None else None
        )
        self._people: tuple[Person, ...] | None = None
        self._sender: Person | None = None
        self._roles: dict[str, str] | None = None
        self._types: dict[str, str] | None = None
        self._old: frozenset[str] | None = None
        self._synthetic: frozenset[str] | None = None
        self._added: frozenset[str] | None = None
        self._lookalikes: dict[str, tuple[Finding, ...]] | None = None

    @property
    def people(self) -> tuple[Person, ...]:
        """The recipients, in the envelope's order; one unknown person where there is none, so
        that a draft without recipients is judged as if it went to a stranger."""
        if self._people is None:
            envelope = self.case.envelope
            addresses = [recipient.address for recipient in envelope.recipients] or [""]
            self._people = tuple(self._person(address) for address in addresses)
        return self._people

    @property
    def sender(self) -> Person:
        if self._sender is None:
            self._sender = self._person(self.case.envelope.sender, sends=True)
        return self._sender

    def role(self, number: str) -> str:
        """What part `number` is: `header` for the message's own header, `attachment` where the
        part is not known, because that is the stricter reading."""
        if self._roles is None:
            self._roles = {part.number: part.role for part in self.case.parts}
            self._roles.setdefault("0", "header")
        return self._roles.get(number, "attachment")

    def detected_type(self, number: str) -> str | None:
        """The type of part `number`, None where it was never taken out of the message or is
        embedded in another part."""
        if self._types is None:
            self._types = {part.number: part.detected_type for part in self.case.parts}
        return self._types.get(number)

    def is_structure(self, number: str) -> bool:
        """Whether nothing was taken apart as `number`; "2!1" is embedded in part 2."""
        return self.detected_type(number.partition("!")[0]) is None

    def is_synthetic(self, number: str) -> bool:
        """Whether part `number`, or the file that holds it, is registered as invented records; an
        archive is, where every file in it is."""
        if self._synthetic is None:
            self._synthetic = frozenset(
                part.number
                for part in self.case.parts
                if self.register.synthetic_files(part.digest, self.now)
            )
        return number.partition("!")[0] in self._synthetic

    @property
    def added(self) -> frozenset[str] | None:
        """Who has joined; None where it is not known who was there before."""
        if self._added is None:
            found = frozenset(
                str(finding.facts.get("recipient"))
                for finding in self.case.findings
                if has_joined(finding)
            )
            if not found and not earlier_is_known(self.case):
                return None
            self._added = found
        return self._added

    def lookalikes(self, address: str) -> tuple[Finding, ...]:
        """How somebody is taken for somebody on the list of this release, the surest first."""
        if self._lookalikes is None:
            self._lookalikes = grouped(
                (str(finding.facts.get("recipient")), finding)
                for finding in self.case.findings
                if finding.kind == "lookalike-recipient"
                and finding.facts.get("release") == self.tie.release
            )
        return self._lookalikes.get(address, ())

    def likeness(self, person: Person) -> str | None:
        """The most telling way in which somebody is; None where it is hardly one."""
        return next(
            (
                str(finding.facts.get("likeness"))
                for finding in self.lookalikes(person.address)
                if finding.confidence != "low"
            ),
            None,
        )

    def is_own(self, person: Person) -> bool:
        """Whether it looks like the sender's own private mailbox."""
        return is_own(self.case, self.register.directory, person.address, person.kind)

    def carries(self, *asked: str) -> bool | None:
        """Whether the message shows one of these words; None where none are asked for. A marking
        counts by the name that its detector gives it, where that is sure of it."""
        wanted = {words.casefold() for words in asked if words}
        if not wanted:
            return None
        return any(
            str(finding.facts.get("words", "")).casefold() in wanted
            or (finding.confidence != "low" and finding.snippet.casefold() in wanted)
            for finding in self.case.findings
            if finding.kind == "marking" and not finding.hidden
        )

    @property
    def parts_of_old_notices(self) -> frozenset[str]:
        """The parts in which a notice stands that has run out with a release that is out. One
        that names only the day counts too."""
        if self._old is None:
            self._old = frozenset(
                finding.location.part
                for finding in self.case.findings
                if finding.kind == "embargo-banner" and self._is_old(finding.facts.get("until"))
            )
        return self._old

    def _is_old(self, until: Json) -> bool:
        if not isinstance(until, str):
            return False
        try:
            said = in_utc(datetime.fromisoformat(until))
            then = self.register.due_between(said - DAY, said + DAY)
        except (ValueError, OverflowError):
            return False
        return said <= self.now and any(not embargoed(release, self.now) for release in then)

    def on_a_near_list(self, address: str) -> bool:
        """Whether some release that is due within a week may be had at this address now."""
        return any(
            embargoed(release, self.now)
            and standing(self.register, release, address, self.now).allowed
            for release in self.register.perhaps_embargoed(self.now, self.now + NEAR)
        )

    def _person(self, address: str, sends: bool = False) -> Person:
        known = normalise_address(address)
        domain = domain_of(known)
        listed: bool | None = None
        has: Standing | None = None
        if self.tie.embargoed:
            if self.release is not None:
                has = standing(self.register, self.release, known, self.now, onward=not sends)
                near = tuple(
                    str(f.facts["why"]) for f in self.lookalikes(known) if "why" in f.facts
                )
                has = replace(has, near=near) if near else has
            listed = has is not None and has.allowed
        return Person(known, domain, domain_class(self.register, known), listed, has)

    @property
    def hours_to_release(self) -> float | None:
        if self.release is None:
            return None
        return (self.release.instant - self.now).total_seconds() / 3600

    @property
    def in_final_form(self) -> bool | None:
        """Whether its figures may be out among people by now, who could pass them on: laws differ
        in how long before publication that is."""
        if self.release is None:
            return None
        return self.release.opens <= self.now or self.release.instant - self.now <= DAY

    @property
    def near(self) -> bool | None:
        if self.release is None:
            return None
        return bool(self.in_final_form) or self.release.instant - self.now <= NEAR

    @property
    def window_open(self) -> bool | None:
        """Elapsed time, not wall-clock time: the Pre-release Access Orders' 24 hours are 24
        hours on the night the clocks change too."""
        if self.release is None:
            return None
        if self.release.suspended:
            return False
        instant = self.release.instant.astimezone(UTC)
        return self.release.opens <= self.now < instant


Asker = Callable[[Situation, Person], bool]
"""A compiled selection or condition: asked about one person in one situation."""
