"""The day on which a learner last changed the pace or replanned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("learner", sa.Column("replanned", sa.Date))


def downgrade() -> None:
    with op.batch_alter_table("learner") as batch:
        batch.drop_column("replanned")
