"""Passages and a language model -> an answer, streamed: `write(task, model)` yields deltas and then one `Answer`.

Steps: 1 the model's text, cleaned as it grows -> 2 every sentence checked against the passages -> 3 the answer: what
the roadmap says, the model's text with our markers, what was left out. A model that fails, or says nothing that its
sources support, leaves the answer that is composed from quotes, with one notice.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from assistant.answers import Answer, Citation, Delta, Part, Passage, Written
from assistant.generation import groundedness as support
from assistant.generation.client import LONGEST, LanguageModel, Message, ModelError
from assistant.generation.grounded_names import words_of
from assistant.generation.prompt import Prompt, Turn, build, readable
from assistant.page_answers.compose import locator
from assistant.text.markers import joined
from assistant.text.sanitise import Draft

NOT_FOUND = "*(not found in the sources)*"
PASSAGES = 5
"""Passages that a model is shown at the most, and how good they must be, as a share of the best one's score."""
USEFUL = 0.5
CUT = f"The language model was stopped here, after {LONGEST} tokens."
STOPPED = (
    f"The language model was stopped after {LONGEST} tokens, before it had said what the sources back, so here is what "
    "they say themselves."
)
UNNAMED = "the server's own"
"""What a model is called whose name is not configured: where its server is, is nobody's business but the owner's."""
EMPTY = "The language model gave no answer, so here is what the sources say themselves."
UNSUPPORTED = "What the language model wrote is not backed by the sources, so here is what they say themselves."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """One question for a model: the passages that it may use, what the roadmap says, and the answer without it."""

    question: str
    passages: Sequence[Passage]
    composed: Callable[[], Answer]
    encode: support.Encode
    facts: str = ""
    history: Sequence[Turn] = ()


def write(task: Task, model: LanguageModel) -> Generator[Delta | Answer]:
    """Deltas, empty ones while the model is silent, then one `Answer`. Closing it closes the model's stream."""
    begun = time.perf_counter()
    prompts: list[Prompt] = []
    known: list[set[str]] = []
    draft, heard, failure = Draft(), _Heard(begun), ""

    def prompt_for(context: int) -> Sequence[Message]:
        useful = [p for p in task.passages if p.kind != "roadmap" and p.score >= USEFUL * task.passages[0].score]
        room = {"context": context, "longest": LONGEST}
        prompt = build(
            task.question, useful[:PASSAGES] or task.passages[:1], **room, history=task.history, facts=task.facts
        )
        prompts.append(prompt)
        given = (f"{passage.title} {passage.heading} {readable(passage)}" for passage in prompt.passages)
        known.append(words_of(f"{' '.join(given)} {task.facts}"))
        return prompt.messages

    try:
        with closing(model.stream(prompt_for)) as stream:
            for piece in heard.listen(stream):
                yield Delta(support.veiled(draft.feed(piece or ""), known[0]) if known else "")
                if piece and piece.rstrip(" ").endswith((".", "!", "?", "\n")) and support.circles(draft.raw):
                    break
    except ModelError as error:
        failure = str(error)
    done = _Done(task, model, prompts[0] if prompts else Prompt((), ()), draft.raw, failure, heard)
    answer = _finished(done)
    spent = {"first_token": heard.first, "model": time.perf_counter() - begun}
    timings = {name: round(seconds * 1000, 1) for name, seconds in spent.items() if seconds}
    yield replace(answer, timings_ms={**answer.timings_ms, **timings})


@dataclass(slots=True)
class _Heard:
    """What was noted of a stream: seconds from `begun` to its first piece, how many pieces, whether it was cut."""

    begun: float
    first: float = 0.0
    pieces: int = 0
    cut: bool = False

    def listen(self, stream: Generator[str | None, None, bool]) -> Generator[str | None]:
        """The pieces of `stream`."""
        while True:
            try:
                piece = next(stream)
            except StopIteration as end:
                self.cut = not end.value
                return
            self.first = self.first or (time.perf_counter() - self.begun if piece else 0.0)
            self.pieces += bool(piece)
            yield piece


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of asking; `failure` is empty where nothing failed."""

    task: Task
    model: LanguageModel
    prompt: Prompt
    raw: str
    failure: str
    heard: _Heard


def _finished(done: _Done) -> Answer:
    raw = _whole_sentences(done.raw) if done.failure or done.heard.cut else done.raw
    passages = done.prompt.passages
    titles = [f"{passage.title}. {passage.heading}." for passage in passages]
    shown, task = [readable(passage) for passage in passages], done.task
    checked = support.check(raw, shown, task.facts, task.encode, titles, task.question)
    written = Written(
        model=done.model.name or UNNAMED,
        supported=checked.count("supported"),
        unsupported=checked.count("unsupported"),
        dropped=checked.count("dropped"),
        complete=not (done.failure or done.heard.cut),
        cut=done.heard.cut,
        pieces=done.heard.pieces,
        prompt=tuple((message.role, message.text) for message in done.prompt.messages),
    )
    if done.failure:
        return replace(_broken_off(done, checked), written=written)
    if not written.supported:
        why = STOPPED if done.heard.cut else UNSUPPORTED if checked.sentences else EMPTY
        return replace(_after_notice(why, done.task.composed()), written=written)
    return replace(_answer(done, checked, written.dropped), written=written)


def _broken_off(done: _Done, checked: support.Checked) -> Answer:
    """The composed answer, one notice, and what the model had said so far, marked as incomplete."""
    log.warning("the language model at %s did not answer: %s", done.model.place, done.failure)
    said = f"The language model did not answer: {done.failure}. This answer is made without it."
    composed = _after_notice(said, done.task.composed())
    if not checked.count("supported"):
        return composed
    partial = _answer(done, checked, 0)
    marked = f"*Incomplete, the language model broke off here:*\n\n{partial.parts[0].text} …"
    both = joined(composed, replace(partial, parts=(Part("model", marked),)))
    return replace(composed, parts=both.parts, citations=both.citations)


def _after_notice(sentence: str, answer: Answer) -> Answer:
    return replace(answer, parts=(Part("notice", sentence), *answer.parts))


def _answer(done: _Done, checked: support.Checked, dropped: int) -> Answer:
    """The model's text as one part, with a citation for each source that supports a sentence, numbered as they come."""
    text, citations = "", list[Citation]()
    numbers: dict[int, int] = {}
    for sentence in checked.sentences:
        if sentence.status == "dropped":
            continue
        mark = f" {NOT_FOUND}" if sentence.status == "unsupported" else ""
        for source in sentence.sources if sentence.status == "supported" else ():
            if source not in numbers:
                numbers[source] = len(numbers) + 1
                citations.append(_citation(numbers[source], done.prompt.passages[source], sentence.quote))
            mark += f" [{numbers[source]}]"
        below = "\n\n" if sentence.code and mark else ""
        text += f"{_opening(text, sentence.opens)}{sentence.text}{below}{mark.strip() if below else mark}"
    parts = [Part("model", text.strip())]
    if dropped:
        parts.append(Part("notice", _left_out(dropped)))
    if done.heard.cut:
        parts.append(Part("notice", CUT))
    resources = tuple(dict.fromkeys(c.resource for c in citations if c.resource))
    return Answer(done.task.question, tuple(parts), tuple(citations), resources=resources)


def _opening(text: str, opens: str) -> str:
    """A blank between sentences, a line break between list items, a blank line between paragraphs."""
    if not text:
        return opens.strip("\n")
    if opens == "\n- ":
        return opens if text.rpartition("\n")[2].startswith("- ") else f"\n{opens}"
    return "\n\n" if opens else " "


def _citation(n: int, passage: Passage, quote: str) -> Citation:
    """The quote is given only where it stands in the passage as it is (what a model is shown may be cleaned); else the
    first sentence of what it was shown that does."""
    sentences = (quote, *support.source(readable(passage)).sentences)
    standing = next((sentence for sentence in sentences if sentence in passage.text), passage.text)
    at = locator(passage, max(0, passage.text.find(standing)))
    return Citation(n, passage.kind, at, passage.url, standing, passage.fetched_at, passage.resource, passage.text)


def _left_out(dropped: int) -> str:
    what = "One sentence" if dropped == 1 else f"{dropped} sentences"
    named = "it named" if dropped == 1 else "they named"
    return (
        f"{what} of the language model left out: {named} a number, a name or an address that the sources do not hold."
    )


def _whole_sentences(text: str) -> str:
    """The text up to the last sentence that has an end."""
    ends = [match.end() for match in re.finditer(r"[.!?](?:\s*\[\d+\])*(?=\s|$)", text)]
    return text[: ends[-1]] if ends else ""
