"""The `roadmap` command as a person or a script meets it: output, errors, exit status.

What depends on the process (the installed script, pipes, imports, locale) runs the script; the rest calls `main`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from corpus.roadmap import Roadmap
from eval import feedback
from ui.cli.app import main

SCRIPT = Path(sysconfig.get_path("scripts")) / "roadmap"
HEAVY = {
    "torch", "gradio", "chromadb", "llama_index", "sentence_transformers", "transformers", "fastapi", "numpy", "scipy",
    "sqlalchemy", "alembic",
}  # fmt: skip
ZERO_TO_HERO = "neural-networks-zero-to-hero"
RESOURCE_KEYS = {
    "id", "title", "role", "weeks", "phase", "block", "alternatives", "authors", "task", "focus", "outcome", "links",
    "pros", "cons", "difficulty", "hands_on", "recommendation",
}  # fmt: skip
ANSWER_KEYS = {"answer", "abstained", "weeks", "resources", "citations", "timings_ms"}
CITATION_KEYS = {"n", "kind", "title", "url", "quote", "fetched_at"}
TEN_MEGABYTES = "why? " * 2_000_000


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        (line,) = self.out.splitlines()
        return json.loads(line)


Call = Callable[..., Result]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """Calls `main` with arguments, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["roadmap", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return Result(int(ended.value.code or 0), *capfd.readouterr())

    return run


@pytest.fixture
def script(tmp_path: Path) -> Call:
    """Runs the installed script in an empty folder."""

    def run(*arguments: str, python: tuple[str, ...] = (), stdin: bytes = b"", **environment: str) -> Result:
        command = [sys.executable, *python, str(SCRIPT), *arguments]
        variables = {**_environment(), **environment}
        done = subprocess.run(command, cwd=tmp_path, env=variables, input=stdin, capture_output=True, check=False)
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


# --- roadmap show ---------------------------------------------------------------------------------------------------


def test_show_prints_the_whole_roadmap(script: Call, roadmap: Roadmap) -> None:
    result = script("show", COLUMNS="200")
    assert (result.status, result.err) == (0, "")
    assert [p.title for p in roadmap.phases if p.title not in result.out] == []
    assert [r.id for r in roadmap.resources if r.id not in result.out] == []


def test_show_json_is_one_object_of_the_contract(call: Call, roadmap: Roadmap) -> None:
    shown = call("show", "--json").json
    assert set(shown) == {"phases", "blocks", "resources"}
    assert [set(phase) for phase in shown["phases"]] == [{"number", "title", "weeks"}] * 5
    assert all({"title", "weeks", "resources"} <= set(block) for block in shown["blocks"])
    assert [set(resource) for resource in shown["resources"]] == [RESOURCE_KEYS] * 19
    assert [r["id"] for r in shown["resources"]] == [r.id for r in roadmap.resources]


@pytest.mark.parametrize(
    ("arguments", "phases", "blocks", "resources"),
    [
        (["--week", "0"], [0], [[0, 0]], ["quick-python-environment-setup", "linux-cli-refresher"]),
        (["--week", "14"], [2], [[13, 16]], [ZERO_TO_HERO]),
        (
            ["--week", "6"],
            [1],
            [[5, 6], [6, 6]],
            [
                "essence-of-linear-algebra-khan-academy-statistics",
                "build-a-data-pipeline-from-a-sql-database-and-create-dashboard",
            ],
        ),
        (["--resource", "capstone-portfolio"], [4], [[33, 48]], ["capstone-portfolio"]),
        (["--phase", "0"], [0], [[0, 0]], ["quick-python-environment-setup", "linux-cli-refresher"]),
    ],
)
def test_show_json_narrows(
    call: Call, arguments: list[str], phases: list[int], blocks: list[list[int]], resources: list[str]
) -> None:
    shown = call("show", *arguments, "--json").json
    assert [phase["number"] for phase in shown["phases"]] == phases
    assert [block["weeks"] for block in shown["blocks"]] == blocks
    assert [resource["id"] for resource in shown["resources"]] == resources


@pytest.mark.parametrize("arguments", [["--week", "14"], ["--resource", ZERO_TO_HERO], ["--phase", "2"]])
def test_show_prints_the_part_that_is_asked_for(call: Call, arguments: list[str]) -> None:
    result = call("show", *arguments)
    assert (result.status, result.err) == (0, "")
    assert "Weeks 13–16  Neural Networks from Scratch" in result.out
    assert "Phase 1" not in result.out


# --- roadmap lint ---------------------------------------------------------------------------------------------------


def test_lint_names_every_trap_and_succeeds(script: Call) -> None:
    result = script("lint")
    assert (result.status, result.err) == (0, "")
    codes = set(re.findall(r"^(?:note|warning|error) ([\w-]+):", result.out, re.MULTILINE))
    assert codes >= {"label-cell", "split-title", "week-overlap", "own-week", "undivided-phase", "several-links"}
    assert "catalogue-link" in codes


def test_lint_json_lists_the_findings(call: Call, roadmap: Roadmap) -> None:
    findings = call("lint", "--json").json["findings"]
    assert [set(finding) for finding in findings] == [{"code", "severity", "message", "line"}] * len(roadmap.findings)


def test_lint_of_a_file_with_errors_shows_them_and_fails(script: Call, tmp_path: Path, roadmap: Roadmap) -> None:
    text = Path(__file__).parents[3].joinpath("corpus", "roadmap.md").read_text(encoding="utf-8")
    (tmp_path / "mine.md").write_text(text.replace("Week 7–8 — ", "Chapter seven: "), encoding="utf-8")
    result = script("lint", "mine.md")
    assert result.status == 1
    assert "error bad-heading" in result.out
    assert "“Chapter seven: Hands-On Machine Learning” names no weeks" in result.out
    assert result.err == ""


@pytest.mark.parametrize(
    ("content", "part"), [(b"", "is empty"), (b"\xff\xfe\x00", "is not UTF-8"), (b"x", "no phase")]
)
def test_lint_of_what_is_no_roadmap_is_one_sentence(call: Call, tmp_path: Path, content: bytes, part: str) -> None:
    (tmp_path / "mine.md").write_bytes(content)
    result = call("lint", "mine.md")
    assert_refused(result, 1, "mine.md", part)


def test_lint_of_a_missing_file_and_of_a_folder_is_one_sentence(call: Call, tmp_path: Path) -> None:
    assert_refused(call("lint", "none.md"), 1, "none.md cannot be read (No such file or directory)")
    assert_refused(call("lint", str(tmp_path)), 1, "cannot be read (Is a directory)")


# --- roadmap ask ----------------------------------------------------------------------------------------------------


def test_a_question_about_a_week_gets_one_object_of_the_contract(script: Call) -> None:
    result = script("ask", "what should I do in week 14?", "--json")
    assert (result.status, result.err) == (0, "")
    answer = result.json
    assert set(answer) >= ANSWER_KEYS
    assert (answer["abstained"], answer["weeks"], answer["resources"]) == (False, [13, 16], [ZERO_TO_HERO])
    assert "Zero to Hero" in answer["answer"]
    assert answer["citations"]
    assert [set(citation) >= CITATION_KEYS for citation in answer["citations"]].count(False) == 0
    assert {citation["kind"] for citation in answer["citations"]} == {"roadmap", "note"}
    assert answer["timings_ms"]["total"] >= 0


def test_a_question_about_a_week_imports_nothing_heavy_and_makes_nothing(script: Call, tmp_path: Path) -> None:
    data = tmp_path / "new"
    result = script("ask", "what should I do in week 14?", python=("-X", "importtime"), ROADMAP_DATA=str(data))
    assert result.status == 0
    assert not data.exists()
    imported = {line.rsplit("|", 1)[1].strip().split(".")[0] for line in result.err.splitlines() if "|" in line}
    assert "assistant" in imported
    assert imported & HEAVY == set()


def test_an_answer_is_printed_with_its_sources(call: Call) -> None:
    result = call("ask", "what should I do in week 14?")
    assert (result.status, result.err) == (0, "")
    assert "Zero to Hero" in result.out
    assert re.search(r"^\[1\] .*\(roadmap\)$", result.out, re.MULTILINE)
    assert "https://www.youtube.com/playlist?list=PLjJh1vlSEYgv3u2khHca7g0q0_zyFtx9c" in result.out


def test_a_week_that_does_not_exist_gets_a_sentence_that_says_what_does(call: Call) -> None:
    answer = call("ask", "what should I do in week 60?", "--json").json
    assert "48" in answer["answer"]
    assert answer["resources"] == []


def test_control_characters_in_a_question_are_answered_and_not_printed(call: Call) -> None:
    result = call("ask", "what should I do in\x1b[31m\x07 week 14?")
    assert result.status == 0
    assert "Zero to Hero" in result.out
    assert "\x1b[31m" not in result.out
    assert "\x07" not in result.out


def test_an_answer_is_utf_8_in_every_locale(script: Call) -> None:
    result = script("ask", "week 14", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert result.status == 0
    assert "13–16" in result.out


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPT), "show", "--json"]
    with subprocess.Popen(command, cwd=tmp_path, env=_environment(), stdout=-1, stderr=-1) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert "Traceback" not in process.stderr.read().decode()


# --- roadmap ask --batch --------------------------------------------------------------------------------------------


def test_a_batch_file_is_answered_line_by_line_in_order_with_its_ids(call: Call, tmp_path: Path) -> None:
    cases = [("b", "week 14"), (7, "week 0"), ("é", "who teaches fast.ai?"), (None, "phase 3")]
    lines = [json.dumps({"id": id, "question": question, "more": 1}) for id, question in cases]
    (tmp_path / "cases.jsonl").write_text("\n\n".join(lines), encoding="utf-8")
    result = call("ask", "--batch", "cases.jsonl")
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert (result.status, result.err) == (0, "")
    assert [answer["id"] for answer in answers] == [id for id, _ in cases]
    assert [answer["weeks"] for answer in answers] == [[13, 16], [0, 0], answers[2]["weeks"], [21, 32]]
    assert [set(answer) >= ANSWER_KEYS for answer in answers] == [True] * 4


def test_a_batch_is_read_from_standard_input(script: Call) -> None:
    lines = b'{"id": "\\ud800", "question": "week 14"}\r\n{"id": 2, "question": "week 33"}'
    result = script("ask", "--batch", "-", stdin=b"\xef\xbb\xbf" + lines)
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert (result.status, result.err) == (0, "")
    assert [(answer["id"], answer["weeks"]) for answer in answers] == [("\ud800", [13, 16]), (2, [33, 48])]


def test_a_question_that_cannot_be_asked_gets_its_own_error_and_the_batch_goes_on(call: Call, tmp_path: Path) -> None:
    questions = ["week 14", TEN_MEGABYTES, "\x00\x1b", "week 15"]
    lines = [json.dumps({"id": number, "question": question}) for number, question in enumerate(questions)]
    (tmp_path / "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
    result = call("ask", "--batch", "cases.jsonl")
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert (result.status, result.err) == (0, "")
    assert [answer["id"] for answer in answers] == [0, 1, 2, 3]
    assert ["error" in answer for answer in answers] == [False, True, True, False]
    assert set(answers[1]) == {"id", "error"}
    assert "10,000,000 characters" in answers[1]["error"]
    assert len(result.out) < 100_000


@pytest.mark.parametrize(
    "line",
    [
        "week 14", "{", "[1]", '"x"', "null", '{"id": 1}', '{"question": "week 1"}', '{"id": 1, "question": null}',
        '{"id": 1, "question": 14}', "[" * 100_000,
    ],
    ids=lambda line: line[:24],
)  # fmt: skip
def test_a_line_that_is_no_case_is_refused_by_its_number(call: Call, tmp_path: Path, line: str) -> None:
    (tmp_path / "cases.jsonl").write_text(f"\n{line}\n", encoding="utf-8")
    assert_refused(call("ask", "--batch", "cases.jsonl"), 2, "line 2 of cases.jsonl")


@pytest.mark.parametrize(
    ("name", "part"), [("none.jsonl", "No such file"), (".", "Is a directory"), ("bytes.jsonl", "codec can't decode")]
)
def test_a_batch_file_that_cannot_be_read_is_refused(call: Call, tmp_path: Path, name: str, part: str) -> None:
    (tmp_path / "bytes.jsonl").write_bytes(bytes(range(128, 256)))
    assert_refused(call("ask", "--batch", name), 2, f"{name} cannot be read as UTF-8 text", part)


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_bytes_on_standard_input_are_refused(script: Call, locale: str) -> None:
    result = script("ask", "--batch", "-", stdin=bytes(range(128, 256)), LC_ALL=locale)
    assert_refused(result, 2, "- cannot be read as UTF-8 text")


# --- wrong usage: exit status 2, one sentence on standard error, nothing on standard output -------------------------


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["show", "--week", "49"], ["there is no week 49", "weeks 0–48"]),
        (["show", "--week", "-1"], ["there is no week -1", "weeks 0–48"]),
        (["show", "--phase", "9"], ["there is no phase 9", "0, 1, 2, 3, 4"]),
        (["show", "--resource", "zero-to-hero"], ["'zero-to-hero'", f"did you mean {ZERO_TO_HERO}"]),
        (["show", "--resource", ""], ["there is no resource ''"]),
        (["show", "--resource", "\udcff\x1b[2J"], ["there is no resource '\\udcff\\x1b[2J'"]),
        (["show", "--week", "1", "--phase", "1"], ["--week, --phase and --resource exclude each other"]),
        (["show", "--week", "x"], ["'--week'", "integer", "roadmap show --help"]),
        (["ask"], ["nothing was asked", "--batch"]),
        (["ask", ""], ["the question is empty"]),
        (["ask", "\x00\x1b\u202e \n"], ["the question is empty"]),
        (["ask", "x" * 8001], ["8,001 characters", "8,000"]),
        (["ask", "week 14", "--week", "49"], ["Week 49 does not exist", "weeks 0–48"]),
        (["ask", "week 14", "--scope", "week"], ["The scope 'week' needs a week: give --week N"]),
        (["ask", "week 14", "--scope", "so-far"], ["The scope 'so-far' needs a week: give --week N"]),
        (["ask", "week 14", "--scope", "here"], ["'here'", "'so-far'"]),
        (["ask", "one", "two"], ["two", "roadmap ask --help"]),
        (["ask", "--nonsense"], ["--nonsense"]),
        (["search"], ["nothing was asked"]),
        (["search", "x", "--k", "0"], ["'--k'"]),
        (["search", "x", "--scope", "week"], ["The scope 'week' needs a week: give --week N"]),
        (["nonsense"], ["'nonsense'", "roadmap --help"]),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else None,
)
def test_wrong_usage_is_one_sentence(call: Call, arguments: list[str], parts: list[str]) -> None:
    assert_refused(call(*arguments), 2, *parts)


def test_the_script_itself_reports_wrong_usage_by_its_exit_status(script: Call) -> None:
    assert_refused(script("show", "--week", "49"), 2, "there is no week 49")


def test_no_command_shows_the_help(call: Call) -> None:
    result = call()
    assert (result.status, result.err) == (2, "")
    assert all(command in result.out for command in ("ask", "search", "show", "lint", "ingest", "serve"))


# --- settings -------------------------------------------------------------------------------------------------------


def test_a_data_folder_that_is_a_file_is_refused_by_name(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ROADMAP_DATA", str(tmp_path / "file"))
    assert_refused(call("ask", "week 14"), 2, "ROADMAP_DATA", str(tmp_path / "file"))


def test_a_model_address_that_is_none_is_refused_by_name(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROADMAP_LLM_URL", "nonsense")
    assert_refused(call("ask", "week 14"), 2, "ROADMAP_LLM_URL='nonsense'")


@pytest.mark.parametrize("address", ["http://[::1", "http://127.0.0.1:port/v1", "http://127.0.0.1:99999/v1"])
def test_a_model_address_that_cannot_be_taken_apart_is_refused_by_name(
    call: Call, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("ROADMAP_LLM_URL", address)
    assert_refused(call("ask", "week 14"), 2, f"ROADMAP_LLM_URL={address!r} is no web address")


def test_a_settings_file_that_is_no_text_is_refused(call: Call, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    assert_refused(call("ask", "week 14"), 2, ".env is not UTF-8 text")


def test_a_settings_file_is_read(call: Call, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ROADMAP_LLM_URL=nonsense\n", encoding="utf-8")
    assert_refused(call("ask", "week 14"), 2, "ROADMAP_LLM_URL='nonsense'")


def test_a_coverage_page_that_cannot_be_written_is_one_sentence(call: Call, tmp_path: Path) -> None:
    assert_refused(call("coverage", "--html", "none/page.html"), 2, "none/page.html cannot be written")
    assert_refused(call("coverage", "--html", str(tmp_path)), 2, "Is a directory")
    assert call("coverage", "--html", "page.html").status == 0
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_crawl_into_a_folder_that_cannot_be_made_is_one_sentence(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ROADMAP_DATA", str(tmp_path / "file" / "data"))
    assert_refused(call("crawl", "--resource", "capstone-portfolio"), 2, "the data folder cannot be written")


def test_ctrl_c_is_one_sentence(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ingest.coverage.read_changes", interrupted)
    assert_refused(call("changes"), 1, "stopped", "goes on where it was")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_under_the_output_is_one_sentence() -> None:
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", "from ui.cli.app import main; main()", "show"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, cwd=root, env=_environment(), stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1, done.stderr
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("roadmap: ")
    assert "No space left" in line


# --- what needs an index --------------------------------------------------------------------------------------------


def test_without_an_index_a_search_says_what_to_run_and_makes_nothing(script: Call, tmp_path: Path) -> None:
    result = script("search", "attention", "--json", ROADMAP_DATA=str(tmp_path / "new"))
    assert_refused(result, 1, "roadmap ingest")
    assert not (tmp_path / "new").exists()


def assert_refused(result: Result, status: int, *parts: str) -> None:
    """Nothing on standard output; on standard error one line, without a traceback, that names `parts`."""
    assert (result.status, result.out) == (status, ""), result.err
    (line,) = result.err.splitlines()
    assert line.startswith("roadmap: ")
    assert [part for part in parts if part not in line] == []


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "COLUMNS"))}


# --- feedback -------------------------------------------------------------------------------------------------------


def test_feedback_is_listed_and_becomes_a_case_or_goes(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    monkeypatch.setenv("ROADMAP_DATA", str(data))
    right = feedback.add(data, "what is a monad?", abstained=False, urls=["https://site.example/a"], expectation="no")
    wrong = feedback.add(data, "asdf", abstained=True)
    listed = call("eval", "--from-feedback")
    assert "what is a monad?" in listed.out
    assert "https://site.example/a" in listed.out
    accepted = call("eval", "--accept", right.id, "--page", "https://site.example/b", "--json").json
    assert accepted["accepted"]["relevant"] == [{"url": "https://site.example/b", "grade": 2}]
    assert [record["id"] for record in accepted["feedback"]] == [wrong.id]
    assert call("eval", "--dismiss", wrong.id, "--json").json == {"dismissed": wrong.id, "feedback": []}
    assert "what is a monad?" in feedback.cases_file(data).read_text()


def test_feedback_that_is_not_there_is_refused_by_name(call: Call) -> None:
    refused = call("eval", "--accept", "fb-none")
    assert refused.status == 2
    assert "'fb-none'" in refused.err
    assert call("eval", "--page", "https://site.example/b").status == 2


def test_judging_without_a_terminal_is_refused_and_writes_nothing(call: Call, tmp_path: Path) -> None:
    questions = tmp_path / "my.jsonl"
    questions.write_text('{"question": "what is x?"}\n')
    assert_refused(call("eval", "judge", str(questions)), 2, "judging needs a terminal")
    assert_refused(call("eval", "judge", str(questions), "--judge", "a b"), 2, "cannot name a judge")
    assert_refused(call("eval", "judge", str(tmp_path / "my.csv")), 2, "JSON Lines")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".judgements"] == []


def test_a_first_look_needs_an_index_and_a_file_of_its_own_and_a_model_a_server(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, questions = tmp_path / "data", tmp_path / "my.jsonl"
    monkeypatch.setenv("ROADMAP_DATA", str(data))
    questions.write_text('{"question": "what is x?"}\n')
    assert_refused(call("eval", "init", str(tmp_path / "new.jsonl"), "--from-headings", "5"), 1, "roadmap ingest")
    own = str(data / "questions.jsonl")
    assert_refused(call("eval", "init", own, "--from-headings", "5"), 2, "is for questions of yours")
    assert_refused(call("eval", "judge", str(questions), "--by-model"), 2, "set ROADMAP_LLM_URL")
    assert [path.name for path in tmp_path.iterdir()] == ["my.jsonl"]


def test_a_command_ends_without_looking_through_all_objects_first() -> None:
    code = """if True:
        import gc
        from ui.cli.app import main
        class Ring:
            def __del__(self, say=print):
                say("looked through")
        gc.disable()
        ring = Ring()
        ring.self = ring
        del ring
        main()"""
    done = subprocess.run([sys.executable, "-c", code, "lint", "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "looked through" not in done.stdout
