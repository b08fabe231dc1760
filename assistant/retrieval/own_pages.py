"""Pages of a person's own, which belong to a topic and to no resource of the roadmap.

What is no business of ours is learnt from examples about the roadmap, so that it knows nothing of what somebody's own
pages are about: "how do I rotate the encryption key?" is another subject until a page on it is brought. So where there
are such pages, they are looked at before a question is refused. Without any, nothing is different.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answers import Passage
from corpus.sources import TOPIC
from ingest.state import resources_with_pages

if TYPE_CHECKING:
    from assistant.retrieval.confidence import Evidence  # imports numpy

COVERED = 0.7
"""Share of a question, weighted by rarity, that one passage must hold to be about it (eval/LOG.md)."""


def has_own_pages(data: Path) -> bool:
    """Whether a data folder keeps pages under a topic."""
    return any(name.startswith(TOPIC) for name in resources_with_pages(data / "pages.db"))


def are_about(passages: Sequence[Passage], evidence: Evidence | None) -> bool:
    """Whether one's own pages are about a question: one is found first, and a passage holds nearly all of the words."""
    if evidence is None or not passages:
        return False
    return passages[0].kind == "page" and not passages[0].resource and evidence.covered >= COVERED
