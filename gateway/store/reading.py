"""Reading messages back: rows to model types, sealed pieces to bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from gateway.model.finding import Finding
from gateway.model.held import Hold, HoldSummary, Journalled, Original
from gateway.model.message import Gap
from gateway.model.session import Arrival, Envelope, Recipient, Session
from gateway.model.verdict import Alert, Verdict
from gateway.store import authority
from gateway.store.codec import loads
from gateway.store.failure import StoreError, Tampered, UnknownHold
from gateway.store.key import Sealer
from gateway.store.schema import journal, messages, pieces


@dataclass(frozen=True, slots=True)
class _Judgement:
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()


def original(connection: Connection, sealer: Sealer, id: str) -> Original:
    """The exact bytes. Raises StoreError where a piece is missing, changed or purged."""
    row = connection.execute(
        select(messages.c.purged, messages.c.digest, messages.c.key_id).where(messages.c.id == id)
    ).one_or_none()
    if row is None:
        raise UnknownHold(f"there is no stored message {id}")
    if row.purged:
        raise StoreError(f"the content of {id} was purged after it was finished")
    sealed = {
        piece.place: piece.sealed
        for piece in connection.execute(select(pieces).where(pieces.c.message == id))
    }
    cipher = sealer.cipher(id)
    count = sum(place.startswith("content ") for place in sealed)
    content = bytearray()
    for index in range(count):
        place = f"content {index + 1} of {count}"
        if place not in sealed:
            raise StoreError("a stored message is damaged: a piece of it is missing")
        content += cipher.open(place, sealed[place])
    if "trace" not in sealed or sealer.digest("content", bytes(content)) != row.digest:
        raise StoreError("a stored message is damaged: it is not what was received")
    return Original(cipher.open("trace", sealed["trace"]), bytes(content))


def hold(connection: Connection, sealer: Sealer, id: str) -> Hold:
    """A held message with everything but its content. Raises UnknownHold, Tampered."""
    held = select(journal.c.row).where(journal.c.message == id, journal.c.origin == "hold")
    if connection.execute(held.limit(1)).first() is None:
        raise UnknownHold(f"there is no held message {id}")
    return stored(connection, sealer, id)


def stored(connection: Connection, sealer: Sealer, id: str) -> Hold:
    """Any message with everything but its content, held or not. Raises UnknownHold, Tampered."""
    row = connection.execute(select(messages).where(messages.c.id == id)).one_or_none()
    recipients = journalled(connection, [id]).get(id, ())
    if row is None:
        raise UnknownHold(f"there is no stored message {id}")
    authority.check(connection, sealer, id)
    sealed = connection.execute(
        select(pieces.c.sealed).where(pieces.c.message == id, pieces.c.place == "judgement")
    ).scalar_one()
    judged = loads(_Judgement, sealer.cipher(id).open("judgement", sealed))
    envelope = Envelope(
        row.sender, tuple(r.recipient for r in recipients), loads(tuple[str, ...], row.options)
    )
    return Hold(
        row.id, row.arrived, row.sender, row.size, row.expires, recipients,
        Arrival(row.id, row.arrived), loads(Session, row.session), envelope, judged.verdict,
        (*judged.findings, *judged.gaps),
    )  # fmt: skip


def alerted(
    connection: Connection, sealer: Sealer, id: str
) -> tuple[tuple[Alert, ...], tuple[tuple[str, ...], ...]]:
    """A message's alerts as they were decided, and whom each mail about them went to, in order.
    Raises Tampered."""
    sealed = connection.execute(
        select(pieces.c.sealed).where(pieces.c.message == id, pieces.c.place == "judgement")
    ).scalar_one_or_none()
    if sealed is None:
        return (), ()
    judged = loads(_Judgement, sealer.cipher(id).open("judgement", sealed))
    query = authority.SEALED.where(messages.c.about == id, messages.c.purpose == "alert")
    told: dict[str, tuple[str, ...]] = {}
    for row in connection.execute(query.order_by(journal.c.row)):
        if not authority.genuine(sealer, row._mapping):
            raise Tampered({row.message: (row.row,)})
        told[row.message] = (*told.get(row.message, ()), row.address)
    return judged.verdict.alerts, tuple(told.values())


def summaries(connection: Connection, everything: bool) -> tuple[HoldSummary, ...]:
    """Held messages, oldest first; with `everything`, decided ones too."""
    wanted = journal.c.origin == "hold"
    if not everything:
        wanted &= journal.c.state == "held"
    ids = select(journal.c.message).where(wanted)
    rows = connection.execute(
        select(messages).where(messages.c.id.in_(ids)).order_by(messages.c.arrived, messages.c.id)
    ).all()
    recipients = journalled(connection, [row.id for row in rows])
    return tuple(
        HoldSummary(row.id, row.arrived, row.sender, row.size, row.expires, recipients[row.id])
        for row in rows
    )


def expired(connection: Connection, now: datetime) -> tuple[str, ...]:
    """Ids of messages that still have held recipients though their time is up."""
    query = (
        select(messages.c.id).distinct().join(journal, journal.c.message == messages.c.id)
        .where(journal.c.state == "held", messages.c.expires <= now).order_by(messages.c.id)
    )  # fmt: skip
    return tuple(connection.execute(query).scalars())


_AT_ONCE = 500


def journalled(connection: Connection, ids: list[str]) -> dict[str, tuple[Journalled, ...]]:
    """Every recipient of these messages, in envelope order."""
    found: dict[str, list[Journalled]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        query = (
            select(journal).where(journal.c.message.in_(ids[start : start + _AT_ONCE]))
            .order_by(journal.c.row)
        )  # fmt: skip
        for row in connection.execute(query):
            found.setdefault(row.message, []).append(_journalled(row))
    return {id: tuple(rows) for id, rows in found.items()}


def _journalled(row: Row[Any]) -> Journalled:
    return Journalled(
        row.row, Recipient(row.address, loads(tuple[str, ...], row.options)), row.origin, row.state,
        row.release, loads(tuple[str, ...], row.reasons), row.decided_by, row.decided_at,
        row.remark, row.reply,
    )  # fmt: skip
