"""Learns what is added to the weights of the bundled encoder: writes `ingest/index/tuning.safetensors`.

    python -m eval.tune DATA [DATA ...]      indexes of the pages that the questions are about

Learns from `eval/questions/places.jsonl` (not from its half "test"): a question is to be nearer to the passage that
answers it than to those of other questions, and nearer to the sentences that answer than to the others of their
passage. What is added is of low rank (LoRA), and how far a vector may move is held back. Some 15 minutes on two cores.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from corpus.reader import read_roadmap
from eval.suites.judged import Gold, load_places
from eval.systems.rivals import texts
from ingest.index.generations import Generations
from ingest.index.manifest import read_chunks
from ingest.index.model import TUNING, find_model, layer_name, load_embedding, whole_model
from ingest.index.nodes import embedded_text
from ingest.pages.chunk import Chunk
from ingest.pages.sentences import sentence_spans

if TYPE_CHECKING:
    import torch

RANK, SCALE = 16, 2.0
BATCH, EPOCHS, RATE = 32, 1.5, 3e-4
SHARP = 20.0
"""What cosines are multiplied by before the softmax, as sentence-transformers does."""
HELD = 1.0
"""How strongly a vector is held to what it was before."""
LONGEST = {"question": 64, "passage": 256, "sentence": 160}
"""Tokens of each that are read."""
OTHERS, LEAST = 2, 25
"""Sentences of its own passage that a question is told apart from, and characters of one at the least."""
SEED = 1


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the passage and the sentences of it that answer, and the other sentences of the passage."""

    question: str
    passage: str
    answer: str
    others: tuple[str, ...]


def examples(folders: Sequence[Path]) -> list[Example]:
    """Those whose pages are in one of the indexes, as they were."""
    golds = {case.question: case.gold[0] for case in load_places("learn", "elsewhere")}
    return [example for folder in folders for example in _examples(folder, golds)]


def _examples(folder: Path, golds: Mapping[str, Gold]) -> Iterator[Example]:
    current = Generations(folder).current()
    records = texts(folder, read_roadmap())
    by_page: dict[str, list[Chunk]] = {}
    for chunk in read_chunks(current) if current else ():
        by_page.setdefault(chunk.url, []).append(chunk)
    for question, gold in golds.items():
        answer = gold.text(records)
        held = [chunk for chunk in by_page.get(gold.url, ()) if answer and answer in chunk.text]
        if held:
            yield Example(question, embedded_text(held[0]), answer, tuple(_others(held[0], answer)))


def _others(chunk: Chunk, answer: str) -> Iterator[str]:
    for kind, start, end in chunk.spans:
        text = chunk.text[start:end]
        for first, last in sentence_spans(text) if kind == "paragraph" else [(0, len(text))]:
            sentence = text[first:last].strip()
            if len(sentence) > LEAST and sentence not in answer and answer not in sentence:
                yield sentence


class Tuned:
    """The bundled encoder, and what is learnt beside its weights."""

    def __init__(self) -> None:
        import torch

        self.whole = whole_model(load_embedding(replace(find_model(), tuning=None)))
        self.added: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}
        for parameter in self.whole.parameters():
            parameter.requires_grad_(False)
        for name, module in self.whole.named_modules():
            if isinstance(module, torch.nn.Linear) and "encoder.layer." in name:
                self._beside(layer_name(name), module)

    def _beside(self, name: str, linear: Any) -> None:
        """Adds to what a layer gives: its own output is left as it is where nothing was learnt."""
        import torch

        down = (torch.randn(RANK, linear.in_features) / math.sqrt(linear.in_features)).requires_grad_()
        up = torch.zeros(linear.out_features, RANK, requires_grad=True)
        self.added[f"{name}.weight"] = (up, down)

        def add(_: object, given: tuple[torch.Tensor], found: torch.Tensor) -> torch.Tensor:
            low = torch.nn.functional.linear(given[0], down)
            return found + SCALE * torch.nn.functional.linear(low, up)

        linear.register_forward_hook(add)

    def vectors(self, given: Sequence[str], kind: str) -> torch.Tensor:
        """Normalised (n x dimension), with gradients."""
        import torch

        self.whole.max_seq_length = LONGEST[kind]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            read = self.whole.preprocess([text.strip() for text in given])
            found = self.whole(read)["sentence_embedding"]
        return torch.nn.functional.normalize(found.float(), dim=-1)

    def save(self, path: Path) -> None:
        """Writes what was learnt, whole or not at all."""
        from safetensors.torch import save_file

        kept: dict[str, torch.Tensor] = {}
        for name, (up, down) in self.added.items():
            kept[f"{name}.up"] = (SCALE * up).detach().half().contiguous()
            kept[f"{name}.down"] = down.detach().half().contiguous()
        beside = path.with_suffix(".new")
        save_file(kept, str(beside), metadata={"format": "pt"})
        beside.replace(path)


def learn(tuned: Tuned, given: Sequence[Example], console: Console) -> None:
    """Goes over the examples in batches drawn by chance."""
    import torch

    parameters = [part for pair in tuned.added.values() for part in pair]
    optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01)
    before = _before(tuned, given)
    steps = int(len(given) * EPOCHS / BATCH)
    for step, rows in enumerate(_batches(len(given), steps)):
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / max(1.0, 0.1 * steps)) * max(0.05, 1 - step / steps)
        lost = _loss(tuned, [given[row] for row in rows], before[rows])
        optimiser.zero_grad()
        lost.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        console.print(f"{step + 1} of {steps}: {lost.item():.3f}")


def _loss(tuned: Tuned, batch: Sequence[Example], before: torch.Tensor) -> torch.Tensor:
    import torch

    questions = tuned.vectors([example.question for example in batch], "question")
    passages = tuned.vectors([example.passage for example in batch], "passage")
    others = [s for e in batch for s in random.sample(e.others, min(OTHERS, len(e.others)))]
    sentences = tuned.vectors([*(example.answer for example in batch), *others], "sentence")
    right = torch.arange(len(batch))
    near = torch.nn.functional.cross_entropy(SHARP * questions @ passages.T, right)
    nearer = torch.nn.functional.cross_entropy(SHARP * questions @ sentences.T, right)
    return near + nearer + HELD * (1 - (questions * before).sum(1)).mean()


def _before(tuned: Tuned, given: Sequence[Example]) -> torch.Tensor:
    """The vectors of the questions while nothing is learnt."""
    import torch

    with torch.no_grad():
        parts = [given[start : start + BATCH] for start in range(0, len(given), BATCH)]
        return torch.cat([tuned.vectors([example.question for example in part], "question") for part in parts])


def _batches(count: int, steps: int) -> Iterator[list[int]]:
    order: list[int] = []
    for _ in range(steps):
        if len(order) < BATCH:
            order = random.sample(range(count), count)
        yield [order.pop() for _ in range(BATCH)]


def main(arguments: Sequence[str]) -> None:
    """Learns and writes."""
    import torch

    random.seed(SEED)
    torch.manual_seed(SEED)
    console = Console()
    given = examples([Path(argument) for argument in arguments])
    console.print(f"{len(given)} questions with their passages")
    tuned = Tuned()
    learn(tuned, given, console)
    tuned.save(TUNING)
    console.print("written: now make the index anew, and learn what hangs on vectors (fitting, fit_answers, calibrate)")


if __name__ == "__main__":
    main(sys.argv[1:])
