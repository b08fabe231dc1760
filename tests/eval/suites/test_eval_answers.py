"""Answers are judged by what they must hold: weeks, columns, refusals, and quotes that stand in their source."""

from __future__ import annotations

from dataclasses import replace

from assistant.answers import Answer, Citation, Part
from corpus.roadmap import Weeks
from eval.cases import AttributeCase, GatedCase
from eval.suites.answers import (
    Asked,
    abstention,
    attributes_table,
    citations_table,
    pass_table,
    refusals_table,
    weeks_table,
    wrong_citation,
)
from eval.suites.weeks_suite import Case

WEEK = Case("plain-1-3", "week 3", Weeks(3, 4), ("Mathematics",), ("maths",))
GOOD = Answer("week 3", (Part("roadmap", "**Mathematics** (weeks 3-4)"),), weeks=Weeks(3, 4), resources=("maths",))
REFUSED = Answer("q", (Part("notice", "not covered"),), abstained=True)
COST = AttributeCase("a-1", "price", "us", "what does it cost?", ("maths",), ("FREE",), ("paid",), None)
QUOTED = Answer("q", (Part("note", "Learn it. [1]"),), (Citation(1, "note", "t", "note:maths", "Learn it."),))
RECORDS = {"note:maths": "First. Learn it. Then go on."}


def test_a_week_passes_when_block_weeks_and_resources_are_right() -> None:
    assert weeks_table([WEEK], lambda *_: GOOD).share == 1.0


def test_a_week_fails_with_what_is_wrong() -> None:
    wrong = {
        "weeks": replace(GOOD, weeks=Weeks(3, 3)),
        "resources": replace(GOOD, resources=("maths", "another")),
        "'Mathematics' is not named": replace(GOOD, parts=(Part("roadmap", "Maths"),)),
        "refused": REFUSED,
    }
    for why, answer in wrong.items():
        table = weeks_table([WEEK], lambda *_, answer=answer: answer)
        assert why in table.failures[0].why


def test_a_week_that_is_not_there_must_be_refused() -> None:
    missing = Case("missing-0", "week 49", None, (), (), missing=True)
    assert weeks_table([missing], lambda *_: REFUSED).share == 1.0
    assert weeks_table([missing], lambda *_: GOOD).failures[0].why == "a week that is not there was answered"


def test_a_column_is_judged_without_regard_to_case_and_by_what_it_must_not_say() -> None:
    def ask(text: str) -> str:
        answer = Answer("q", (Part("roadmap", text),), resources=("maths", "more"))
        table = attributes_table([COST], lambda *_: answer)
        return table.failures[0].why if table.failures else ""

    assert ask("It is free.") == ""
    assert ask("It costs nothing.") == "'FREE' is not in the answer"
    assert ask("Free or paid.") == "'paid' is in the answer"


def test_a_column_fails_when_the_resource_or_the_weeks_are_wrong() -> None:
    answer = Answer("q", (Part("roadmap", "free"),), weeks=Weeks(1, 2))
    assert attributes_table([COST], lambda *_: answer).failures[0].why == "maths not named"
    timed = replace(COST, resources=(), weeks=Weeks(3, 4))
    assert "instead of weeks 3" in attributes_table([timed], lambda *_: answer).failures[0].why


def test_refusals_are_counted_on_each_half() -> None:
    cases = [
        GatedCase("o1", "cooking", "us", "soup?", "test", answerable=False),
        GatedCase("o2", "cooking", "us", "cake?", "test", answerable=False),
        GatedCase("a1", "dvc", "us", "dvc?", "test", answerable=True),
        GatedCase("a2", "dvc", "us", "dvc add?", "tune", answerable=True),
    ]
    asked = {
        "o1": Asked("o1", "outside", "", REFUSED, 0.1),
        "o2": Asked("o2", "outside", "", QUOTED, 0.6),
        "a1": Asked("a1", "answerable", "", QUOTED, 0.9),
        "a2": Asked("a2", "answerable", "", REFUSED, 0.2),
    }
    outside, answerable = refusals_table(cases, asked)
    assert (outside.passed, outside.cases) == (1, 2)
    assert answerable.failures[0].why == "refused"
    tune, test = abstention(cases, asked)
    assert (test.recall, test.precision, test.false_refusal_rate) == (0.5, 1.0, 0.0)
    assert (tune.recall, tune.false_refusal_rate) == (1.0, 1.0)
    points = {point.threshold: point for point in test.curve}
    assert (points[0.7].refused, points[0.7].falsely_refused) == (1.0, 0.0)
    assert points[1.0].falsely_refused == 1.0


def test_a_quote_must_stand_in_its_record_and_be_cited() -> None:
    def judge(answer: Answer, roadmap: str = "") -> str:
        table = citations_table([Asked("x", "own", "q", answer)], RECORDS, roadmap)
        return table.failures[0].why if table.failures else ""

    invented = replace(QUOTED, citations=(replace(QUOTED.citations[0], quote="Learn all."),))
    assert judge(QUOTED) == ""
    assert judge(invented) == "the quote [1] does not stand in note:maths"
    assert judge(invented, roadmap="| Learn all. |") == ""
    assert judge(replace(QUOTED, parts=(Part("note", "Learn it."),))) == "[1] is cited by no sentence"
    assert judge(replace(QUOTED, parts=(Part("note", "```\nx[1]\n```"),))) == "[1] is cited by no sentence"
    assert judge(replace(QUOTED, citations=())) == "nothing is cited"
    assert judge(Answer("q", (Part("notice", "Which one do you mean?"),))) == ""


def test_a_marker_without_a_source_and_an_empty_quote_are_wrong() -> None:
    empty = replace(QUOTED, citations=(replace(QUOTED.citations[0], quote=" "),))
    assert wrong_citation(replace(QUOTED, parts=(Part("note", "A [1]. B [7]."),)), RECORDS, "") == "[7] has no source"
    assert wrong_citation(empty, RECORDS, "") == "the quote [1] is empty"


def test_brackets_in_code_are_no_markers_whatever_the_fence() -> None:
    code = "````\nx[7]\n```\ny[8]\n```\nz[9]\n````"
    parts = (Part("note", f"{code}\n\nSee `w[10]`. [1]"), Part("notice", "[12] is said elsewhere."))
    assert wrong_citation(replace(QUOTED, parts=parts), RECORDS, "") == ""


def test_refusals_have_no_citations_to_judge() -> None:
    assert citations_table([Asked("x", "own", "q", REFUSED)], RECORDS, "").cases == 0


def test_a_table_counts_by_type() -> None:
    table = pass_table("s", [("1", "a", "q", ""), ("2", "a", "q", "no"), ("3", "b", "q", "")])
    assert table.by_type == {"a": (1, 2), "b": (1, 1)}
    assert (table.passed, table.cases) == (2, 3)
