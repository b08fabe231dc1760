"""A person's own questions asked as anybody would: answered or refused, and whether the right place is cited.

One verdict a question, so that two runs can be compared question by question. Knows nothing of rankings.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Literal

from assistant.answers import Answer, Citation
from assistant.service import Assistant
from eval.cases import MINE, PageCase, Relevant, plain
from eval.metrics import quantile
from eval.own.placing import Placed
from eval.results import PassTable, Timing
from eval.running.journal import Journal
from eval.suites.answers import pass_table
from eval.suites.strangers import stranger
from ingest.pages.chunk import Chunk

Said = Literal["right", "elsewhere", "refused"]
WORDS: dict[Said, str] = {
    "right": "cites a right place",
    "elsewhere": "cites another place",
    "refused": "refused",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one question was answered, the address that it cites first, and how long that took."""

    said: Said
    cites: str
    ms: float


@dataclass(frozen=True, slots=True)
class Mine:
    """Every verdict by question, the tables and the time. `llm`: "none" or "auto", as `--llm`."""

    llm: str
    verdicts: Mapping[str, Verdict]
    passes: tuple[PassTable, ...]
    timings: tuple[Timing, ...]

    @property
    def words(self) -> dict[str, str]:
        """How each question was answered, in words."""
        return {id: WORDS[verdict.said] for id, verdict in self.verdicts.items()}


def measure(assistant: Assistant, placed: Placed, llm: str, journal: Journal, tick: Callable[[int], None]) -> Mine:
    """Asks everything that could be placed, and what must be refused."""
    chunks = assistant.query_engine().retriever.index.chunks
    verdicts: dict[str, Verdict] = {}
    for case in (*placed.pages, *placed.refused):
        relevant = case.relevant if isinstance(case, PageCase) else ()
        known = journal.get(f"answers {llm}", case.id)
        verdicts[case.id] = Verdict(*known) if known else _asked(assistant, case.question, relevant, llm, chunks)
        if not known:
            journal.put(f"answers {llm}", case.id, astuple(verdicts[case.id]))
        tick(1)
    label = MINE if llm == "auto" else f"{MINE}, without a language model"
    times = [verdict.ms for verdict in verdicts.values()]
    timing = Timing(f"answer: {label}", quantile(times, 0.5), quantile(times, 0.95), len(times), sum(times) / 1000)
    return Mine(llm, verdicts, tuple(t for t in _tables(placed, verdicts, label) if t.cases), (timing,))


def _asked(
    assistant: Assistant, question: str, relevant: Sequence[Relevant], llm: str, chunks: Sequence[Chunk]
) -> Verdict:
    begun = time.perf_counter()
    answer = assistant.ask(question, person=stranger(), llm=llm)
    taken = (time.perf_counter() - begun) * 1000
    cites = next((citation.url for citation in answer.citations if citation.url), "")
    return Verdict(_said(answer, relevant, chunks), cites, taken)


def _said(answer: Answer, relevant: Sequence[Relevant], chunks: Sequence[Chunk]) -> Said:
    if answer.abstained:
        return "refused"
    good = [place for place in relevant if place.grade > 0]
    return "right" if any(_cites(c, place, chunks) for c in answer.citations for place in good) else "elsewhere"


def _cites(citation: Citation, place: Relevant, chunks: Sequence[Chunk]) -> bool:
    """Whether a source is the place: its page, the section that holds the quote, or the passage with the sentence."""
    if place.sentence:
        return place.is_held_by(citation.url, "", f"{citation.quote}\n{citation.context}")
    if citation.url != place.url or not place.heading:
        return citation.url == place.url
    quote = plain(citation.quote)
    held = (c for c in chunks if c.url == place.url and place.is_held_by(c.url, c.heading, c.text))
    return any(quote in plain(chunk.text) or plain(chunk.text) in quote for chunk in held)


def _tables(placed: Placed, verdicts: Mapping[str, Verdict], label: str) -> Iterator[PassTable]:
    def rows(fails: Callable[[Verdict], str]) -> list[tuple[str, str, str, str]]:
        return [(c.id, c.type, c.question, fails(verdicts[c.id])) for c in placed.pages]

    yield pass_table(f"{label}: answered", rows(lambda v: "refused" if v.said == "refused" else ""))
    yield pass_table(f"{label}: right source", rows(lambda v: "" if v.said == "right" else _wrong(v)))
    refusals = [(c.id, c.type, c.question, _wrong_refusal(verdicts[c.id])) for c in placed.refused]
    yield pass_table(f"{label}: refused", refusals)


def _wrong(verdict: Verdict) -> str:
    return "refused" if verdict.said == "refused" else f"cites {verdict.cites or 'no page'}"


def _wrong_refusal(verdict: Verdict) -> str:
    return "" if verdict.said == "refused" else f"answered from {verdict.cites or 'the roadmap'}"
