"""Takes a message from `receive` to its end: mirrored to the next hop, decided, relayed or stored.

- A cleared message is relayed while the client waits; the reply is the next hop's own (law 4).
- Where anybody is held, everything is stored in one commit and the outbox delivers the rest.
- An alert about a message that passes is stored before the message is relayed, so that a crash
  between the two cannot silence it.
- Whatever fails here is answered 451 with nothing kept; no failure becomes a delivery (law 5).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any

from gateway.act import trace
from gateway.act.alert import Delivery
from gateway.act.bounce import Bouncer
from gateway.act.channel import ConnectionLost
from gateway.act.client import Connection
from gateway.act.composition import safe_message_id
from gateway.act.dsn import wanted
from gateway.act.fate import Fate
from gateway.act.letters import Letters
from gateway.act.log import failure
from gateway.act.metrics import Metrics
from gateway.act.pool import Pool
from gateway.model.reply import INTERNAL_ERROR, Reply
from gateway.model.session import Arrival, Envelope, Recipient, Session
from gateway.pipeline import Inspection, Inspector
from gateway.store import GATEWAY, RELAYED, Store, StoreError

MAX_HOPS = 50
TOO_MANY_HOPS = Reply(554, "5.4.6", "Routing loop detected: too many Received fields")
NOT_STORED = Reply(451, "4.3.1", "The gateway cannot store the message now, please try again later")
UNREACHED = ("4.4.1", "4.4.2", "4.3.2")
BEGIN = Reply(250, "2.1.0", "Ok")
RECIPIENT = Reply(250, "2.1.5", "Ok")


@dataclass(frozen=True, slots=True)
class Means:
    """What the relay works with; `inspector` gives the current one, `pool` is None without a
    fixed next hop (then everything is stored and the outbox finds each domain's own)."""

    inspector: Callable[[], Inspector]
    pool: Pool | None
    store: Store
    letters: Letters
    bounce: Bouncer
    clock: Callable[[], datetime]
    identity: Callable[[datetime], str]
    hostname: str
    metrics: Metrics
    log: Any


class Relay:
    """Begins transactions for `receive`."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def begin(self, session: Session, envelope: Envelope) -> tuple[Reply, _Transaction]:
        """MAIL travels to the next hop together with the first RCPT, which saves a round trip;
        what the next hop thinks of the sender is answered there, as many servers do anyway."""
        now = self._means.clock()
        return BEGIN, _Transaction(
            self._means, session, envelope, Arrival(self._means.identity(now), now)
        )


class _Transaction:
    """One message on its way. `_connection` is there from the first recipient that got through
    to the next hop's MAIL until it is given back; never where there is no fixed next hop."""

    def __init__(
        self, means: Means, session: Session, envelope: Envelope, arrival: Arrival
    ) -> None:
        self._means = means
        self._session = session
        self._envelope = envelope
        self._arrival = arrival
        self._connection: Connection | None = None
        self._refusal: Reply | None = None
        self._recipients: list[Recipient] = []

    async def recipient(self, recipient: Recipient) -> Reply:
        reply = await self._mirrored(recipient)
        if reply.positive:
            self._recipients.append(recipient)
            self._means.metrics.reached()
        else:
            self._refused(reply)
        return reply

    def _refused(self, reply: Reply) -> None:
        """Nothing of this will be in the summary of a message: there may never be one."""
        reached = reply.enhanced not in UNREACHED
        self._means.metrics.refused(reply.code, reached)
        event = "recipient refused by the next hop" if reached else "next hop not reached"
        self._means.log.warning(
            event, id=self._arrival.id, client=self._session.client_address,
            reply=reply.code, status=reply.enhanced,
        )  # fmt: skip

    async def _mirrored(self, recipient: Recipient) -> Reply:
        """The next hop's own answer for this recipient."""
        if self._means.pool is None:
            return RECIPIENT
        if self._refusal is not None:
            return self._refusal
        if self._connection is not None:
            try:
                return await self._connection.rcpt(recipient)
            except ConnectionLost as lost:
                return lost.reply
        reply, self._connection = await self._means.pool.lease_for_mail(
            self._session, self._envelope.with_recipients((recipient,))
        )
        if self._connection is None:
            # In answer to RCPT, 552 would mean "too many recipients" (RFC 5321, 4.5.3.1.10).
            code = 554 if reply.code == 552 else reply.code
            reply = self._refusal = Reply(code, reply.enhanced, reply.text)
        return reply

    async def abort(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None and self._means.pool is not None:
            self._means.pool.give_back(connection)

    async def commit(self, content: bytes) -> Reply:
        started = perf_counter()
        self._envelope = self._envelope.with_recipients(tuple(self._recipients))
        inspection: Inspection | None = None
        try:
            if trace.hops(content) > MAX_HOPS:
                reply = TOO_MANY_HOPS
            else:
                inspection = await self._means.inspector().inspect(
                    self._session, self._envelope, content, self._means.clock()
                )
                reply = await self._carry_out(inspection, content)
        except StoreError as error:
            self._means.metrics.failed("store")
            self._means.log.error("not stored", id=self._arrival.id, reason=str(error))
            reply = NOT_STORED
        except Exception as error:  # noqa: BLE001 - law 5: any failure is a 451, never a delivery
            self._means.metrics.failed("inspect")
            self._means.log.error("internal failure", id=self._arrival.id, **failure(error))
            reply = INTERNAL_ERROR
        finally:
            await self.abort()
        try:
            if inspection is not None and reply.positive:
                self._means.inspector().remember(inspection, self._arrival.at)
            self._record(inspection, reply, len(content), (perf_counter() - started) * 1000)
        except Exception:  # noqa: BLE001 - the message has its fate; a figure must not change it
            self._means.metrics.failed("record")
        return reply

    async def _carry_out(self, inspection: Inspection, content: bytes) -> Reply:
        verdict = inspection.verdict
        dispositions = {decision.disposition for decision in verdict.decisions}
        if dispositions == {"reject"}:
            return await self._reject(inspection)
        if dispositions == {"pass"} and self._connection is not None:
            return await self._relay(self._connection, inspection, content)
        return await self._store(inspection, content)

    def _trace(self, inspection: Inspection) -> bytes:
        received = trace.received(
            self._session, self._envelope, self._arrival, self._means.hostname
        )
        return trace.stamp(received, inspection.verdict.stamps)

    async def _relay(self, connection: Connection, inspection: Inspection, content: bytes) -> Reply:
        verdict, store, letters = inspection.verdict, self._means.store, self._means.letters
        if verdict.alerts:
            unknown = letters.alerts(self._arrival, self._envelope, inspection, "unknown")
            await asyncio.to_thread(
                store.record_alert, self._arrival.id, unknown, self._means.clock()
            )
        delivery: Delivery
        try:
            delivery = reply = await connection.data((self._trace(inspection), content))
        except ConnectionLost as lost:
            reply = lost.reply
            delivery = "unknown" if lost.after_dot else reply
        unconfirmed = self._unconfirmed(connection, reply)
        if verdict.alerts or verdict.notify or unconfirmed or _given(inspection):
            await self._afterwards(inspection, reply, delivery, unconfirmed, content)
        return reply

    def _unconfirmed(self, connection: Connection, reply: Reply) -> list[Fate]:
        """Who asked for a confirmation that this next hop will not send (RFC 3461, 5.2.2)."""
        if not reply.positive or connection.offers("DSN"):
            return []
        return [
            Fate(recipient, reply, connection.host)
            for recipient in self._recipients
            if wanted("relayed", recipient)
        ]

    async def _afterwards(
        self, inspection: Inspection, reply: Reply, delivery: Delivery, unconfirmed: list[Fate],
        content: bytes,
    ) -> None:  # fmt: skip
        """What is written once the next hop has answered. Its failure is ours to report: the
        client has its answer, and another one would make it send the message again."""
        try:
            await asyncio.to_thread(self._write_afterwards, inspection, reply, delivery)
            if unconfirmed:
                await asyncio.to_thread(self._write_relayed, unconfirmed, content)
        except StoreError as error:
            self._means.metrics.failed("store")
            self._means.log.error("not recorded", id=self._arrival.id, reason=str(error))
        except Exception as error:  # noqa: BLE001 - see above: whatever it is, the answer stands
            self._means.metrics.failed("afterwards")
            self._means.log.error("not recorded", id=self._arrival.id, **failure(error))

    def _write_afterwards(self, inspection: Inspection, reply: Reply, delivery: Delivery) -> None:
        letters, store, id = self._means.letters, self._means.store, self._arrival.id
        for release, addresses in _given(inspection).items():
            facts = {"message": id, "recipients": addresses, "reply": reply.code}
            store.note(GATEWAY, RELAYED, release, facts, self._means.clock())
        if inspection.verdict.alerts:
            known = letters.alerts(self._arrival, self._envelope, inspection, delivery)
            store.settle_alert(id, str(reply), known, self._means.clock())
        if inspection.verdict.notify and reply.positive:
            notes = letters.noted(self._arrival, self._envelope, inspection)
            if notes:
                store.add_mails(notes, self._means.clock(), about=id)

    def _write_relayed(self, fates: list[Fate], content: bytes) -> None:
        now = self._means.clock()
        mail = self._means.bounce("relayed", self._arrival, self._envelope, fates, content, now)
        if mail is not None:
            self._means.store.add_mails([mail], now, about=self._arrival.id)

    async def _store(self, inspection: Inspection, content: bytes) -> Reply:
        means, verdict = self._means, inspection.verdict
        mails = means.letters.stored(self._arrival, self._envelope, inspection)
        await asyncio.to_thread(
            means.store.accept, self._arrival, self._session, self._envelope, content, verdict,
            mails, means.clock(), trace=self._trace(inspection),
            evidence=(*inspection.case.findings, *inspection.case.gaps),
            expires=means.letters.expires(self._arrival),
        )  # fmt: skip
        if verdict.disposition == "pass":
            return Reply(250, "2.0.0", f"Ok: queued as {self._arrival.id}")
        held = len(verdict.addresses("hold"))
        return Reply(
            250, "2.0.0", f"Ok: {self._arrival.id} kept, {held} recipient(s) held for a decision"
        )

    async def _reject(self, inspection: Inspection) -> Reply:
        mails = self._means.letters.alerts(self._arrival, self._envelope, inspection, "unknown")
        if mails:
            await asyncio.to_thread(
                self._means.store.add_mails, mails, self._means.clock(), about=self._arrival.id
            )
        return Reply(550, "5.7.1", self._means.letters.refusal(self._arrival, inspection))

    def _record(
        self, inspection: Inspection | None, reply: Reply, size: int, elapsed: float
    ) -> None:
        self._means.metrics.replied(reply.code)
        fields: dict[str, Any] = {
            "id": self._arrival.id,
            "message_id": safe_message_id(inspection.case.message.message_id) if inspection else "",
            "client": self._session.client_address,
            "from": self._envelope.sender,
            "recipients": len(self._recipients),
            "size": size,
            "reply": reply.code,
            "ms": round(elapsed, 3),
        }
        if inspection is not None:
            self._means.metrics.decided(inspection)
            fields |= _summary(inspection)
        self._means.log.info("message", **fields)


def _summary(inspection: Inspection) -> dict[str, Any]:
    case, verdict, ms = inspection.case, inspection.verdict, inspection.ms
    fields: dict[str, Any] = {
        "verdict": verdict.disposition,
        "parse_ms": round(ms.parse, 3),
        "extract_ms": round(ms.extract, 3),
        "detect_ms": round(ms.detect, 3),
        "decide_ms": round(ms.decide, 3),
    }
    if case.findings:
        fields["findings"] = Counter(finding.kind for finding in case.findings)
    if case.gaps:
        fields["gaps"] = Counter(gap.reason for gap in case.gaps)
    if verdict.disposition != "pass":
        fields["held"] = len(verdict.addresses("hold"))
        fields["rejected"] = len(verdict.addresses("reject"))
    if matched := [rule.id for rule in verdict.rules if rule.matched]:
        fields["rules"] = matched
    if verdict.alerts:
        fields["alerts"] = [alert.severity for alert in verdict.alerts]
    return fields


def _given(inspection: Inspection) -> dict[str, list[str]]:
    """Who gets the material of which release while it is under embargo: the record that the law
    on pre-release access asks for (`store.receipts`)."""
    given: dict[str, list[str]] = {}
    for decision in inspection.verdict.decisions:
        if decision.release is not None and decision.listed is not None:
            given.setdefault(decision.release, []).append(decision.address)
    return given
