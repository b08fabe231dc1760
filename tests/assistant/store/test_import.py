"""An export is checked to its last field: what is accepted can be reviewed, planned and exported, what is not leaves
everything as it was."""

from __future__ import annotations

import copy
import itertools
import json
import math
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from fsrs import Card
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.store.learners import LearningStore, NothingToUndo
from assistant.study.learner import Learner, LearnerError, Mark, SavedCard, progress_of, zone
from assistant.study.plan import Pause, make_plan
from assistant.study.review import RATINGS, ReviewCard, check_schedule, due_cards, forecast, grade
from corpus.errors import ProjectError
from corpus.notes import load_notes
from corpus.reader import read_roadmap

NOW = datetime(2027, 1, 4, 18, 30, tzinfo=UTC)
LINUX = "linux-cli-refresher"
KEY = f"{LINUX}/pipe"
ROADMAP, NOTES = read_roadmap(), load_notes()


def exported(folder: Path) -> dict[str, Any]:
    """An export with something of everything."""
    value = Learner(
        "me",
        start=NOW.date(),
        marks=(
            Mark(LINUX, "", "done", NOW),
            Mark("python-for-data-analysis", "", "in-progress", NOW, 30),
        ),
        pauses=(Pause(NOW.date(), NOW.date() + timedelta(days=3)),),
        cards=(SavedCard("ab12", LINUX, "What is a pipe?", "It joins programs.", "https://a.example/"),),
        formats=("book",),
    )
    with LearningStore(folder) as store:
        store.change("me", "all", lambda _: value, NOW)
        for rating in ("again", "good"):
            store.grade("me", KEY, lambda before, rating=rating: grade(KEY, before, rating, NOW))
        return json.loads(json.dumps(store.export_json("me")))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return exported(tmp_path_factory.mktemp("sound"))


def schedule(export: dict[str, Any], **fields: object) -> None:
    state = json.loads(export["schedules"][KEY]) | fields
    export["schedules"][KEY] = json.dumps(state)


SPOILT: dict[str, Callable[[dict[str, Any]], object]] = {
    "a schedule's time without a zone": lambda e: schedule(e, due="2026-11-29T13:22:43"),
    "a schedule's last review without a zone": lambda e: schedule(e, last_review="2026-11-29T13:22:43"),
    "a schedule of the year 1": lambda e: schedule(e, due="0001-01-01T00:00:00+00:00"),
    "a schedule of the year 9999": lambda e: schedule(e, due="9999-12-31T23:59:59+00:00"),
    "a stability that is no number": lambda e: schedule(e, stability=math.nan),
    "an endless stability": lambda e: schedule(e, stability=math.inf),
    "a negative stability": lambda e: schedule(e, stability=-1.0),
    "a difficulty that is no number": lambda e: schedule(e, difficulty=math.nan),
    "a state that is unknown": lambda e: schedule(e, state=9),
    "a reviewed card without a stability": lambda e: schedule(e, state=2, step=None, stability=None),
    "a step that is a text": lambda e: schedule(e, step="one"),
    "a schedule that is no JSON": lambda e: e["schedules"].update({KEY: "{"}),
    "a schedule that is a list": lambda e: e["schedules"].update({KEY: "[]"}),
    "a mark's time without a zone": lambda e: e["learner"]["marks"][0].update(at="2027-01-04T18:30:00"),
    "a mark of the year 1": lambda e: e["learner"]["marks"][0].update(at="0001-01-01T00:00:00+00:00"),
    "the same mark twice": lambda e: e["learner"]["marks"].append(e["learner"]["marks"][0]),
    "minutes that are a fraction": lambda e: e["learner"]["marks"][0].update(minutes=1.5),
    "minutes that are a truth": lambda e: e["learner"]["marks"][0].update(minutes=True),
    "a resource that is a number": lambda e: e["learner"]["marks"][0].update(resource=5),
    "a reason with a NUL": lambda e: e["learner"]["marks"][0].update(reason="a\x00b"),
    "a pause of the year 1": lambda e: e["learner"]["pauses"][0].update(first="0001-01-01"),
    "a pause until the year 9999": lambda e: e["learner"]["pauses"][0].update(last="9999-12-31"),
    "the same pause twice": lambda e: e["learner"]["pauses"].append(e["learner"]["pauses"][0]),
    "a replanning of the year 1": lambda e: e["learner"].update(replanned="0001-01-01"),
    "a truth that is a text": lambda e: e["learner"].update(free_only="no"),
    "hours that are a text": lambda e: e["learner"].update(hours="8"),
    "hours that are a truth": lambda e: e["learner"].update(hours=True),
    "a format that is unknown": lambda e: e["learner"].update(formats=["scroll"]),
    "formats that are a text": lambda e: e["learner"].update(formats="book"),
    "notes without end": lambda e: e["learner"].update(notes="x" * 100_000),
    "a source that is no page": lambda e: e["learner"]["cards"][0].update(source="javascript:alert(1)"),
    "a card without a question": lambda e: e["learner"]["cards"][0].update(question=" "),
    "the same card twice": lambda e: e["learner"]["cards"].append(e["learner"]["cards"][0]),
    "a review's time without a zone": lambda e: e["reviews"][0].update(at="2027-01-04T18:30:00"),
    "a rating that is unknown": lambda e: e["reviews"][0].update(rating="perfect"),
    "a change from nothing": lambda e: e["changes"][0].update(before={}),
    "a change from an impossible pace": lambda e: e["changes"][0]["before"].update(hours=math.nan),
    "a change that is undone perhaps": lambda e: e["changes"][0].update(undone="perhaps"),
    "a field that is unknown": lambda e: e["learner"].update(favourite="blue"),
    "reviews that are a mapping": lambda e: e.update(reviews={}),
    "schedules that are a list": lambda e: e.update(schedules=[]),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_what_is_wrong_is_named_in_a_sentence_and_nothing_is_changed(
    spoil: Callable[[dict[str, Any]], object], sound: dict[str, Any], tmp_path: Path
) -> None:
    export = copy.deepcopy(sound)
    spoil(export)
    with LearningStore(tmp_path) as store:
        store.import_json(sound)
        with pytest.raises(LearnerError, match="export it anew") as error:
            store.import_json(export, replace=True)
        assert "\n" not in str(error.value)
        assert store.export_json("me") == sound


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(
        ["0001-01-01", "9999-12-31", "2027-02-30", "2027-01-04T10:00", "2027-01-04T10:00:00+23:59", "done", "UTC"]
    ),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
)


def places(value: object) -> list[tuple[Any, Any]]:
    """Every (container, key) of a JSON value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, inner in pairs for place in ((value, key), *places(inner))]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_accepted_can_be_reviewed_planned_and_exported(data: st.DataObject, sound: dict[str, Any]) -> None:
    export = copy.deepcopy(sound)
    state = json.loads(export["schedules"][KEY])
    for _ in range(data.draw(st.integers(1, 2))):
        container, key = data.draw(st.sampled_from(places(state) + places(export)))
        container[key] = data.draw(ODD)
    if isinstance(export.get("schedules"), dict) and KEY in export["schedules"]:
        export["schedules"][KEY] = json.dumps(state)
    with TemporaryDirectory() as folder, LearningStore(Path(folder)) as store:
        learner = None
        with suppress(ProjectError):
            learner = store.import_json(export, "me")
        if learner is not None:
            use(store, learner)


def use(store: LearningStore, learner: Learner) -> None:
    """Shows, grades, plans, exports, imports and takes back; raises for what does not work."""
    again = store.export_json("me")
    for at in (NOW, NOW + timedelta(days=40_000)):
        cards = [ReviewCard(key, "r", "q", "a", "") for key in store.schedules("me")]
        due_cards(cards, store.schedules("me"), at)
        forecast(store.schedules("me"), at, 7, zone(learner.timezone))
        for card, rating in itertools.product(cards, RATINGS):
            grade(card.key, store.schedules("me")[card.key], rating, at)
    progress, start = progress_of(learner, ROADMAP, NOTES), learner.start or NOW.date()
    make_plan(ROADMAP, NOTES, start, learner.hours, progress=progress, pauses=learner.pauses)
    store.import_json(again, replace=True)
    with suppress(NothingToUndo):
        store.undo("me")


@pytest.mark.parametrize("step", [-1, -3])
def test_a_schedule_at_a_step_before_the_first_is_refused(step: int) -> None:
    schedule = {**json.loads(Card().to_json()), "step": step}
    with pytest.raises(ValueError, match=f"the step {step}"):
        check_schedule(json.dumps(schedule))
