"""The audit chain: an append-only row for every deed, each bound to the one before.

The digest is keyed, so somebody who can write to the database but has no key cannot mend the
chain after changing, removing or inserting a row; the head row shows that the newest rows are
still there, except against somebody who restores an old copy of the whole file: write down
`Chain.head` elsewhere for that.
"""

from __future__ import annotations

import hmac
import json
from datetime import datetime
from typing import Any, Mapping

from sqlalchemy import Connection, func, insert, select, update

from gateway.model.held import AuditEntry, Chain
from gateway.store.codec import dumps
from gateway.store.key import Sealer
from gateway.store.schema import audit, audit_head, microseconds


def append(
    connection: Connection, sealer: Sealer, at: datetime, actor: str, action: str, subject: str,
    facts: Mapping[str, Any],
) -> None:  # fmt: skip
    """Add one entry within the caller's transaction, so that deed and entry are one commit."""
    # Where several may write at once, the lock on the head row keeps the chain a chain.
    head = connection.execute(
        select(audit_head.c.number, audit_head.c.digest).where(audit_head.c.id == 1)
        .with_for_update()
    ).one()  # fmt: skip
    number, text = head.number + 1, dumps(facts)
    digest = _digest(sealer, number, at, actor, action, subject, text, head.digest)
    connection.execute(
        insert(audit),
        {
            "number": number, "at": at, "actor": actor, "action": action, "subject": subject,
            "facts": text, "previous": head.digest, "digest": digest,
        },
    )  # fmt: skip
    connection.execute(
        update(audit_head).where(audit_head.c.id == 1), {"number": number, "digest": digest}
    )


def has(connection: Connection, action: str, subject: str, facts: Mapping[str, Any]) -> bool:
    """Whether there is such an entry, whoever made it and when."""
    query = select(audit.c.number).where(
        audit.c.subject == subject, audit.c.action == action, audit.c.facts == dumps(facts)
    )
    return connection.execute(query.limit(1)).first() is not None


def entries(connection: Connection, subject: str | None = None) -> tuple[AuditEntry, ...]:
    """Entries in order, all or those of one subject."""
    query = select(audit).order_by(audit.c.number)
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    return tuple(
        AuditEntry(
            row.number, row.at, row.actor, row.action, row.subject, json.loads(row.facts),
            row.previous, row.digest,
        )
        for row in connection.execute(query)
    )  # fmt: skip


def genuine(sealer: Sealer, row: Any) -> bool:
    """Whether this program wrote the entry in a row of the table."""
    expected = _digest(
        sealer, row.number, row.at, row.actor, row.action, row.subject, row.facts, row.previous
    )
    return hmac.compare_digest(expected.encode(), row.digest.encode())


def followed(connection: Connection, number: int) -> bool:
    """Whether as many entries stand from this one on as the head says."""
    chosen = select(func.count()).select_from(audit).where(audit.c.number >= number)
    there = connection.execute(chosen).scalar_one()
    head = connection.execute(select(audit_head.c.number)).scalar()
    return head is not None and there == head - number + 1


def verify(connection: Connection, sealer: Sealer) -> Chain:
    """Walk the whole chain and say where it is broken, if it is."""
    number, previous = 0, ""
    for row in connection.execute(select(audit).order_by(audit.c.number)):
        number += 1
        if row.number != number:
            return Chain(number - 1, previous, f"entry {number} is missing")
        if row.previous != previous:
            return Chain(number - 1, previous, f"entry {number} does not follow the one before it")
        if not genuine(sealer, row):
            return Chain(number - 1, previous, f"entry {number} was changed")
        previous = row.digest
    head = connection.execute(select(audit_head)).one_or_none()
    if head is None or (head.number, head.digest) != (number, previous):
        return Chain(number, previous, f"entries after {number} are missing")
    return Chain(number, previous)


def _digest(
    sealer: Sealer, number: int, at: datetime, actor: str, action: str, subject: str, facts: str,
    previous: str,
) -> str:  # fmt: skip
    fields = (str(number), str(microseconds(at)), actor, action, subject, facts, previous)
    return sealer.digest("audit", *(field.encode("utf-8", "surrogatepass") for field in fields))
