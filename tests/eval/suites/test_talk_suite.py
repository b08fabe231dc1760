"""What learners say: how a turn is judged, how a conversation goes on, what is counted, and that the cases hold."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from assistant.answers import Answer, Choice, Part
from assistant.companion import Companion
from assistant.handling import Memory
from assistant.language.learning.table import capabilities
from assistant.recommendation.progress import InputError
from assistant.service import Assistant
from assistant.study.preferences import Wishes
from corpus.roadmap import Roadmap, Weeks
from corpus.settings import Settings
from eval.report import talk as report
from eval.results import TalkRow
from eval.suites import strangers
from eval.suites.strangers import stranger
from eval.suites.talk_cases import (
    ALL,
    Expected,
    Setup,
    TalkCase,
    Turn,
    load_cases,
    load_conversations,
    load_shared,
    load_talk,
)
from eval.suites.talk_checks import Seen, missing
from eval.suites.talk_suite import FILE, WHOLE, measure
from eval.suites.talk_visit import NOW, hold, serving

LINUX = "linux-cli-refresher"
SAID = {
    "cost": Answer("", (Part("roadmap", "It is **free**. [1]"),), capabilities=("cost",)),
    "found": Answer("", (Part("page", "A page on gradients."),), capabilities=("concept",)),
    "nothing": Answer("", (Part("notice", "Nothing found."),), abstained=True, capabilities=("concept",)),
    "outside": Answer("", (Part("notice", "Not that."),), abstained=True, capabilities=("outside",)),
    "back": Answer(
        "",
        (Part("notice", "Did you mean:"),),
        abstained=True,
        choices=(Choice("Cost", "cost", "cost"), Choice("Search", "found", "concept")),
    ),
    "shall I": Answer(
        "", (Part("notice", "Shall I mark it?"),), capabilities=("mark_done",), choices=(Choice("Yes", "done"),)
    ),
    "done": Answer("", (Part("notice", "Marked."),), capabilities=("mark_done",), changes=("Mark it as done.",)),
    "which one": Answer("", (Part("notice", "Which one?"),), capabilities=("mark_done",)),
    "not that": Answer(
        "", (Part("notice", "Noted nothing."),), capabilities=("remark",), choices=(Choice("It is done", "done"),)
    ),
}


class Scripted:
    """In the place of the assistant: answers by heart; "done" marks the Linux course, "impossible" cannot be asked."""

    def __init__(self, companion: Companion, pages: int = 0) -> None:
        self.companion, self.settings = companion, Settings()
        self.heard: list[tuple[str, str, Memory, int | None]] = []
        manifest = SimpleNamespace(pages=pages)
        self.engine = SimpleNamespace(retriever=SimpleNamespace(index=SimpleNamespace(manifest=manifest)))

    def query_engine(self) -> Any:
        return self.engine

    def ask(self, text: str, person: str, now: object, memory: Memory | None = None, week: int | None = None) -> Answer:
        self.heard.append((person, text, memory or Memory(), week))
        if text == "impossible":
            raise InputError("0 hours cannot be kept.")
        if text == "done":
            self.companion.mark(person, LINUX, "", "done", NOW)
        return replace(SAID[text], question=text)


@pytest.fixture(name="scripted")
def scripted_fixture(tmp_path: Path) -> Iterator[Scripted]:
    with closing(Companion(Settings(data=tmp_path))) as companion:
        yield Scripted(companion)


def outcomes(scripted: Scripted, *turns: Turn, setup: Setup = Setup()) -> list[str]:
    return [said.outcome for said in hold(cast("Assistant", scripted), case(*turns, setup=setup)).said]


def case(*turns: Turn, setup: Setup = Setup(), source: str = "u", split: str = "tune") -> TalkCase:
    return TalkCase("c1", source, ALL, cast("Any", split), setup, turns)


# --- one turn ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "wishes", "outcome"),
    [
        ("cost", ("cost",), "right"),
        ("cost", ("author",), "right"),  # of the same group
        ("cost", ("compare", "cost"), "right"),  # serves as well
        ("cost", ("compare", "author"), "wrong"),  # only like one that serves as well
        ("cost", ("mark_done",), "wrong"),
        ("back", ("cost",), "asked"),
        ("back", ("author",), "asked"),
        ("back", ("review",), "refused"),
        ("back", ("concept",), "refused"),  # the search is no wish
        ("back", ("outside",), "right"),
        ("outside", ("outside",), "right"),
        ("nothing", ("outside",), "right"),
        ("found", ("outside",), "wrong"),
        ("outside", ("cost",), "refused"),
        ("nothing", ("cost",), "refused"),
        ("impossible", ("set_pace",), "refused"),
    ],
)
def test_a_turn_is_judged_by_what_answered(
    scripted: Scripted, said: str, wishes: tuple[str, ...], outcome: str
) -> None:
    assert outcomes(scripted, Turn(said, wishes, write=False)) == [outcome]


def test_a_search_that_finds_nothing_is_no_fault_where_there_are_no_pages(scripted: Scripted) -> None:
    turn = Turn("nothing", ("concept",))
    assert outcomes(scripted, turn) == ["right"]
    assert outcomes(Scripted(scripted.companion, pages=9), turn) == ["refused"]


@pytest.mark.parametrize(("said", "outcome"), [("done", "right"), ("shall I", "asked"), ("not that", "asked")])
def test_what_is_to_be_written_is_right_when_it_is_written(scripted: Scripted, said: str, outcome: str) -> None:
    assert outcomes(scripted, Turn(said, ("mark_done",), write=True)) == [outcome]


def test_what_was_understood_and_not_written_is_told(scripted: Scripted) -> None:
    (said,) = hold(cast("Assistant", scripted), case(Turn("which one", ("mark_done",), write=True))).said
    assert (said.outcome, said.is_unwritten, said.is_false_write) == ("right", True, False)


def test_what_was_written_without_being_asked_is_told(scripted: Scripted) -> None:
    (said,) = hold(cast("Assistant", scripted), case(Turn("done", ("remark",), write=False))).said
    assert (said.outcome, said.is_false_write) == ("wrong", True)
    (told,) = hold(cast("Assistant", scripted), case(Turn("done", expected=Expected(any_of=("marked",))))).said
    assert not told.is_false_write


def test_itself_is_stricter_than_the_group(scripted: Scripted) -> None:
    def by_name(said: str, *wishes: str) -> bool | None:
        return hold(cast("Assistant", scripted), case(Turn(said, wishes))).said[0].by_name

    assert by_name("cost", "cost") is True
    assert by_name("cost", "compare", "cost") is True
    assert by_name("cost", "author") is False
    assert by_name("outside", "outside") is True
    assert by_name("cost") is None


def test_words_are_looked_for_where_words_are_expected(scripted: Scripted) -> None:
    free = Expected(all_of=("FREE",))
    assert outcomes(scripted, Turn("cost", ("review",), expected=free)) == ["right"]
    assert outcomes(scripted, Turn("back", expected=free)) == ["asked"]
    assert outcomes(scripted, Turn("back", expected=Expected(all_of=("gradients",)))) == ["asked"]  # by the search
    assert outcomes(scripted, Turn("found", expected=free)) == ["wrong"]
    assert outcomes(scripted, Turn("nothing", expected=free)) == ["refused"]
    never = Expected(none_of=("free",))
    assert outcomes(scripted, Turn("cost", ("cost",), expected=never)) == ["wrong"]
    assert outcomes(scripted, Turn("found", ("cost",), expected=never)) == ["wrong"]  # nothing must be said: by name


def test_capabilities_of_a_group_serve_each_other() -> None:
    assert {"cost", "author", "link"} <= serving(["author"])
    assert serving(["mark_done", "remark"]) == {"mark_done", "remark"}


# --- a conversation ---------------------------------------------------------------------------------------------------


def test_each_case_is_a_new_learner_with_a_memory_of_its_own(scripted: Scripted) -> None:
    turns = (Turn("cost", ("cost",)), Turn("found", ("concept",)))
    assert outcomes(scripted, *turns) == outcomes(scripted, *turns) == ["right", "right"]
    people = [person for person, *_ in scripted.heard]
    assert people[0] == people[1] != people[2] == people[3]
    assert [memory.capability for _, _, memory, _ in scripted.heard] == ["", "cost", "", "cost"]


def test_after_a_question_back_the_conversation_goes_on_with_the_button(scripted: Scripted) -> None:
    assert outcomes(scripted, Turn("back", ("cost",)), Turn("found", ("concept",))) == ["asked", "right"]
    person, _, memory, _ = scripted.heard[-1]
    assert [text for who, text, *_ in scripted.heard if who == person] == ["back", "cost", "found"]
    assert memory.capability == "cost"


def test_a_button_that_is_tried_in_vain_leaves_no_trace(scripted: Scripted) -> None:
    not_done = Expected(all_of=("never said",), state={"not_done": [LINUX]})
    held = hold(cast("Assistant", scripted), case(Turn("shall I", expected=not_done)))
    assert held.said[0].outcome == "wrong"
    assert scripted.companion.learner(scripted.heard[0][0]).marks == ()
    assert scripted.companion.learner(scripted.heard[-1][0]).marks != ()


def test_a_setup_is_there_before_anything_is_said(scripted: Scripted) -> None:
    done = ("quick-python-environment-setup", LINUX)
    setup = Setup(days=30, hours=5, done=done, said=("done",))
    outcomes(scripted, Turn("cost", ("cost",)), setup=setup)
    person, text, _, week = scripted.heard[-1]
    learner = scripted.companion.learner(person)
    assert (str(learner.start), learner.hours, text, week) == ("2026-10-30", 5, "cost", 1)
    assert {mark.resource for mark in learner.marks} == set(done)


# --- what an answer must hold -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "wrong"),
    [
        (Expected(any_of=("paid", r"\bfree\b")), ""),
        (Expected(any_of=("paid",)), "without any of paid"),
        (Expected(all_of=("free", "video")), "without video"),
        (Expected(none_of=("free",)), "says free"),
        (Expected(lead=("^linux",)), ""),
        (Expected(lead=("later",)), "does not begin with later"),
        (Expected(any_of=("later",)), ""),
        (Expected(max_chars=500), ""),
        (Expected(max_chars=40), "408 characters"),
        (Expected(abstain=False), ""),
        (Expected(abstain=True), "answered what it cannot know"),
        (Expected(resources=(LINUX,)), ""),
        (Expected(resources=(LINUX, "capstone-portfolio")), "does not name capstone-portfolio"),
        (Expected(resources_any=("capstone-portfolio", "python-for-data-analysis")), ""),
        (Expected(resources_any=("capstone-portfolio",)), "names none of capstone-portfolio"),
        (Expected(weeks=(1, 1)), ""),
        (Expected(weeks=(3, 4)), ""),
        (Expected(weeks=(5, 6)), "not weeks 5-6"),
        (Expected(plan={"month": 3, "day": 1, "hours": 6}), "the end is 20"),
    ],
)
def test_an_expectation_says_what_is_missing(scripted: Scripted, expected: Expected, wrong: str) -> None:
    text = f"[Linux](https://x.example/paid) is **free** [1]: weeks 3–4, Python for Data Analysis.{' more' * 70} later"
    answer = Answer("", (Part("roadmap", text),), weeks=Weeks(1, 1), resources=(LINUX,))
    found = missing(expected, answer, Seen(scripted.companion, "p", NOW))
    assert "; ".join(found).startswith(wrong)
    assert bool(found) == bool(wrong)


def test_a_plan_is_told_by_the_month_of_its_end(scripted: Scripted) -> None:
    scripted.companion.prefer("q", Wishes(start="2027-03-01", hours=6), NOW)
    plan = scripted.companion.plan("q", NOW)
    assert plan is not None
    answer = Answer("", (Part("roadmap", f"You would be done in {plan.ends:%Y-%m}."),))
    expected = Expected(plan={"month": 3, "day": 1, "hours": 6})
    assert missing(expected, answer, Seen(scripted.companion, "p", NOW)) == []
    assert scripted.companion.learner("p").start is None


@pytest.mark.parametrize(
    ("state", "wrong"),
    [
        ({"done": [LINUX]}, ""),
        ({"done": ["capstone-portfolio"]}, "capstone-portfolio is not-started, not done"),
        ({"not_done": [LINUX]}, f"{LINUX} is marked as done"),
        ({"skipped": [LINUX]}, f"{LINUX} is done, not skipped"),
        ({"hours": 5, "start": "10-30", "free_only": True, "prefer": "code"}, ""),
        ({"hours": 6}, "hours 5"),
        ({"start": "11-01"}, "start 2026-10-30"),
        ({"free_only": False}, "free only is True"),
        ({"prefer": "theory"}, "prefers code"),
        ({"paused": True}, "no pause"),
        ({"pause": ["02-01", "02-14"]}, "pauses []"),
        ({"changed": True}, "nothing changed"),
    ],
)
def test_a_state_says_what_is_not_so(scripted: Scripted, state: dict[str, Any], wrong: str) -> None:
    scripted.companion.prefer("p", Wishes(start="2026-10-30"), NOW)
    scripted.companion.prefer("p", Wishes(hours=5, free_only=True, prefer="code"), NOW)
    scripted.companion.mark("p", LINUX, "", "done", NOW)
    found = missing(Expected(state=state), SAID["cost"], Seen(scripted.companion, "p", NOW))
    assert found == ([wrong] if wrong else [])


# --- all of them ------------------------------------------------------------------------------------------------------


@pytest.fixture(name="measured")
def measured_fixture(scripted: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The table of some cases, and the folder that they are written to."""

    def measured(*cases: TalkCase) -> Any:
        def make(settings: Settings, engine: object, companion: Companion) -> Scripted:
            scripted.companion = companion
            return scripted

        monkeypatch.setattr(strangers, "Assistant", make)
        return measure(cast("Assistant", scripted), cases, tmp_path / "report")

    return measured


def test_figures_are_counted_by_source_and_group(measured: Any) -> None:
    rows = [
        replace(case(Turn("cost", ("cost",))), group="rows"),
        replace(case(Turn("back", ("cost",))), group="rows"),
        replace(case(Turn("cost", ("review",))), group="free"),
        replace(case(Turn("nothing", ("review",))), group="free"),
        replace(case(Turn("done", ("remark",), write=False)), group="commands"),
    ]
    table = measured(*rows)
    counts = {row.group: _counts(row) for row in table.rows}
    assert counts == {
        "all": (5, 1, 2, 2, 1),
        "rows": (2, 1, 2, 0, 0),
        "free": (2, 0, 0, 1, 1),
        "commands": (1, 0, 0, 1, 0),
    }
    whole = table.rows[0]
    assert (whole.false_writes, whole.unwritten) == (1, 0)
    assert whole.at_once.low < 0.2 < whole.at_once.high


def test_a_conversation_counts_by_its_turns_and_by_its_worst_one(measured: Any) -> None:
    good, bad = Turn("cost", ("cost",)), Turn("cost", ("review",))
    cases = [
        case(good, Turn("back", ("cost",)), source="v"),
        case(good, bad, source="v"),
        case(good, good, source="v"),
    ]
    turns, whole = measured(*cases).rows
    assert (turns.source, *_counts(turns)) == ("v", 6, 4, 5, 1, 0)
    assert (whole.source, *_counts(whole)) == (f"v{WHOLE}", 3, 1, 2, 1, 0)


def test_nothing_is_shown_of_the_half_that_counts(measured: Any, tmp_path: Path) -> None:
    tune, test = case(Turn("cost", ("review",))), case(Turn("found", ("review",)), source="w", split="test")
    table = measured(tune, test)
    assert [failure.question for failure in table.failures] == ["cost"]
    written = [json.loads(line) for line in (tmp_path / "report" / FILE).read_text().splitlines()]
    assert [line["text"] for line in written] == ["cost"]
    text = "\n".join(str(section) for section in report.sections(table))
    assert "found" not in text
    assert "('w', 'all', '1', '0.0 (0–79)'" in text


def test_the_report_shows_some_of_what_failed(measured: Any) -> None:
    table = measured(*[replace(case(Turn("cost", ("review",))), id=f"c{n}") for n in range(report.FAILURES * 2)])
    _, failed = report.sections(table)
    assert failed.grid is not None
    assert len(failed.grid.rows) == report.FAILURES
    assert failed.grid.rows[0] == ("c0", "cost", "wrong: cost instead of review")


def test_real_wishes_are_judged_over_a_database_of_their_own(over_nothing: Assistant, tmp_path: Path) -> None:
    cases = [
        case(Turn("What does the Linux / CLI refresher cost?", ("cost",), write=False)),
        case(Turn("Mark Linux / CLI refresher as done", ("mark_done",), write=True)),
    ]
    before = int(stranger().rpartition("-")[2])
    table = measure(over_nothing, cases, tmp_path)
    after = int(stranger().rpartition("-")[2])
    assert after - before > len(cases)
    assert _counts(table.rows[0]) == (2, 2, 2, 0, 0)
    assert not (tmp_path / "learner.db").exists()
    assert all(not over_nothing.companion.learner(f"stranger-{n}").marks for n in range(before, after))


def _counts(row: TalkRow) -> tuple[int, ...]:
    return (row.cases, row.at_once.count, row.good.count, row.wrong.count, row.refused.count)


# --- the cases --------------------------------------------------------------------------------------------------------


def test_the_messages_wish_what_the_table_holds() -> None:
    cases = load_talk()
    by = Counter((one.source, one.split) for one in cases)
    assert by == {("u", "tune"): 320, ("w", "test"): 320, ("z", "test"): 380}
    assert {one.group for one in cases} == {"commands", "rows", "free", "concept", "outside"}
    assert {wish for one in cases for wish in one.turns[0].wishes} <= set(capabilities())
    assert all(len(one.turns[0].wishes) <= 3 for one in cases)


def test_what_is_to_be_written_is_wished_from_a_capability_that_writes() -> None:
    table = capabilities()
    for one in (*load_talk(), *load_conversations()):
        for turn in one.turns:
            can = any(table[wish].writes for wish in turn.wishes) or {"correction", "my_data"} & {*turn.wishes}
            assert can or not turn.write, one.id


def test_the_conversations_hold(roadmap: Roadmap) -> None:
    cases = load_conversations()
    assert len(cases) == 120
    assert {turn.wishes[0] for one in cases for turn in one.turns} <= set(capabilities())
    for one in cases:
        assert len(one.turns) > 1, one.id
        assert {*one.setup.done} <= {resource.id for resource in roadmap.resources}, one.id
        for pattern in (p for turn in one.turns for p in (*turn.expected.all_of, *turn.expected.none_of)):
            re.compile(pattern)


def test_ids_are_unique() -> None:
    assert [id for id, n in Counter(one.id for one in (*load_talk(), *load_conversations())).items() if n > 1] == []


@pytest.mark.usefixtures("shared")
def test_the_shared_items_are_read_whole(shared: Path) -> None:
    cases = load_shared(shared / "talk.jsonl")
    assert len(cases) == 126
    turns = [turn for one in cases for turn in one.turns]
    assert all(turn.expected.says or turn.expected.none_of for turn in turns)
    assert {turn.write for turn in turns} == {False, None}


def test_without_the_shared_file_there_are_only_our_own(tmp_path: Path) -> None:
    assert {one.source for one in load_cases(tmp_path / "none.jsonl")} == {"u", "w", "z", "v", "y", "ca"}
