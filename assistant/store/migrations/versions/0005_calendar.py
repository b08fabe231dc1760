"""What the calendar files of a learner hold, so that a later file cancels what fell away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("learner", sa.Column("calendar", sa.JSON(none_as_null=True)))


def downgrade() -> None:
    with op.batch_alter_table("learner") as batch:
        batch.drop_column("calendar")
