"""Which requests another site's page made a browser send."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from ui.origin import is_foreign

OURS = "localhost:7860"
NAMES = ("study.example",)
OWN = (
    {},
    {"origin": "http://localhost:7860"},
    {"origin": "HTTP://LOCALHOST:7860"},
    {"referer": "http://localhost:7860/?page=today"},
    {"origin": "https://study.example"},
    {"origin": "https://study.example:8443"},
    {"host": "192.168.1.5", "origin": "http://192.168.1.5:8080"},
    {"host": "192.168.1.5:80", "origin": "http://192.168.1.5"},
    {"host": "[::1]:7860", "origin": "http://[::1]:7860"},
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none", "referer": "https://elsewhere.example/"},
    {"origin": "http://localhost:7860", "referer": "https://elsewhere.example/"},
)
FOREIGN = (
    {"origin": "https://elsewhere.example"},
    {"origin": "https://elsewhere.example:7860"},
    {"origin": "http://localhost:7861"},
    {"origin": "http://localhost"},
    {"origin": "null"},
    {"origin": "file://"},
    {"origin": "http://localhost.elsewhere.example:7860"},
    {"origin": "http://localhost:7860@elsewhere.example"},
    {"origin": "https://study.example.elsewhere.example"},
    {"origin": "http://[::1"},
    {"origin": "http://localhost:nothing"},
    {"referer": "https://elsewhere.example/localhost:7860"},
    {"referer": "about:blank"},
    {"host": "[::1]:7860", "origin": "http://127.0.0.1:7860"},
    {"host": "127.0.0.1:7860", "origin": "http://localhost:7860"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site", "origin": "http://localhost:7860"},
    {"sec-fetch-site": "whatever"},
)


@pytest.mark.parametrize("given", OWN)
def test_our_own_page_and_programs_are_let_in(given: dict[str, str]) -> None:
    assert not is_foreign(Headers({"host": OURS} | given), NAMES)


@pytest.mark.parametrize("given", FOREIGN)
def test_a_page_of_another_site_is_not(given: dict[str, str]) -> None:
    assert is_foreign(Headers({"host": OURS} | given), NAMES)
