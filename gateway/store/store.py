"""The store: what was accepted, who may still get it, what was sent, and who decided.

Every method that writes is one commit: after it returned, the change is on disk, and after it
raised `StoreError` nothing has changed. The interface is synchronous (`asyncio.to_thread` it);
one `Store` may be used by many threads, one file by many processes.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Iterator, Mapping, Sequence

from sqlalchemy import delete, func, select, update

from gateway.model.approval import Approved
from gateway.model.held import (
    AuditEntry,
    Chain,
    Evidence,
    Hold,
    HoldSummary,
    Journalled,
    Mail,
    Original,
    Outcome,
    Queued,
)  # fmt: skip
from gateway.model.receipt import Receipt
from gateway.model.session import Arrival, Envelope, Session
from gateway.model.verdict import Alert, Verdict
from gateway.store import approvals, audit, choices, delivery, embargoes, intake, reading, receipts
from gateway.store.database import Database
from gateway.store.embargoes import Embargoes
from gateway.store.failure import StoreError, Tampered, safe_errors
from gateway.store.key import Sealer
from gateway.store.opening import call_witness, fitting_sealer
from gateway.store.presence import Presence
from gateway.store.schema import journal, messages, pieces
from gateway.store.witness import Statement, Witness

GATEWAY = "gateway"
"""The actor of what no person did."""

_HOLD_FOR = timedelta(days=14)
_ALERT_WAITS = timedelta(minutes=2)


class Store:
    """Use `Store.open`."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer
        self._presence = Presence(database.path)
        self._witness = Witness(database.path, sealer)
        self.embargoes = Embargoes(database, sealer, self._witness)

    @classmethod
    def open(cls, path: Path, key_file: Path, busy_timeout: float = 5.0) -> Store:
        """Open the store, making file, schema and key on the first start. Raises StoreError."""
        database = Database(path, busy_timeout)
        try:
            database.prepare()
            sealer = fitting_sealer(database, key_file)
            call_witness(database, sealer, Witness(database.path, sealer))
            return cls(database, sealer)
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        self._database.close()
        self._presence.close()

    # -- taking mail in -------------------------------------------------------------------------

    def accept(
        self, arrival: Arrival, session: Session, envelope: Envelope, content: bytes,
        verdict: Verdict, mails: Sequence[Mail], now: datetime, *, trace: bytes = b"",
        evidence: Sequence[Evidence] = (), expires: datetime | None = None,
    ) -> None:  # fmt: skip
        """Store a message with everybody's fate and our mails about it.

        `trace` are the finished header lines (Received, stamps) to put before `content` when it
        is relayed. A held recipient is held until `expires` (default: 14 days).
        """
        if not envelope.recipients:
            raise StoreError("a message without recipients cannot be stored")
        fates = intake.fates(envelope, verdict)
        done = all(decision.disposition == "reject" for _, decision in fates)
        with self._database.write() as connection:
            message = intake.write_message(
                connection, self._sealer, arrival, session, envelope, content, trace=trace,
                judgement=intake.judgement(verdict, evidence),
                expires=expires or arrival.at + _HOLD_FOR, finished=now if done else None,
            )  # fmt: skip
            counts = intake.write_journal(connection, self._sealer, message, fates, now)
            facts: dict[str, Any] = {
                "recipients": counts, "size": len(content),
                "rules": sorted({rule for _, d in fates for rule in d.reasons}),
                "releases": sorted({d.release for _, d in fates if d.release}),
                "rulebook": verdict.rulebook, "register": verdict.register,
            }  # fmt: skip
            facts |= self._write_mails(connection, mails, arrival.id, now)
            self._audit(connection, now, GATEWAY, "accepted", arrival.id, facts)

    def add_mails(self, mails: Sequence[Mail], now: datetime, about: str | None = None) -> None:
        """Queue mails of our own, about a message or about nothing in particular."""
        with self._database.write() as connection:
            facts = self._write_mails(connection, mails, about, now)
            self._audit(connection, now, GATEWAY, "mailed", about or "", facts)

    def record_alert(
        self, about: str, mails: Sequence[Mail], now: datetime, wait: timedelta = _ALERT_WAITS
    ) -> str:
        """Store alerts before the delivery they are about; `mails` say that its outcome is unknown.

        Unless `settle_alert` replaces them within `wait`, they are sent as they are: a crash
        between the two cannot silence a breach. Gives the id for `settle_alert`.
        """
        with self._database.write() as connection:
            facts = self._write_mails(connection, mails, about, now, waits_until=now + wait)
            self._audit(connection, now, GATEWAY, "alert recorded", about, facts)
        return about

    def settle_alert(
        self, id: str, delivery: str, mails: Sequence[Mail], now: datetime
    ) -> None:  # fmt: skip
        """The outcome is known: send `mails` instead of those that wait (none given: send those).

        `delivery` is the next hop's reply, for the audit. Waiting mails that were already sent
        are followed by these.
        """
        with self._database.write() as connection:
            waiting = _waiting(id)
            if mails:
                doomed = list(connection.execute(waiting).scalars())
                for table, column in ((pieces, "message"), (journal, "message"), (messages, "id")):
                    connection.execute(delete(table).where(table.c[column].in_(doomed)))
            else:
                connection.execute(
                    update(journal).where(journal.c.message.in_(waiting))
                    .values({"state": "queued", "next_at": now})
                )  # fmt: skip
            facts = self._write_mails(connection, mails, id, now)
            self._audit(
                connection, now, GATEWAY, "alert settled", id, {"delivery": delivery, **facts}
            )

    # -- holds ----------------------------------------------------------------------------------

    def holds(self, everything: bool = False) -> tuple[HoldSummary, ...]:
        """What waits for somebody's decision, oldest first; with `everything`, what was decided."""
        with self._database.read() as connection:
            return reading.summaries(connection, everything)

    def hold(self, id: str, now: datetime | None = None) -> Hold:
        """One held message without its content. Raises UnknownHold; Tampered, which is audited
        where somebody says what time it is."""
        with self._witnessed(now), self._database.read() as connection:
            return reading.hold(connection, self._sealer, id)

    def original(self, id: str) -> Original:
        """The bytes of a stored message, exactly."""
        with self._database.read() as connection:
            return reading.original(connection, self._sealer, id)

    def alerted(self, id: str) -> tuple[tuple[Alert, ...], tuple[tuple[str, ...], ...]]:
        """A stored message's alerts, and whom each alert mail about it went to, in order.
        Raises Tampered."""
        with self._database.read() as connection:
            return reading.alerted(connection, self._sealer, id)

    def expired(self, now: datetime) -> tuple[str, ...]:
        """Ids of holds whose time is up."""
        with self._database.read() as connection:
            return reading.expired(connection, now)

    def choose(
        self, id: str, recipients: Sequence[Journalled], choice: choices.Choice, by: str,
        now: datetime, *, remark: str = "", facts: dict[str, Any] | None = None,
        mails: Sequence[Mail] = (),
    ) -> None:  # fmt: skip
        """Move held recipients once and for all, audited. Raises AlreadyDecided, Tampered."""
        with self._witnessed(now), self._database.write() as connection:
            choices.choose(connection, self._sealer, id, recipients, choice, by, remark, now)
            told = self._write_mails(connection, mails, id, now)
            noted = {**choices.facts(recipients, facts or {}), "remark": remark, **told}
            self._audit(connection, now, by, choice, id, noted)

    # -- outbox ---------------------------------------------------------------------------------

    def due(self, now: datetime, limit: int = 100) -> tuple[str, ...]:
        """Ids of messages with something to deliver now."""
        with self._database.read() as connection:
            return delivery.due(connection, now, limit)

    def claim(self, now: datetime, lease: timedelta, limit: int = 10) -> tuple[Queued, ...]:
        """Lease due deliveries to the caller; nobody else gets them until the lease has run out or
        this process has died. Raises Tampered, and then the next call gives what is sound."""
        with safe_errors():
            first = self._presence.show()
            suspects = self._presence.found() if first else set()
        with self._database.read() as connection:
            owners = delivery.owners(connection, now)
            gone = {name for name in suspects | owners.keys() if self._presence.dead(name)}
            if not gone and not delivery.due(connection, now, 1):
                return ()  # the usual case: nobody waits for the write lock because of us
        with self._database.write() as connection:
            owners = delivery.owners(connection, now)
            delivery.free(connection, {lease for name in gone for lease in owners.get(name, ())})
            queued, forged = delivery.claim(
                connection, self._sealer, self._presence.name, now, now + lease, limit
            )
            self._note_tampering(connection, forged, now)
        with safe_errors():
            for name in gone:
                self._presence.forget(name)
        if forged:
            raise Tampered(forged)
        return queued

    def settle(
        self, queued: Queued, outcomes: Sequence[Outcome], mails: Sequence[Mail], now: datetime,
        *, relayed: Sequence[Mail] = (),
    ) -> None:  # fmt: skip
        """Write down what came of an attempt; `mails` tell the sender of failures and delays, and
        `relayed` of deliveries, in the same commit.

        Where the lease was lost to somebody else, only deliveries count and are told of.
        """
        with self._database.write() as connection:
            written = delivery.settle(connection, queued, outcomes, now)
            told = [o for o in outcomes if o.row in written and (o.state == "failed" or o.warned)]
            passed = any(o.state == "delivered" and o.row in written for o in outcomes)
            facts = {
                "failed": self._write_mails(connection, mails if told else (), queued.id, now),
                "delivered": self._write_mails(
                    connection, relayed if passed else (), queued.id, now
                ),
            }
            for state in ("delivered", "failed"):
                ended = [o for o in outcomes if o.state == state and o.row in written]
                if ended:
                    noted = _ended(queued, ended) | facts[state]
                    self._audit(connection, now, GATEWAY, state, queued.id, noted)

    # -- lists ----------------------------------------------------------------------------------

    def approved(self) -> dict[str, Approved]:
        """The newest approved version of every list, and whether it is genuine."""
        with self._database.read() as connection:
            said = self._witness.read() or Statement()
            return approvals.newest(connection, self._sealer, said.approved)

    def rulings(self) -> int:
        """How many things people have said about lists, so that whoever has read them knows when
        to read them again."""
        with self._database.read() as connection:
            return approvals.count(connection) + embargoes.count(connection)

    def approve(self, versions: Sequence[tuple[Approved, dict[str, Any]]]) -> None:
        """Keep versions of lists as approved, each audited with its facts; all or none. Raises
        StoreError where one does not follow the newest of its list."""
        with self._database.write() as connection:
            for one, facts in versions:
                approvals.approve(connection, self._sealer, one)
                noted = {"version": one.version, "removed": one.text is None, **facts}
                self._audit(connection, one.at, one.by, "list approved", one.subject, noted)
            said = self._witness.read() or Statement()
            number, digest = audit.newest(connection)
            approved = {**said.approved, **{one.subject: one.version for one, _ in versions}}
            self._witness.write(replace(said, number=number, digest=digest, approved=approved))

    def receipts(self) -> tuple[Receipt, ...]:
        """What became of mail that belonged to a release, the oldest first."""
        with self._database.read() as connection:
            return receipts.receipts(connection)

    # -- keeping house --------------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """How many recipients are in which state; for metrics."""
        query = select(journal.c.state, func.count().label("many")).group_by(journal.c.state)
        with self._database.read() as connection:
            return {row.state: row.many for row in connection.execute(query)}

    def purge(self, before: datetime) -> int:
        """Drop the bytes of messages that were finished before an instant; their rows remain."""
        with self._database.write() as connection:
            query = select(messages.c.id).where(
                messages.c.purged.is_(False), messages.c.finished < before
            ).limit(500)  # fmt: skip
            ids = list(connection.execute(query).scalars())
            for start in range(0, len(ids), 500):
                some = ids[start : start + 500]
                connection.execute(
                    delete(pieces).where(pieces.c.message.in_(some), pieces.c.place != "judgement")
                )
                connection.execute(
                    update(messages).where(messages.c.id.in_(some)).values({"purged": True})
                )
            return len(ids)

    def audit_entries(self, subject: str | None = None) -> tuple[AuditEntry, ...]:
        """The audit in order, whole or about one subject."""
        with self._database.read() as connection:
            return audit.entries(connection, subject)

    def verify(self) -> Chain:
        """Check every link of the audit chain."""
        with self._database.read() as connection:
            return audit.verify(connection, self._sealer, self._witness.read())

    def note(
        self, actor: str, action: str, subject: str, facts: dict[str, Any], now: datetime
    ) -> None:
        """An audit entry for a deed that changes nothing else, such as opening an original."""
        with self._database.write() as connection:
            self._audit(connection, now, actor, action, subject, facts)

    # -- within a commit ------------------------------------------------------------------------

    def _audit(
        self, connection: Any, at: datetime, actor: str, action: str, subject: str,
        facts: dict[str, Any],
    ) -> None:  # fmt: skip
        audit.append(connection, self._sealer, at, actor, action, subject, facts)

    @contextmanager
    def _witnessed(self, now: datetime | None) -> Iterator[None]:
        """Tampering that is found inside comes into the audit, in a commit of its own."""
        try:
            yield
        except Tampered as found:
            if now is not None:
                with self._database.write() as connection:
                    self._note_tampering(connection, found.rows, now)
            raise

    def _note_tampering(
        self, connection: Any, forged: Mapping[str, tuple[int, ...]], now: datetime
    ) -> None:
        """Once for the same rows, however often somebody comes upon them."""
        for id, numbers in forged.items():
            facts = {"rows": list(numbers)}
            if not audit.has(connection, "tampered", id, facts):
                self._audit(connection, now, GATEWAY, "tampered", id, facts)

    def _write_mails(
        self, connection: Any, mails: Sequence[Mail], about: str | None, now: datetime,
        waits_until: datetime | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        facts: dict[str, list[str]] = {}
        for mail in mails:
            written = intake.write_mail(
                connection, self._sealer, mail, about, now, waits_until=waits_until
            )
            facts.setdefault("mails" if written else "suppressed", []).append(mail.purpose)
        return dict(facts)


def _waiting(about: str) -> Any:
    """Ids of mails about a message that nobody has begun to send."""
    return (
        select(messages.c.id).distinct().join(journal, journal.c.message == messages.c.id)
        .where(messages.c.about == about, journal.c.state == "waiting")
    )  # fmt: skip


def _ended(queued: Queued, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    addresses = dict(zip(queued.rows, queued.envelope.recipients, strict=True))
    return {
        "purpose": queued.purpose,
        "recipients": [addresses[outcome.row].address for outcome in outcomes],
        "replies": sorted({outcome.reply for outcome in outcomes}),
    }
