"""Learners, marks, pauses, own cards, changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _owner() -> sa.Column[int]:
    return sa.Column("learner_id", sa.Integer, sa.ForeignKey("learner.id", ondelete="CASCADE"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "learner",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("start", sa.Date),
        sa.Column("hours", sa.Float, nullable=False),
        sa.Column("prefer", sa.String(20), nullable=False),
        sa.Column("free_only", sa.Boolean, nullable=False),
        sa.Column("formats", sa.JSON, nullable=False),
        sa.Column("timezone", sa.String(100), nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
        sa.UniqueConstraint("name", name="learner_name"),
    )
    op.create_table(
        "mark",
        _owner(),
        sa.Column("resource", sa.String(300), nullable=False),
        sa.Column("unit", sa.String(300), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "resource", "unit"),
    )
    op.create_table(
        "pause",
        _owner(),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("last", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "first", "last"),
    )
    op.create_table(
        "card",
        _owner(),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("resource", sa.String(300), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "id"),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer, primary_key=True),
        _owner(),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("undone", sa.Boolean, nullable=False),
    )
    for table in ("mark", "pause", "card", "change"):
        op.create_index(f"ix_{table}_learner_id", table, ["learner_id"])


def downgrade() -> None:
    for table in ("change", "card", "pause", "mark", "learner"):
        op.drop_table(table)
