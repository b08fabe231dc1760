"""The OpenAI protocol by the real `openai` package, and by `llm`, against a real server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI

from tests.answer_fixtures import Make
from tests.fakes import FakeAssistant, running
from tests.modelserver import model_server
from ui.openai_protocol.replies import CHECKED, corrected
from ui.openai_protocol.requests import NOT_MERGED
from ui.texts import NOT_KEPT
from ui.web.api import create_app

WEEK_14 = "what should I do in week 14?"
HISTORY = "### Chat History:\n<chat_history>\nUSER: I finished fast.ai\nASSISTANT: Understood.\n</chat_history>"
CHORES: list[tuple[str, str, str]] = [
    ("", f'### Task:\nGenerate a title.\n### Output:\nJSON format: {{ "title": "your title" }}\n{HISTORY}',
     '{"title": "I finished fast.ai"}'),
    ("", f'### Task:\nGenerate tags.\nJSON format: {{ "tags": ["tag1"] }}\n{HISTORY}', '{"tags": []}'),
    ("", '### Task:\nContinue the text.\nRespond only in JSON: `{ "text": "<x>" }`\n<text>I finished fast.ai</text>',
     '{"text": ""}'),
    ("", 'Your task is to reflect the speaker\'s likely facial expression.\nMessage: """I finished fast.ai"""', "{}"),
    ('Available Tools: [{"name": "title"}]\n\nYour task is to choose and return the correct tool(s)',
     "Query: I finished fast.ai", '{"tool_calls": []}'),
    ("", 'You have been provided with a set of responses from various models to the query: "I finished fast.ai"',
     NOT_MERGED),
    ("", "Provide a concise title for the conversation.\n\nConversation:\nUser: I finished fast.ai\nAI: Understood.",
     "I finished fast.ai"),
]  # fmt: skip
"""System prompt, message, reply: what Open WebUI and LibreChat send beside a person's messages."""
LLM = shutil.which("llm") or shutil.which("llm", path=Path(sys.prefix) / "llm" / "bin")
"""The command of that name; it wants another version of `openai`, so it has an environment of its own (`.ci/run`)."""


@pytest.fixture(scope="module")
def server(make_assistant: Make) -> Iterator[str]:
    assistant = make_assistant()
    with closing(assistant.companion), running(create_app(assistant)) as url:
        yield url


@pytest.fixture
def token(server: str) -> str:
    return httpx.post(f"{server}/api/v1/token").json()["token"]


@pytest.fixture
def ada(server: str, token: str) -> Iterator[OpenAI]:
    """A learner's own client."""
    with OpenAI(base_url=f"{server}/v1", api_key=token, max_retries=0) as client:
        yield client


@pytest.fixture
def stranger(server: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{server}/v1", api_key="none", max_retries=0) as client:
        yield client


class Talk:
    """A conversation as a client holds it: all of it is sent with each message."""

    def __init__(self, client: OpenAI, model: str = "roadmap") -> None:
        self.client, self.model = client, model
        self.messages: list[Any] = [{"role": "system", "content": "You are a helpful assistant."}]

    def __call__(self, text: str) -> Any:
        self.messages.append({"role": "user", "content": text})
        reply = self.client.chat.completions.create(model=self.model, messages=self.messages)
        self.messages.append({"role": "assistant", "content": reply.choices[0].message.content})
        return reply

    def streamed(self, text: str) -> str:
        self.messages.append({"role": "user", "content": text})
        with self.client.chat.completions.create(model=self.model, messages=self.messages, stream=True) as stream:
            said = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
        self.messages.append({"role": "assistant", "content": said})
        return said


@contextmanager
def over(fake: FakeAssistant, **options: Any) -> Iterator[OpenAI]:
    """A stranger's client of a server with that assistant."""
    with (
        running(create_app(fake, **options)) as url,  # type: ignore[arg-type]
        OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client,
    ):
        yield client


def marks(server: str, token: str) -> list[str]:
    progress = httpx.get(f"{server}/api/v1/progress", headers={"Authorization": f"Bearer {token}"}).json()
    return [line["resource"] for line in progress["resources"] if line["status"] != "not-started"]


# --- asking -----------------------------------------------------------------------------------------------------------


def test_the_models_are_listed(ada: OpenAI) -> None:
    names = [model.id for model in ada.models.list()]
    assert names[:2] == ["roadmap", "roadmap-quotes"]
    assert ada.models.retrieve("roadmap").id == "roadmap"


def test_an_answer_has_its_sources_as_text_and_as_annotations(ada: OpenAI) -> None:
    message = Talk(ada)(WEEK_14).choices[0].message

    assert "Zero to Hero" in message.content
    assert "\n\nSources:\n[1] " in message.content
    assert message.annotations
    for note in message.annotations:
        cited = note.url_citation
        assert message.content[cited.start_index : cited.end_index].strip("[]").isdecimal()
        assert cited.url.startswith("https://")
        assert cited.url in message.content


def test_a_stream_says_the_same(ada: OpenAI) -> None:
    assert Talk(ada).streamed(WEEK_14) == Talk(ada)(WEEK_14).choices[0].message.content


def test_a_stream_ends_with_annotations_a_reason_and_the_usage(ada: OpenAI) -> None:
    asked: list[Any] = [{"role": "user", "content": WEEK_14}]
    options: Any = {"include_usage": True}
    chunks = list(ada.chat.completions.create(model="roadmap", messages=asked, stream=True, stream_options=options))

    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-2].choices[0].delta.annotations  # type: ignore[attr-defined]
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens > 10
    assert len({chunk.id for chunk in chunks}) == 1


@pytest.mark.parametrize("model", ["roadmap", "roadmap-quotes"])
def test_a_question_on_the_subject_is_answered_from_its_source(ada: OpenAI, model: str) -> None:
    answer = Talk(ada, model)("what are the three steps of a pandas groupby?").choices[0].message.content
    assert "Sources:" in answer


def test_what_a_language_model_says_is_streamed_as_it_comes(make_assistant: Make) -> None:
    with model_server(text="The moon is made of cheese, says pandas.") as model:
        assistant = make_assistant(llm_url=model.url, llm_model="m")
        with closing(assistant.companion), running(create_app(assistant)) as url:
            client = OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)
            question = "what are the three steps of a pandas groupby?"
            whole = Talk(client)(question).choices[0].message.content
            said = Talk(client).streamed(question)
            client.close()
    streamed, _, final = said.partition(CHECKED)
    assert "The moon is made of cheese" in streamed
    assert whole.endswith(final)
    assert whole == streamed[: len(whole) - len(final)] + final


@pytest.mark.parametrize(
    ("streamed", "final", "left"),
    [
        ("", "A b.", "A b."),
        ("A ", "A b.", "b."),
        ("A b.", "A b.", ""),
        ("X", "A b.", f"{CHECKED}A b."),
        ("A.\n\nX", "A.\n\nB.", f"{CHECKED}B."),
        ("A.\n\nB. More", "A.\n\nB.", f"{CHECKED}B."),
        ("A.\n\nB.", "A.", f"{CHECKED}A."),
    ],
)
def test_what_was_streamed_and_is_not_the_answer_is_corrected(streamed: str, final: str, left: str) -> None:
    found, same = corrected(streamed, final)
    assert found == left
    assert streamed[:same] + found.removeprefix(CHECKED) == final


# --- conversations ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_conversation_is_in_its_messages(make_assistant: Make, ada: OpenAI, elsewhere: bool) -> None:
    """Also for a server that has never heard of it."""
    talk = Talk(ada)
    talk(WEEK_14)
    assistant = make_assistant()
    with closing(assistant.companion), running(create_app(assistant)) as url:
        if elsewhere:
            talk.client = OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)
        assert "Karpathy" in talk("who teaches it?").choices[0].message.content
        if elsewhere:
            talk.client.close()


@pytest.mark.parametrize("streamed", [False, True])
def test_what_was_told_earlier_is_never_done_again(server: str, token: str, ada: OpenAI, streamed: bool) -> None:
    talk = Talk(ada)
    say = talk.streamed if streamed else talk
    say("I finished the Linux refresher")
    assert marks(server, token) == ["linux-cli-refresher"]
    say("undo that")
    assert marks(server, token) == []
    say("what is in week 3?")
    say("and in week 4?")
    assert marks(server, token) == []


def test_it_is_not_done_again_by_a_server_that_has_forgotten(make_assistant: Make, server: str, token: str) -> None:
    assistant = make_assistant()
    messages: list[Any] = [
        {"role": "user", "content": "I finished the Linux refresher"},
        {"role": "assistant", "content": "Understood: mark it as done."},
        {"role": "user", "content": "what is in week 14?"},
    ]
    with closing(assistant.companion), running(create_app(assistant)) as url:
        key = httpx.post(f"{url}/api/v1/token").json()["token"]
        with OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0) as client:
            client.chat.completions.create(model="roadmap", messages=messages)
        assert marks(url, key) == []


def test_what_is_asked_back_is_answered_by_its_number(server: str, token: str, ada: OpenAI) -> None:
    talk = Talk(ada)
    asked = talk("I have nearly finished the Linux refresher").choices[0].message.content
    assert "\n1. Mark" in asked
    assert marks(server, token) == []
    talk("1")
    assert marks(server, token) == ["linux-cli-refresher"]


def test_of_a_stranger_nothing_is_kept_and_that_is_said(server: str, stranger: OpenAI) -> None:
    reply = Talk(stranger)("I finished the Linux refresher")

    assert NOT_KEPT in reply.choices[0].message.content
    assert reply.roadmap["written"] == []
    assert "set-cookie" not in httpx.get(f"{server}/v1/models").headers


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(("system", "message", "reply"), CHORES)
def test_a_chat_program_that_names_the_conversation_tells_nothing(
    server: str, token: str, ada: OpenAI, stream: bool, system: str, message: str, reply: str
) -> None:
    asked: list[Any] = [
        {"role": "system", "content": system or "You are helpful."},
        {"role": "user", "content": message},
    ]
    if stream:
        options: Any = {"include_usage": True}
        chunks = list(ada.chat.completions.create(model="roadmap", messages=asked, stream=True, stream_options=options))
        said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        assert chunks[-1].usage is not None
    else:
        said = ada.chat.completions.create(model="roadmap", messages=asked).choices[0].message.content or ""
    assert said == reply
    assert marks(server, token) == []


def test_a_question_below_a_chat_programs_own_documents_is_what_is_asked(ada: OpenAI) -> None:
    """With them the message is sent once; later turns hold the question alone."""
    given = (
        "### Task:\nRespond to the user query using the provided context.\n\n<context>\n<source>x</source>\n</context>"
    )
    for wrapped in (f"{given}\n\n{WEEK_14}", f"{given}\n\n<user_query>\n{WEEK_14}\n</user_query>"):
        talk = Talk(ada)
        assert "Zero to Hero" in talk(wrapped).choices[0].message.content
        talk.messages[1]["content"] = WEEK_14
        assert "Karpathy" in talk("who teaches it?").choices[0].message.content


def test_a_picture_of_an_earlier_turn_does_not_end_the_conversation(ada: OpenAI) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    talk = Talk(ada)
    talk.messages += [
        {"role": "user", "content": [{"type": "text", "text": "what is this?"}, picture]},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "I cannot say."}]},
    ]
    assert "Zero to Hero" in talk(WEEK_14).choices[0].message.content


# --- embeddings -------------------------------------------------------------------------------------------------------


def test_embeddings_are_those_of_the_search(ada: OpenAI) -> None:
    name = "all-MiniLM-L6-v2"
    coded = ada.embeddings.create(model=name, input=["a tensor", "a recipe"])
    plain = ada.embeddings.create(model=name, input="a tensor", encoding_format="float")

    assert [len(item.embedding) for item in coded.data] == [384, 384]
    assert coded.data[0].embedding == pytest.approx(plain.data[0].embedding)


# --- refusals ---------------------------------------------------------------------------------------------------------


Unusable = openai.UnprocessableEntityError


@pytest.mark.parametrize(
    ("body", "error", "said"),
    [
        ({"model": "gpt-4o"}, openai.NotFoundError, "There is no model 'gpt-4o'"),
        ({"messages": []}, Unusable, "messages cannot be used"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, Unusable, "must be the user's"),
        ({"messages": [{"role": "owner", "content": "x"}]}, Unusable, "messages.0.role"),
        ({"messages": [{"role": "user", "content": 7}]}, Unusable, "cannot be used"),
        ({"messages": [{"role": "user", "content": ""}]}, Unusable, "the question is empty"),
        ({"messages": [{"role": "user", "content": "x" * 9_000}]}, Unusable, "9,000 characters"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
         Unusable, "send text alone"),
        ({"messages": [{"role": "user", "content": "a\0b"}]}, Unusable, "messages.0.content cannot"),
        ({"messages": ["hi"]}, Unusable, "messages.0 cannot be used: it should be a JSON object"),
        ({"response_format": {"type": "json_object"}}, Unusable, "response_format cannot be used"),
        ({"tool_choice": "required"}, Unusable, "calls no tools"),
        ({"n": 2}, Unusable, "n cannot be used"),
        ({"stream": "yes"}, Unusable, "stream cannot be used"),
        ({"messages": [{"role": "user", "content": "x" * 2_000_000}]}, openai.APIStatusError, "larger than 1 MiB"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_one_sentence_in_the_protocols_shape(
    ada: OpenAI, body: dict[str, Any], error: type[openai.APIStatusError], said: str
) -> None:
    whole: Any = {"model": "roadmap", "messages": [{"role": "user", "content": "hi"}], **body}
    with pytest.raises(error, match=said) as refused:
        ada.chat.completions.create(**whole)
    told: Any = refused.value.body
    assert set(told) == {"message", "type", "param", "code"}
    assert told["message"].endswith(".")
    assert "function-" not in told["message"]
    assert told["param"] in (None, "model") or told["message"].startswith(told["param"])


@pytest.mark.parametrize("given", ["", [], ["a", ""], "x" * 30_000, [1, 2], [[1], [2]], ["a"] * 300])
def test_texts_that_cannot_be_embedded_are_refused(ada: OpenAI, given: Any) -> None:
    with pytest.raises(Unusable) as refused:
        ada.embeddings.create(model="all-MiniLM-L6-v2", input=given)
    assert refused.value.param == "input"
    assert "string" not in refused.value.message


def test_vectors_of_another_length_than_asked_for_are_refused(ada: OpenAI) -> None:
    with pytest.raises(Unusable, match="have 384"):
        ada.embeddings.create(model="all-MiniLM-L6-v2", input="a tensor", dimensions=10)
    assert ada.embeddings.create(model="all-MiniLM-L6-v2", input="a tensor", dimensions=384).data


def test_a_token_that_is_not_ours_any_more_is_told_from_any_key(server: str, token: str) -> None:
    client = OpenAI(base_url=f"{server}/v1", api_key=token[:-3] + "abc", max_retries=0)
    with client, pytest.raises(openai.AuthenticationError, match="POST /api/v1/token"):
        client.models.list()


def test_a_client_that_leaves_frees_the_place_within_two_seconds() -> None:
    fake = FakeAssistant()
    with over(fake, places=1, line=0) as client:
        asked: list[Any] = [{"role": "user", "content": "slow"}]
        with client.chat.completions.create(model="roadmap", messages=asked, stream=True) as stream:
            next(iter(stream))
            assert fake.started.wait(5)
        assert fake.closed.wait(2)
        assert "The page says" in Talk(client)("hello").choices[0].message.content


def test_what_a_page_says_makes_no_chat_program_load_anything() -> None:
    with over(FakeAssistant()) as client:
        message = Talk(client)("hostile").choices[0].message
    assert "![" not in message.content.replace("\\![", "")
    assert "<img" not in message.content
    assert "<script" not in message.content
    assert "javascript:" not in str(message.annotations)
    assert [note.url_citation.url for note in message.annotations] == ["https://page.example/a?x=1&y=2"]


def test_an_error_in_the_middle_of_a_stream_is_one_sentence() -> None:
    with over(FakeAssistant()) as client, pytest.raises(openai.APIError, match="Something went wrong inside"):
        Talk(client).streamed("break off")


# --- llm --------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(LLM is None, reason="llm is not installed")
def test_llm_asks_goes_on_and_is_a_learner(server: str, token: str, tmp_path: Path) -> None:
    """With the README's line of settings."""
    lines = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8").splitlines()
    (told,) = (line.strip() for line in lines if line.startswith("    - {model_id: roadmap"))
    (tmp_path / "extra-openai-models.yaml").write_text(told.replace("http://127.0.0.1:7860", server))
    (tmp_path / "keys.json").write_text(json.dumps({"roadmap": token}))
    environment = {**os.environ, "LLM_USER_PATH": str(tmp_path)}

    def said(*arguments: str) -> str:
        command = [LLM or "", *arguments, "-m", "roadmap"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "Zero to Hero" in said(WEEK_14)
    assert "Karpathy" in said("-c", "who teaches it?")
    said("-c", "I finished the Linux refresher")
    assert marks(server, token) == ["linux-cli-refresher"]
    assert "Taken back" in said("-c", "undo that")
