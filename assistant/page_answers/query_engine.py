"""The query engine: retriever, confidence and composed answer in one. Imports no LlamaIndex: see `llama_engine`.

Any retriever with `search(Query) -> Hits` can be put in.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Answer, Confidence, Part, Passage, Query, Scope
from assistant.language.normalise import small_talk
from assistant.page_answers.compose import compose, locator
from assistant.page_answers.quotable_units import Encode
from assistant.page_answers.ruled_out import RuledOut, read_ruled_out, without
from assistant.page_answers.versions import Asked, asked_versions, unnamed
from assistant.retrieval import confidence
from assistant.retrieval.confidence import Evidence
from assistant.retrieval.neighbours import to_passage, widened
from assistant.retrieval.out_of_domain import Elsewhere
from assistant.retrieval.retriever import Hits, HybridRetriever
from assistant.text.injection import is_order
from assistant.text.markdown import escaped
from corpus.letters import same_letters
from corpus.roadmap import Weeks
from ingest.index.lexical import tokens

if TYPE_CHECKING:
    from ingest.index.reader import OpenIndex

CONSIDERED = 8
"""Passages that an answer may choose from."""

NOTES = 0.6
"""How sure the notes alone must be, to answer where all that was found together is too weak: pages are many, and among
many a near one is found by chance, but they may not silence a note that answers."""

WIDENED = 4
"""Passages that are read with what stands around them on their pages."""

PAGES, FURTHER = 3, 3
"""Pages of which more is read than was retrieved, and chunks of each."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What was found for a question, and how sure that may be (0 to 1); `seconds` is how long it took."""

    query: Query
    hits: Hits
    sure: float
    seconds: float
    ruled_out: str = ""
    """What the question rules out as a means; neither searched for nor quoted."""
    evidence: Evidence | None = None
    """What that is judged by; None for what is refused without a look."""
    unnamed: str = ""
    """What is said of a version that the question names and no source does: nothing may be quoted as if it did."""

    @property
    def weak(self) -> bool:
        """Whether they are too weak to answer from."""
        return bool(self.unnamed) or not self.hits.passages or self.sure < confidence.ABSTAIN

    def rules_out(self, text: str) -> bool:
        """Whether a text names what the question rules out."""
        return bool(self.ruled_out) and RuledOut(self.ruled_out, "").names(text)

    def told(self, answer: Answer, scope: Scope, understood: str) -> Answer:
        """The answer with what is known of the search behind it."""
        return replace(
            answer,
            parts=(*(Part("notice", said) for said in (*self.hits.degraded, self.unnamed) if said), *answer.parts),
            confidence=_word(answer, self.sure),
            scope=scope,
            understood=understood,
            timings_ms={"retrieve": round(self.seconds * 1000, 1), **answer.timings_ms},
        )


class GroundedQueryEngine:
    """Answers in quotes from retrieved passages; abstains when the evidence is too weak."""

    def __init__(self, retriever: HybridRetriever, folder: Path | None = None) -> None:
        """folder: where vectors that do not hang on the index may be kept; None keeps none."""
        self.retriever = retriever
        self.elsewhere = Elsewhere(self.encode, retriever.index.manifest, folder)
        self._folder = folder

    def over(self, index: OpenIndex) -> GroundedQueryEngine:
        """The same models over another index."""
        old = self.retriever
        return GroundedQueryEngine(HybridRetriever(index, old.embedding, reranker=old.reranker), self._folder)

    def warm(self) -> None:
        """Makes or reads what the first question would wait for."""
        _ = self.elsewhere.vectors

    def ground(self, query: Query) -> Grounds:
        """Retrieves for `query`, once, and judges what was found.

        What belongs to the weeks that the question names is enough where it can be answered from.
        """
        query = replace(query, text=same_letters(query.text))
        out = read_ruled_out(query.text)
        said = unnamed(query.text, self._naming(asked_versions(query.text)))
        grounds = self._ground(replace(query, text=out.rest) if out else query, out)
        return replace(grounds, ruled_out=out.what if out else "", unnamed=said)

    def _naming(self, asked: Sequence[Asked]) -> Iterator[str]:
        """The texts that may name one of these things: those that hold its words, since to read all takes long."""
        index = self.retriever.index
        words = {word for one in asked for name in (one.name, f"{one.name}{one.version}") for word in tokens(name)}
        for row in index.chunk_lexicon.holders(words).tolist():
            chunk = index.chunks[row]
            yield f"{chunk.title} {chunk.heading} {chunk.text}"

    def _ground(self, query: Query, out: RuledOut | None = None) -> Grounds:
        begun = time.perf_counter()
        hits = self.retriever.search(query)
        hits = without(hits, out) if out else hits
        taken = time.perf_counter() - begun
        if query.near:
            due = _due(hits, query.near)
            grounds = self._judged(query, due, taken)
            if not grounds.weak:
                return grounds
        grounds = self._judged(query, hits, taken)
        if not grounds.weak or not self.retriever.index.manifest.pages:
            return grounds
        notes = _notes(hits)
        alone = self._judged(query, notes, taken)
        return alone if notes.passages and alone.sure >= NOTES else grounds

    def answer(self, query: Query, *, scope: Scope = "all", understood: str = "") -> Answer:
        """The answer to `query.text` from the index, with timings per stage in milliseconds."""
        return self.composed(self.ground(query), scope=scope, understood=understood)

    def composed(
        self,
        grounds: Grounds,
        *,
        scope: Scope = "all",
        understood: str = "",
        defined: bool = False,
        manner: str = "",
        said: str = "",
    ) -> Answer:
        """The answer in quotes, or a refusal where the grounds are too weak. `defined`, `manner`, `said`: see
        `compose`."""
        begun = time.perf_counter()
        hits = grounds.hits
        answer = None if grounds.weak else self._quoted(grounds, defined, manner, said)
        if answer is not None and manner != "longer":  # what is added to an answer is not doubted again
            answer = _honest(answer, defined)
        if answer is None or not answer.parts:
            answer = _abstain(grounds.query, hits, grounds)
        timings = {"compose": round((time.perf_counter() - begun) * 1000, 1)}
        return grounds.told(replace(answer, timings_ms=timings), scope, understood)

    def _quoted(self, grounds: Grounds, defined: bool, manner: str, said: str) -> Answer:
        """The answer in quotes; without parts where the passages hold no whole sentence that may be quoted."""
        passages = self.widened(grounds)
        encode = self.knowing(passages)
        vector = grounds.hits.vector
        evidence = None if vector is None else grounds.evidence
        return compose(
            grounds.query.text,
            passages,
            vector,
            encode,
            self.weigh,
            defined=defined,
            evidence=evidence,
            manner=manner,
            said=said,
        )

    def widened(self, grounds: Grounds) -> list[Passage]:
        """The passages with what stands around them on their pages, then what else of the best pages is near; as they
        are where some of it was ruled out."""
        passages, index = grounds.hits.passages, self.retriever.index
        placed = [(index.row_of.get(p.chunk_id, -1), p) for p in passages]
        if grounds.ruled_out or any(row < 0 for row, _ in placed):
            return list(passages)
        wide = [*widened(index.chunks, placed[:WIDENED]), *passages[WIDENED:]]
        return [*wide, *self._further(wide, grounds.hits)]

    def _further(self, wide: Sequence[Passage], hits: Hits) -> list[Passage]:
        """Chunks of the best pages that were not among the passages, the nearest of each."""
        index, vector = self.retriever.index, hits.vector
        if vector is None:
            return []
        words = index.chunk_lexicon.scores(hits.words)
        best = float(words.max()) or 1.0
        taken = {row + n for p in wide for row in (index.row_of[p.chunk_id],) for n in range(len(p.places))}
        found: list[Passage] = []
        for page in list(dict.fromkeys(int(index.page_of[row]) for row in hits.rows))[:PAGES]:
            rows = np.arange(index.first_row[page], index.first_row[page + 1])
            dense = index.vectors[rows] @ vector
            near = dense + 0.5 * words[rows] / best
            for n in [n for n in np.argsort(-near) if int(rows[n]) not in taken][:FURTHER]:
                row = int(rows[n])
                origins = {"dense": float(dense[n]), "bm25": float(words[row])}
                found.append(replace(to_passage([index.chunks[row]], 0.0, origins), core=(0, 0)))
        return found

    def knowing(self, passages: Sequence[Passage]) -> Encode:
        """`encode` for compose: the sentences of the passages have their vectors from the index."""
        index, known = self.retriever.index, dict[str, NDArray[np.float32]]()
        for passage in passages:
            first = index.row_of.get(passage.chunk_id, -1)
            for row in range(first, first + len(passage.places)) if first >= 0 else ():
                sentences = index.sentences.of(row)
                known |= sentences.known(index.chunks[row].text) if sentences else {}

        def encode(texts: list[str]) -> NDArray[np.float32]:
            missing = list({text for text in texts if text not in known})
            known.update(zip(missing, self.encode(missing), strict=True) if missing else ())
            return np.stack([known[text] for text in texts])

        return encode

    def evidence(self, query: Query, hits: Hits) -> Evidence:
        """What the confidence in `hits` for `query` is judged by."""
        index = self.retriever.index
        lexicon = index.chunk_lexicon
        texts = [set(tokens(f"{p.title} {p.heading} {p.text}")) for p in hits.passages[:3]]
        words = hits.words
        return Evidence(
            dense=max((p.origins.get("dense", 0.0) for p in hits.passages[:5]), default=0.0),
            page=max((p.origins.get("page-dense", 0.0) for p in hits.passages[:5]), default=0.0),
            covered=max((confidence.coverage(words, text, lexicon) for text in texts), default=0.0),
            covered_any=confidence.coverage(words, set[str]().union(*texts), lexicon),
            unknown=sum(not lexicon.knows(word) for word in words) / len(words) if words else 1.0,
            words=min(len(words), 10) / 10,
            agreement=_agreement(hits.passages),
            elsewhere=0.0 if hits.vector is None else self.elsewhere.near(hits.vector),
            named=float(bool(query.resources)),
            size=math.log10(self._own if all(p.kind != "page" for p in hits.passages) else len(index.chunks)),
        )

    @cached_property
    def _own(self) -> int:
        """Passages of the roadmap and the notes, which every index holds."""
        return sum(chunk.kind != "page" for chunk in self.retriever.index.chunks)

    def _judged(self, query: Query, hits: Hits, seconds: float) -> Grounds:
        """How sure it may be: 0 for an order to the assistant, or for what only speaks to it; by words where dense
        search failed."""
        if is_order(query.text) or small_talk(query.text):
            return Grounds(query, hits, 0.0, seconds)
        evidence = self.evidence(query, hits)
        sure = confidence.score(evidence) if hits.vector is not None else confidence.by_words(evidence)
        return Grounds(query, hits, sure, seconds, evidence=evidence)

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Vectors of any texts, normalised (n x dimension)."""
        return np.asarray(self.retriever.embedding.get_text_embedding_batch(texts), dtype=np.float32)

    def weigh(self, word: str) -> float:
        """How much a stem says: by how few passages of the index hold it, 0 to 1."""
        return confidence.rarity(word, self.retriever.index.chunk_lexicon)


def _word(answer: Answer, sure: float) -> Confidence:
    """How sure an answer is: by what is quoted, or by what was found where nothing is."""
    return confidence.level(sure) if answer.sure is None else confidence.word(answer.sure)


def _honest(answer: Answer, defined: bool) -> Answer:
    """What hardly answers is not told as if it did: the place to read is named, with what is quoted from it or without.

    Below a definition of ours, which answers, it is left out.
    """
    if answer.sure is None or answer.sure >= confidence.MAY_HELP or not answer.citations:
        return answer
    if defined:
        return replace(answer, parts=(), citations=(), resources=())
    first = answer.citations[0]
    place = f"The place to read is *{escaped(first.title)}*"
    if answer.sure < confidence.READ:
        said = Part("notice", f"Nothing that I found says it in so many words. {place} [{first.n}].")
        return replace(answer, parts=(said,), citations=(first,))
    said = Part("notice", f"I am not sure that this answers it. {place}.")
    return replace(answer, parts=(said, *answer.parts))


def _notes(hits: Hits) -> Hits:
    """The hits that an index without pages would have as well."""
    kept = [(p, row) for p, row in zip(hits.passages, hits.rows, strict=True) if p.kind != "page"]
    return replace(hits, passages=tuple(p for p, _ in kept), rows=tuple(row for _, row in kept))


def _due(hits: Hits, weeks: Weeks) -> Hits:
    """The hits that belong to these weeks."""
    kept = [(p, row) for p, row in zip(hits.passages, hits.rows, strict=True) if p.weeks.overlaps(weeks)]
    return replace(hits, passages=tuple(p for p, _ in kept), rows=tuple(row for _, row in kept))


def _agreement(passages: tuple[Passage, ...]) -> float:
    """How far the best page by dense and the best page by words are from each other."""
    if not passages:
        return 0.0
    dense = sorted(passages, key=lambda p: -p.origins.get("dense", 0.0))
    lexical = sorted(passages, key=lambda p: -p.origins.get("bm25", 0.0))
    if dense[0].url == lexical[0].url:
        return 1.0
    return 0.5 if {p.url for p in dense[:3]} & {p.url for p in lexical[:3]} else 0.0


def _abstain(query: Query, hits: Hits, grounds: Grounds) -> Answer:
    """Says that the roadmap and its pages do not cover it, and what they do cover nearby."""
    if said := small_talk(query.text):
        return Answer(query.text, (Part("notice", said),), abstained=True)
    barred = f" without {grounds.ruled_out}" if grounds.ruled_out else ""
    text = "" if grounds.unnamed else f"The roadmap and its pages do not cover this{barred}, as far as I can see."
    nearby = list(dict.fromkeys(locator(p) for p in hits.passages))[:3]
    parts = [Part("notice", text)] if text else []
    if nearby:
        parts.append(Part("notice", "The nearest that they hold: " + "; ".join(nearby) + "."))
    return Answer(query.text, tuple(parts), abstained=True)
