"""Which own questions a run measures: of a file, of the data folder, of a collection; all, the first, or a sample."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import UsageError
from corpus.settings import Settings
from eval.cases import MINE
from eval.metrics import SEED
from eval.own import collection
from eval.own.adding import FILE
from eval.own.questions import BY_HEADINGS, BY_MODEL, OwnCase
from eval.own.reading import read_questions

_ORIGINS = {
    BY_HEADINGS: "{} of the {} questions are headings of the pages (`roadmap eval init --from-headings`): they are "
    "found more easily than what people ask, so these figures are a first look, no measure.",
    BY_MODEL: "{} of the {} questions were judged by a language model alone: `roadmap eval judge` tells how far "
    "people agree with it.",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The questions of one run. `hash`: of their file; `of`: how many that holds; `collection`: the folder, where it
    brings documents of its own."""

    name: str
    cases: tuple[OwnCase, ...]
    hash: str
    of: int
    collection: Path | None = None

    @property
    def key(self) -> str:
        """Equal keys are the same questions."""
        ids = "\n".join(case.id for case in self.cases)
        return hashlib.sha256(f"{self.hash}\n{ids}".encode()).hexdigest()

    @property
    def origins(self) -> tuple[str, ...]:
        """Which of them no person has judged, a sentence each."""
        who = Counter(case.by for case in self.cases)
        return tuple(said.format(who[by], len(self.cases)) for by, said in _ORIGINS.items() if who[by])


def own_questions(settings: Settings, asked: tuple[str, ...], named: str, limit: int, sample: int) -> Wanted | None:
    """What `named` holds, else the data folder's own file where the suite `mine` is asked for and it exists; None for
    none. Errors: `QuestionsError`, `CollectionError`, `UsageError`."""
    path = settings.data / FILE
    if named:
        path = Path(named)
        if named in collection.PUBLISHED and not path.exists():
            path = collection.fetched(named, settings.data)
    elif MINE not in asked or not path.is_file():
        if asked == (MINE,):
            raise UsageError("there are no questions of yours yet: add one with `roadmap eval add`, or name a file.")
        if limit or sample:
            raise UsageError("--limit and --sample choose among your own questions: add --questions FILE.")
        return None
    if limit and sample:
        raise UsageError("--limit and --sample exclude each other: give one of them.")
    questions = read_questions(path)
    cases = questions.checked()
    folder = path if collection.is_collection(path) else None
    return Wanted(path.name, _some(cases, limit, sample), questions.hash, len(cases), folder)


def _some(cases: tuple[OwnCase, ...], limit: int, sample: int) -> tuple[OwnCase, ...]:
    """The first `limit`, or `sample` of them: always the same ones, in the order of the file."""
    if sample and sample < len(cases):
        chosen = sorted(random.Random(SEED).sample(range(len(cases)), sample))  # noqa: S311 -- nothing is secret
        return tuple(cases[number] for number in chosen)
    return cases[:limit] if limit else cases


def in_corpus(wanted: Wanted, ids: frozenset[str]) -> Wanted:
    """Without the judgements of documents that the collection does not hold, and the questions left without any."""
    cases = (replace(case, expects=tuple(place for place in case.expects if place.url in ids)) for case in wanted.cases)
    return replace(wanted, cases=tuple(case for case in cases if case.is_judged))
