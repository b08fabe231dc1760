"""The one place where the front ends read the clock; everything below them is given the time."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
