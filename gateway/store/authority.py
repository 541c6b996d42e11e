"""What entitles a recipient to a message, sealed under the key in that recipient's journal row.

- Whoever can write to the database but has no key can neither change to whom, for whom or on
  whose word something is delivered, nor move a recipient on from `held`: such a row is left as
  it is and never delivered, released or shown as genuine.
- Bookkeeping (attempts, leases, replies) is not sealed, nor whether a delivery is still to do,
  done or given up: an attacker can delay, drop or repeat a delivery that was authorised, or
  put a recipient back to an earlier sealed state, but cannot authorise one.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any, Collection, Mapping

from sqlalchemy import Connection, RowMapping, Select, select

from gateway.store.codec import dumps
from gateway.store.failure import Tampered
from gateway.store.key import Sealer
from gateway.store.schema import journal, messages, microseconds

_MESSAGE = ("purpose", "about", "sender", "session", "mail_options")
_ROW = ("message", "address", "options", "origin", "release", "reasons", "decided_by", "remark")
_AUTHORISED = {
    "queued": "deliver",
    "waiting": "deliver",
    "delivered": "deliver",
    "failed": "deliver",
}

SEALED: Select[Any] = (
    select(journal, messages.c.purpose, messages.c.sender, messages.c.session)
    .add_columns(messages.c.about, messages.c.options.label("mail_options"))
    .join(messages, messages.c.id == journal.c.message)
)  # fmt: skip
"""Journal rows with all that their seals cover."""


def seal(sealer: Sealer, row: Mapping[Any, Any]) -> str:
    """The seal of a row, named as in `SEALED`."""
    state, decided_at = row["state"], row["decided_at"]
    facts = [row[name] for name in (*_MESSAGE, *_ROW)]
    facts += [_AUTHORISED.get(state, state), _stored(decided_at)]
    return sealer.digest("journal", dumps(facts).encode())


def genuine(sealer: Sealer, row: Mapping[Any, Any]) -> bool:
    """Whether this program wrote what is in the row."""
    return hmac.compare_digest(seal(sealer, row).encode(), row["seal"].encode())


def check(
    connection: Connection, sealer: Sealer, id: str, rows: Collection[int] | None = None
) -> dict[int, RowMapping]:
    """The rows of one message, or some of them, by number. Raises Tampered."""
    query = SEALED.where(journal.c.message == id)
    found = {row["row"]: row for row in connection.execute(query).mappings()}
    wanted = {number: row for number, row in found.items() if rows is None or number in rows}
    forged = tuple(number for number, row in wanted.items() if not genuine(sealer, row))
    if forged:
        raise Tampered({id: forged})
    return wanted


def _stored(instant: datetime | None) -> int | None:
    return None if instant is None else microseconds(instant)
