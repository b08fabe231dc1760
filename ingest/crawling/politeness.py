"""How long to wait before the next request to a host. Pure arithmetic: no clock, no sleep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class PaceLimits:
    """Seconds, except `factor` (delay per second of response time) and `patience` (a count)."""

    min_delay: float = 1.0
    max_delay: float = 30.0
    factor: float = 2.0
    max_crawl_delay: float = 30.0
    max_retry_after: float = 120.0
    first_backoff: float = 5.0
    patience: int = 5
    """After so many failures in a row the host is left alone for the rest of the run."""


class Pace:
    """The delay for one host: grows with its response time, and more when it asks for rest."""

    def __init__(self, limits: PaceLimits) -> None:
        self._limits = limits
        self._smoothed = 0.0
        self._floor = limits.min_delay
        self.failures = 0

    def ask(self, crawl_delay: float) -> None:
        """The host's robots.txt asks for this delay; honoured up to `max_crawl_delay`."""
        self._floor = max(self._floor, min(crawl_delay, self._limits.max_crawl_delay))

    def answered(self, seconds: float) -> float:
        """The host answered after `seconds`; the delay before the next request."""
        self.failures = 0
        # A slow answer counts at once, a quick one only slowly: load goes up faster than down.
        self._smoothed = max(seconds, 0.7 * self._smoothed + 0.3 * seconds)
        return self.delay

    def failed(self, retry_after: float | None = None) -> float:
        """The host asked for rest (429, 503) or gave no answer; the delay before the next try."""
        self.failures += 1
        grown = self._limits.first_backoff * 2 ** min(self.failures - 1, 10)
        wanted = grown if retry_after is None else retry_after
        return max(self.delay, min(wanted, self._limits.max_retry_after))

    @property
    def exhausted(self) -> bool:
        """Whether the host has failed too often in a row."""
        return self.failures >= self._limits.patience

    @property
    def delay(self) -> float:
        """The least delay before the next request, as far as known now."""
        adaptive = min(self._limits.factor * self._smoothed, self._limits.max_delay)
        return max(self._floor, adaptive)


def retry_after(value: str, now: datetime | None = None) -> float | None:
    """Seconds of a `Retry-After` header (a number or a date); None when it is neither."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # a year or a time zone of twenty digits
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())
