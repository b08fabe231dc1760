"""Selectors of capabilities: by the words that were learnt, or by a language model (`assistant.tool_selector`).

They are interchangeable: each ranks the table for a message (`assistant.router.Selector`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from assistant.language.learning import meaning
from assistant.language.learning.classifier import Classifier, Guess, load
from assistant.language.learning.meaning import Meaning
from assistant.language.learning.table import FOLDER, fitted_key
from assistant.language.message import Parsed
from assistant.language.names import tagger

Vector = Callable[[str], Sequence[float] | None]
"""A text -> its vector by the bundled encoder; None while there is none."""


class WordSelector:
    """By words alone. Reads what the build learnt; where there is nothing it learns it, which takes some seconds."""

    def __init__(self, data: Path) -> None:
        """data: the folder where it is kept if it must be learnt here."""
        self._data = data
        self._lock = threading.Lock()
        self._classifier: Classifier | None = None

    def guesses(self, parsed: Parsed) -> list[Guess]:
        return self.classifier().guesses(parsed.masked)

    def mended(self, text: str) -> str:
        """The text with slips of known words put right."""
        return self.classifier().vocabulary.mended(text)

    def classifier(self) -> Classifier:
        with self._lock:
            if self._classifier is None:
                self._classifier = self._found()
            return self._classifier

    def _found(self) -> Classifier:
        if tagger.learned() is None:  # the build made none
            tagger.look_in(tagger.BUILT, self._data / tagger.FILE)
        key = fitted_key()
        kept = load(FOLDER / "fitted.bin", key) or load(self._data / "wordings.bin", key)
        if kept is not None and tagger.learned():
            return kept
        from assistant.language.learning.fitting import fitted

        return fitted(self._data / "wordings.bin", self._data / tagger.FILE)


class MeaningSelector:
    """By words; where they are not sure, by the meaning of the whole message as well."""

    def __init__(self, words: WordSelector, vector: Vector) -> None:
        self.words, self._vector = words, vector

    def guesses(self, parsed: Parsed) -> list[Guess]:
        found = self.words.guesses(parsed)
        if not meaning.is_open(found) or self._meaning is None:
            return found
        vector = self._vector(self.words.mended(parsed.masked.text))
        return found if vector is None else self._meaning.pooled(found, vector)

    @cached_property
    def _meaning(self) -> Meaning | None:
        """Read when it is first needed: most messages are clear by their words."""
        return meaning.load()
