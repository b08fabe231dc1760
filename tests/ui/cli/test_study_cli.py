"""The commands of a stored learner: what they keep, draw, write and refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.learning_fixtures import Call

PYTHON = "python-for-data-analysis"
HALF_DONE = "I have nearly finished fast.ai"
"""Asked back: nothing is marked as done on a guess."""


def told(call: Call, *arguments: str) -> dict[str, Any]:
    status, out, err = call(*arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_a_learner_is_kept_shown_drawn_and_moved(call: Call, tmp_path: Path) -> None:
    assert told(call, "learner", "--start", "2027-01-04", "--hours", "10")["hours"] == 10
    told(call, "progress", PYTHON, "--unit", "ch03", "--status", "done")
    told(call, "ask", "I finished the quick Python setup")
    assert told(call, "next")["resource"] == PYTHON
    assert told(call, "next", "--week", "9")["resource"].startswith("fast-ai")
    plan = told(call, "plan", "--png", "p.png", "--html", "p.html", "--ics", "p.ics", "--by", "2040-01-01")
    assert {"weeks", "ends", "moved", "deadline"} <= set(plan)
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "<script" not in page
    assert told(call, "today", "--minutes", "25")["minutes"] <= 25
    due = told(call, "review")["due"]
    assert told(call, "review", "--card", due[0]["key"], "--grade", "good")["reviews"] == 1
    assert told(call, "progress", "--png", "progress.png")["habits"]["weeks"][-1]["reviews"] == 1
    assert (tmp_path / "progress.png").read_bytes().startswith(b"\x89PNG")
    assert told(call, "export", "cards.apkg")["cards"] == len(due)
    assert (tmp_path / "cards.apkg").read_bytes().startswith(b"PK")
    assert told(call, "export", "me.json")["marks"] == 2
    assert told(call, "import", "me.json", "--learner", "copy")["marks"] == 2
    assert told(call, "progress", "--learner", "other")["burn_up"]["planned"] == []


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["plan"], 2, "start"),
        (["plan", "--start", "2027-01-04"], 2, "--hours"),
        (
            ["plan", "--start", "2027-01-04", "--hours", "0"],
            2,
            "0 hours a week cannot be planned with: give 0.5 to",
        ),
        (["plan", "--start", "2027-01-04", "--hours", "200"], 2, "200 hours a week"),
        (["plan", "--start", "2027-01-04", "--hours", "nan"], 2, "nan hours a week"),
        (["plan", "--start", "2027-01-04", "--hours", "ten"], 2, "'--hours'"),
        (["plan", "--start", "2027-02-30", "--hours", "10"], 2, "'2027-02-30' is no date"),
        (["plan", "--start", "2027-01-04", "--hours", "10", "--done", "fastai"], 2, "'fastai': did you mean fast-ai"),
        (["plan", "--start", "2027-01-04", "--hours", "10", "--by", "2026-12-01"], 2, "2026-12-01 is before the start"),
        (["next", "--done", "fastai"], 2, "'fastai': did you mean fast-ai"),
        (["next", "--week", "60"], 2, "week 60"),
        (["next", "--hours", "0"], 2, "0 hours"),
        (["next", "--minutes", "0"], 2, "0 minutes"),
        (["today", "--minutes", "2000"], 2, "2000 minutes"),
        (["today", "--minutes", "1" + "0" * 400], 2, "minutes cannot be used"),
        (["learner", "--start", "9999-12-30"], 2, "cannot start on 9999-12-30"),
        (["learner", "--hours", "200"], 2, "200 hours"),
        (["learner", "--formats", "podcast"], 2, "'podcast' is unknown: choose from book, video, course, interactive"),
        (["say", "I have 200 hours a week"], 2, "200 hours"),
        (["say", "I did 900 hours of fast.ai"], 2, "900 hours"),
        (["plan", "--start", "2027-01-04", "--hours", "10", "--png", "p.gif"], 2, "p.gif"),
        (["progress", "fastai", "--status", "done"], 2, "'fastai'"),
        (["progress", PYTHON], 2, "--status"),
        (["progress", "--png", "p.html"], 2, "p.html is no kind of picture: give a name that ends with .png or .svg"),
        (["progress", "--png", "no/such/folder/p.png"], 2, "cannot be written"),
        (["export", "cards.apkg"], 1, "no card to export yet"),
        (["review", "--card", "x"], 2, "--grade"),
        (["say", "what is attention?"], 1, "roadmap ingest"),
        (["learner", "--timezone", "Nowhere/Land"], 1, "Nowhere/Land"),
        (["import", "missing.json"], 2, "missing.json"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(call: Call, arguments: list[str], status: int, words: str) -> None:
    ended, out, err = call(*arguments)
    assert (ended, out) == (status, "")
    assert words in err
    assert len(err.splitlines()) == 1


def test_what_is_said_is_asked_and_what_is_asked_is_said(call: Call) -> None:
    assert "no change to undo" in told(call, "say", "undo")["answer"]
    assert told(call, "say", "what should I do in week 14?")["weeks"] == [13, 16]
    assert told(call, "ask", "I finished fast.ai", "--learner", "ada")["written"] != []
    assert told(call, "export")["learner"]["marks"] == []
    assert told(call, "say", "undo that", "--learner", "ada")["written"] != []


def test_a_batch_tells_too_each_line_alone(call: Call, tmp_path: Path) -> None:
    said = ["I finished fast.ai", "I have 200 hours a week", "who teaches it?", "undo that"]
    lines = [json.dumps({"id": number, "question": text}) for number, text in enumerate(said)]
    (tmp_path / "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
    status, out, _ = call("ask", "--batch", "cases.jsonl", "--learner", "ada")
    done, refused, missing, undone = (json.loads(line) for line in out.splitlines())
    assert status == 0
    assert (len(done["written"]), len(undone["written"])) == (1, 1)
    assert "200 hours" in refused["error"]
    assert missing["resources"] == []
    assert told(call, "export", "--learner", "ada")["learner"]["marks"] == []


def test_what_is_asked_back_is_numbered(call: Call) -> None:
    said = told(call, "ask", HALF_DONE)["choices"]
    assert 2 <= len(said) <= 4
    lines = call("ask", HALF_DONE)[1].splitlines()
    assert [line.partition(" ")[0] for line in lines if line[:1].isdigit()] == [f"{n + 1}." for n in range(len(said))]
    assert any(line.startswith("1. ") and said[0]["label"] in line for line in lines)
    assert f"say “{said[-1]['message']}”" in lines[-1]


def test_what_can_be_asked_is_listed(call: Call) -> None:
    listed = told(call, "capabilities")["capabilities"]
    assert [set(entry) for entry in listed] == [{"name", "says", "ask", "writes", "needs"}] * len(listed)
    assert {entry["name"] for entry in listed if entry["writes"]} >= {"mark_done", "undo", "pause"}
    status, out, err = call("capabilities")
    assert (status, err) == (0, "")
    assert [entry["name"] for entry in listed if entry["name"] not in out] == []


def test_a_start_in_the_past_is_planned_and_said(call: Call) -> None:
    plan = told(call, "plan", "--start", "2020-01-06", "--hours", "10")
    assert plan["weeks"][0]["starts"] == "2020-01-06"
    assert any("days in the past" in remark for remark in plan["remarks"])
    status, out, _ = call("plan", "--start", "2020-01-06", "--hours", "10")
    assert status == 0
    assert "The start, 2020-01-06, is" in out


def test_nothing_is_kept_of_what_was_refused(call: Call) -> None:
    told(call, "learner", "--start", "2027-01-04", "--hours", "10")
    before = told(call, "export")
    for arguments in (
        ["learner", "--hours", "200"],
        ["say", "I have 0 hours a week"],
        ["progress", "x", "--status", "done"],
    ):
        assert call(*arguments)[0] == 2
    assert told(call, "export") == before


@pytest.mark.parametrize("text", ["{", "[" * 60_000, '{"learner": "\\ud800"}'])
def test_a_file_that_is_no_export_is_refused_in_a_sentence(call: Call, tmp_path: Path, text: str) -> None:
    (tmp_path / "me.json").write_text(text, encoding="utf-8")

    status, out, err = call("import", "me.json")

    assert (status in (1, 2), out, len(err.splitlines())) == (True, "", 1)
