"""Answers with a language model behind a real HTTP server: the five faults, leaving, follow-ups, what is shown."""

from __future__ import annotations

import time
from contextlib import closing

import httpx
import pytest

from assistant.answers import Answer, Delta
from assistant.conversation import memory_of
from assistant.generation import client as llm
from assistant.generation.client import Deadlines
from assistant.generation.writer import CUT, EMPTY, STOPPED
from assistant.handling import Memory
from assistant.service import Assistant, Message
from tests.answer_fixtures import Make
from tests.fakes import running
from tests.modelserver import KEY, Fault, model_server, silent_port
from ui.web.api import create_app

ASK = "/api/v1/ask"
QUESTION = "in which order does backpropagation visit the nodes?"
GOOD = (
    "Going through nodes in reverse topological order guarantees that a gradient is complete [1]. "
    "A node needs to know only its own local derivative [1]. It costs 900 dollars [1]."
)


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same deadlines, shorter; a real model gets its time."""
    if "small_model" not in request.fixturenames:
        monkeypatch.setattr(llm, "DEADLINES", Deadlines(connect=1.0, first=4.0, between=1.5, total=30.0))


def streamed(assistant: Assistant, question: str = QUESTION, **options: object) -> tuple[str, Answer]:
    pieces = list(assistant.respond(Message(question, **options)))  # type: ignore[arg-type]
    assert [isinstance(piece, Answer) for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    answer = pieces[-1]
    assert isinstance(answer, Answer)
    return "".join(piece.text for piece in pieces if isinstance(piece, Delta)), answer


def test_a_models_text_is_streamed_checked_and_cited(make_assistant: Make) -> None:
    with model_server(text=GOOD) as server:
        draft, answer = streamed(make_assistant(llm_url=server.url, llm_key=KEY))
    assert "reverse topological order" in draft
    assert [part.voice for part in answer.parts] == ["model", "notice"]
    assert "900" not in answer.text
    assert "One sentence of the language model left out" in answer.text
    assert answer.parts[0].text.count("[1]") == 2
    assert answer.written is not None
    assert (answer.written.supported, answer.written.dropped, answer.written.complete) == (2, 1, True)
    assert answer.citations[0].quote in answer.citations[0].context
    assert {"retrieve", "first_token", "model", "total"} <= set(answer.timings_ms)
    sent = str(server.asked[0])
    assert KEY not in sent + str(answer) + str(answer.as_json())
    assert answer.prompt_json()[0]["content"] == server.asked[0]["messages"][0]["content"]


def test_a_text_that_was_cut_at_its_limit_ends_with_its_last_whole_sentence(make_assistant: Make) -> None:
    with model_server(text=GOOD.removesuffix(" It costs 900 dollars [1].") + " And then it", fault="long") as server:
        _, answer = streamed(make_assistant(llm_url=server.url))
    assert answer.parts[0].text.endswith("local derivative. [1]")
    assert "And then" not in answer.text
    assert answer.parts[-1].text == CUT
    assert answer.written is not None
    assert (answer.written.complete, answer.written.cut) == (False, True)
    assert answer.written_by_model


def test_code_that_a_model_writes_stays_code_and_is_cited_below(make_assistant: Make) -> None:
    code = "```python\ndef local_derivative(node):\n    return node.topological_order()\n```"
    said = f"Question: how?\n\nAnswer: A node needs only its local derivative [1].\n\n{code}"
    with model_server(text=said) as server:
        _, answer = streamed(make_assistant(llm_url=server.url))
    text = answer.parts[0].text
    assert text.startswith("A node needs only its local derivative.")
    assert f"\n\n{code}\n\n" in f"{text}\n\n"
    assert text.count("```") == 2


def test_a_model_that_goes_round_in_circles_is_stopped_and_says_it_once(make_assistant: Make) -> None:
    said = "A node needs to know only its own local derivative."
    with model_server(text=f"{said} " * 200) as server:
        draft, answer = streamed(make_assistant(llm_url=server.url))
    assert draft.count(said) < 10
    assert answer.text.count(said[:-1]) == 1
    assert answer.written is not None
    assert answer.written.complete


def test_facts_of_the_roadmap_never_come_from_the_model(make_assistant: Make) -> None:
    with model_server(text="Week 14 is about cooking [1].") as server:
        assistant = make_assistant(llm_url=server.url)
        exact = make_assistant().ask("what should I do in week 14?")
        assert streamed(assistant, "what should I do in week 14?")[1].text == exact.text
        assert not server.asked
        _, answer = streamed(assistant, "how does Neural Networks: Zero to Hero explain backpropagation?")
    assert "cooking" not in answer.text


def test_text_that_no_source_supports_gives_way_to_quotes(make_assistant: Make) -> None:
    composed = make_assistant().ask(QUESTION)
    with model_server(text="Bananas grow in warm countries. They are yellow and sweet.") as server:
        _, answer = streamed(make_assistant(llm_url=server.url))
    assert [p.text for p in answer.parts[1:]] == [p.text for p in composed.parts]
    assert "not backed by the sources" in answer.parts[0].text
    assert answer.citations == composed.citations


@pytest.mark.parametrize(
    ("text", "fault", "said"),
    [("<think>Let me see.", "", EMPTY), ("<think>Let me see.", "long", STOPPED), (" \n", "", EMPTY)],
)
def test_a_model_that_gives_no_answer_is_not_said_to_have_given_a_bad_one(
    make_assistant: Make, text: str, fault: Fault, said: str
) -> None:
    with model_server(text=text, fault=fault) as server:
        _, answer = streamed(make_assistant(llm_url=server.url))
    assert answer.parts[0].text == said
    assert answer.citations


@pytest.mark.parametrize("fault", ["refused", "hang", "stall", "reset", "malformed"])
def test_each_fault_leaves_the_composed_answer_with_one_notice(make_assistant: Make, fault: str) -> None:
    composed = make_assistant().ask(QUESTION)
    with silent_port() as dead, model_server(fault="" if fault == "refused" else fault, text=GOOD) as server:
        assistant = make_assistant(llm_url=dead if fault == "refused" else server.url)
        draft, answer = streamed(assistant)
    notices = [part.text for part in answer.parts if part.voice == "notice"]
    assert len(notices) == 1
    assert "did not answer" in notices[0]
    assert [p.text for p in answer.parts if p.voice not in ("notice", "model")] == [p.text for p in composed.parts]
    assert answer.citations[: len(composed.citations)] == composed.citations
    assert answer.written is not None
    assert not answer.written.complete
    assert all(part.voice != "model" for part in answer.parts)  # it had not come to the end of a sentence
    assert bool(draft.strip()) == (fault in ("stall", "reset", "malformed"))


@pytest.mark.parametrize("fault", ["stall", "reset", "malformed"])
def test_what_was_said_before_a_fault_stands_below_marked_as_incomplete(make_assistant: Make, fault: str) -> None:
    composed = make_assistant().ask(QUESTION)
    with model_server(fault=fault, text=f"A node needs only its local derivative [1]. {GOOD}") as server:
        _, answer = streamed(make_assistant(llm_url=server.url))
    partial = answer.parts[-1]
    assert partial.voice == "model"
    assert partial.text.startswith("*Incomplete")
    assert f"A node needs only its local derivative. [{len(composed.citations) + 1}] …" in partial.text
    assert "Going through" not in partial.text
    assert [p.text for p in answer.parts[1:-1]] == [p.text for p in composed.parts]


@pytest.mark.parametrize("fault", ["hang", "slow"])
def test_closing_a_stream_closes_the_models_within_two_seconds(make_assistant: Make, fault: Fault) -> None:
    with model_server(fault=fault, text=GOOD * 20) as server:
        stream = make_assistant(llm_url=server.url).respond(Message(QUESTION))
        with closing(stream):  # type: ignore[type-var]
            while not server.begun.is_set():
                next(stream)
            begun = time.monotonic()
        assert server.left.wait(2)
        assert time.monotonic() - begun < 2.5


@pytest.mark.parametrize("fault", ["hang", "slow"])
def test_a_client_that_leaves_frees_the_model_and_the_place(make_assistant: Make, fault: Fault) -> None:
    with (
        model_server(fault=fault, text=GOOD * 20) as server,
        running(create_app(make_assistant(llm_url=server.url), places=1)) as url,
    ):
        body = {"question": QUESTION, "stream": True}
        with httpx.stream("POST", url + ASK, json=body, timeout=60) as response:
            assert response.status_code == 200
            for _ in response.iter_lines():
                if server.begun.is_set():
                    break
        assert server.left.wait(2)
        answer = httpx.post(url + ASK, json={"question": QUESTION, "llm": "none"}, timeout=60)
        assert answer.status_code == 200
        assert answer.json()["citations"]


def test_a_fault_in_the_stream_of_the_api_ends_in_one_answer(make_assistant: Make) -> None:
    with (
        model_server(fault="stall", text=GOOD) as server,
        running(create_app(make_assistant(llm_url=server.url), places=1)) as url,
    ):
        body = {"question": QUESTION, "stream": True}
        for _ in range(2):
            events = httpx.post(url + ASK, json=body, timeout=60).text
            assert events.count("event: answer") == 1
            assert events.count("event: error") == 0
            assert "event: delta" in events


@pytest.mark.xfail(strict=True, reason="“can you show an example?” is taken for a question for help")
def test_the_conversation_reaches_the_model_and_the_search(make_assistant: Make) -> None:
    with model_server(text=GOOD) as server:
        assistant = make_assistant(llm_url=server.url)
        first = streamed(assistant)[1]
        memory = memory_of(Memory(), first)
        _, second = streamed(assistant, "can you show an example?", memory=memory, history=[(QUESTION, first.text)])
        messages = server.asked[1]["messages"]
    assert second.understood.startswith("about backpropagation")
    assert [m["role"] for m in messages] == ["system", "user", "assistant", "user"]
    assert messages[1]["content"] == QUESTION
    assert second.citations


def test_the_model_can_be_left_out_or_chosen(make_assistant: Make) -> None:
    with model_server(text=GOOD) as server:
        assistant = make_assistant(llm_url=server.url)
        assert assistant.ask(QUESTION, llm="none").written is None
        assert assistant.ask(QUESTION, llm="other").written is not None
        assert server.asked[0]["model"] == "other"


def test_a_real_small_model_answers_over_http(make_assistant: Make, small_model: str) -> None:
    """What it says is its own affair: everything of it that is shown is marked, and cited sources exist."""
    answer = make_assistant(llm_url=small_model).ask(QUESTION)
    assert answer.citations
    numbers = {citation.n for citation in answer.citations}
    assert numbers == set(range(1, len(numbers) + 1))


def test_a_definition_stands_above_what_a_model_writes(make_assistant: Make) -> None:
    with model_server(text=GOOD) as server:
        draft, answer = streamed(make_assistant(llm_url=server.url), "how does backpropagation work?")
    assert [part.voice for part in answer.parts] == ["note", "model", "notice"]
    assert draft.startswith("**Backpropagation**: The algorithm")
    assert answer.citations[0].url == "note:glossary"
    assert "complete. [2]" in answer.parts[1].text
