"""How much of a page is taken, by whoever takes it: the crawl and the import have one limit. Knows nothing of how."""

from __future__ import annotations

from typing import Final

MAX_BODY: Final = 20_000_000
"""Bytes of one decoded body that are held, its inline pictures with it; what is behind them is never inflated."""
MAX_TEXT: Final = 2_000_000
"""Bytes of a page without its inline pictures. Of small paragraphs, 19 MB took 95 s to read; no lesson is so long."""
