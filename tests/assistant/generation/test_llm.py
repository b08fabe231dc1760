"""The language model's stream, by real HTTP servers that behave well and badly."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import closing

import pytest

from assistant.generation.client import ChoiceError, Deadlines, LanguageModel, Message, ModelError, configured
from assistant.generation.servers import find_servers, try_out
from corpus.settings import Settings, SettingsError, load_settings
from tests.modelserver import KEY, Fault, ModelServer, model_server, silent_port

QUICK = Deadlines(connect=1.0, first=4.0, between=1.5, total=20.0)
LONG = "one two three four five six seven eight nine ten eleven twelve"


def prompt(_: int) -> list[Message]:
    return [Message("system", "Be short."), Message("user", "Say something.")]


def model(server: ModelServer, deadlines: Deadlines = QUICK) -> LanguageModel:
    return LanguageModel(server.url, "test-model", KEY, deadlines)


def test_the_text_comes_piece_by_piece_and_the_context_is_the_servers() -> None:
    contexts: list[int] = []
    with model_server(text="A neural network learns.") as server:
        named = LanguageModel(server.url, "", "", QUICK)
        pieces = [p for p in named.stream(lambda context: contexts.append(context) or prompt(context)) if p]
    assert pieces == ["A ", "neural ", "network ", "learns."]
    assert contexts == [2048]
    assert server.asked[0]["model"] == "test-model"
    assert server.asked[0]["stream"] is True
    assert "tools" not in server.asked[0]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("hang", "said nothing for 4 s"),
        ("stall", "said nothing for 1.5 s"),
        ("reset", "broke off"),
        ("malformed", "sent something that is no answer"),
        ("cut", "broke off in the middle"),
        ("html", "sent no text"),
        ("empty", "sent no text"),
    ],
)
def test_each_fault_ends_in_one_error_in_time(fault: Fault, said: str) -> None:
    with model_server(fault=fault, text=LONG) as server:
        begun = time.monotonic()
        pieces: list[str | None] = []
        with pytest.raises(ModelError, match=said):
            pieces.extend(model(server).stream(prompt))
        assert time.monotonic() - begun < 15
    assert not [t for t in threading.enumerate() if t.name == "language model"]


def test_a_server_that_goes_on_for_ever_is_left_at_the_limit_and_its_text_is_cut() -> None:
    with model_server(text="word " * 100_000) as server:
        stream = model(server).stream(prompt, longest=10)
        said = "".join(filter(None, stream))
        assert server.left.wait(2)
    assert len(said) == 200


def test_an_endless_list_of_models_is_no_list() -> None:
    with model_server(fault="endless-list", text="A network learns.") as server:
        assert "".join(filter(None, model(server).stream(prompt))) == "A network learns."
        assert server.left.is_set()


def test_a_half_character_becomes_one_that_can_be_encoded() -> None:
    with model_server(text="A \ud83d face.") as server:
        assert "".join(filter(None, model(server).stream(prompt))) == "A \ufffd face."


def test_a_server_that_never_connects_is_given_up() -> None:
    with silent_port() as url, pytest.raises(ModelError, match=r"could not be reached within 1 s"):
        list(LanguageModel(url, "m", "", QUICK).stream(prompt))
    with pytest.raises(ModelError, match="cannot be reached"):
        list(LanguageModel("http://127.0.0.1:9/v1", "m", "", QUICK).stream(prompt))


def test_a_drip_is_stopped_by_the_deadline_for_all_of_it() -> None:
    with model_server(fault="slow", text=LONG * 20) as server:
        with pytest.raises(ModelError, match="not done after 1 s"):
            list(model(server, Deadlines(1, 5, 5, 1.0)).stream(prompt))
        assert server.left.wait(5)


@pytest.mark.parametrize(("fault", "wait_for"), [("hang", None), ("slow", "one ")])
def test_closing_closes_the_http_stream_within_two_seconds(fault: Fault, wait_for: str | None) -> None:
    patient = Deadlines(connect=20, first=60, between=60, total=90)
    with model_server(fault=fault, text=LONG * 50) as server:
        with closing(model(server, patient).stream(prompt)) as stream:
            piece = next(stream)
            while not server.begun.is_set() or piece != wait_for:
                piece = next(stream)
            begun = time.monotonic()
        assert server.left.wait(2)
        assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    ("status", "said"), [(401, "ROADMAP_LLM_KEY"), (404, "ROADMAP_LLM_MODEL"), (429, "too much"), (500, "status 500")]
)
def test_a_refusal_says_what_to_do_and_never_the_key(status: int, said: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with model_server(fault="refuse", status=status) as server, pytest.raises(ModelError, match=said) as raised:
        list(model(server).stream(prompt))
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    seen = f"{raised.value!r} {raised.value.__cause__!r} {model(server)!r} {Settings(llm_key=KEY)!r} {caplog.text}"
    assert KEY not in seen


def test_a_redirect_is_not_followed_with_the_key() -> None:
    with model_server(fault="redirect") as server:
        assert [p for p in model(server).stream(prompt) if p]
        assert len(server.asked) == 1


def test_a_model_is_used_only_where_one_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert configured(Settings()) is None
    assert configured(Settings(llm_url="http://127.0.0.1:1/v1"), "none") is None
    there = configured(Settings(llm_url="http://127.0.0.1:1/v1/", llm_model="a"), "b")
    assert there is not None
    assert (there.url, there.name) == ("http://127.0.0.1:1/v1", "b")
    with pytest.raises(ChoiceError, match="ROADMAP_LLM_URL"):
        configured(Settings(), "llama")
    monkeypatch.setenv("ROADMAP_LLM_URL", "http://me:secret@127.0.0.1/v1")
    with pytest.raises(SettingsError, match="ROADMAP_LLM_KEY") as raised:
        load_settings()
    monkeypatch.setenv("ROADMAP_LLM_URL", "http://me:secret@[::1/v1")
    with pytest.raises(SettingsError, match="ROADMAP_LLM_KEY") as broken:
        load_settings()
    assert "me:" not in str(broken.value)
    assert "secret" not in str(raised.value).replace("is secret", "")
    for bad in ("http://127.0.0.1/v1?key=secret", "http://", "http://a b/v1"):
        monkeypatch.setenv("ROADMAP_LLM_URL", bad)
        with pytest.raises(SettingsError, match="ROADMAP_LLM_URL") as refused:
            load_settings()
        assert "key=secret" not in str(refused.value)


def test_a_key_is_taken_without_the_line_end_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROADMAP_LLM_URL", " http://127.0.0.1:1/v1 ")
    monkeypatch.setenv("ROADMAP_LLM_KEY", f"{KEY}\r\n")
    assert (load_settings().llm_key, load_settings().llm_url) == (KEY, "http://127.0.0.1:1/v1")
    monkeypatch.setenv("ROADMAP_LLM_KEY", f"{KEY}ключ")
    with pytest.raises(SettingsError, match="ROADMAP_LLM_KEY") as raised:
        load_settings()
    assert KEY not in str(raised.value)


def test_a_server_on_this_machine_is_offered_and_a_trial_tells_how_it_is() -> None:
    with model_server(text="It learns.") as server:
        port = int(server.url.rsplit(":", 1)[1].split("/")[0])
        found = find_servers([("llama.cpp", port), ("Ollama", 9)])
        trial = try_out(model(server))
    assert [(f.kind, f.models) for f in found] == [("llama.cpp", ("test-model",))]
    assert (trial.text, trial.error) == ("It learns.", "")
    with model_server(fault="hang") as server:
        assert "said nothing" in try_out(model(server)).error
