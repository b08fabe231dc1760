"""The table of capabilities and the wordings of each: whole, known, told apart; what a button sends is understood."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.handling import HANDLERS
from assistant.language.learning import table
from assistant.language.learning.fitting import masked_examples
from assistant.language.learning.table import FOLDER, THINGS, capabilities, examples, fitted_key
from assistant.language.masking import Masked, mask_example
from assistant.roadmap_answers.handlers import LISTED, MOST
from assistant.service import ROOMS
from assistant.talk_answers.handlers import SAID_BACK
from tests.answer_fixtures import Talk, pending

FILES = sorted((FOLDER / "examples").glob("*.jsonl"))
AUTHORS, ENOUGH = 3, 25
YOUNG = frozenset({"certificate"})
"""Capabilities that have only our own wordings so far."""
PLACES = {
    "resource": "Python for Data Analysis (Book)",
    "resources": "fast.ai Practical Deep Learning for Coders and Designing Data-Intensive Applications",
    "week": "week 14",
    "topic": "Docker",
    "time": "40 minutes",
    "hours": "6 hours",
    "length": "14 days",
    "date": "2027-06-01",
    "criteria": "free",
    "text": "why do gradients vanish?",
}
"""What stands in a plain wording for each of its places."""
EXAMPLE_PLACES = {*PLACES, "project", "phase", "person", "minutes", "money"}

NOT_YET: dict[str, tuple[str, ...]] = {}
"""What is not understood yet: table -> messages."""


# --- the entries ------------------------------------------------------------------------------------------------------


def test_every_entry_has_a_handler_and_every_handler_an_entry() -> None:
    """But the search, which is the service's own."""
    assert len(ROOMS) >= 4
    assert set(HANDLERS) == set(capabilities()) - {"concept"}


def test_what_is_needed_is_what_a_message_can_name() -> None:
    needed = {name: set(entry.needs) - THINGS for name, entry in capabilities().items()}
    assert {name: unknown for name, unknown in needed.items() if unknown} == {}


def test_every_entry_says_what_it_does_in_words_of_its_own() -> None:
    said = [entry.says for entry in capabilities().values()]
    assert all(len(text) > 10 and text[0].isupper() and not text.endswith(".") for text in said)
    assert len(set(said)) == len(said)


def test_what_writes_shares_its_group_with_nothing() -> None:
    """The probabilities of a group are added up: a write would be sure by what only reads."""
    groups = Counter(entry.group for entry in capabilities().values())
    assert [entry.name for entry in capabilities().values() if entry.writes and groups[entry.group] > 1] == []


def test_plain_wordings_differ_and_their_places_can_be_filled() -> None:
    asks = [entry.ask for entry in capabilities().values() if entry.ask]
    assert len(set(asks)) == len(asks)
    assert {place for ask in asks for place in re.findall(r"\{(\w+)\}", ask)} <= set(PLACES)


def plain() -> Iterator[tuple[str, str]]:
    for name, entry in capabilities().items():
        if entry.ask:
            yield name, re.sub(r"\{(\w+)\}", lambda match: PLACES[match[1]], entry.ask)


@pytest.mark.parametrize(("name", "text"), pending(plain(), NOT_YET, "plain"))
def test_what_a_button_sends_is_understood_without_the_click_too(name: str, text: str, talk: Talk) -> None:
    _, decision = talk.decided(text)
    assert decision.guesses[0].name == name
    assert decision.guesses[0].p >= 0.5
    assert decision.tries[0] == name


# --- the wordings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_examples_holds_wishes_of_the_table_and_places_that_are_known(path: object) -> None:
    lines = [json.loads(line) for line in FILES[FILES.index(path)].read_text(encoding="utf-8").splitlines()]  # type: ignore[arg-type]
    assert lines
    assert all({"intent", "text"} <= set(line) <= {"intent", "text", "after", "kind"} for line in lines)
    assert {line["intent"] for line in lines} <= set(capabilities())
    assert {line["after"] for line in lines if "after" in line} <= set(capabilities())
    assert all(line["text"].strip() for line in lines)
    places = {place for line in lines for place in re.findall(r"\{(\w*)\}", line["text"])}
    assert places <= EXAMPLE_PLACES


def test_at_least_three_authors_have_worded_each_wish() -> None:
    counts = Counter((example.capability, example.author) for example in set(examples()))
    few = {
        name: written
        for name in capabilities().keys() - YOUNG
        if (written := sum(n >= ENOUGH for (of, _), n in counts.items() if of == name)) < AUTHORS
    }
    assert few == {}


def test_the_plain_wordings_are_among_the_examples() -> None:
    found = {(example.capability, example.text) for example in examples()}
    assert {(name, entry.ask) for name, entry in capabilities().items() if entry.ask} <= found


@pytest.mark.xfail(strict=True, reason="authors who do not know each other word some wishes alike")
@pytest.mark.xfail(strict=True, reason="not understood yet")
def test_no_two_capabilities_hold_the_same_wording() -> None:
    """When the names in it are put aside: "what is fast.ai?" and "what is DDIA?" are the same."""
    held: dict[Masked, dict[str, str]] = defaultdict(dict)
    for example, masked in masked_examples():
        held[masked][example.capability] = f"{example.capability} ({example.author}): {example.text}"
    shared = {masked.text: sorted(of.values()) for masked, of in held.items() if len(of) > 1}
    assert shared == {}


def test_another_wording_is_another_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = fitted_key()
    assert fitted_key() == before
    (tmp_path / "one.jsonl").write_text('{"intent": "cost", "text": "how much is it?"}\n', encoding="utf-8")
    monkeypatch.setattr(table, "_files", lambda: [tmp_path / "one.jsonl"])
    assert fitted_key() != before


def test_every_kind_that_a_handler_knows_has_examples() -> None:
    kinds = {(example.capability, example.kind) for example in examples()}
    known = [("list_filter", kind) for kind in LISTED] + [("smalltalk", kind) for kind in SAID_BACK if kind]
    known += [("extreme", kind) for kind in MOST]
    known += [("my_data", "delete"), ("my_data", "export"), ("my_data", "import"), ("rephrase", "shorter")]
    assert [kind for kind in known if kind not in kinds] == []


@pytest.mark.parametrize("place", sorted(EXAMPLE_PLACES))
def test_each_place_of_an_example_stands_for_words(place: str) -> None:
    masked = mask_example(f"so, {{{place}}}?")
    assert masked
    assert "{" not in masked.text
    assert masked.text != f"so, {place}?" or place == "topic"
