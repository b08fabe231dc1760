"""Start, Plan and Settings over HTTP: what one page sets holds on all; the calendar's secret; what cannot be."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from corpus.settings import Settings
from tests.fakes import FakeAssistant, running
from ui.pages.planning import ELSEWHERE, NOT_SURE
from ui.web.api import create_app
from ui.web.planning import NO_FEED

TODAY = datetime.now(UTC).date()
SETUP = "quick-python-environment-setup"
START = {"start": TODAY.isoformat(), "pace": "hours", "hours": "8"}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    fake = FakeAssistant(settings=Settings(data=tmp_path_factory.mktemp("data")))
    with running(create_app(fake)) as url:  # type: ignore[arg-type]
        yield url


@pytest.fixture
def ada(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=60) as client:
        yield client


def settings_form(client: httpx.Client, **changed: str) -> dict[str, str]:
    """What the form of the plan sends."""
    page = client.get("/pages/settings").text
    form = page[page.index('id="settings-plan"') : page.index("Save the plan")]
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form)) | changed


def press(client: httpx.Client, page: str, id: str) -> str:
    """Presses a button of a page as the browser does; gives the page that comes back."""
    (found,) = re.findall(rf'<button[^>]* id="{id}"[^>]*>', page)
    data = dict(re.findall(r'data-(\w+)="([^"]*)"', found))
    return client.post(f"/{data.pop('post')}", json=data).raise_for_status().text


def test_what_start_sets_is_on_every_page_and_in_the_api(ada: httpx.Client) -> None:
    known = {"known-python-for-data-analysis": "on", "prefer": "code", "free_only": "on", "format-video": "on"}
    preview = ada.get("/pages/start/preview", params=START | known).text
    assert "no plan yet" in ada.get("/pages/plan").text

    assert ada.post("/pages/start", json=START | known).status_code == 200

    ends = re.findall(r"You end on ([^.]+)\.", preview)
    assert ends
    assert f"You end on {ends[0]}." in ada.get("/pages/plan").text
    settings = ada.get("/api/v1/settings").json()
    assert (settings["start"], settings["hours"]) == (START["start"], 8)
    assert (settings["prefer"], settings["free_only"], settings["formats"]) == ("code", True, ["video"])
    assert "This week" in ada.get("/pages/today").text
    assert "python-for-data-analysis" not in [
        r for w in ada.get("/api/v1/plan").json()["weeks"] for r in w["resources"]
    ]
    again = ada.get("/pages/start").text
    assert re.search(r'name="known-python-for-data-analysis" checked', again)


def test_settings_hold_on_the_other_pages(ada: httpx.Client) -> None:
    ada.post("/pages/start", json=START)

    days = {f"day-{number}": hours for number, hours in enumerate(["1", "1", "1", "1", "1", "", "4.5"])}
    ada.post("/pages/settings/plan", json=settings_form(ada, week="14", **days)).raise_for_status()

    settings = ada.get("/api/v1/settings").json()
    assert (settings["hours"], settings["week"], settings["weekdays"]) == (9.5, 14, [1, 1, 1, 1, 1, 0, 4.5])
    assert "Your work has reached week 14." in ada.get("/pages/roadmap").text
    assert "at 9.5 hours a week" in ada.get("/pages/plan").text
    saved = ada.post("/pages/settings/plan", json=settings_form(ada, hours="19"))
    assert 'name="day-6" value="9"' in ada.get("/pages/settings").text
    press(ada, saved.text, "undo-settings")
    assert ada.get("/api/v1/settings").json()["hours"] == 9.5


def test_a_page_of_another_tab_overwrites_nothing(ada: httpx.Client) -> None:
    ada.post("/pages/start", json=START)
    stale = settings_form(ada, hours="3")
    ada.post("/pages/settings/plan", json=settings_form(ada, hours="12")).raise_for_status()

    refused = ada.post("/pages/settings/plan", json=stale)

    assert (refused.status_code, refused.json()["error"]) == (422, ELSEWHERE)
    assert ada.get("/api/v1/settings").json()["hours"] == 12


def test_undo_takes_back_what_its_page_said_and_nothing_of_another_tab(ada: httpx.Client) -> None:
    ada.post("/pages/start", json=START)
    before = ada.get("/api/v1/export").json()["learner"]
    plan = ada.post("/pages/plan/shift", json={"weeks": "1"}).text
    first, second = ({"resource": name, "status": "done"} for name in (SETUP, "linux-cli-refresher"))
    today = ada.post("/pages/today/mark", json=first).text
    changed = ada.post("/pages/today/mark", json=second).text and ada.get("/api/v1/export").json()["learner"]

    refused = press(ada, plan, "undo-plan")

    assert ada.get("/api/v1/export").json()["learner"] == changed
    assert "Nothing is undone: since then came “Mark Linux / CLI refresher as done”" in refused
    then = press(ada, refused, "undo-plan")
    assert "Undone: Mark Linux" in then
    then = press(ada, then, "undo-plan")
    assert "since then came “Mark Quick Python" in then
    then = press(ada, press(ada, then, "undo-plan"), "undo-plan")
    assert "Undone: Move the plan 1 week later." in then
    assert "undo-plan" not in then
    assert ada.get("/api/v1/export").json()["learner"] == before
    twice = ada.post("/pages/today/undo", json={"change": re.findall(r'data-change="([^"]+)"', today)[0]})
    assert (twice.status_code, ada.get("/api/v1/export").json()["learner"]) == (422, before)
    assert twice.json()["error"] == "There is nothing to undo: it is taken back already."


@pytest.mark.parametrize("page", ["today", "plan"])
def test_who_lies_behind_is_offered_to_plan_anew_and_nobody_else(ada: httpx.Client, page: str) -> None:
    ada.post("/pages/start", json=START)
    assert 'id="replan"' not in ada.get(f"/pages/{page}").text
    ada.post("/api/v1/settings", json={"start": (TODAY - timedelta(weeks=3)).isoformat()}).raise_for_status()
    behind = ada.get(f"/pages/{page}").text
    assert "You are 3 weeks behind it." in behind

    anew = press(ada, behind, "replan")

    assert "Planned anew from today." in anew
    assert f"You are on time with the plan of {TODAY}." in anew
    assert 'id="replan"' not in anew
    assert 'id="replan"' in press(ada, anew, f"undo-{page}")


def test_what_changed_nothing_has_no_undo(ada: httpx.Client) -> None:
    ada.post("/pages/start", json=START)
    saved = ada.post("/pages/settings/plan", json=settings_form(ada)).text
    assert "Saved." in saved
    assert "undo-settings" not in saved
    assert ada.post("/pages/settings/undo", json={}).status_code == 422


@pytest.mark.parametrize(
    ("path", "sent", "said"),
    [
        ("start", START | {"start": "1900-01-01"}, "cannot start on 1900-01-01"),
        ("start", START | {"start": "2200-12-31"}, "cannot start on 2200-12-31"),
        ("start", START | {"hours": "0"}, "0 hours a week"),
        ("start", START | {"hours": "200"}, "200 hours a week"),
        ("start", START | {"hours": "nan"}, "nan hours a week"),
        ("start", START | {"hours": ""}, "Hours a week are missing: give one such as 8."),
        ("start", START | {"start": "tomorrow"}, "'tomorrow' is no date"),
        ("start", {"start": START["start"], "pace": "by", "by": ""}, "The day to be done is missing"),
        ("plan/shift", {"weeks": "9"}, "a week at a time"),
        ("plan/pause", {"first": "2027-02-09", "last": "2027-02-01"}, "swap the dates"),
        ("plan/unpause", {"first": "2027-02-09"}, "No pause begins"),
        ("settings/delete", {}, NOT_SURE),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(
    ada: httpx.Client, path: str, sent: dict[str, str], said: str
) -> None:
    ada.post("/pages/start", json=START)
    before = ada.get("/api/v1/export").json()["learner"]

    refused = ada.post(f"/pages/{path}", json=sent)

    assert refused.status_code == 422
    assert said in refused.json()["error"]
    assert ada.get("/api/v1/export").json()["learner"] == before


def test_the_calendar_is_anybodys_who_has_its_address_and_nobody_elses(
    ada: httpx.Client, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ada.post("/pages/start", json=START)
    assert "webcal:" not in ada.get("/pages/plan").text
    page = ada.post("/pages/plan/feed", json={"on": "yes"}).text
    address = ada.get("/api/v1/feed").json()["url"]
    assert f'href="webcal:{address.removeprefix("http:")}"' in page

    fed = httpx.get(address)

    assert fed.headers["content-type"].startswith("text/calendar")
    assert "set-cookie" not in fed.headers
    before = first_day(fed)
    ada.post("/pages/plan/shift", json={"weeks": "1"}).raise_for_status()
    assert first_day(httpx.get(address)) > before
    secret = address.rpartition("/")[2].removesuffix(".ics")
    for wrong in (f"{url}/calendar/x.ics", f"{url}/calendar/.ics", address[:-5] + ".ics", f"{url}/calendar/%27.ics"):
        assert httpx.get(wrong).status_code == 404
    assert httpx.get(f"{url}/calendar/x.ics").json()["error"] == NO_FEED
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith("httpx")]
    assert secret not in "\n".join([*ours, httpx.get(f"{url}/metrics").text, ada.get("/api/v1/export").text])
    anew = ada.post("/api/v1/feed").json()["url"]
    assert httpx.get(address).status_code == 404
    assert httpx.get(anew).status_code == 200
    ada.post("/pages/plan/feed", json={"on": "no"}).raise_for_status()
    assert httpx.get(anew).status_code == 404


def first_day(response: httpx.Response) -> Any:
    return min(event["DTSTART"].dt for event in Calendar.from_ical(response.text).walk("VEVENT"))


def test_the_api_starts_moves_and_pauses_as_the_pages_do(ada: httpx.Client) -> None:
    begin = (TODAY + timedelta(days=14)).isoformat()
    preview = ada.post("/api/v1/preview", json={"start": begin, "hours": 8}).json()
    assert (preview["weeks"], preview["roadmap_weeks"]) == (116, 48)
    assert ada.get("/api/v1/plan").status_code == 422

    assert ada.post("/api/v1/start", json={"start": begin, "hours": 8}).json()["hours"] == 8
    assert ada.get("/api/v1/plan").json()["ends"] == preview["ends"]
    assert ada.post("/api/v1/shift", json={"weeks": 1}).json()["start"] > begin
    first = (TODAY + timedelta(days=40)).isoformat()
    assert ada.post("/api/v1/pauses", json={"first": first, "last": first}).json()["pauses"] == [[first, first]]
    assert ada.delete(f"/api/v1/pauses/{first}").json()["pauses"] == []
    assert ada.post("/api/v1/start", json={"start": begin, "by": begin}).status_code == 422


def test_everything_is_deleted_after_a_second_question(ada: httpx.Client) -> None:
    ada.post("/pages/start", json=START)
    asked = {"question": "hello", "conversation": "new"}
    ada.post("/api/v1/ask", json=asked).raise_for_status()
    assert "1 conversation." in ada.get("/pages/settings").text

    gone = ada.post("/pages/settings/delete", json={"sure": "on", "conversations": "on"})

    assert "Deleted." in gone.text
    assert ada.get("/api/v1/settings").json()["start"] is None
    assert ada.get("/api/v1/conversations").json()["conversations"] == []


def test_short_addresses_lead_to_the_pages(ada: httpx.Client) -> None:
    for name in ("start", "today", "plan", "settings"):
        answer = ada.get(f"/{name}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"./?page={name}")


def test_when_all_is_done_and_when_the_clock_goes_back_the_pages_say_so(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with httpx.Client(base_url=url, timeout=60) as client:
        client.post("/pages/start", json=START)
        for resource in client.get("/api/v1/progress").json()["resources"]:
            client.post("/api/v1/progress", json={"resource": resource["resource"], "status": "done"})
        page = client.get("/pages/plan").text
        assert "Nothing is left to plan" in page
        assert client.get("/pages/start").status_code == 200
        before = client.get("/api/v1/export").json()["learner"]
        monkeypatch.setattr("ui.desk.now", lambda: datetime.now(UTC) - timedelta(days=900))
        for name in ("start", "plan", "settings", "today"):
            assert client.get(f"/pages/{name}").status_code == 200
        assert client.get("/api/v1/export").json()["learner"] == before
