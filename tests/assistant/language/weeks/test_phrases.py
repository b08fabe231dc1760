"""How people write numbers, weeks and phases: `week_reader`, `week_grammar` and `numbers` of `assistant.language`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.weeks.numbers import spell, spell_ordinal
from assistant.language.weeks.reader import HEAD, TAIL, Phrase, clean, find_phrases


def found(text: str) -> list[Phrase]:
    return list(find_phrases(clean(text)))


def weeks_named(text: str) -> list[tuple[float | None, float | None]]:
    return [pair for phrase in found(text) if phrase.kind == "at" and phrase.unit == "week" for pair in phrase.pairs]


@pytest.mark.parametrize(
    "text",
    [
        "week 14", "wk 14", "wk14", "wk. 14", "w14", "W 14", "Week14", "week no. 14", "week number 14", "week #14",
        "week: 14", "week-14", "week fourteen", "week XIV", "14 week", "semana 14", "Woche 14", "weak 14", "wekk 14",
        "weeek 14", "wek14", "wek 14", "ewek 14", "week fourten", "wekk fourten", "weel 14", "week １４", "week’s 14",
    ],
)  # fmt: skip
def test_one_week_is_read_however_it_is_written(text: str) -> None:
    assert weeks_named(text) == [(14, 14)]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("weeks 13 to 16", [(13, 16)]),
        ("weeks 13-16", [(13, 16)]),
        ("weeks 13–16", [(13, 16)]),
        ("weeks 13 -16", [(13, 16)]),
        ("between week 10 and 14", [(10, 14)]),
        ("between weeks 10 and 14", [(10, 14)]),
        ("from week 9 through 12", [(9, 12)]),
        ("week 4 until week 8", [(4, 8)]),
        ("week 13, 14 and 15", [(13, 13), (14, 14), (15, 15)]),
        ("weeks 3 and 14", [(3, 3), (14, 14)]),
        ("weeks 5/6", [(5, 5), (6, 6)]),
        ("weeks twenty-one to thirty two", [(21, 32)]),
        ("week 20+", [(20, None)]),
        ("week 14 and 10 hours a week", [(14, 14)]),
        ("week 3.5", [(3.5, 3.5)]),
        ("week -1", [(-1, -1)]),
        ("week minus one", [(-1, -1)]),
        ("week 49", [(49, 49)]),
    ],
)
def test_ranges_lists_and_odd_numbers_are_read_as_written(
    text: str, pairs: list[tuple[float | None, float | None]]
) -> None:
    assert weeks_named(text) == pairs


@pytest.mark.parametrize(
    "text",
    [
        "10 hours a week", "2 weeks of holiday", "how many weeks", "ResNet 50", "Python 3.10", "weekly", "top 14",
        "4 hours per week", "in 2024", "a 48-week roadmap", "a 12 week course", "twice a week", "weekend 14x", "h264",
        "what is a weak learner", "I seek 3 people", "wav2vec 2", "weekday 3",
    ],
)  # fmt: skip
def test_numbers_that_name_no_week_are_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "pairs", "offset"),
    [
        ("the 14th week", "place", ((14, 14),), 0),
        ("this is my third week", "place", ((3, 3),), 0),
        ("the forth week", "place", ((4, 4),), 0),
        ("twenty-first week", "place", ((21, 21),), 0),
        ("the first two weeks", "place", ((1, 2),), 0),
        ("the last week", "place", ((-1, -1),), 0),
        ("the last two weeks", "place", ((-2, -1),), 0),
        ("second to last week", "place", ((-2, -2),), 0),
        ("halfway through", "part", ((1, 2),), 0),
        ("a quarter of the way", "part", ((1, 4),), 0),
        ("two thirds of the way", "part", ((2, 3),), 0),
        ("50% through", "part", ((50, 100),), 0),
        ("after week 12", "beside", ((12, 12),), 1),
        ("the week before 14", "beside", ((14, 14),), -1),
        ("three weeks after week 8", "beside", ((8, 8),), 3),
        ("and the week after?", "beside", (), 1),
        ("this week", "now", ((0, 0),), 0),
        ("next week", "now", ((1, 1),), 0),
        ("in 3 weeks", "now", ((3, 3),), 0),
        ("so far", "now", ((None, 0),), 0),
        ("up to week 12", "until", ((12, 12),), 0),
    ],
)
def test_places_parts_and_neighbours_are_told_apart(
    text: str, kind: str, pairs: tuple[tuple[float, float], ...], offset: int
) -> None:
    (phrase,) = found(text)
    assert (phrase.kind, phrase.pairs, phrase.offset) == (kind, pairs, offset)


@pytest.mark.parametrize("text", ["phase 2", "phase two", "phase2", "phase II", "phse 2", "fase 2", "Phase #2"])
def test_one_phase_is_read_however_it_is_written(text: str) -> None:
    (phrase,) = found(text)
    assert (phrase.unit, phrase.pairs) == ("phase", ((2, 2),))


def test_offsets_point_at_the_words_of_the_mention() -> None:
    text = clean("Hello, what should I do in WEEK fourteen, please?")
    (phrase,) = find_phrases(text)
    assert text[phrase.start : phrase.end] == "week fourteen"


def test_a_long_text_is_read_at_its_start_and_its_end() -> None:
    text = clean("x " * HEAD + "what about week 14")
    assert len(text) <= HEAD + TAIL + len(" ... ")
    assert weeks_named("x " * 5_000 + "what about week 14") == [(14, 14)]


@pytest.mark.parametrize(
    ("n", "word", "nth"),
    [
        (0, "zero", "zeroth"),
        (14, "fourteen", "fourteenth"),
        (21, "twenty-one", "twenty-first"),
        (40, "forty", "fortieth"),
    ],
)
def test_numbers_are_spelt_out(n: int, word: str, nth: str) -> None:
    assert (spell(n), spell_ordinal(n)) == (word, nth)


@given(st.integers(0, 99))
def test_every_spelt_number_is_read_back(n: int) -> None:
    assert weeks_named(f"week {spell(n)}") == [(n, n)]
    (phrase,) = found(f"the {spell_ordinal(n)} week")
    assert phrase.pairs == ((n, n),)


@given(st.text(max_size=400))
def test_any_text_is_read_without_failing_and_spans_lie_inside(text: str) -> None:
    cleaned = clean(text)
    for phrase in find_phrases(cleaned):
        assert 0 <= phrase.start < phrase.end <= len(cleaned)
