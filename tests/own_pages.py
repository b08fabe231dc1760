"""Ten pages of a tool that does not exist, as a WARC file, with thirty questions on them. All of it is ours."""

from __future__ import annotations

import json
import tomllib
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

SITE = "https://docs.tessel.example"
PAGES: dict[str, Any] = {
    page["name"]: page
    for page in tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["page"]
}
QUESTIONS = [
    (section["question"], name, section["heading"]) for name, page in PAGES.items() for section in page["section"]
]
"""What is asked, the page that answers and the heading on it."""


def url_of(page: str) -> str:
    return f"{SITE}/{page}"


def html_of(page: str) -> bytes:
    title = PAGES[page]["title"]
    body = "".join(f"<h2>{escape(s['heading'])}</h2><p>{escape(s['text'])}</p>" for s in PAGES[page]["section"])
    head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
    return f"<!doctype html><html lang=en>{head}<body><main><h1>{title}</h1>{body}</main></body></html>".encode()


def write_warc(path: Path, pages: tuple[str, ...] = tuple(PAGES)) -> Path:
    """The pages as a crawl keeps them."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz")
        for page in pages:
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            dated = {"WARC-Date": "2026-11-01T10:00:00Z"}
            record = writer.create_warc_record(
                url_of(page), "response", payload=BytesIO(html_of(page)), http_headers=headers, warc_headers_dict=dated
            )
            writer.write_record(record)
    return path


def write_questions(path: Path) -> Path:
    """The thirty questions with their pages, as JSON Lines."""
    lines = [{"question": question, "expects": url_of(page)} for question, page, _ in QUESTIONS]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path
