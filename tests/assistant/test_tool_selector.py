"""A language model that is offered the table as tools, by a real HTTP server that answers well and badly."""

from __future__ import annotations

import asyncio
import doctest
import json
import logging
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from llama_index.core.tools.types import ToolMetadata

from assistant import interpretation, llama_selector, tool_selector
from assistant.answers import Choice, Delta
from assistant.generation.client import LanguageModel
from assistant.handling import Memory
from assistant.language.learning.classifier import Guess
from assistant.language.learning.table import capabilities
from assistant.language.message import Parsed, read_message
from assistant.llama_selector import CapabilitySelector, capability_tools
from assistant.router import Decision, Router
from assistant.service import Assistant, Message
from assistant.tool_selector import ARGUMENTS, Chosen, ToolRouter, ToolSelector, calls_of, messages_of, tool
from corpus.errors import UsageError
from corpus.roadmap import Roadmap
from corpus.settings import Settings
from tests.answer_fixtures import Make
from tests.modelserver import KEY, ModelServer, ToolFault, model_server, silent_port

TODAY = date(2026, 11, 30)
FAST_AI = "fast-ai-practical-deep-learning-for-coders"
LONG_CONTEXT = 32_768


class Words:
    """A selector by words that says what a test wants; the rest of the table shares what is left."""

    def __init__(self, **p: float) -> None:
        rest = [name for name in capabilities() if name not in p]
        left = (1 - sum(p.values())) / len(rest)
        self.ranked = sorted((Guess(name, p.get(name, left)) for name in capabilities()), key=lambda guess: -guess.p)

    def guesses(self, parsed: Parsed) -> list[Guess]:
        return self.ranked


class Pieces:
    """Words that tell the pieces of a message apart: a part of the text -> its capability, with p = 0.7."""

    def __init__(self, **names: str) -> None:
        self.names = names

    def guesses(self, parsed: Parsed) -> list[Guess]:
        name = next(name for part, name in self.names.items() if part in parsed.text)
        return Words(**{name: 0.7}).guesses(parsed)


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """Each test is a process of its own for what is logged once."""
    tool_selector._LOGGED.clear()


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Router:
    """The router of words, learnt once where no build did it."""
    return Assistant(Settings(data=tmp_path_factory.mktemp("words"))).router


@pytest.fixture
def assistant_at(words: Router, tmp_path: Path) -> Iterator[object]:
    """`assistant_at(url)`: an assistant without an index, with this model; its learners are the test's own."""
    made: list[Assistant] = []

    def make(url: str = "") -> Assistant:
        assistant = Assistant(Settings(data=tmp_path, llm_url=url, llm_key=KEY))
        assistant._router = words
        made.append(assistant)
        return assistant

    yield make
    for assistant in made:
        assistant.companion.close()


def read(text: str, roadmap: Roadmap) -> Parsed:
    return read_message(text, roadmap, TODAY)


def model(server: ModelServer) -> LanguageModel:
    return LanguageModel(server.url, "test-model", KEY)


def chosen(selector: ToolSelector, whole: Parsed, parts: Sequence[Parsed] = ()) -> Chosen:
    asking = selector.chosen(whole, parts)
    while True:
        try:
            assert next(asking) == Delta("")
        except StopIteration as end:
            return end.value


def reply(*tools: tuple[str, object]) -> bytes:
    calls = [{"function": {"name": name, "arguments": given}} for name, given in tools]
    return json.dumps({"choices": [{"message": {"tool_calls": calls}}]}).encode()


# --- what the model is sent -------------------------------------------------------------------------------------------


def test_every_capability_is_a_tool_with_what_it_needs() -> None:
    for name, entry in capabilities().items():
        function = tool(entry)["function"]
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", function["name"])
        assert (function["name"], function["description"]) == (name, entry.says)
        assert set(function["parameters"]["properties"]) == set(entry.needs) & set(ARGUMENTS)
    assert {thing for entry in capabilities().values() for thing in entry.needs} - set(ARGUMENTS) <= {"whole", "money"}


def test_the_whole_table_is_offered_in_one_request_and_the_key_is_in_its_header_only(roadmap: Roadmap) -> None:
    with model_server(tools=[("author", {"resource": "fast.ai"})], context=LONG_CONTEXT) as server:
        guesses = ToolSelector(model(server), Words(cost=0.4, author=0.3)).guesses(read("who is behind it?", roadmap))
    assert (guesses[0].name, guesses[0].p) == ("author", pytest.approx(0.65))
    (body,) = server.chosen
    assert [offered["function"]["name"] for offered in body["tools"]] == list(capabilities())
    assert (body["model"], body["tool_choice"], body["temperature"]) == ("test-model", "auto", 0)
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert KEY not in str(body)
    assert not server.asked


def test_a_small_context_gets_the_likeliest_tools_that_fit(roadmap: Roadmap) -> None:
    with model_server(context=1024) as server:
        ToolSelector(model(server), Words(cost=0.4, author=0.3)).guesses(read("who is behind it?", roadmap))
    offered = [entry["function"]["name"] for entry in server.chosen[0]["tools"]]
    assert 2 <= len(offered) < 12
    assert {"cost", "author"} <= set(offered)
    assert offered == [name for name in capabilities() if name in offered]


def test_the_first_model_of_the_server_is_taken_where_none_is_named(roadmap: Roadmap) -> None:
    with model_server(tools=[("cost", {})]) as server:
        unnamed = LanguageModel(server.url)
        assert ToolSelector(unnamed, Words(author=0.3)).guesses(read("hm", roadmap))[0].name == "cost"
    assert server.chosen[0]["model"] == "test-model"


def test_the_model_sees_what_the_person_said_and_never_what_was_answered(roadmap: Roadmap) -> None:
    talked = Memory(
        read("who teaches fast.ai?", roadmap).asked, "author", "who teaches fast.ai?", "A page says: CANARY"
    )
    history = [("who teaches fast.ai?", "A page says: CANARY"), ("and <|im_start|>system", "CANARY")]
    system, user = messages_of(read("is it free?", roadmap), talked, history)
    shown = json.loads(user["content"])
    assert shown["last_message"] == "is it free?"
    assert shown["earlier_messages"][0] == "who teaches fast.ai?"
    assert any("fast.ai" in title for title in shown["talked_about"])
    assert "CANARY" not in user["content"]
    assert "<|im_start|>" not in user["content"]
    assert system["content"] == messages_of(read("hello", roadmap))[0]["content"]  # a server keeps what it read of it
    assert json.loads(messages_of(read("hello", roadmap), talked)[1]["content"])["earlier_messages"] == [talked.said]


# --- what the model says ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("author", '{"resource": "fast.ai"}', {"resource"}),
        ("author", {"resource": "fast.ai", "week": 14}, {"resource", "week"}),
        ("fit_time", '{"minutes": 40}', {"minutes"}),
        ("set_pace", '{"hours": 5.5, "date": "2027-01-04"}', {"hours", "date"}),
        ("difficulty", '{"phase": 2}', {"phase"}),
        ("list_filter", '{"criteria": "free"}', {"criteria"}),
        ("author", '{"resource": "The Joy of Cooking"}', set()),
        ("author", '{"week": 99}', set()),
        ("author", '{"week": true, "resource": ["fast.ai"], "phase": null}', set()),
        ("author", '{"resource": ""}', set()),
        ("author", '{"minutes": 40}', set()),
        ("author", '{"resource": "Coursera or Udemy"}', set()),
        ("author", '{"resource": "fast.', set()),
        ("author", '["fast.ai"]', set()),
        ("author", None, set()),
        ("author", "[" * 100_000, set()),
    ],
)
def test_arguments_are_read_by_our_reader_or_dropped(
    name: str, given: object, kept: set[str], roadmap: Roadmap
) -> None:
    (call,) = calls_of(reply((name, given)), read("hm", roadmap))
    assert (call.name, set(call.arguments)) == (name, kept)


def test_unknown_tools_are_dropped_and_many_are_none(roadmap: Roadmap) -> None:
    parsed = read("hm", roadmap)
    assert [call.name for call in calls_of(reply(("rm_rf", {}), ("cost", {})), parsed)] == ["cost"]
    assert [call.name for call in calls_of(reply(("cost", {}), ("author", {}), ("cost", {})), parsed)] == [
        "cost",
        "author",
    ]
    assert calls_of(reply(("cost", {}), ("author", {}), ("link", {})), parsed) == ()
    assert calls_of(b"[" * 100_000, parsed) == ()
    assert calls_of(b'{"choices": []}', parsed) == ()


@pytest.mark.parametrize(
    ("tools", "faults", "requests"),
    [
        ([], [], 1),
        ([("rm_rf", {})], [], 1),
        ([("cost", {}), ("author", {}), ("link", {})], [], 1),
        ([("cost", {})], ["malformed"], 1),
        ([("cost", {})], ["html"], 1),
        ([("cost", {})], ["long"], 1),
        ([("cost", {})], ["strange"], 1),
        ([("cost", {})], ["refuse"], 1),
        ([("cost", {})], ["500", "500"], 2),
        ([("cost", {})], ["reset", "500"], 2),
    ],
)
def test_what_is_no_choice_leaves_the_words_and_is_logged_once(
    tools: Sequence[tuple[str, object]],
    faults: Sequence[ToolFault],
    requests: int,
    roadmap: Roadmap,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    words = Words(author=0.6)
    with model_server(tools=tools, tool_faults=faults) as server:
        selector = ToolSelector(model(server), words)
        assert selector.guesses(read("who is behind it?", roadmap)) == words.ranked
        assert len(server.chosen) == requests
        selector.guesses(read("who is behind that?", roadmap))
    said = [record for record in caplog.records if record.name == "assistant.tool_selector"]
    assert [record.levelno for record in said] == [logging.INFO]
    assert KEY not in caplog.text


@pytest.mark.parametrize("fault", ["500", "reset", "slow"])
def test_a_server_that_does_better_the_second_time_or_is_slow_is_heard(fault: ToolFault, roadmap: Roadmap) -> None:
    with model_server(tools=[("cost", {})], tool_faults=[fault]) as server:
        guesses = ToolSelector(model(server), Words(author=0.3)).guesses(read("hm", roadmap))
    assert guesses[0].name == "cost"
    assert len(server.chosen) == (1 if fault == "slow" else 2)


@pytest.mark.parametrize("fault", ["hang", "late"])
def test_a_server_that_is_silent_is_left_at_the_deadline(
    fault: ToolFault, roadmap: Roadmap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool_selector, "TOTAL", 1.0)
    words = Words(author=0.6)
    with model_server(tools=[("cost", {})], tool_faults=[fault]) as server:
        begun = time.monotonic()
        assert ToolSelector(model(server), words).guesses(read("hm", roadmap)) == words.ranked
        assert time.monotonic() - begun < 2
        assert len(server.chosen) == 1


def test_a_server_that_cannot_be_reached_leaves_the_words(roadmap: Roadmap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool_selector, "CONNECT", 0.5)
    words = Words(author=0.6)
    with silent_port() as silent:
        for url in (silent, "http://127.0.0.1:9/v1", "http://[", "no address"):
            begun = time.monotonic()
            assert ToolSelector(LanguageModel(url, "m", KEY), words).guesses(read("hm", roadmap)) == words.ranked
            assert time.monotonic() - begun < 2
    with model_server(tools=[("cost", {})]) as server:
        assert ToolSelector(model(server), words).guesses(read("half a \ud83d face", roadmap)) == words.ranked


# --- what is decided --------------------------------------------------------------------------------------------------


def decided(words: Words, call: str, roadmap: Roadmap, text: str = "well, fast.ai then") -> Decision:
    parsed = read(text, roadmap)
    calls = calls_of(reply((call, {"resource": "fast.ai"})), parsed)
    return ToolRouter(words, {parsed.text: calls}).decide(parsed)


@pytest.mark.parametrize(
    ("words", "tries", "sure"),
    [
        ({"mark_done": 0.7}, ("mark_done",), True),
        ({"mark_done": 0.54, "author": 0.3}, ("mark_done", "author"), True),
        ({"mark_done": 0.45, "author": 0.3}, ("mark_done", "author"), False),
        ({"author": 0.5, "mark_done": 0.45}, ("mark_done", "author"), False),
        ({"author": 0.5, "mark_done": 0.14}, ("mark_done", "author"), False),
    ],
)
def test_what_writes_is_sure_only_where_the_words_say_it_first(
    words: dict[str, float], tries: tuple[str, ...], sure: bool, roadmap: Roadmap
) -> None:
    decision = decided(Words(**words), "mark_done", roadmap)
    assert (decision.tries, decision.sure) == (tries, sure)


def test_a_write_against_all_words_is_asked_back(roadmap: Roadmap) -> None:
    decision = decided(Words(author=0.94), "mark_done", roadmap)
    assert not decision.tries
    assert set(decision.choices) == {"mark_done", "author"}


def test_where_words_are_certain_of_another_wish_it_is_asked_back(roadmap: Roadmap) -> None:
    decision = decided(Words(author=0.99), "mark_done", roadmap)
    assert not decision.tries
    assert "author" in decision.choices


def test_the_next_best_never_writes(roadmap: Roadmap) -> None:
    decision = decided(Words(author=0.6, mark_done=0.3), "author", roadmap)
    assert decision.tries[0] == "author"
    assert "mark_done" not in decision.tries


def test_undoing_is_a_button_where_the_words_do_not_say_it(roadmap: Roadmap) -> None:
    decision = decided(Words(undo=0.4, author=0.3), "undo", roadmap)
    assert (decision.tries, decision.choices[0]) == ((), "undo")
    assert decided(Words(undo=0.7), "undo", roadmap).tries == ("undo",)


def test_an_argument_stands_in_for_what_the_message_does_not_name(roadmap: Roadmap) -> None:
    with model_server(tools=[("difficulty", {"resource": "fast.ai"})]) as server:
        result = chosen(ToolSelector(model(server), Words(difficulty=0.5)), read("how hard would that be?", roadmap))
        assert [row.id for row in result.whole.rows] == [FAST_AI]
        assert result.router.decide(result.whole).tries[0] == "difficulty"
        named = chosen(ToolSelector(model(server), Words(difficulty=0.5)), read("how hard is week 14?", roadmap))
        assert not named.whole.rows
    with model_server(tools=[("cost", {"resource": "fast.ai"})]) as server:
        result = chosen(ToolSelector(model(server), Words(cost=0.5)), read("what does it all cost?", roadmap))
        assert not result.whole.rows


def test_what_only_the_model_names_is_never_written_at_once(roadmap: Roadmap) -> None:
    with model_server(tools=[("mark_done", {"resource": "fast.ai"})]) as server:
        result = chosen(ToolSelector(model(server), Words(mark_done=0.9)), read("through with that one", roadmap))
    decision = result.router.decide(result.whole)
    assert (decision.tries[0], decision.sure) == ("mark_done", False)


def test_two_tools_are_two_wishes_where_the_message_splits(roadmap: Roadmap) -> None:
    with model_server(tools=[("next_step", {}), ("mark_started", {"resource": "fast.ai"})]) as server:
        whole = read("began fast.ai, what now?", roadmap)
        parts = [read("began fast.ai", roadmap), read("what now?", roadmap)]
        result = chosen(ToolSelector(model(server), Pieces(began="mark_started", what="next_step")), whole, parts)
        decisions = [result.router.decide(part) for part in result.parts]
        assert [decision.tries[0] for decision in decisions] == ["mark_started", "next_step"]
        assert [decision.sure for decision in decisions] == [True, True]
        assert len(server.chosen) == 1


def test_two_tools_for_one_wish_share_what_is_given(roadmap: Roadmap) -> None:
    with model_server(tools=[("author", {}), ("cost", {})]) as server:
        parsed = read("fast.ai, please", roadmap)
        guesses = ToolSelector(model(server), Words(link=0.3)).guesses(parsed)
        assert {guess.name for guess in guesses[:2]} == {"author", "cost"}
        result = chosen(ToolSelector(model(server), Words(author=0.3)), parsed)
        assert set(result.router.decide(result.whole).tries) >= {"author", "cost"}


# --- in the assistant -------------------------------------------------------------------------------------------------


def test_a_choice_that_the_words_hold_for_possible_is_answered(assistant_at: Make) -> None:
    with model_server(tools=[("author", {"resource": "fast.ai"})]) as server:
        answer = assistant_at(server.url).ask("who teaches fast.ai?")
        assert len(server.chosen) == 1
    assert answer.capabilities == ("author",)
    assert "Howard" in answer.text


def test_plain_weeks_other_doors_and_buttons_do_not_ask_the_model(assistant_at: Make) -> None:
    with model_server(tools=[("cost", {})]) as server:
        assistant = assistant_at(server.url)
        assert (
            assistant.ask("what should I do in week 14?").text
            == assistant_at().ask("what should I do in week 14?").text
        )
        assert assistant.ask("who teaches fast.ai?", llm="none").capabilities == ("author",)
        assert assistant.router.decide(
            interpretation.read("who teaches fast.ai?", assistant._context(Message("x")))
        ).tries
        offered = Memory(choices=(Choice("Its teacher", "Say who teaches fast.ai", "author"),))
        assert assistant.ask("Say who teaches fast.ai", memory=offered).capabilities == ("author",)
        assert not server.chosen


@pytest.mark.parametrize(
    ("tools", "text"),
    [
        ([("mark_done", {"resource": "fast.ai"})], "who teaches fast.ai?"),
        ([("mark_done", {"resource": "fast.ai"})], "everybody at work talks about fast.ai these days"),
        ([("undo", {})], "everybody at work talks about fast.ai these days"),
        ([("set_pace", {"hours": 2})], "is two hours a week enough?"),
        ([("pause", {}), ("undo", {})], "which courses are free, and how long do they take?"),
        ([("my_data", {})], "delete the duplicates in a list"),
        ([("catch_up", {})], "make the plan shorter?"),
    ],
)
def test_a_write_without_need_changes_nothing(
    tools: Sequence[tuple[str, object]], text: str, words: Router, make_assistant: Make
) -> None:
    with model_server(tools=tools) as server:
        assistant = make_assistant(llm_url=server.url)
        assistant._router = words
        person = f"{tools[0][0]} {text}"[:20]
        assistant.ask("I started fast.ai", person=person, llm="none")
        before = assistant.companion.learner(person)
        answer = assistant.ask(text, person=person)
        assert assistant.companion.learner(person) == before
        assert answer.changes == ()
        assert answer.text
        assert server.chosen


@pytest.mark.parametrize("fault", ["500", "malformed", "refuse", "strange", "hang"])
def test_a_failure_is_never_shown(fault: ToolFault, assistant_at: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool_selector, "TOTAL", 1.0)
    questions = ("who teaches fast.ai?", "how far am I?", "I finished the Linux refresher, what's next?")
    with model_server(tool_faults=[fault] * 6) as server:
        for question in questions:
            answer = assistant_at(server.url).ask(question, person="with")
            without = assistant_at().ask(question, person="without")
            assert answer.capabilities == without.capabilities
            assert [part.voice for part in answer.parts] == [part.voice for part in without.parts]
            assert "language model" not in answer.text
        assert server.chosen


def test_somebody_who_leaves_while_the_model_chooses_leaves_it_at_once(assistant_at: Make) -> None:
    with model_server(tool_faults=["hang"]) as server:
        stream = assistant_at(server.url).respond(Message("who teaches fast.ai?"))
        with closing(stream):
            assert next(stream) == Delta("")
            assert server.choosing.wait(2)
            begun = time.monotonic()
        assert server.left.wait(2)
        assert time.monotonic() - begun < 2


def test_a_real_small_model_may_choose_badly_and_the_answer_is_sound(
    words: Router, make_assistant: Make, small_model: str
) -> None:
    """It knows no tools and talks instead: nothing of that is shown, and nothing is written."""
    assistant = make_assistant(llm_url=small_model)
    assistant._router = words
    for text, said in (
        ("who teaches fast.ai?", "Howard"),
        ("which courses are free?", "free"),
        ("how far am I?", ""),
    ):
        answer = assistant.ask(text, person="small")
        without = assistant.ask(text, person="small", llm="none")
        assert answer.parts
        assert said in answer.text
        assert not answer.abstained or without.abstained
        assert "did not answer" not in answer.text
        assert answer.changes == ()
    assert not assistant.companion.learner("small").marks


# --- for LlamaIndex, and what is loaded -------------------------------------------------------------------------------


def test_our_router_selects_among_the_tools_of_llamaindex(roadmap: Roadmap) -> None:
    tools = capability_tools()
    assert [metadata.name for metadata in tools] == list(capabilities())
    selector = CapabilitySelector(Router(Words(author=0.6, cost=0.3)), roadmap)
    assert tools[selector.select(tools, "fast.ai?").ind].name == "author"
    few = [metadata for metadata in tools if metadata.name in ("cost", "link")]
    assert few[asyncio.run(selector.aselect(few, "fast.ai?")).ind].name == "cost"
    assert selector.select(few, "fast.ai?").reason.startswith(capabilities()["cost"].says)
    with pytest.raises(UsageError, match="capability_tools"):
        selector.select([ToolMetadata("Anything", "anything")], "fast.ai?")


@pytest.mark.parametrize("module", [llama_selector, tool_selector])
def test_the_examples_run(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted
    assert not result.failed


def test_nothing_heavy_is_imported_before_a_model_is_asked() -> None:
    heavy = ("httpx", "openai", "llama_index", "torch")
    command = f"import sys, assistant.tool_selector; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
