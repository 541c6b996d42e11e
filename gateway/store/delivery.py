"""The outbox's side of the journal: leasing what is due, and writing down what came of it.

A lease makes a recipient nobody else's until it is settled, runs out, or its owner is proved
dead. Only the lease's holder may defer or fail a recipient; that it was delivered may be
written by anyone who saw the 250, for it is true whoever holds the lease. What this program did
not authorise (`authority`) is never leased.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from gateway.model.held import Outcome, Queued
from gateway.model.session import Arrival, Envelope, Recipient, Session
from gateway.store import authority
from gateway.store.choices import finish
from gateway.store.codec import loads
from gateway.store.key import Sealer
from gateway.store.schema import journal, messages

_READY = journal.c.state.in_(("queued", "waiting"))


def _due(now: datetime) -> ColumnElement[bool]:
    free = or_(journal.c.leased_until.is_(None), journal.c.leased_until <= now)
    return and_(_READY, journal.c.next_at <= now, free)


def due(connection: Connection, now: datetime, limit: int) -> tuple[str, ...]:
    """Ids of messages with something to deliver now, the longest waiting first."""
    query = (
        select(journal.c.message).where(_due(now)).group_by(journal.c.message)
        .order_by(func.min(journal.c.next_at), journal.c.message).limit(limit)
    )  # fmt: skip
    return tuple(connection.execute(query).scalars())


def owners(connection: Connection, now: datetime) -> dict[str, set[str]]:
    """Who holds leases that have not run out, and which."""
    found: dict[str, set[str]] = {}
    leases = select(journal.c.lease).distinct().where(_READY, journal.c.leased_until > now)
    for lease in connection.execute(leases).scalars():
        found.setdefault(lease.partition("/")[0], set()).add(lease)
    return found


def free(connection: Connection, leases: Iterable[str]) -> None:
    """Make leased recipients anybody's again, due at once."""
    connection.execute(
        update(journal)
        .where(journal.c.lease.in_(leases))
        .values({"lease": None, "leased_until": None})
    )


def claim(
    connection: Connection, sealer: Sealer, owner: str, now: datetime, until: datetime, limit: int
) -> tuple[tuple[Queued, ...], dict[str, tuple[int, ...]]]:
    """Lease up to `limit` messages' due recipients; or else say, by message, which rows of those
    were tampered with: they are put off to `until`, so that they keep nobody from their turn."""
    ids = due(connection, now, limit)
    if not ids:
        return (), {}
    lease = f"{owner}/{secrets.token_hex(8)}"
    connection.execute(
        update(journal).where(journal.c.message.in_(ids), _due(now))
        .values({"lease": lease, "leased_until": until, "state": "queued"})
    )  # fmt: skip
    query = (
        authority.SEALED.add_columns(messages.c.arrived)
        .where(journal.c.lease == lease).order_by(journal.c.row)
    )  # fmt: skip
    grouped: dict[str, list[object]] = {}
    forged: dict[str, tuple[int, ...]] = {}
    for row in connection.execute(query):
        if authority.genuine(sealer, row._mapping):
            grouped.setdefault(row.message, []).append(row)
        else:
            forged[row.message] = (*forged.get(row.message, ()), row.row)
    if forged:
        free(connection, {lease})
        doubtful = [number for numbers in forged.values() for number in numbers]
        connection.execute(
            update(journal).where(journal.c.row.in_(doubtful)).values({"next_at": until})
        )
        return (), forged
    return tuple(_queued(grouped[id], lease) for id in ids if id in grouped), {}


def _queued(rows: list, lease: str) -> Queued:  # type: ignore[type-arg]
    first = rows[0]
    recipients = tuple(Recipient(r.address, loads(tuple[str, ...], r.options)) for r in rows)
    envelope = Envelope(first.sender, recipients, loads(tuple[str, ...], first.mail_options))
    return Queued(
        first.message, first.purpose, first.about, lease, Arrival(first.message, first.arrived),
        loads(Session, first.session), envelope, tuple(r.row for r in rows),
        tuple(r.queued_at for r in rows), tuple(r.attempts for r in rows),
        tuple(bool(r.warned) for r in rows),
    )  # fmt: skip


def settle(
    connection: Connection, queued: Queued, outcomes: Sequence[Outcome], now: datetime
) -> tuple[int, ...]:
    """Write outcomes down; says which rows they were written for."""
    written = []
    for outcome in outcomes:
        where = [
            journal.c.row == outcome.row, journal.c.message == queued.id,
            journal.c.state == "queued",
        ]  # fmt: skip
        values: dict[str, object] = {
            "reply": outcome.reply, "attempts": journal.c.attempts + 1, "lease": None,
            "leased_until": None,
        }  # fmt: skip
        if outcome.state == "deferred":
            values |= {"next_at": outcome.next_at, "warned": journal.c.warned | outcome.warned}
        else:
            values |= {"state": outcome.state}
        if outcome.state != "delivered":
            where.append(journal.c.lease == queued.lease)
        if connection.execute(update(journal).where(*where).values(values)).rowcount == 1:
            written.append(outcome.row)
    finish(connection, queued.id, now)
    return tuple(written)
