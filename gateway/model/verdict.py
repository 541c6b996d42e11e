"""What was decided, for every recipient, and why.

A `Verdict` is a value: it can be printed, stored, compared and replayed without the message.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Mapping

from gateway.model.acquaintance import NOTHING_KNOWN, Acquaintance, Participants
from gateway.model.finding import Finding, Mention, PartFacts
from gateway.model.message import Gap
from gateway.model.release import Standing
from gateway.model.session import Envelope, Session

Disposition = Literal["pass", "hold", "reject"]
Severity = Literal["low", "medium", "high", "critical"]
Mode = Literal["enforce", "notify", "shadow"]

RANK: dict[Disposition, int] = {"pass": 0, "hold": 1, "reject": 2}


def strictest(*dispositions: Disposition) -> Disposition:
    """The most restrictive of them; `pass` where there is none."""
    return max(dispositions, key=RANK.__getitem__, default="pass")


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """What rules may ask of the message as a whole; no content.

    `declared_release` is the id in an X-Statistical-Release header, if any. `bulk` is mail of
    lists and mass senders (Precedence, List-Id), which is never answered by a notice. `figures` counts those in the subject.
    `author` is the normalised address in From, which need not be the envelope's.
    `answers` is the Message-ID of the message that this one answers or forwards.
    """

    sha256: str
    size: int
    message_id: str = ""
    declared_release: str | None = None
    author: str = ""
    auto_submitted: bool = False
    reply: bool = False
    forward: bool = False
    bulk: bool = False
    figures: int = 0
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a decision may look at.

    `named` are the people in From, To and Cc: the name beside each normalised address, or "".
    `quoted` are those in the header of the message that this one quotes, `known` is what is
    remembered of the sender.
    """

    session: Session
    envelope: Envelope
    message: MessageFacts
    parts: tuple[PartFacts, ...] = ()
    findings: tuple[Finding, ...] = ()
    mentions: tuple[Mention, ...] = ()
    gaps: tuple[Gap, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)
    quoted: Participants | None = None
    known: Acquaintance = NOTHING_KNOWN


@dataclass(frozen=True, slots=True)
class Tie:
    """The message belongs to `release` (None: an active banner of a release nobody can name).

    `embargoed` is whether it may not yet be seen by everyone at the moment of decision. `how` is
    the surest evidence: header, banner (its notice's wording), instant (a notice ends when it is
    due), link, title, subject-words; material, figures, period (what the contents are); or unknown.
    """

    release: str | None
    embargoed: bool
    how: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One recipient's fate. `listed` is None where no release is involved.

    `reasons` are rule ids, the one that decided first. `because` are the sentences for people.
    """

    address: str
    disposition: Disposition
    release: str | None = None
    listed: bool | None = None
    standing: Standing | None = None
    reasons: tuple[str, ...] = ()
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """Somebody must hear of it now. `near-miss` was held in time, `breach` was not."""

    rule: str
    severity: Literal["near-miss", "breach"]
    release: str | None
    recipients: tuple[str, ...]
    because: str
    weight: Severity = "high"


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """What one rule made of the message. `why` names the selections that held, or that failed."""

    id: str
    matched: bool
    mode: Mode
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole decision. `stamps` are header fields to add; `notify` are rules whose `because`
    goes to the sender though the message passes. `rulebook` and `register` are digests."""

    disposition: Disposition
    decisions: tuple[Decision, ...]
    ties: tuple[Tie, ...] = ()
    alerts: tuple[Alert, ...] = ()
    notify: tuple[tuple[str, str], ...] = ()
    stamps: tuple[tuple[str, str], ...] = ()
    rules: tuple[RuleTrace, ...] = ()
    rulebook: str = ""
    register: str = ""

    def addresses(self, disposition: Disposition) -> tuple[str, ...]:
        return tuple(d.address for d in self.decisions if d.disposition == disposition)
