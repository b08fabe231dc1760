"""Sentences about the roadmap with their sources: numbered citations, linked titles, lists. Pure.

Every quote is the text of one cell or heading, so that it stands verbatim in the file. Knows rows and blocks;
knows nothing of questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.answers import Answer, Citation, Kind, Part
from assistant.roadmap_answers.written import Written
from assistant.text import markdown
from assistant.text.markdown import as_text
from corpus.roadmap import Block, Phase, Resource, Roadmap, Weeks


@dataclass(slots=True)
class Sheet:
    """Collects the citations of one answer; the same quote gets the same number.

    Over a written roadmap it is given Markdown, and quotes the text that this shows.
    """

    roadmap: Roadmap
    citations: list[Citation] = field(default_factory=list)

    def cell(self, resource: Resource, quote: str) -> str:
        """`[n]` for a cell of a row; `quote` is the cell's text."""
        block = block_of(resource, self.roadmap)
        url = resource.links[0].url if resource.links else ""
        return self._cite(f"Roadmap, {weeks_title(block.weeks)}: {block.title}", url, quote, resource.id)

    def block(self, block: Block) -> str:
        """`[n]` for the heading of a block."""
        return self._cite(f"Roadmap, {weeks_title(block.weeks)}: {block.title}", "", block.heading)

    def phase(self, phase: Phase) -> str:
        """`[n]` for the heading of a phase."""
        return self._cite(f"Roadmap, Phase {phase.number}: {phase.title}", "", phase.heading)

    def title(self) -> str:
        """`[n]` for the roadmap's own title."""
        return self._cite("Roadmap", "", self.roadmap.title)

    def note(self, resource: Resource, quote: str, url: str = "") -> str:
        """`[n]` for words of our note on a row. url: where they lead, else the note itself."""
        return self._cite(f"Our note on {resource.title}", url or f"note:{resource.id}", quote, resource.id, "note")

    def _cite(self, title: str, url: str, quote: str, resource: str = "", kind: Kind = "roadmap") -> str:
        if isinstance(self.roadmap, Written):
            title, quote = as_text(title), quote if kind == "note" else as_text(quote)
        for known in self.citations:
            if known.quote == quote and known.title == title and known.resource == resource:
                return f"[{known.n}]"
        self.citations.append(Citation(len(self.citations) + 1, kind, title, url, quote, resource=resource))
        return f"[{len(self.citations)}]"

    def answer(
        self,
        question: str,
        parts: Iterable[Part],
        *,
        weeks: Weeks | None = None,
        resources: Iterable[str] = (),
        abstained: bool = False,
        understood: str = "",
    ) -> Answer:
        """The finished answer; ids in order, each once; empty parts left out."""
        kept = tuple(part for part in parts if part.text)
        ids = tuple(dict.fromkeys(resources))
        return Answer(question, kept, tuple(self.citations), weeks, ids, abstained, understood=understood)


def block_of(resource: Resource, roadmap: Roadmap) -> Block:
    """The block that a row stands in."""
    return next(b for b in roadmap.blocks if any(r.id == resource.id for r in b.resources))


def weeks_title(weeks: Weeks) -> str:
    """ "Weeks 13–16", "Week 6"."""
    return str(weeks).capitalize()


def linked(resource: Resource) -> str:
    """The title in bold, linked to the row's first link; both from a written roadmap."""
    return f"**{markdown.linked(resource.title, resource.links[0].url) if resource.links else resource.title}**"


def links(resource: Resource) -> str:
    """Every link of the row."""
    return ", ".join(markdown.linked(link.text or link.url, link.url) for link in resource.links)


def short_title(resource: Resource) -> str:
    """The title without "(...)", for running text."""
    return re.sub(r"(?:(?<!\s)\s++)?\((?:[^()]|\([^()]*\))*+\)", "", resource.title)


def title_quote(resource: Resource) -> str:
    """What of the title cell stands verbatim in the file (a mended title is put together from two cells)."""
    plain = re.split(r" [—|] ", resource.title)[-1]
    marked = resource.role in ("preferred", "alternative", "supplemental") and plain == resource.title
    return f"{plain} — {resource.role}" if marked else plain


def author_quote(resource: Resource) -> str:
    """The Author / Platform cell."""
    return " / ".join(resource.authors)


def hull(blocks: Iterable[Weeks]) -> Weeks | None:
    """The one range that all the weeks make up; None where there is a gap, since a range would name wrong weeks."""
    found = sorted(blocks)
    for previous_end, following in zip(_ends(found), found[1:], strict=False):
        if following.first > previous_end + 1:
            return None
    return Weeks(found[0].first, max(w.last for w in found)) if found else None


def _ends(weeks: list[Weeks]) -> list[int]:
    ends: list[int] = []
    for w in weeks:
        ends.append(max(w.last, ends[-1] if ends else w.last))
    return ends


def sentence(text: str) -> str:
    """The text with a capital first and a full stop last."""
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?", "!")) else ".")
