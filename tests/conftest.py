"""What every test shares: an own data folder, no settings of the machine, the roadmap read once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from corpus.reader import read_roadmap
from corpus.roadmap import Roadmap
from tests.answer_fixtures import make_assistant, over_nothing, small_model, talk
from tests.eval_fixtures import notes
from tests.learning_fixtures import call, database, postgres, postgres_url

__all__ = [
    "call",
    "database",
    "make_assistant",
    "notes",
    "over_nothing",
    "postgres",
    "postgres_url",
    "small_model",
    "talk",
]

ROOT = Path(__file__).parents[1]

settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In a browser a busy machine can be too late: what waited in vain is tried once more, and the summary names it."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["TimeoutError", "Locator expected"]))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their place: packed ones hold the time of their making, and all workers must collect
    the same names."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session", autouse=True)
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """`ROADMAP_DATA` of the whole run: no test reads or writes what a person keeps."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ROADMAP_")]:
            patch.delenv(name)
        patch.setenv("ROADMAP_DATA", str(folder))
        yield folder


@pytest.fixture(scope="session")
def roadmap() -> Roadmap:
    """The roadmap of this repository."""
    return read_roadmap()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared material beside the repository; skips where there is none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("there is no folder ../shared here")
    return folder
