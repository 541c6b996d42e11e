"""A seal on every journal row. Rows from before have none, and are therefore never delivered:

who could write to the file could also have set it back to the schema before this one.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("journal", sa.Column("seal", sa.Text, nullable=False, server_default=""))
