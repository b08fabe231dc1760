"""A browser, and a server over the assistant that does as it is told, for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from corpus.settings import Settings
from tests.fakes import FakeAssistant, running
from tests.visiting import chromium
from ui.web.api import create_app


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    fake = FakeAssistant(settings=Settings(data=tmp_path_factory.mktemp("data")))
    with running(create_app(fake)) as url:  # type: ignore[arg-type]
        yield url
