"""What is next, as the Today page shows it: not this one, and what suits the learner."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.companion import Companion
from assistant.recommendation.progress import InputError
from assistant.study.preferences import Wishes
from corpus.settings import Settings
from tests.fakes import FakeAssistant
from ui.desk import Desk, make_desk
from ui.pages.deeds import DeedError, Deeds
from ui.pages.views import Views

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
SETUP = "quick-python-environment-setup"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(FakeAssistant(settings=Settings(data=tmp_path)))  # type: ignore[arg-type]


def test_not_this_one_leaves_it_out_and_says_what_that_does(desk: Desk) -> None:
    deeds = Deeds(desk, Views(desk, desk.ingesting))
    desk.companion.prefer("ada", Wishes(start="2027-01-04", hours=8), NOW)
    page = deeds.not_this("ada", {"resource": SETUP})

    assert "Left out: Quick Python" in page
    assert "Builds on Quick Python" in page
    assert "earlier than before" in page
    assert "Next: <a" in page
    assert "Linux" in page.partition("Next: ")[2][:200]
    assert SETUP in desk.companion.progress("ada").skipped
    deeds.undo("ada", {"change": re.findall(r'data-change="([^"]+)"', page)[0]})
    assert SETUP not in desk.companion.progress("ada").skipped


def test_of_a_pair_the_other_takes_its_place(desk: Desk) -> None:
    page = Deeds(desk, Views(desk, desk.ingesting)).not_this(
        "ada", {"resource": "coursera-deep-learning-specialization"}
    )
    assert "fast.ai Practical Deep Learning for Coders takes its place." in page


def test_what_suits_is_one_press_and_a_second_takes_it_back(desk: Desk) -> None:
    deeds = Deeds(desk, Views(desk, desk.ingesting))
    assert "You prefer code first" in deeds.prefer("ada", {"wish": "code"})
    assert desk.companion.learner("ada").prefer == "code"
    assert "You prefer" not in deeds.prefer("ada", {"wish": "code"})
    assert 'aria-pressed="true"' in deeds.prefer("ada", {"wish": "free"})
    assert desk.companion.learner("ada").free_only
    assert "You prefer theory first" in deeds.prefer("ada", {"wish": "theory"})
    assert desk.companion.learner("ada").free_only


@pytest.mark.parametrize("wish", ["", "maths"])
def test_an_unknown_wish_is_refused_and_nothing_is_kept(wish: str, desk: Desk) -> None:
    deeds = Deeds(desk, Views(desk, desk.ingesting))
    with pytest.raises((DeedError, InputError), match=r"Nothing was given|unknown"):
        deeds.prefer("ada", {"wish": wish})
    assert not Companion(Settings(data=desk.data)).knows("ada")
