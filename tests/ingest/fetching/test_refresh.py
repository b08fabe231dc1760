"""Where a `Refresh` leads."""

from __future__ import annotations

import pytest

from ingest.fetching.refresh import refresh_target

URL = "https://a.example/x/old.html"


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("0; url=new.html", "https://a.example/x/new.html"),
        ("0;URL='/new'", "https://a.example/new"),
        ('5 , url = "https://b.example/" trailing', "https://b.example/"),
        ("0 /new", "https://a.example/new"),
        ("0.5; /new", "https://a.example/new"),
        ("30; url=/new", "https://a.example/new"),
        ("31; url=/new", ""),
        ("0; url=old.html#part", ""),
        ("0", ""),
        ("0; url=", ""),
        ("0; url=javascript:alert(1)", ""),
        ("0; url=data:text/html,x", ""),
        ("", ""),
        ("soon", ""),
        (" " * 4_000 + "x", ""),
    ],
)
def test_a_refresh_leads_where_a_browser_goes(value: str, target: str) -> None:
    assert refresh_target(value, URL) == target
