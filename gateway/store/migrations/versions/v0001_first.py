"""Messages, their sealed pieces, the journal of recipients, the audit chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ROW = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "keys",
        sa.Column("key_id", sa.Text, primary_key=True),
        sa.Column("since", sa.BigInteger, nullable=False),
    )
    _messages()
    _journal()
    op.create_table(
        "allowances",
        sa.Column("row", _ROW, primary_key=True, autoincrement=True),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("allowances_who", "allowances", ["who", "at"])
    _audit()


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=True),
        sa.Column("arrived", sa.BigInteger, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("key_id", sa.Text, sa.ForeignKey("keys.key_id"), nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=True),
        sa.Column("finished", sa.BigInteger, nullable=True),
        sa.Column("purged", sa.Boolean, nullable=False),
    )
    op.create_index("messages_about", "messages", ["about"])
    op.create_index("messages_finished", "messages", ["purged", "finished"])
    op.create_table(
        "pieces",
        sa.Column("message", sa.Text, sa.ForeignKey("messages.id"), primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("row", _ROW, primary_key=True, autoincrement=True),
        sa.Column("message", sa.Text, sa.ForeignKey("messages.id"), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("release", sa.Text, nullable=True),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=True),
        sa.Column("decided_at", sa.BigInteger, nullable=True),
        sa.Column("remark", sa.Text, nullable=False),
        sa.Column("queued_at", sa.BigInteger, nullable=True),
        sa.Column("next_at", sa.BigInteger, nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("warned", sa.Boolean, nullable=False),
        sa.Column("lease", sa.Text, nullable=True),
        sa.Column("leased_until", sa.BigInteger, nullable=True),
        sa.Column("reply", sa.Text, nullable=False),
    )
    op.create_index("journal_message", "journal", ["message"])
    op.create_index("journal_due", "journal", ["state", "next_at"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", _ROW, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
    )
    op.create_index("audit_subject", "audit", ["subject"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
    )
    op.execute("INSERT INTO audit_head (id, number, digest) VALUES (1, 0, '')")
