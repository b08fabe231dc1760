"""Questions with the passages that answer them: what is learnt from is not what is reported; how sure it is told."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from assistant.answers import Answer, Part
from eval.report.build import markdown
from eval.results import Told
from eval.suites.judged import JudgedCase, answer_hash, load_judged, load_places, reliability
from tests.eval_fixtures import result


def site(case: JudgedCase) -> tuple[str, str]:
    """The host and the first two parts of the path: one course of a site is not another."""
    parts = urlsplit(case.gold[0].url)
    return parts.netloc, "/".join(parts.path.split("/")[1:3])


def test_nothing_is_learnt_from_an_author_or_a_site_that_is_reported() -> None:
    learnt, reported = load_places("learn"), load_places("test")
    assert (len(learnt), len(reported), len(load_places("elsewhere"))) == (2595, 542, 1048)
    assert not {case.by for case in learnt} & {case.by for case in reported}
    hosts = {"doc.dvc.org", "cookbook.openai.com"}
    assert {site(case) for case in reported if site(case)[0] not in hosts} == {
        ("huggingface.co", "learn/agents-course")
    }
    assert not {site(case) for case in reported} & {site(case) for case in learnt}
    assert not hosts & {site(case)[0] for case in learnt}


def test_every_case_has_an_id_of_its_own_and_one_passage_at_least() -> None:
    cases = [case for split in ("learn", "test", "elsewhere") for case in load_places(split)]
    assert len({case.id for case in cases}) == len({case.question for case in cases}) == len(cases)
    assert all(gold.length >= 40 and len(gold.sha256) == 16 for case in cases for gold in case.gold)
    assert all(case.labels for case in (*load_judged(), *load_places("test")))


def told(question: str, sure: float | None) -> Answer:
    return Answer(question, (Part("page", f"What is said of {question}."),), sure=sure)


def test_answers_are_counted_by_how_sure_they_were_and_not_if_they_changed() -> None:
    answers = {
        "a": told("a", 0.9),
        "b": told("b", 0.55),
        "c": told("c", 0.5),
        "d": told("d", 0.55),
        "e": told("e", None),
    }
    labels = {"a": "acceptable", "b": "acceptable", "c": "wrong", "d": "acceptable", "e": "wrong"}
    cases = [
        JudgedCase(name, "why", "q", "plain", name, (), (labels[name],), answer_hash(answer))
        for name, answer in answers.items()
    ]
    cases[3] = replace(cases[3], answer="of another text")
    assert reliability(cases, answers.__getitem__) == (
        Told("medium", 0.5, 0.6, 0.525, 1, 2),
        Told("high", 0.85, 1.01, 0.9, 1, 1),
    )


def test_the_report_shows_how_sure_and_how_often_right() -> None:
    shown = markdown(replace(result(), reliability=(Told("medium", 0.5, 0.6, 0.55, 3, 4),)))
    assert "| 0.50–0.60 | may help | 0.55 | 3 of 4 | 0.75 |" in shown
