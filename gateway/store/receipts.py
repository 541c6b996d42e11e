"""What became of mail tied to releases under embargo, for whoever looks after their lists.

Mail that was stored has its journal; of mail that was relayed while the client waited, which is
most of what goes to people on a list, there is an entry of the audit.
"""

from __future__ import annotations

from typing import Iterator, Literal

from sqlalchemy import Connection, select

from gateway.model.address import normalise_address
from gateway.model.receipt import Receipt
from gateway.store import audit
from gateway.store.schema import audit as entries
from gateway.store.schema import journal, messages

RELAYED = "relayed"
"""What the audit calls the delivery of a release's material without storing it."""


def receipts(connection: Connection) -> tuple[Receipt, ...]:
    """Every delivery that ended, the oldest first."""
    found = (*_stored(connection), *_relayed(connection))
    return tuple(sorted(found, key=lambda receipt: receipt.at))


def _stored(connection: Connection) -> Iterator[Receipt]:
    query = (
        select(
            journal.c.release, journal.c.address, journal.c.state, journal.c.reply,
            messages.c.arrived,
        )
        .join(messages, messages.c.id == journal.c.message)
        .where(
            journal.c.release.is_not(None),
            journal.c.state.in_(("delivered", "failed")),
            messages.c.purpose == "message",
        )
        .order_by(journal.c.row)
    )  # fmt: skip
    for row in connection.execute(query):
        code = row.reply[:3]
        yield Receipt(
            row.release, normalise_address(row.address), row.state,
            code if code.isdigit() else "", row.arrived,
        )  # fmt: skip


def _relayed(connection: Connection) -> Iterator[Receipt]:
    subjects = select(entries.c.subject).distinct().where(entries.c.action == RELAYED)
    for subject in connection.execute(subjects).scalars().all():
        for entry in audit.entries(connection, subject):
            recipients, reply = entry.facts.get("recipients"), entry.facts.get("reply")
            if entry.action != RELAYED or not isinstance(recipients, list):
                continue
            if not isinstance(reply, int) or 300 <= reply < 500:
                continue  # the client keeps it and tries again
            state: Literal["delivered", "failed"] = "delivered" if reply < 300 else "failed"
            for address in recipients:
                normal = normalise_address(str(address))
                yield Receipt(subject, normal, state, str(reply), entry.at)
