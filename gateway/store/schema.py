"""The tables. Instants are microseconds since 1970 in UTC, so that every database compares them.

`messages` and `journal` hold what is needed to deliver and to list; all that could repeat a
message (bytes, trace, verdict, evidence with file names) is sealed in `pieces`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)  # fmt: skip
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

HEAD = "0005"
"""The newest migration; a test holds it equal to the newest file in `migrations/versions`."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(instant: datetime) -> int:
    """The instant as it is stored. Naive ones are refused: nobody knows what they mean (law 9)."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return (instant - _EPOCH) // _MICROSECOND


class Instant(TypeDecorator[datetime]):
    """A zone-aware datetime, given back in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


# SQLite numbers rows by itself only in a column of exactly this type.
_RowNumber = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

keys = Table(
    "keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("since", Instant, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("about", Text, nullable=True),
    Column("arrived", Instant, nullable=False),
    Column("sender", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("key_id", Text, ForeignKey("keys.key_id"), nullable=False),
    Column("expires", Instant, nullable=True),
    Column("finished", Instant, nullable=True),
    Column("purged", Boolean, nullable=False),
    Index("messages_about", "about"),
    Index("messages_finished", "purged", "finished"),
)

pieces = Table(
    "pieces",
    metadata,
    Column("message", Text, ForeignKey("messages.id"), primary_key=True),
    Column("place", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("row", _RowNumber, primary_key=True, autoincrement=True),
    Column("message", Text, ForeignKey("messages.id"), nullable=False),
    Column("address", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("release", Text, nullable=True),
    Column("reasons", Text, nullable=False),
    Column("decided_by", Text, nullable=True),
    Column("decided_at", Instant, nullable=True),
    Column("remark", Text, nullable=False),
    Column("queued_at", Instant, nullable=True),
    Column("next_at", Instant, nullable=True),
    Column("attempts", Integer, nullable=False),
    Column("warned", Boolean, nullable=False),
    Column("lease", Text, nullable=True),
    Column("leased_until", Instant, nullable=True),
    Column("reply", Text, nullable=False),
    Column("seal", Text, nullable=False, server_default=""),
    Index("journal_message", "message"),
    Index("journal_due", "state", "next_at"),
)

allowances = Table(
    "allowances",
    metadata,
    Column("row", _RowNumber, primary_key=True, autoincrement=True),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("allowances_who", "who", "at"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

readings = Table(
    "readings",
    metadata,
    Column("release", Text, primary_key=True),
    Column("instant", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("held_back", Boolean, nullable=False),
    Column("lifted", Boolean, nullable=False),
    Column("lengthened", Instant, nullable=True),
)

audit = Table(
    "audit",
    metadata,
    Column("number", _RowNumber, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Index("audit_subject", "subject"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("seal", Text, nullable=True),
)
