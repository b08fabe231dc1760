"""The week that a learner is in by their own word, hours by weekday, and the secret of the calendar's address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("learner", sa.Column("week", sa.Integer))
    op.add_column("learner", sa.Column("weekdays", sa.JSON(none_as_null=True)))
    op.add_column("learner", sa.Column("feed", sa.String(64)))
    op.create_index("learner_feed", "learner", ["feed"], unique=True)


def downgrade() -> None:
    op.drop_index("learner_feed", "learner")
    with op.batch_alter_table("learner") as batch:
        for name in ("feed", "weekdays", "week"):
            batch.drop_column(name)
