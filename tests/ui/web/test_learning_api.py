"""The API about a person's own learning: each person apart, export and import, calendar, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
import vobject

from assistant.service import Assistant
from corpus.settings import Settings
from tests.fakes import running
from ui.person import COOKIE, person_of
from ui.web.api import create_app

FAST_AI = "fast-ai-practical-deep-learning-for-coders"
PYTHON = "python-for-data-analysis"
SETUP = "quick-python-environment-setup"
V1 = "/api/v1"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    assistant = Assistant(Settings(data=tmp_path_factory.mktemp("learners")))
    with closing(assistant.companion), running(create_app(assistant)) as address:
        yield address


@pytest.fixture
def ada(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=20) as client:
        yield client


@pytest.fixture
def ben(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=20) as client:
        yield client


def marked(client: httpx.Client, resource: str = FAST_AI) -> None:
    body = {"resource": resource, "status": "done"}
    assert client.post(f"{V1}/progress", json=body).status_code == 200


# --- who asks -------------------------------------------------------------------------------------------------------


def test_a_first_visit_sets_a_cookie_that_scripts_and_other_sites_do_not_get(ada: httpx.Client) -> None:
    header = ada.get(f"{V1}/today").headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(header.split("; "))
    assert len(ada.cookies[COOKIE]) > 80
    assert "set-cookie" not in ada.get(f"{V1}/today").headers
    assert "set-cookie" not in ada.get("/healthz", headers={"cookie": ""}).headers


def test_a_cookie_that_is_none_of_ours_is_replaced(url: str) -> None:
    for bad in ("me", "x" * 32, "../../etc", "A" * 32, "a" * 33):
        response = httpx.get(f"{url}{V1}/settings", headers={"cookie": f"{COOKIE}={bad}"})
        assert f"={bad};" not in response.headers["set-cookie"]


def test_a_request_that_another_site_sends_changes_nothing(ada: httpx.Client) -> None:
    body = {"resource": FAST_AI, "status": "done"}
    for site in ("cross-site", "same-site"):
        refused = ada.post(f"{V1}/progress", json=body, headers={"Sec-Fetch-Site": site})
        assert refused.status_code == 403
        assert refused.json()["error"]
    assert ada.get(f"{V1}/export").json()["learner"]["marks"] == []


@pytest.mark.parametrize("said", [{"Origin": "https://elsewhere.example"}, {"Referer": "https://elsewhere.example/x"}])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{V1}/progress", {"resource": FAST_AI, "status": "done"}),
        (f"{V1}/say", {"text": "I finished fast.ai"}),
        (f"{V1}/ask", {"question": "I finished fast.ai"}),
        (f"{V1}/settings", {"hours": 3}),
        (f"{V1}/token", {}),
        ("/pages/today/mark", {"resource": FAST_AI, "status": "done"}),
        ("/v1/chat/completions", {"model": "x", "messages": [{"role": "user", "content": "I finished fast.ai"}]}),
        ("/gradio_api/queue/join", {"fn_index": 0, "data": []}),
    ],
)
def test_a_browser_that_says_only_which_page_it_was_changes_nothing_either(
    ada: httpx.Client, said: dict[str, str], path: str, body: dict[str, object]
) -> None:
    before = ada.get(f"{V1}/export").json()["learner"]
    refused = ada.post(path, json=body, headers=said)
    assert refused.status_code == 403
    assert "another site" in refused.text
    assert ada.get(f"{V1}/export").json()["learner"] == before
    own = {"Origin": str(ada.base_url).rstrip("/")}
    assert ada.post(f"{V1}/say", json={"text": "what is in week 3?"}, headers=own).status_code == 200


def test_a_person_is_read_from_any_request_and_never_made_up() -> None:
    request = SimpleNamespace(headers={"cookie": f"other=1; {COOKIE}={'a' * 32}"})
    assert person_of(request) == "a" * 32
    with pytest.raises(LookupError):
        person_of(SimpleNamespace(headers={}))


# --- each apart -----------------------------------------------------------------------------------------------------

READS = ("next", "today", "progress", "settings", "review", "export")


def test_no_route_shows_what_is_anothers(ada: httpx.Client, ben: httpx.Client) -> None:
    before = {path: ben.get(f"{V1}/{path}").json() for path in READS}
    marked(ada, SETUP)
    ada.post(f"{V1}/settings", json={"start": "2027-01-04", "hours": 20, "notes": "a secret of Ada's"})
    ada.post(f"{V1}/cards", json={"question": "Ada's?", "answer": "Yes."})
    due = ada.get(f"{V1}/review").json()["due"]
    ada.post(f"{V1}/review", json={"card": due[0]["key"], "rating": "good"})

    assert {path: ben.get(f"{V1}/{path}").json() for path in READS} == before
    assert ben.get(f"{V1}/plan").status_code == ben.get(f"{V1}/calendar.ics").status_code == 422
    for path in (*READS, "plan"):
        answer = ben.get(f"{V1}/{path}", params={"learner": ada.cookies[COOKIE], "name": ada.cookies[COOKIE]})
        assert "Ada" not in answer.text


def test_no_route_changes_what_is_anothers(ada: httpx.Client, ben: httpx.Client) -> None:
    marked(ada)
    mine = ada.get(f"{V1}/export").json()
    key = ada.cookies[COOKIE]
    marked(ben, PYTHON)
    stolen = {**mine, "learner": {**mine["learner"], "name": key}}
    assert ben.post(f"{V1}/import", json={"data": stolen, "replace": True}).status_code == 200
    assert ben.post(f"{V1}/progress", json={"resource": SETUP, "status": "done", "learner": key}).status_code == 422
    assert ben.post(f"{V1}/say", json={"text": "undo that"}).status_code == 200
    ben.post(f"{V1}/undo")

    assert ada.get(f"{V1}/export").json() == mine
    assert key not in str(mine)


# --- what it does ---------------------------------------------------------------------------------------------------


def test_the_companion_is_spoken_to_and_taken_back(ada: httpx.Client) -> None:
    said = ada.post(f"{V1}/say", json={"text": "I finished fast.ai"}).json()
    assert "as done" in said["answer"]
    done = [line["resource"] for line in ada.get(f"{V1}/progress").json()["resources"] if line["status"] == "done"]
    assert done == [FAST_AI]
    assert "fast.ai" in ada.post(f"{V1}/undo").json()["undone"]
    assert ada.post(f"{V1}/undo").status_code == 422


def test_what_is_said_is_asked_and_writes_for_the_cookie_alone(ada: httpx.Client, ben: httpx.Client) -> None:
    asked = ada.post(f"{V1}/ask", json={"question": "I finished fast.ai"}).json()
    assert (len(asked["written"]), asked["capabilities"], asked["conversation"]) == (1, ["mark_done"], None)
    assert ada.post(f"{V1}/say", json={"text": "what should I do in week 14?"}).json()["weeks"] == [13, 16]
    assert ada.post(f"{V1}/say", json={"text": "what is attention?"}).status_code == 503  # a search, and no index
    assert ben.get(f"{V1}/export").json()["learner"]["marks"] == []
    assert [mark["resource"] for mark in ada.get(f"{V1}/export").json()["learner"]["marks"]] == [FAST_AI]


def test_the_plan_is_a_contract_and_a_calendar(ada: httpx.Client) -> None:
    ada.post(f"{V1}/settings", json={"start": "2027-01-04", "hours": 10})
    plan = ada.get(f"{V1}/plan", params={"by": "2040-01-01"}).json()
    assert {"week", "starts", "resources", "units", "hours"} <= set(plan["weeks"][0])
    assert plan["deadline"]["feasible"]
    slower = ada.get(f"{V1}/plan", params={"hours": 4}).json()
    assert slower["ends"] > plan["ends"]
    assert ada.get(f"{V1}/settings").json()["hours"] == 10
    calendar = ada.get(f"{V1}/calendar.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert len(vobject.readOne(calendar.text).vevent_list) == len(plan["weeks"])


def test_next_is_the_persons_own_or_that_of_the_parameters(ada: httpx.Client) -> None:
    marked(ada, SETUP)
    assert ada.get(f"{V1}/next").json()["resource"] == "linux-cli-refresher"
    assert ada.get(f"{V1}/next", params={"week": 9}).json()["resource"] == FAST_AI
    assert "40 minutes" in ada.get(f"{V1}/next", params={"minutes": 40}).json()["now"]


def test_today_keeps_to_the_minutes_and_cards_come_back(ada: httpx.Client) -> None:
    marked(ada, SETUP)
    today = ada.get(f"{V1}/today", params={"minutes": 30}).json()
    assert today["minutes"] <= today["budget"] == 30
    first = ada.get(f"{V1}/review").json()["due"][0]["key"]
    graded = ada.post(f"{V1}/review", json={"card": first, "rating": "easy"}).json()
    assert datetime.fromisoformat(graded["due"]) > datetime.now(UTC)
    after = ada.get(f"{V1}/review").json()
    assert first not in {card["key"] for card in after["due"]}
    assert after["history"][0]["card"] == first


def test_an_export_comes_back_whole_for_another_browser(ada: httpx.Client, ben: httpx.Client) -> None:
    marked(ada)
    ada.post(f"{V1}/cards", json={"question": "Q?", "answer": "A.", "source": "https://example.org/"})
    export = ada.get(f"{V1}/export").json()
    assert ben.post(f"{V1}/import", json={"data": export}).json()["marks"] == 1
    assert ben.get(f"{V1}/export").json() == export
    again = ben.post(f"{V1}/import", json={"data": export})
    assert (again.status_code, "already" in again.json()["error"]) == (422, True)


def test_a_long_history_can_be_imported_too(ada: httpx.Client, ben: httpx.Client) -> None:
    for unit in range(60):
        ada.post(f"{V1}/settings", json={"notes": "x" * 3000 + str(unit)})
    export = ada.get(f"{V1}/export")
    assert len(export.content) > 100_000
    assert ben.post(f"{V1}/import", json={"data": export.json()}).status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("progress", {"resource": "fastai", "status": "done"}),
        ("progress", {"resource": FAST_AI, "status": "half"}),
        ("progress", {"resource": FAST_AI, "unit": "nope", "status": "done"}),
        ("progress", {"resource": FAST_AI, "status": "done", "minutes": -5}),
        ("settings", {"hours": 0}),
        ("settings", {"hours": 200}),
        ("settings", {"timezone": "Nowhere/Land"}),
        ("settings", {"prefer": "cheap"}),
        ("settings", {"formats": ["opera"]}),
        ("settings", {"start": "soon"}),
        ("review", {"card": "no/card", "rating": "good"}),
        ("review", {"card": f"{PYTHON}/split-apply-combine", "rating": "perfect"}),
        ("cards", {"question": "", "answer": "A."}),
        ("cards", {"question": "Q", "answer": "A.", "source": "javascript:alert(1)"}),
        ("cards", {"question": "Q", "answer": "A.", "resource": "nope"}),
        ("say", {"text": "I have 200 hours a week"}),
        ("import", {"data": {"format": 1}}),
        ("import", {"data": {"format": 99, "learner": {}}}),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_nothing_is_stored(
    ada: httpx.Client, path: str, body: dict[str, object]
) -> None:
    refused = ada.post(f"{V1}/{path}", json=body)
    assert refused.status_code == 422
    assert refused.json()["error"].count("\n") == 0
    assert ada.get(f"{V1}/export").json()["changes"] == []


NO_CHARACTER = '"\\ud800"'


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("settings", f'{{"notes": {NO_CHARACTER}}}'),
        ("settings", f'{{"timezone": {NO_CHARACTER}}}'),
        ("settings", f'{{"formats": [{NO_CHARACTER}]}}'),
        ("say", f'{{"text": {NO_CHARACTER}}}'),
        ("progress", f'{{"resource": "{FAST_AI}", "status": "skipped", "reason": {NO_CHARACTER}}}'),
        ("progress", f'{{"resource": "{FAST_AI}", "status": "done", "minutes": 1{"0" * 400}}}'),
        ("import", f'{{"data": {{"format": 1, "learner": {{"notes": {NO_CHARACTER}}}}}}}'),
        ("import", f'{{"data": {{"a": {"[" * 60_000}'),
        ("import", '{"data": {"format": 1, "learner": {"name": "x", "start": "", "hours": NaN}}}'),
    ],
)
def test_what_json_can_say_and_nothing_can_store_is_refused(ada: httpx.Client, path: str, body: str) -> None:
    refused = ada.post(f"{V1}/{path}", content=body, headers={"Content-Type": "application/json"})
    assert refused.status_code == 422
    assert refused.json()["error"].endswith(".")


def test_an_export_that_is_too_large_is_told_how_it_gets_smaller(ada: httpx.Client) -> None:
    def body() -> Iterator[bytes]:  # without a length: it is counted as it arrives
        yield b"a" * (9 * 1024 * 1024)

    for content in (b"a" * (9 * 1024 * 1024), body()):
        refused = ada.post(f"{V1}/import", content=content, headers={"Content-Type": "application/json"})
        assert refused.status_code == 413
        assert "larger than 8 MiB" in refused.json()["error"]


@pytest.mark.parametrize(
    "query",
    [
        "plan",
        "plan?hours=0",
        "plan?by=soon",
        "today?minutes=0",
        f"today?minutes=1{'0' * 400}",
        "review?days=0",
        "next?week=60",
    ],
)
def test_what_cannot_be_asked_is_refused(ada: httpx.Client, query: str) -> None:
    refused = ada.get(f"{V1}/{query}")
    assert refused.status_code == 422
    assert refused.json()["error"]


def test_a_damaged_database_says_so_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "learner.db").write_bytes(b"this is no database" * 500)
    with running(create_app(Assistant(Settings(data=tmp_path)))) as url:
        told = {"question": "I finished fast.ai"}
        for broken in (
            httpx.get(f"{url}{V1}/today", timeout=20),
            *(httpx.post(f"{url}{V1}/ask", json={**told, "stream": on}, timeout=20) for on in (False, True)),
        ):
            assert (broken.status_code, "cannot be used" in broken.json()["error"]) == (503, True)
            assert str(tmp_path) not in broken.text
        assert httpx.post(f"{url}{V1}/ask", json={"question": "week 14"}, timeout=20).json()["weeks"] == [13, 16]
        assert httpx.get(f"{url}/healthz").status_code == 200
