"""One learner's year through every door: where one is, and how much is done, is the same wherever it is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, time
from html import unescape
from pathlib import Path

import httpx
import pytest

from assistant.service import Assistant
from corpus.settings import Settings
from tests.fakes import running
from tests.learning_fixtures import Call
from tests.scripted_year import REMOVED, WHO, a_year
from ui import desk
from ui.pages import routes
from ui.web import learning
from ui.web.api import create_app

EVERY = 6
"""One step of so many is looked at, and each that tells of a slip."""


class Clock:
    """The moment that every door takes for now."""

    at = datetime(2027, 1, 4, 18, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    for module in (desk, learning):
        monkeypatch.setattr(module, "now", found)
    for module in (routes, learning):
        monkeypatch.setattr(module, "person_of", lambda _: WHO)
    monkeypatch.setattr("ui.cli.learning.now", found)
    return found


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    opened = Assistant(Settings(data=tmp_path / "data"))
    with closing(opened.companion):
        yield opened


def page(client: httpx.Client, name: str) -> str:
    """What a page says, as text."""
    text = re.sub(r"<[^>]+>", " ", client.get(f"/pages/{name}").raise_for_status().text)
    return " ".join(unescape(text).split())


def test_over_a_year_chat_pages_api_and_command_line_say_the_same(
    assistant: Assistant, clock: Clock, call: Call
) -> None:
    looked, behind = 0, 0
    with running(create_app(assistant)) as url, httpx.Client(base_url=url, timeout=120) as client:
        for number, told in enumerate(a_year(assistant)):
            if number % EVERY and "without a word" not in told:
                continue
            clock.at = datetime.combine(datetime.fromisoformat(told[:10]).date(), time(18), UTC)
            found = client.get("/api/v1/progress").raise_for_status().json()
            where, counts = found["where"]["text"], found["counts"]
            said = f"{counts['done']} of {counts['total']} resources {'is' if counts['done'] == 1 else 'are'} done"
            said += ", 1 is skipped" if counts["skipped"] else ""
            chat = assistant.ask("how far am I?", person=WHO, now=clock.at, llm="none").text
            today, progress, roadmap = (page(client, name) for name in ("today", "progress", "roadmap"))
            for door in (chat, today, progress, found["text"]):
                assert where in door, told
                assert said in door, told
            assert where in roadmap, told
            assert f"{counts['done']} of {counts['total']} resources done{', 1 skipped' * counts['skipped']}" in roadmap
            assert sum(phase["done"] for phase in found["habits"]["phases"]) == counts["done"]
            statuses = [line["status"] for line in found["resources"]]
            assert (statuses.count("done"), statuses.count("skipped")) == (counts["done"], counts["skipped"])
            if assistant.roadmap.resource(REMOVED):  # the command line reads the roadmap that is installed
                _, printed, _ = call("progress", "--learner", WHO)
                assert f"{where} {said}" in " ".join(printed.split()), told
            if "without a word" in told:
                assert found["where"]["behind"] > 0, told
                behind += 1
            looked += 1
    assert behind == 2
    assert looked >= 10
