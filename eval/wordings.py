"""`python -m eval.wordings [--encode] [--authors N] [--out DIR]`: what the router's thresholds are taken from, and what
more examples would bring.

Prints tables in Markdown and writes them with a PNG of the curves into a folder. `--encode` measures the classifier
with the vectors of the bundled encoder beside the one of words alone. It learns dozens of times, a minute each.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from assistant.language.learning.fitting import Encode
from assistant.language.learning.table import capabilities
from assistant.router import ACTS, ELSEWHERE, ROW, WRITES
from corpus.settings import Settings, load_settings
from eval import generalisation as g
from eval.report.charts import ACCENT, PLAIN, STYLE
from eval.report.render import Grid, Section, as_markdown
from eval.systems.embedding import MeasuredEmbedding
from ingest.index.model import find_model, load_embedding
from ingest.index.vectorcache import VectorCache

FOLDER = "wordings"
"""Folder below the data folder, where no other place was named."""

TABLES, CURVES = "wordings.md", "wordings.png"
CONFUSED = 25
"""Pairs of capabilities that are shown."""

ORDERS = 2
"""Authors that are left out in turn for the curves."""


@dataclass(frozen=True, slots=True)
class Study:
    """What was measured of one kind of classifier."""

    name: str
    told: list[g.Told]
    by_examples: list[g.Point]
    by_authors: list[g.Point]


@dataclass(frozen=True, slots=True)
class Rule:
    """When the router acts: by which probability, what it counts as right, and the threshold that is set."""

    name: str
    now: float
    acts: Callable[[g.Told], bool]
    p: Callable[[g.Told], float]
    right: Callable[[g.Told], bool]

    def pairs(self, told: Sequence[g.Told]) -> list[tuple[float, bool]]:
        """Probability and whether it is right, of all that may act."""
        return [(self.p(one), self.right(one)) for one in told if self.acts(one)]


def _writes(one: g.Told) -> bool:
    return capabilities()[one.best.name].writes


def _answers(one: g.Told) -> bool:
    return not _writes(one) and one.best.name not in ELSEWHERE


RULES = (
    Rule("answers, by its own probability (ACTS)", ACTS, _answers, lambda one: one.best.p, lambda one: one.is_alike),
    Rule("answers, by its group's (ROW)", ROW, _answers, lambda one: one.group_p, lambda one: one.is_alike),
    Rule("writes (WRITES)", WRITES, _writes, lambda one: one.best.p, lambda one: one.is_right),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(prog="python -m eval.wordings", description=__doc__)
    parser.add_argument("--encode", action="store_true", help="with the encoder's vectors, too")
    parser.add_argument("--orders", type=int, default=ORDERS, metavar="N", help="authors left out for the curves")
    parser.add_argument("--authors", type=int, metavar="N", help="authors left out for the tables (all)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the tables and the curves there")
    asked, settings = parser.parse_args(arguments), load_settings()
    studies = [study("words", None, asked.orders, asked.authors)]
    studies += [study("words and vectors", encoder(settings), asked.orders, asked.authors)] if asked.encode else []
    sys.stdout.write(write(studies, asked.out or settings.data / FOLDER))


def study(name: str, encode: Encode | None, orders: int, most: int | None = None) -> Study:
    """Everything about one kind of classifier. orders, most: authors that are left out for curves, and for tables."""

    def tell(text: str) -> None:
        sys.stderr.write(f"{name}: {text}\n")

    known = g.wordings(encode)
    whole = g.left_out(known, tell, most)
    told = [one for some in whole.values() for one in some]
    some = g.some_of(whole, orders)
    return Study(name, told, g.by_examples(known, some, tell), g.by_authors(known, some, tell))


def encoder(settings: Settings) -> Encode:
    """The bundled encoder; vectors are kept, so that a second run is quick."""

    def encode(texts: list[str]) -> NDArray[np.float32]:
        model, folder = find_model(), settings.data / "eval-cache"
        folder.mkdir(parents=True, exist_ok=True)
        with closing(VectorCache(folder / "wordings.db", model)) as cache:
            embedding = MeasuredEmbedding(load_embedding(model), cache)
            return np.asarray(embedding.get_text_embedding_batch(texts), dtype=np.float32)

    return encode


def write(studies: Sequence[Study], folder: Path) -> str:
    """Writes tables and curves; gives the tables."""
    folder.mkdir(parents=True, exist_ok=True)
    text = as_markdown("Wishes of people who were not learnt from", list(sections(studies)))
    (folder / TABLES).write_text(text, encoding="utf-8")
    curves(studies, folder / CURVES)
    return text


# --- tables -----------------------------------------------------------------------------------------------------------


def sections(studies: Sequence[Study]) -> Iterator[Section]:
    """Scores and curves of all beside each other; then, for each, what its thresholds follow from."""
    yield Section("Accuracy by group", (_ABOUT,), _groups(studies))
    amounts = "Examples of each capability that were learnt from."
    yield Section("Accuracy by examples", (amounts,), _points(studies, [s.by_examples for s in studies]))
    yield Section("Accuracy by authors", (_AUTHORS,), _points(studies, [s.by_authors for s in studies]))
    for one in studies:
        yield Section(f"Reliability: {one.name}", (), _reliability(one))
        yield Section(f"Thresholds: {one.name}", (_THRESHOLDS,), _thresholds(one))
        yield Section(f"Confused: {one.name}", (), _confused(one))


_ABOUT = (
    "Every author's wordings, told by what was learnt from the others. First: the likeliest is right. Group: or one of "
    "the same group of the table. Three: one of the three likeliest is right, which an oracle over them would score."
)
_AUTHORS = (
    "Authors learnt from, and nobody else; “all” adds the wordings of the table and of those who wrote on a part of it."
)
_THRESHOLDS = (
    f"The lowest probability from which on at most {100 * g.WRONG:.0f} % of what acts is wrong, and what is set now. "
    "Before a capability loses probability because nothing is named that it needs."
)


def _groups(studies: Sequence[Study]) -> Grid:
    head = ("group", "wordings", *(f"{s.name}: {figure}" for s in studies for figure in ("first", "group", "three")))
    tables = [{"all": g.score(s.told), **g.by_group(s.told)} for s in studies]
    rows = tuple(
        (group, str(found.n), *(cell for table in tables for cell in _shares(table[group])))
        for group, found in tables[0].items()
    )
    return Grid(head, rows, 0)


def _points(studies: Sequence[Study], curves: Sequence[Sequence[g.Point]]) -> Grid:
    head = ("learnt from", *(f"{s.name}: {figure}" for s in studies for figure in ("first", "group", "three")))
    rows = tuple(
        (str(points[0].amount or "all"), *(cell for point in points for cell in _shares(point.score)))
        for points in zip(*curves, strict=True)
    )
    return Grid(head, rows)


def _reliability(one: Study) -> Grid:
    rows = tuple(
        (f"{b.low:.1f}–{b.high:.1f}", str(b.n), f"{b.p:.3f}", f"{b.right:.3f}") for b in g.reliability(one.told)
    )
    return Grid(("probability", "wordings", "mean", "right"), rows)


def _thresholds(one: Study) -> Grid:
    head = ("rule", "lowest p", "acts", "wrong", "now", "acts", "wrong")
    total = len(one.told)
    rows: list[tuple[str, ...]] = []
    for rule in RULES:
        pairs = rule.pairs(one.told)
        found, now = g.threshold(pairs, total=total), g.at(pairs, rule.now, total)
        lowest = "none" if found.p is None else f"{found.p:.3f}"
        rows.append((rule.name, lowest, *_acting(found), f"{rule.now:.2f}", *_acting(now)))
    return Grid(head, tuple(rows))


def _confused(one: Study) -> Grid:
    head = ("one", "the other", "one taken for the other", "the other for the one")
    rows = tuple((a, b, str(ab), str(ba)) for a, b, ab, ba in g.confusions(one.told)[:CONFUSED])
    return Grid(head, rows)


def _shares(found: g.Score) -> tuple[str, ...]:
    return tuple(f"{100 * share:.1f}" for share in (found.first, found.group, found.three))


def _acting(found: g.Threshold) -> tuple[str, str]:
    return (f"{100 * found.acts:.1f} %", f"{100 * found.wrong:.1f} %")


# --- curves -----------------------------------------------------------------------------------------------------------


def curves(studies: Sequence[Study], path: Path) -> None:
    """Accuracy by examples and by authors, and the reliability, side by side."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(13, 4), layout="constrained")
        axes: Any = figure.subplots(1, 3)
        for number, one in enumerate(studies):
            colour = (ACCENT, PLAIN)[number % 2]
            _accuracy(axes[0], _by_amount(one), one.name, colour)
            _accuracy(axes[1], one.by_authors[:-1], one.name, colour)
            bins = g.reliability(one.told)
            axes[2].plot([b.p for b in bins], [b.right for b in bins], "o-", color=colour, label=one.name)
        axes[0].set_xscale("log")
        axes[0].set_xlabel("examples of each capability")
        axes[1].set_xlabel("authors learnt from")
        axes[2].plot([0, 1], [0, 1], ":", color="black", linewidth=0.8)
        axes[2].set_xlabel("probability of the likeliest")
        for axis, what in zip(axes, ("share right", "share right", "share right"), strict=True):
            axis.set_ylabel(what)
            axis.legend(frameon=False, loc="lower right")
        figure.savefig(path, dpi=120, metadata={"Software": None})


def _by_amount(one: Study) -> list[g.Point]:
    """With a number for all examples: how many of a capability were learnt from, about."""
    others = len(one.by_authors) - 1
    every = len(one.told) * others // ((others + 1) * len({told.wish for told in one.told}))
    return [g.Point(point.amount or every, point.score) for point in one.by_examples]


def _accuracy(axis: Any, points: Sequence[g.Point], name: str, colour: str) -> None:
    amounts = [point.amount for point in points]
    axis.plot(amounts, [point.score.first for point in points], "o-", color=colour, label=f"{name}, first")
    axis.plot(amounts, [point.score.three for point in points], "o--", color=colour, label=f"{name}, three")


if __name__ == "__main__":
    main()
