"""The audit chain: an append-only row for every deed, each bound to the one before.

Digests are keyed, so somebody who can write to the database but has no key cannot mend the chain
after changing, removing or inserting a row. The head row is sealed under the key and shows that the
newest rows are still there; once it was changed it stays broken. An older head that somebody kept is
found by `witness`, and an old copy of everything by nobody but who wrote `Chain.head` down elsewhere.
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
from gateway.store.witness import Statement


def append(
    connection: Connection, sealer: Sealer, at: datetime, actor: str, action: str, subject: str,
    facts: Mapping[str, Any],
) -> tuple[int, str]:  # fmt: skip
    """Add one entry within the caller's transaction, so that deed and entry are one commit. Gives
    its number and digest."""
    # Where several may write at once, the lock on the head row keeps the chain a chain.
    head = connection.execute(
        select(audit_head).where(audit_head.c.id == 1)
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
    # A head that we did not write is never made good by what comes after.
    seal = _seal(sealer, number, digest) if head_genuine(sealer, head) else ""
    connection.execute(
        update(audit_head).where(audit_head.c.id == 1),
        {"number": number, "digest": digest, "seal": seal},
    )
    return number, digest


def head_genuine(sealer: Sealer, head: Any) -> bool:
    """Whether this program wrote the head row."""
    expected = _seal(sealer, head.number, head.digest)
    return hmac.compare_digest(expected.encode(), (head.seal or "").encode())


def seal_first(connection: Connection, sealer: Sealer) -> bool:
    """Seal the head of a new store, or of one from before heads were sealed; whether it was."""
    head = connection.execute(select(audit_head).where(audit_head.c.id == 1)).one_or_none()
    if head is None or head.seal is not None:
        return False
    seal = _seal(sealer, head.number, head.digest)
    connection.execute(update(audit_head).where(audit_head.c.id == 1), {"seal": seal})
    return True


def is_sealed(connection: Connection) -> bool:
    """Whether the head was ever sealed, by whomever."""
    head = connection.execute(select(audit_head.c.seal).where(audit_head.c.id == 1)).one_or_none()
    return head is None or head.seal is not None


def newest(connection: Connection) -> tuple[int, str]:
    """The number and the digest of the newest entry, as the head has them."""
    head = connection.execute(select(audit_head).where(audit_head.c.id == 1)).one()
    return head.number, head.digest


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


def followed(connection: Connection, sealer: Sealer, number: int) -> bool:
    """Whether as many entries stand from this one on as the head says."""
    chosen = select(func.count()).select_from(audit).where(audit.c.number >= number)
    there = connection.execute(chosen).scalar_one()
    head = connection.execute(select(audit_head)).one_or_none()
    return head is not None and head_genuine(sealer, head) and there == head.number - number + 1


def verify(connection: Connection, sealer: Sealer, said: Statement | None) -> Chain:
    """Walk the whole chain and say where it is broken, if it is; `said` is what the witness says of
    it."""
    known = False
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
        known = known or (said is not None and (number, previous) == (said.number, said.digest))
    head = connection.execute(select(audit_head)).one_or_none()
    if head is None or (head.number, head.digest) != (number, previous):
        return Chain(number, previous, f"entries after {number} are missing")
    if not head_genuine(sealer, head):
        return Chain(
            number, previous, f"the newest entry, {number}, was made the newest by somebody"
        )
    if said is None:
        return Chain(number, previous, "what is kept of it beside the store is missing")
    if said.number and not known:
        fault = (
            f"entries after {number} are missing"
            if said.number > number
            else (f"entry {said.number} is another than it was")
        )
        return Chain(number, previous, fault)
    return Chain(number, previous)


def _seal(sealer: Sealer, number: int, digest: str) -> str:
    return sealer.digest("audit-head", str(number).encode(), digest.encode())


def _digest(
    sealer: Sealer, number: int, at: datetime, actor: str, action: str, subject: str, facts: str,
    previous: str,
) -> str:  # fmt: skip
    fields = (str(number), str(microseconds(at)), actor, action, subject, facts, previous)
    return sealer.digest("audit", *(field.encode("utf-8", "surrogatepass") for field in fields))
