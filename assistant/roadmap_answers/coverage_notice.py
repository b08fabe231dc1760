"""How far an exact answer reaches: said where the index holds no page of a resource that it is about.

Reads one small column of what ingest keeps; imports nothing heavy.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assistant.answers import Answer, Part
from assistant.text.markdown import escaped
from corpus.roadmap import Roadmap
from ingest.state import resources_with_pages

NAMED = 3
"""An answer about more resources than these is about the roadmap, not about them."""


def with_reach(answer: Answer, roadmap: Roadmap, data: Path) -> Answer:
    """The answer, with a sentence at its end for resources that are known by their row of the roadmap only."""
    if answer.abstained or not 1 <= len(answer.resources) <= NAMED:
        return answer
    held = resources_with_pages(data / "pages.db")
    titles = [escaped(r.title) for r in roadmap.resources if r.id in answer.resources and r.id not in held]
    if not titles:
        return answer
    text = f"No page of {' or of '.join(titles)} is in the index: I know only the roadmap's row and our note."
    return replace(answer, parts=(*answer.parts, Part("notice", text)))
