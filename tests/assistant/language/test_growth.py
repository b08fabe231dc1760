"""No text that may be sent makes a reader slow: what each costs grows with the length of a text and not faster."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest

from assistant.generation.groundedness import veiled
from assistant.language.amounts import find_money
from assistant.language.criteria import read_criteria
from assistant.language.dates import find_day, find_length, find_range, find_stretch
from assistant.language.durations import find_minutes, find_pace
from assistant.language.message import read_message
from assistant.language.names.description import described
from assistant.language.normalise import bare, small_talk
from assistant.language.unit_reader import find_numbered, find_places
from assistant.language.weeks.reader import HEAD, TAIL
from assistant.language.weeks.reader import clean as read_clean
from assistant.language.wishes import pieces
from assistant.page_answers.answer_form import defined_term, wish
from assistant.service import LIMIT, Assistant, Message, NotReadyError, QuestionError, checked
from assistant.text.injection import is_order, steers
from assistant.text.sanitise import Draft, clean
from corpus.reader import read_roadmap
from corpus.settings import Settings
from tests.hostile import growths
from ui.chat.events import read_wish
from ui.markup import markdown

TODAY = date(2026, 11, 29)
ROADMAP = read_roadmap()


def read(text: str) -> None:
    parsed = read_message(text, ROADMAP, TODAY)
    reading = parsed.reading
    _ = parsed.masked, parsed.left, parsed.topic, parsed.unit, parsed.own_words, parsed.is_question, parsed.is_plain
    _ = parsed.minutes, parsed.pace, parsed.money, parsed.length, reading.also, reading.attribute, reading.people
    _ = [(parsed.day(past=past), parsed.days(past=past)) for past in (False, True)]


def dates(text: str) -> None:
    text = read_clean(text)
    for past in (False, True):
        find_day(text, TODAY, past=past), find_range(text, TODAY, past=past), find_stretch(text, TODAY, past=past)
    find_length(text)


def amounts(text: str) -> None:
    text = read_clean(text)
    find_minutes(text), find_pace(text), find_money(text)


def names(text: str) -> None:
    text = read_clean(text)
    described(text, ROADMAP), read_criteria(text), find_numbered(text), find_places(text)


def courtesies(text: str) -> None:
    pieces(text), small_talk(text), bare(text), is_order(text), read_wish(text)


def forms(text: str) -> None:
    wish(text), defined_term(text)


def written(text: str) -> None:
    """What a language model wrote, which a page may have had it write."""
    clean(text), veiled(text, set()), Draft().feed(text)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant(Settings(data=tmp_path_factory.mktemp("data")))


READERS: tuple[Callable[[str], object], ...] = (read, dates, amounts, names)
"""These look at the start and the end of a text alone: 800 characters."""
DOORS: tuple[Callable[[str], object], ...] = (courtesies, forms, written, markdown, steers)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_reading_costs_as_much_as_a_text_is_long(reader: Callable[[str], object]) -> None:
    reader("pause until friday")
    assert growths(reader, (200, HEAD + TAIL)) == []


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_text_of_any_length_costs_as_much_as_it_is_long(door: Callable[[str], object]) -> None:
    door("pause until friday")
    assert growths(door, (LIMIT // 4, LIMIT)) == []


def test_whoever_sends_the_longest_text_holds_nobody_up(assistant: Assistant) -> None:
    def respond(text: str) -> None:
        with suppress(NotReadyError, QuestionError):
            for _ in assistant.respond(Message(text)):
                pass

    respond("pause until friday")
    assert growths(respond, (LIMIT // 4, LIMIT)) == []


def test_blanks_are_counted_by_nobody_and_indented_code_keeps_its_own() -> None:
    assert checked("pause" + " " * 7_900 + "until friday") == "pause until friday"
    code = "why?\n    if x:\n        y()"
    assert checked(code) == code
