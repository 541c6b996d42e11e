"""What a verdict rests on, as far as a mail of ours may say it: kinds, places and classes.

A place is a part's number and its kind, never a file, sheet or property name: those can tell a
figure (law 8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gateway.act.shared_contents import shared_contents
from gateway.decide.delta import has_joined
from gateway.decide.own_mailbox import is_own
from gateway.decide.roster import domain_class, standing
from gateway.model.address import normalise_address
from gateway.model.finding import Finding, PartFacts
from gateway.model.message import Gap, GapReason, Location
from gateway.model.register import Register
from gateway.model.verdict import Case, Decision

PUBLIC = frozenset({"webmail", "media"})
LINKS_ONLY = "links-only"
"""How the ids of the rules about releases begin that go out as links."""
ROWS = frozenset({"microdata", "identifiers", "register"})
UNREAD: Mapping[GapReason, str] = {
    "encrypted": "encrypted",
    "unreadable": "damaged",
    "crashed": "unreadable, perhaps damaged",
    "limit": "too large",
    "timeout": "too large to be read in time",
    "no-reader": "in a format that the gateway cannot read",
}


@dataclass(frozen=True, slots=True)
class Grounds:
    """Places of what was found, and the class of each normalised address.

    `rows` and `unsure` are tables about single people or firms, and such as may be; `unread`
    pairs a place with the reason. `own` are recipients that look like the sender's own private
    mailbox, `joined` those who were not on the message that this one answers or forwards.
    `share_links` are, by release, what to send instead of an attachment, and `taken_for`, by address
    and release, whom somebody was most likely taken for: where the sender may have the release,
    because nobody else is told who is on its list. `shared` are sentences, by release, about what
    the message shares with its registered material. `series` are places of figures whose periods are
    not published, `hints` those of words that hint at figures.
    """

    classes: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    banners: tuple[str, ...] = ()
    unread: tuple[tuple[str, GapReason], ...] = ()
    own: frozenset[str] = frozenset()
    joined: tuple[str, ...] = ()
    forward: bool = False
    share_links: Mapping[str, str] = field(default_factory=dict)
    taken_for: Mapping[tuple[str, str], str] = field(default_factory=dict)
    shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    series: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    def kind(self, address: str) -> str:
        """The class of an address; "" where it is not known what it is."""
        return self.classes.get(normalise_address(address), "")

    def senders_own(self, decision: Decision) -> bool:
        return normalise_address(decision.address) in self.own

    def outside(self, decision: Decision) -> bool:
        return self.kind(decision.address) not in ("internal", "")

    def public(self, decision: Decision) -> bool:
        return self.kind(decision.address) in PUBLIC


def grounds(case: Case, register: Register, at: datetime, own: Iterable[str] = ()) -> Grounds:
    """What a notice about this case may say of it to its sender."""
    own = frozenset(own)
    places = _Places(case.parts)
    sure = [f for f in case.findings if f.confidence != "low"]
    rows = [f for f in sure if f.kind in ("microdata", "identifiers", "register-rows")]
    doubtful = [f for f in case.findings if f.kind == "microdata" and f.confidence == "low"]
    marks = [f for f in sure if f.kind == "marking"]
    kinds = {
        normalise_address(r.address): domain_class(register, r.address, own)
        for r in case.envelope.recipients
    }

    def may_have(release: str) -> bool:
        known = register.releases.get(release)
        return bool(known and standing(register, known, case.envelope.sender, at).allowed)

    return Grounds(
        kinds,
        places.of(rows),
        places.of(doubtful),
        places.of([f for f in marks if f.facts.get("level") in ("secret", "top-secret")]),
        places.of(marks),
        places.of([f for f in sure if f.kind == "embargo-banner"]),
        places.unread(case.gaps),
        frozenset(a for a, kind in kinds.items() if is_own(case, register.directory, a, kind)),
        joined(case),
        case.message.forward,
        {
            release.id: release.share_link
            for release in register.releases.values()
            if release.share_link and may_have(release.id)
        },
        _taken_for(case, may_have),
        shared_contents(case, register, may_have, places.of),
        places.of([f for f in sure if f.kind == "unpublished-period"]),
        places.of([f for f in case.findings if f.kind == "indication"]),
    )


def _taken_for(case: Case, may_know: Callable[[str], bool]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for finding in case.findings:
        if finding.kind == "lookalike-recipient" and finding.confidence != "low":
            release = str(finding.facts.get("release"))
            if may_know(release):
                key = str(finding.facts.get("recipient")), release
                found.setdefault(key, str(finding.facts.get("why", "")))
    return found


def joined(case: Case) -> tuple[str, ...]:
    """The recipients, normalised, who were not on the message that this one answers or forwards."""
    return tuple(
        str(finding.facts.get("recipient"))
        for finding in case.findings
        if has_joined(finding)
    )


def family(rule: str) -> str:
    """What a rule is about, by its id: rules of one family say the same of a message.

    `embargo-…` and `…-off-list` are about the list; all others go by their first word.
    """
    if rule.endswith("-off-list") or rule.startswith(("embargo", "declared")):
        return "list"
    return rule.partition("-")[0]


def families(decisions: Iterable[Decision]) -> frozenset[str]:
    return frozenset(family(rule) for decision in decisions for rule in decision.reasons)


def listing(words: Sequence[str], last: str = "and") -> str:
    """a, b and c"""
    return (
        f" {last} ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)
    )


def where(places: Sequence[str]) -> str:
    """Up to three places as a remark in brackets; "" where there is none."""
    if not places:
        return ""
    kept = list(places[:3])
    more = [f"{len(places) - 3} more"] if len(places) > 3 else []
    return f" ({'; '.join(kept + more)})"


class _Places:
    """Attachments are counted as people count them, from 1 in the order of the message."""

    def __init__(self, parts: Sequence[PartFacts]) -> None:
        self._names: dict[str, str] = {"0": "the header"}
        self._pictures = {part.number for part in parts if part.role == "inline"}
        counts: dict[str, int] = {}
        for part in parts:
            counts[part.role] = number = counts.get(part.role, 0) + 1
            name = "the text" if part.role == "body" else f"{part.role} {number}"
            self._names[part.number] = name

    def of(self, findings: Sequence[Finding]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._of(finding) for finding in findings))

    def unread(self, gaps: Sequence[Gap]) -> tuple[tuple[str, GapReason], ...]:
        """Without the pictures that every signature has."""
        told = (gap for gap in gaps if gap.location.part not in self._pictures)
        return tuple(dict.fromkeys((self.name(gap.location), gap.reason) for gap in told))

    def _of(self, finding: Finding) -> str:
        name, kind = self.name(finding.location), _kind(finding)
        return f"{name}, {kind}" if kind else name

    def name(self, location: Location) -> str:
        if location.part == "0" and location.where == "subject":
            return "the subject"
        return self._names.get(location.part, "a part of the message")


def _kind(finding: Finding) -> str:
    place = finding.location.where.lower()
    if "pivot" in place:
        return "the stored data of a pivot table"
    if finding.facts.get("visibility") in ("hidden", "very-hidden"):
        return "a hidden sheet"
    if finding.facts.get("hidden"):
        return "hidden text"
    kinds = {"sheet": "a sheet", "property": "its properties", "file name": "its name"}
    return next((kind for start, kind in kinds.items() if place.startswith(start)), "")
