"""People's choices about held recipients: each moves from `held` once, by compare-and-set.

Either every named recipient was still held and all of them move, or none does. Who was held by
somebody else's hand than this program's does not move (`authority`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Mapping, Sequence

from sqlalchemy import Connection, select, update

from gateway.model.held import Journalled
from gateway.store import authority
from gateway.store.failure import AlreadyDecided, StoreError
from gateway.store.key import Sealer
from gateway.store.schema import journal, messages

Choice = Literal["released", "refused", "expired"]
_OPEN = ("held", "queued", "waiting")


def choose(
    connection: Connection, sealer: Sealer, id: str, rows: Sequence[Journalled], choice: Choice,
    by: str, remark: str, now: datetime,
) -> None:  # fmt: skip
    """Move these held recipients of one message. Raises AlreadyDecided or Tampered, having moved
    none."""
    if not rows:
        raise StoreError("no recipient was named")
    values: dict[str, Any] = {"decided_by": by, "decided_at": now, "remark": remark}
    if choice == "released":
        values |= {"state": "queued", "queued_at": now, "next_at": now}
    else:
        values |= {"state": choice}
    known = authority.check(connection, sealer, id, {recipient.row for recipient in rows})
    for recipient in rows:
        if recipient.row in known:
            values["seal"] = authority.seal(sealer, {**known[recipient.row], **values})
        changed = connection.execute(
            update(journal)
            .where(
                journal.c.row == recipient.row, journal.c.message == id, journal.c.state == "held"
            )
            .values(values)
        )  # fmt: skip
        if changed.rowcount != 1:
            raise _who_was_first(connection, id, recipient)
    finish(connection, id, now)


def _who_was_first(connection: Connection, id: str, recipient: Journalled) -> StoreError:
    row = connection.execute(
        select(journal).where(journal.c.row == recipient.row, journal.c.message == id)
    ).one_or_none()
    if row is None:
        return StoreError(f"there is no such recipient of {id}")
    state = "released" if row.state not in ("refused", "expired") else row.state
    return AlreadyDecided(row.address, state, row.decided_by, row.decided_at)


def finish(connection: Connection, id: str, now: datetime) -> None:
    """Note that nothing is left to do for a message, if so: its content may be purged in time."""
    left = select(journal.c.row).where(journal.c.message == id, journal.c.state.in_(_OPEN))
    connection.execute(
        update(messages)
        .where(messages.c.id == id, messages.c.finished.is_(None), ~left.exists())
        .values({"finished": now})
    )


def facts(rows: Sequence[Journalled], extra: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit keeps of a choice."""
    return {"recipients": [recipient.recipient.address for recipient in rows], **extra}
