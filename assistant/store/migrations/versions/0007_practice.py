"""Review cards that are not to come up, and minutes of study by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
COLUMNS = ("suspended", "studied")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("learner", sa.Column(name, sa.JSON, nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("learner") as batch:
        for name in COLUMNS:
            batch.drop_column(name)
