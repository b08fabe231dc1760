"""Conversations and their turns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    owner = sa.ForeignKey("learner.id", ondelete="CASCADE")
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("learner_id", sa.Integer, owner, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("begun", sa.String(40), nullable=False),
        sa.Column("changed", sa.String(40), nullable=False),
    )
    op.create_index("ix_conversation_learner_id", "conversation", ["learner_id"])
    op.create_table(
        "turn",
        sa.Column(
            "conversation_id", sa.String(32), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("week", sa.Integer),
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("answer", sa.JSON),
        sa.PrimaryKeyConstraint("conversation_id", "place"),
    )


def downgrade() -> None:
    for table in ("turn", "conversation"):
        op.drop_table(table)
