"""Whether a date that others state can be true. Imports nothing of ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def is_to_come(at: str) -> bool:
    """True for an ISO 8601 time in UTC that is more than a day ahead: a page of the year 9999 is not the newest."""
    return at[:19] > (datetime.now(UTC) + timedelta(days=1)).isoformat()[:19]
