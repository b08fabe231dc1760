"""The tables of the learner's database (SQLAlchemy Core). Versions of it: assistant/store/migrations."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()


def _owner(*, key: bool = False) -> Column[int]:
    return Column(
        "learner_id", Integer, ForeignKey("learner.id", ondelete="CASCADE"), nullable=False, primary_key=key, index=True
    )


learner = Table(
    "learner",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("start", Date),
    Column("hours", Float, nullable=False),
    Column("prefer", String(20), nullable=False),
    Column("free_only", Boolean, nullable=False),
    Column("formats", JSON, nullable=False),
    Column("timezone", String(100), nullable=False),
    Column("notes", Text, nullable=False),
    Column("replanned", Date),
    Column("calendar", JSON(none_as_null=True)),
    Column("week", Integer),
    Column("weekdays", JSON(none_as_null=True)),
    Column("feed", String(64)),
    Column("suspended", JSON, nullable=False, server_default="[]"),
    Column("studied", JSON, nullable=False, server_default="[]"),
    UniqueConstraint("name", name="learner_name"),
    Index("learner_feed", "feed", unique=True),
)
mark = Table(
    "mark",
    metadata,
    _owner(key=True),
    Column("resource", String(300), primary_key=True),
    Column("unit", String(300), primary_key=True),
    Column("status", String(20), nullable=False),
    Column("at", String(40), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("reason", Text, nullable=False),
)
pause = Table(
    "pause",
    metadata,
    _owner(key=True),
    Column("first", Date, primary_key=True),
    Column("last", Date, primary_key=True),
)
card = Table(
    "card",
    metadata,
    _owner(key=True),
    Column("id", String(200), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("resource", String(300), nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("source", Text, nullable=False),
)
schedule = Table(
    "schedule",
    metadata,
    _owner(key=True),
    Column("card", String(500), primary_key=True),
    Column("state", Text, nullable=False),
)
review = Table(
    "review",
    metadata,
    Column("id", Integer, primary_key=True),
    _owner(),
    Column("card", String(500), nullable=False),
    Column("rating", String(20), nullable=False),
    Column("at", String(40), nullable=False),
)
change = Table(
    "change",
    metadata,
    Column("id", Integer, primary_key=True),
    _owner(),
    Column("at", String(40), nullable=False),
    Column("said", Text, nullable=False),
    Column("before", JSON, nullable=False),
    Column("undone", Boolean, nullable=False),
)
conversation = Table(
    "conversation",
    metadata,
    Column("id", String(32), primary_key=True),
    _owner(),
    Column("title", String(200), nullable=False),
    Column("begun", String(40), nullable=False),
    Column("changed", String(40), nullable=False),
)
turn = Table(
    "turn",
    metadata,
    Column("conversation_id", String(32), ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("question", Text, nullable=False),
    Column("week", Integer),
    Column("scope", String(20), nullable=False),
    Column("answer", JSON(none_as_null=True)),
)
