"""robots.txt by RFC 9309: an answer of the host -> rules. The matching itself is protego's.

Knows nothing of how the answer was fetched, or of pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from protego import Protego

from ingest.fetching.fetch import PRODUCT, AddressRefused, Fetched, FetchError, TooManyRedirects

MAX_BYTES = 500 * 1024
MAX_REDIRECTS = 10
_AGENT_LINE = re.compile(r"^([ \t]*user-?agent[ \t]*:[ \t]*)([^#\r\n]*)", re.IGNORECASE | re.MULTILINE)
_TOKEN = re.compile(r"[A-Za-z_-]+")


@dataclass(frozen=True, slots=True)
class Robots:
    """What one origin allows. `closed` is why nothing of it may be fetched, "" otherwise."""

    closed: str = ""
    delay: float = 0.0
    sitemaps: tuple[str, ...] = ()
    _rules: Protego | None = None

    def allows(self, url: str) -> bool:
        """Whether our product may fetch `url`."""
        return not self.closed and (self._rules is None or self._rules.can_fetch(url, PRODUCT))


def from_answer(answer: Fetched) -> Robots:
    """2xx: its rules. 4xx: everything is allowed. 5xx and the rest: the host is closed."""
    if 200 <= answer.status < 300:
        return _parse(answer.body[:MAX_BYTES])
    if 400 <= answer.status < 500:
        return Robots()
    return Robots(closed=f"its robots.txt answered {answer.status}")


def from_error(error: FetchError) -> Robots:
    """No answer closes the host. Endless redirects count as "no robots.txt" (RFC 9309, 2.3.1.2)."""
    if isinstance(error, TooManyRedirects):
        return Robots()
    if isinstance(error, AddressRefused):
        return Robots(closed=f"its robots.txt is out of reach: {error}")
    return Robots(closed=f"its robots.txt gave no answer: {error}")


def _parse(body: bytes) -> Robots:
    text = body.decode("utf-8-sig", "replace")
    rules = Protego.parse(_AGENT_LINE.sub(_exact_agent, text))
    rate = rules.request_rate(PRODUCT)
    asked = [rules.crawl_delay(PRODUCT) or 0.0]
    if rate is not None and rate.requests:
        asked.append(rate.seconds / rate.requests)
    return Robots(delay=max(asked), sitemaps=tuple(rules.sitemaps), _rules=rules)


def _exact_agent(line: re.Match[str]) -> str:
    """Make a user-agent line match whole product tokens, as the RFC says.

    protego takes "roadmap" for a match of "roadmap-assistant", and "roadmap-assistant/2" for
    none: the first is renamed out of the way, the second cut to its token.
    """
    named = line.group(2).strip()
    if named == "*":
        return line.group(0)
    found = _TOKEN.match(named)
    token = found.group(0) if found else named
    ours = PRODUCT.lower().startswith(token.lower())
    same = token.lower() == PRODUCT.lower()
    return line.group(1) + (PRODUCT if same else f"other-{token}" if ours else named)
