"""An answer, or its failure, judged: what status a page gets, why, and whether to try again. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from ingest.archive.payload import PayloadError, as_page, why_not_html
from ingest.crawling.records import PageStatus
from ingest.fetching.fetch import Fetched
from ingest.fetching.netguard import FetchError, NoAnswer
from ingest.pages.pageinfo import PageInfo, read_page

WHOLE = frozenset({200, 203, 204, 205})
"""Of the other 2xx, one is a part and one a promise (or a challenge to browsers): import takes neither."""
GONE = frozenset({404, 410})
LATER = frozenset({408, 429})
CLOSED = frozenset({401, 402, 403, 407, 451})
_LOGIN = re.compile(r"/(log-?in|sign-?in|sign_in|sso|auth|authwall)(/|\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a page. `again` says that the reason may pass; `info` is of a page that came."""

    status: PageStatus
    reason: str = ""
    again: bool = False
    info: PageInfo = PageInfo(empty=True)  # noqa: RUF009 -- frozen, so one for all is safe


def judge(answer: Fetched, held_body: bytes | None = None) -> Verdict:
    """The verdict on one HTTP answer; `held_body` is what a conditional request asked about."""
    status = answer.status
    if status == 304 and held_body is not None:
        return Verdict(PageStatus.NOT_MODIFIED)
    if answer.location:
        return _moved(answer)
    if status in WHOLE:
        return _taken(answer)
    if status in GONE:
        return Verdict(PageStatus.DEAD, f"It is gone (HTTP {status}).")
    return _kept_back(status)


def judge_error(error: FetchError) -> Verdict:
    """The verdict on a fetch that failed: theirs (`blocked`, may pass) or ours (`refused`)."""
    if isinstance(error, NoAnswer):
        return Verdict(PageStatus.BLOCKED, str(error), again=True)
    return Verdict(PageStatus.REFUSED, str(error))


def _kept_back(status: int) -> Verdict:
    """The site has the page, perhaps, and does not give it."""
    if status in CLOSED:
        return Verdict(PageStatus.BLOCKED, f"The site asks for a login or refuses (HTTP {status}).")
    if status in LATER or status >= 500:
        return Verdict(PageStatus.BLOCKED, f"The site asked to come back later (HTTP {status}).", True)
    return Verdict(PageStatus.BLOCKED, f"The site answered HTTP {status}.")


def _moved(answer: Fetched) -> Verdict:
    if _LOGIN.search(_path(answer.location)):
        return Verdict(PageStatus.BLOCKED, "It leads to a login page.")
    return Verdict(PageStatus.MOVED, f"It moved to {answer.location[:300]} (HTTP {answer.status}).")


def _path(location: str) -> str:
    """ "" for what is no address: whoever follows it refuses it by name."""
    try:
        return urlsplit(location).path
    except ValueError:
        return ""


def _taken(answer: Fetched) -> Verdict:
    kind = answer.header("content-type")
    try:
        body = as_page(answer.body)
    except PayloadError as error:
        return Verdict(PageStatus.REFUSED, f"It {error}.")
    if why := why_not_html(kind, body):
        return Verdict(PageStatus.NOT_TEXT, f"It is {why}, not HTML.")
    info = read_page(body, kind, answer.url)
    if info.moved_to:
        return Verdict(PageStatus.MOVED, f"It moved to {info.moved_to[:300]} (the page says so).", info=info)
    if info.empty and info.frames:
        return Verdict(PageStatus.NOT_TEXT, f"It only frames {', '.join(info.frames)[:300]}.", info=info)
    if info.empty:
        return Verdict(PageStatus.DEAD, "It came without any text (it may need a browser).")
    return Verdict(PageStatus.FETCHED, info=info)
