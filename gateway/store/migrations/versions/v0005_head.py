"""A seal on the newest entry of the audit; the program that has the key writes it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("audit_head", sa.Column("seal", sa.Text, nullable=True))
