"""MCP by the SDK's own client: over stdio and HTTP, in the older form of the protocol and in the newer one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import anyio
import httpx
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, ElicitRequestFormParams, ElicitResult

from assistant.language.learning.table import capabilities
from assistant.tools import tools
from tests.answer_fixtures import Make
from tests.eval_fixtures import Notes
from tests.fakes import FakeAssistant, running
from ui.mcp.tools import DECLINED
from ui.texts import NOT_KEPT
from ui.web.api import create_app

Mode = Literal["legacy", "auto"]
Way = Literal["stdio", "http"]
LINUX = "linux-cli-refresher"
ROADMAP = Path(sys.executable).parent / "roadmap"


@dataclass
class Person:
    """Answers what the client is asked: agrees, or chooses the first; or declines. `asked`: what it was asked."""

    agrees: bool = True
    asked: list[ElicitRequestFormParams] = field(default_factory=list)

    async def __call__(self, _: Any, params: Any) -> ElicitResult:
        self.asked.append(params)
        if not self.agrees:
            return ElicitResult(action="decline")
        places = params.requested_schema["properties"]
        answers = {name: place["enum"][0] if "enum" in place else True for name, place in places.items()}
        return ElicitResult(action="accept", content=answers)


@dataclass
class House:
    """What can be connected to."""

    url: str
    data: Path

    @asynccontextmanager
    async def client(
        self, way: Way, mode: Mode, person: Person | None = None, token: str = ""
    ) -> AsyncGenerator[Client]:
        if way == "stdio":
            env = {**os.environ, "ROADMAP_DATA": str(self.data)}
            target: Any = StdioServerParameters(command=str(ROADMAP), args=["mcp"], env=env)
            async with Client(target, mode=mode, elicitation_callback=person) as client:
                yield client
            return
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
            target = streamable_http_client(f"{self.url}/mcp", http_client=http)
            async with Client(target, mode=mode, elicitation_callback=person) as client:
                yield client

    def token(self) -> str:
        return httpx.post(f"{self.url}/api/v1/token").json()["token"]


@pytest.fixture(scope="module")
def house(make_assistant: Make, notes: Notes) -> Iterator[House]:
    assistant = make_assistant()
    with closing(assistant.companion), running(create_app(assistant)) as url:
        yield House(url, notes.folder)


def run(work: Callable[[], Awaitable[None]]) -> None:
    anyio.run(work)


def text(result: CallToolResult) -> str:
    return "\n".join(part.text for part in result.content if part.type == "text")


WAYS: list[tuple[Way, Mode]] = [("stdio", "auto"), ("stdio", "legacy"), ("http", "auto"), ("http", "legacy")]


# --- what there is ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_tools_resources_and_prompts_are_those_of_the_table_and_the_roadmap(house: House, mode: Mode) -> None:
    async def work() -> None:
        async with house.client("http", mode) as client:
            listed = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert list(listed) == ["ask", *tools()]
            for name, tool in tools().items():
                hints = listed[name].annotations
                assert hints is not None
                assert hints.read_only_hint is not capabilities()[name].writes
                assert set(listed[name].input_schema["properties"]) == {*tool.arguments, "conversation"}
            found = [resource.uri for resource in (await client.list_resources()).resources]
            assert len(found) == 49 + 19 + 19
            week = await client.read_resource("roadmap://week/14")
            assert "Zero to Hero" in week.contents[0].text  # type: ignore[union-attr]
            assert "pandas" in (await client.read_resource("roadmap://note/python-for-data-analysis")).contents[0].text  # type: ignore[union-attr]
            hits = await client.read_resource("roadmap://passages/pandas%20groupby")
            assert json.loads(hits.contents[0].text)["hits"]  # type: ignore[union-attr]
            assert len((await client.list_resource_templates()).resource_templates) == 4
            assert [prompt.name for prompt in (await client.list_prompts()).prompts] == ["plan_my_week", "quiz_me"]
            quiz = await client.get_prompt("quiz_me", {"topic": "week 3"})
            assert "Quiz me on week 3." in quiz.messages[0].content.text  # type: ignore[union-attr]

    run(work)


# --- ten turns --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("way", "mode"), WAYS)
def test_a_conversation_of_ten_turns_asks_marks_asks_back_and_undoes(house: House, way: Way, mode: Mode) -> None:
    person, token = Person(), house.token()

    async def work() -> None:
        async with house.client(way, mode, person, token) as client:

            async def said(name: str, **given: Any) -> CallToolResult:
                result = await client.call_tool(name, given)
                assert not result.is_error, text(result)
                return result

            first = await said("ask", message="what should I do in week 14?", conversation="new")
            where = first.structured_content["conversation"]  # type: ignore[index]
            assert "Zero to Hero" in text(first)
            assert "Karpathy" in text(await said("ask", message="who teaches it?", conversation=where))
            assert "https://" in text(await said("link", resource="fast.ai", conversation=where))
            assert person.asked == []
            marked = await said("mark_done", resource="the Linux refresher", conversation=where)
            assert marked.structured_content["written"]  # type: ignore[index]
            assert person.asked[-1].message.startswith("Mark Linux")
            assert "1 of 19" in text(await said("progress_report", conversation=where))
            back = await said("ask", message="I have nearly finished Zero to Hero", conversation=where)
            assert "choice" in person.asked[-1].requested_schema["properties"]
            assert back.structured_content["written"] == ["Mark Neural Networks: Zero to Hero (YouTube) as done."]  # type: ignore[index]
            assert "Taken back" in text(await said("undo", conversation=where))
            await said("set_pace", hours=6, date="2027-01-04", conversation=where)
            assert "6 hours" in text(await said("my_data", conversation=where)) or "hours: 6" in text(
                await said("my_data", conversation=where)
            )
            assert text(await said("next_step", conversation=where))
            await said("undo", conversation=where)
            await said("undo", conversation=where)
            assert "0 of 19" in text(await said("progress_report")) or "nothing" in text(await said("progress_report"))

    run(work)


# --- writing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_what_is_declined_is_not_written(house: House, mode: Mode) -> None:
    person = Person(agrees=False)

    async def work() -> None:
        async with house.client("http", mode, person, token := house.token()) as client:
            assert text(await client.call_tool("mark_done", {"resource": "fast.ai"})) == DECLINED
            assert text(await client.call_tool("ask", {"message": "I finished fast.ai"})) == DECLINED
            assert "“I finished fast.ai”" in person.asked[-1].message
            assert "Howard" in text(await client.call_tool("ask", {"message": "who teaches fast.ai?"}))
            assert len(person.asked) == 2
        exported = httpx.get(f"{house.url}/api/v1/export", headers={"Authorization": f"Bearer {token}"}).json()
        assert exported["learner"]["marks"] == []

    run(work)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_without_elicitation_the_choices_are_in_the_result(house: House, mode: Mode) -> None:
    async def work() -> None:
        async with house.client("http", mode, token=house.token()) as client:
            result = await client.call_tool("ask", {"message": "I have nearly finished Zero to Hero"})
            assert "ask: Mark Neural Networks: Zero to Hero (YouTube) as done" in text(result)
            assert result.structured_content["written"] == []  # type: ignore[index]
            assert (await client.call_tool("mark_done", {"resource": "fast.ai"})).structured_content["written"]  # type: ignore[index]

    run(work)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_of_a_stranger_nothing_is_kept_and_another_learner_sees_nothing(house: House, mode: Mode) -> None:
    async def work() -> None:
        async with house.client("http", mode) as stranger:
            assert NOT_KEPT in text(await stranger.call_tool("mark_done", {"resource": "fast.ai"}))
        async with house.client("http", mode, token=house.token()) as ada:
            first = await ada.call_tool("ask", {"message": "what is in week 14?", "conversation": "new"})
            where = first.structured_content["conversation"]  # type: ignore[index]
        for key in ("", house.token()):
            async with house.client("http", mode, token=key) as other:
                refused = await other.call_tool("ask", {"message": "who teaches it?", "conversation": where})
                assert refused.is_error

    run(work)


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_a_wrong_call_is_a_result_with_one_sentence(house: House, mode: Mode) -> None:
    wrong: list[tuple[str, dict[str, Any], str]] = [
        ("nothing", {}, "no tool 'nothing'"),
        ("mark_done", {"course": "x"}, "no argument 'course'"),
        ("mark_done", {"week": "3"}, "must be a JSON integer"),
        ("mark_done", {"resource": "the moon"}, "did you mean"),
        ("mark_done", {"resource": "fast.ai", "conversation": 7}, "conversation must be"),
        ("ask", {}, "message must be"),
        ("ask", {"message": "x" * 5000}, "1 to 4000"),
        ("ask", {"message": "hi", "week": 99}, "0 to 48"),
        ("ask", {"message": "hi", "extra": 1}, "no argument 'extra'"),
        ("ask", {"message": "who teaches it?", "conversation": "f" * 32}, "no conversation"),
        ("ask", {"message": "what is a\0b?"}, "no character"),
        ("concept", {"words": "what is a\0b?"}, "no character"),
    ]

    async def work() -> None:
        async with house.client("http", mode, Person(), house.token()) as client:
            for name, given, said in wrong:
                result = await client.call_tool(name, given)
                assert result.is_error, (name, given)
                assert said in text(result), (name, given)
                assert result.structured_content is None
            unknown = ("week/99", "week/x", "resource/x", "note/../x", "nothing", "passages/", "passages/" + "a" * 300)
            for uri in (*(f"roadmap://{path}" for path in unknown), "file:///etc/passwd", "no address"):
                with pytest.raises(MCPError, match=r"^[^\n]+\.$|did you mean"):
                    await client.read_resource(uri)
            lists = (client.list_tools, client.list_resources, client.list_prompts, client.list_resource_templates)
            for listing in lists:
                with pytest.raises(MCPError, match="no cursor of ours"):
                    await listing(cursor="next")
            with pytest.raises(MCPError, match="no prompt"):
                await client.get_prompt("nothing")

    run(work)


def test_what_is_not_the_protocol_is_refused(house: House) -> None:
    page = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    assert httpx.post(f"{house.url}/mcp", content=b"{", headers=page).status_code == 400
    assert httpx.post(f"{house.url}/mcp", content=b"x" * 70_000, headers=page).status_code == 413
    foreign = {**page, "Origin": "https://elsewhere.example"}
    assert httpx.post(f"{house.url}/mcp", content=b"{}", headers=foreign).status_code == 403
    assert httpx.post(f"{house.url}/mcp", content=b"{}", headers={**page, "Host": "x.example"}).status_code == 400
    for content, kind in (
        (b"x" * 70_000, "application/json"),
        (b"hi", "text/plain"),
        (b'[{"id": 1}]', "application/json"),
    ):
        refused = httpx.post(f"{house.url}/mcp", content=content, headers={**page, "Content-Type": kind})
        assert re.fullmatch(r"[^\n]+\.", refused.json()["error"]["message"])


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_a_client_that_leaves_in_the_middle_frees_the_place(mode: Mode) -> None:
    fake = FakeAssistant()
    fake.companion.learner("me")

    async def work(url: str) -> None:
        house = House(url, Path())
        with anyio.move_on_after(20):
            async with house.client("http", mode) as client:
                with anyio.move_on_after(2):
                    await client.call_tool("ask", {"message": "slow"})
        assert fake.started.is_set()
        assert await anyio.to_thread.run_sync(fake.closed.wait, 2)
        async with house.client("http", mode) as client:
            assert "The page says" in text(await client.call_tool("ask", {"message": "hello"}))

    with closing(fake.companion), running(create_app(fake, places=1, line=0)) as url:  # type: ignore[arg-type]
        anyio.run(work, url)


def test_the_readmes_settings_start_the_command_that_there_is() -> None:
    lines = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8").splitlines()
    settings = [json.loads(line) for line in lines if line.startswith(('    {"mcpServers"', '    {"servers"'))]
    started = [server for told in settings for servers in told.values() for server in servers.values()]
    assert [(server["command"].rpartition("/")[2], server["args"]) for server in started] == [("roadmap", ["mcp"])] * 2
    assert sum(line.startswith("    claude mcp add ") for line in lines) == 2


# --- light ------------------------------------------------------------------------------------------------------------


def test_neither_a_question_nor_the_server_imports_the_sdks() -> None:
    code = (
        "import sys\n"
        "from ui.cli import app, asking\n"
        "from assistant.service import Assistant\n"
        "from corpus.settings import load_settings\n"
        "Assistant(load_settings()).ask('what is in week 14?')\n"
        "assert not {'mcp', 'mcp_types', 'openai', 'fastapi', 'torch'} & set(sys.modules), 'a question'\n"
        "import ui.web.api\n"
        "assert not {'ui.mcp.server', 'openai', 'torch'} & set(sys.modules), 'the server'\n"  # Gradio itself tries mcp
    )
    subprocess.run([sys.executable, "-c", code], check=True)
