"""How long each embargo was to run when the register was last read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "readings",
        sa.Column("release", sa.Text, primary_key=True),
        sa.Column("instant", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("held_back", sa.Boolean, nullable=False),
        sa.Column("lifted", sa.Boolean, nullable=False),
        sa.Column("lengthened", sa.BigInteger, nullable=True),
    )
