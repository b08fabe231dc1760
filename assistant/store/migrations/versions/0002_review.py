"""Schedules and history of review cards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    owner = sa.ForeignKey("learner.id", ondelete="CASCADE")
    op.create_table(
        "schedule",
        sa.Column("learner_id", sa.Integer, owner, nullable=False),
        sa.Column("card", sa.String(500), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "card"),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("learner_id", sa.Integer, sa.ForeignKey("learner.id", ondelete="CASCADE"), nullable=False),
        sa.Column("card", sa.String(500), nullable=False),
        sa.Column("rating", sa.String(20), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    for table in ("schedule", "review"):
        op.create_index(f"ix_{table}_learner_id", table, ["learner_id"])


def downgrade() -> None:
    for table in ("review", "schedule"):
        op.drop_table(table)
