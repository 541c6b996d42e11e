"""What the store keeps: mails of our own, journalled recipients, holds, deliveries, audit entries.

A message is one row with one journal row for each envelope recipient. Recipients move
`held` → `queued` | `refused` | `expired`, and `queued` → `delivered` | `failed`, or back to `held`
where a release's date has moved; no other way, and each step once. `waiting` is the state of an alert whose delivery outcome is still open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Mapping, Union

from gateway.model.finding import Finding, Json
from gateway.model.message import Gap
from gateway.model.session import Arrival, Envelope, Recipient, Session
from gateway.model.verdict import Disposition, Verdict

Purpose = Literal["message", "notice", "alert", "dsn", "warning"]
RecipientState = Literal["held", "queued", "waiting", "delivered", "failed", "refused", "expired"]
HoldState = Literal["held", "partly decided", "released", "refused", "expired", "mixed"]
Evidence = Union[Finding, Gap]


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that the gateway itself writes; `content` is complete, with CRLF lines.

    `per_hour` bounds mails of this purpose to this recipient (0: unbounded). The store applies it
    in the commit that would have queued the mail, so that a crowd of workers cannot exceed it.
    """

    purpose: Purpose
    envelope: Envelope
    content: bytes
    per_hour: int = 0


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes as received, and the finished trace and stamp fields to put before them."""

    trace: bytes
    content: bytes

    @property
    def relayed(self) -> bytes:
        return self.trace + self.content


@dataclass(frozen=True, slots=True)
class Journalled:
    """One envelope recipient and what became of it. `row` names the journal row.

    `origin` is the verdict's disposition. `decided_by` is "policy" or a person. `reply` is the
    next hop's last answer.
    """

    row: int
    recipient: Recipient
    origin: Disposition
    state: RecipientState
    release: str | None = None
    reasons: tuple[str, ...] = ()
    decided_by: str | None = None
    decided_at: datetime | None = None
    remark: str = ""
    reply: str = ""


@dataclass(frozen=True, slots=True)
class HoldSummary:
    """A held message as lists show it: never content, never the subject."""

    id: str
    arrived: datetime
    sender: str
    size: int
    expires: datetime
    recipients: tuple[Journalled, ...]

    @property
    def held(self) -> tuple[Journalled, ...]:
        """The recipients that nobody has decided about yet."""
        return tuple(r for r in self.recipients if r.state == "held")

    @property
    def state(self) -> HoldState:
        """What became of the recipients that were held, taken together."""
        fates = {_FATE[r.state] for r in self.recipients if r.origin == "hold"}
        if len(fates) == 1:
            return fates.pop()
        return "partly decided" if "held" in fates else "mixed"


_FATE: dict[RecipientState, HoldState] = {
    "held": "held",
    "queued": "released",
    "waiting": "released",
    "delivered": "released",
    "failed": "released",
    "refused": "refused",
    "expired": "expired",
}


@dataclass(frozen=True, slots=True)
class Hold(HoldSummary):
    """The same with everything needed to decide: still no content."""

    arrival: Arrival
    session: Session
    envelope: Envelope
    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Queued:
    """One message with the recipients that are due now. `lease` proves that they are ours."""

    id: str
    purpose: Purpose
    about: str | None
    lease: str
    arrival: Arrival
    session: Session
    envelope: Envelope
    rows: tuple[int, ...]
    queued_at: tuple[datetime, ...]
    attempts: tuple[int, ...]
    warned: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one delivery attempt came to for one journal row; `next_at` only where deferred."""

    row: int
    state: Literal["delivered", "deferred", "failed"]
    reply: str
    next_at: datetime | None = None
    warned: bool = False


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One link of the chain: `digest` covers every other field, `previous` among them."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    facts: Mapping[str, Json]
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Chain:
    """What checking the audit chain found. `fault` is "" where it is whole; `head` can be written
    down elsewhere and compared later, which alone shows that a tail was cut off."""

    entries: int
    head: str
    fault: str = ""
