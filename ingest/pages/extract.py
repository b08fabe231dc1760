"""HTML -> a clean `Document`: title, headings, text, code, tables, lists, links, and nothing else.

Stages: 1 `charset` bytes to text; 2 parse, as HTML only: no entities, no network; 3 `prune` furniture
and hidden text; 4 `blocks` read what is left; 5 the title. `extract_many` does it in processes that
can be stopped. Knows nothing of where pages come from, or of other pages of the site.
"""

from __future__ import annotations

import html
import logging
import multiprocessing
import os
import re
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import TimeoutError as TaskTimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml.etree import LxmlError, ParserError
from lxml.html import HtmlElement
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from corpus.errors import ProjectError
from ingest.archive.payload import MAX_DECODED
from ingest.archive.warc import Page, Refusal, Status
from ingest.pages.blocks import read_blocks, read_links
from ingest.pages.charset import decode_html
from ingest.pages.document import Block, Document, Link
from ingest.pages.formulas import write_out_formulas
from ingest.pages.moves import framed, moved_to
from ingest.pages.prune import content_root, names
from ingest.pages.visible import visible

__all__ = ["Block", "Document", "ExtractError", "Link", "WorkersError", "extract", "extract_many"]

_AHEAD = 4
"""Pages in work or waiting, for each worker: bounds the memory, and hides the slow ones."""

_START_SECONDS = 60.0
"""How long a worker may take to begin; where none can, pebble would begin new ones for ever."""

_SAFE_PATH = "PYTHONSAFEPATH"
_PROLOGUE = re.compile(r"\A\s*(?:<\?xml[^>]*\?>\s*)?(?:<!DOCTYPE[^>\[]*\[[^\]]*\]\s*>)?", re.IGNORECASE)
"""An XML declaration, and a document type with declarations of its own: neither is for HTML."""
_XHTML = re.compile(r"\A\s*<\?xml\b|<!DOCTYPE[^<>]*XHTML|<html[^<>]*\bxmlns\s*=", re.IGNORECASE)
_CDATA = re.compile(r"(<(script|style)\b.*?(?:</\2\s*>|\Z))|<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL | re.IGNORECASE)
"""Text in which nothing is markup: in XHTML only, in HTML it is a comment, and shown to nobody."""
_SITE_SUFFIX = re.compile(r"(?<!\s)\s++(?:[|·–—-]|::)\s++[^|·–—]{2,60}$")
_GENERIC = names(
    "setup introduction intro conclusion overview index home welcome readme summary quiz exercises "
    "exercise resources contents notebook untitled"
)
_LEFTOVER = re.compile(
    r"(?:(?:suggest an )?edit (?:this )?(?:page|on git(?:hub|lab))|edit on git(?:hub|lab)|improve this page"
    r"|(?:view|show) (?:page )?source(?: on github)?|view on github|report an? (?:issue|bug)|open (?:an )?issue"
    r"|back to top|skip to (?:main )?content|was this (?:page|article) helpful\??(?: yes no)?|copy(?: code)?|copied!?"
    r"|(?:←|«|<)?\s*prev(?:ious)?(?: page)?|next(?: page)?\s*(?:→|»|>)?|table of contents|on this page|in this article"
    r"|toggle (?:navigation|menu|table of contents sidebar)|update on github|share(?: this page)?"
    r"|(?:loading|please wait) ?(?:…|\.\.\.))[.:]?",
    re.IGNORECASE,
)


class ExtractError(ValueError):
    """A page cannot be read; the message completes the sentence "the page ..."."""


class MovedError(ExtractError):
    """The page sends its reader on to another."""


class FramesError(ExtractError):
    """The page holds no text, only other pages."""


class WorkersError(ProjectError):
    """The processes that read pages do not run."""

    def __init__(self) -> None:
        super().__init__(
            "The processes that read pages cannot be started or were all stopped: look at the free memory and at the "
            "lines above, then run it again. What was read is kept."
        )


def extract(source: str | bytes, url: str, charset: str | None = None) -> Document:
    """The clean text of one page; `charset` is the HTTP header's hint for bytes.

    A page without text gives a document without blocks. Raises `ExtractError` for more than `MAX_DECODED` bytes or
    characters, for what lxml cannot parse, and (`MovedError`, `FramesError`) for a page that only leads to others.
    """
    if len(source) > MAX_DECODED:
        raise ExtractError(f"is larger than {MAX_DECODED:,} bytes decoded, more than is read of one page")
    text = source if isinstance(source, str) else decode_html(source, charset)
    tree = _parse(text)
    if tree is None:
        return Document(url, "", ())
    base = _base(tree, url)
    if target := moved_to(tree, base):
        raise MovedError(f"has moved to {target[:500]}")
    frames = framed(tree, base)
    stated = _stated_title(tree)
    write_out_formulas(tree)
    root = content_root(tree, _main_content)
    links = read_links(root, base)
    blocks = tuple(block for block in read_blocks(root) if not _is_leftover(block))
    if frames and not blocks:
        raise FramesError(f"only frames other pages, import those: {', '.join(frames)[:500]}")
    return Document(url, _title(stated, blocks, url), blocks, links)


def extract_many(
    pages: Iterable[Page | Refusal], workers: int = 2, timeout: float = 30
) -> Iterator[Document | Refusal]:
    """Documents and refusals in the order of `pages`; refusals among `pages` are passed on.

    Every page has `timeout` seconds in a process of its own kind: one that hangs or crashes is
    stopped and refused, and the others go on. At most `_AHEAD * workers` pages are held.
    Raises `WorkersError` where no process can be had.
    """
    context: Any = multiprocessing.get_context("spawn")  # pebble's protocol does not fit the stdlib's own context
    pool = ProcessPool(max_workers=workers, context=context)
    waiting: deque[Refusal | _Task] = deque()
    with _own_modules():
        try:
            with _interrupt_held():
                begun = pool.schedule(os.getpid)
            for page in pages:
                waiting.append(_Task.start(pool, page, timeout) if isinstance(page, Page) else page)
                if len(waiting) >= _AHEAD * workers:
                    _await(begun)
                    yield _outcome(waiting.popleft())
            while waiting:
                _await(begun)
                yield _outcome(waiting.popleft())
        except BrokenProcessPool as error:
            raise WorkersError from error
        finally:
            pool.stop()
            pool.join()


@dataclass(frozen=True, slots=True)
class _Task:
    """A page in work."""

    page: Page
    timeout: float
    future: ProcessFuture[Document]

    @classmethod
    def start(cls, pool: ProcessPool, page: Page, timeout: float) -> _Task:
        try:
            future = pool.schedule(_extract_any, args=(page.body, page.url, page.charset), timeout=timeout)
        except RuntimeError as error:
            raise WorkersError from error
        return cls(page, timeout, future)


def _await(begun: ProcessFuture[int]) -> None:
    """Returns as soon as a worker has done its first task."""
    try:
        begun.result(timeout=_START_SECONDS)
    except TaskTimeoutError as error:
        raise WorkersError from error
    except ProcessExpired:
        return  # that one was stopped; others are begun in its place


def _extract_any(body: bytes, url: str, charset: str | None) -> Document:
    """`extract` in a worker: whatever else a library raises there costs this page, and no other."""
    try:
        return extract(body, url, charset)
    except (ExtractError, MemoryError, RecursionError):
        raise
    except Exception as error:  # noqa: BLE001 -- a border: `result()` would raise it in the midst of all other pages
        raise ExtractError(f"cannot be read ({type(error).__name__})") from None


def _outcome(task: Refusal | _Task) -> Document | Refusal:
    if isinstance(task, Refusal):
        return task
    page = task.page
    try:
        document = task.future.result()
    except TaskTimeoutError:
        return _refusal(page, f"took longer than {task.timeout:g} s to read and was given up")
    except MovedError as error:
        return _refusal(page, str(error), "moved")
    except FramesError as error:
        return _refusal(page, str(error), "not-text")
    except ExtractError as error:
        return _refusal(page, str(error))
    except (ProcessExpired, MemoryError, RecursionError):
        return _refusal(page, "made its reader crash")
    if not document.blocks:
        return Refusal(page.url, f"{page.url} has no text without running its scripts.", "not-text", page.fetched_at)
    return document


def _refusal(page: Page, reason: str, status: Status = "refused") -> Refusal:
    return Refusal(page.url, f"{page.url} {reason}.", status, page.fetched_at)


@contextmanager
def _own_modules() -> Generator[None]:
    """A new Python looks for modules in the working folder first, and a learner's may hold a `random.py`: not ours."""
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        os.environ.pop(_SAFE_PATH)
        if before is not None:
            os.environ[_SAFE_PATH] = before


@contextmanager
def _interrupt_held() -> Generator[None]:
    """Ctrl-C is for the main process, which stops its workers: what is begun here, and what that begins, never gets it,
    not even while it loads its modules, where it would print a traceback."""
    resource_tracker.ensure_running()  # it is begun with the first process, and lets the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _parse(text: str) -> HtmlElement | None:
    """The tree, or None where there is nothing in the text. libxml2 stops at 256 levels of nesting."""
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    if _XHTML.search(text[:2_000]):
        text = _CDATA.sub(_as_text, text)
    text = _PROLOGUE.sub("", text)
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except ParserError:
        return None
    except LxmlError as error:
        raise ExtractError("is no HTML that can be parsed") from error


def _as_text(match: re.Match[str]) -> str:
    return match[1] or html.escape(match[3], quote=False)


def _main_content(page: str) -> str | None:
    """trafilatura's main-content detection: only pages without landmarks pay for its import."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without text is for us to report
    return trafilatura.extract(
        page,
        include_tables=True,
        include_comments=False,
        favor_recall=True,
        deduplicate=False,
    )


def _base(tree: HtmlElement, url: str) -> str:
    for base in tree.iter("base"):
        try:
            return urljoin(url, base.get("href") or "")
        except ValueError:
            break
    return url


def _stated_title(tree: HtmlElement) -> str:
    """What the page's head calls it, without the site's name."""
    for meta in tree.iter("meta"):
        if meta.get("property") == "og:title" and (meta.get("content") or "").strip():
            return _clean(meta.get("content"))
    for title in tree.iter("title"):
        return _SITE_SUFFIX.sub("", _clean(title.text))
    return ""


def _title(stated: str, blocks: tuple[Block, ...], url: str) -> str:
    """The stated title or the first heading; a word such as "Setup" gets the address's own word."""
    headings = [block for block in blocks if block.kind == "heading"]
    first = next((block.text for block in headings if block.level == 1), headings[0].text if headings else "")
    title = stated or first.replace("\n", " ") or urlsplit(url).path.strip("/") or url
    if title.lower().strip(" !.") not in _GENERIC:
        return title
    place = _place(url, title)
    return f"{title} ({place})" if place else title


def _place(url: str, title: str) -> str:
    """The last part of the address that has letters and says more than the title does."""
    for part in reversed(urlsplit(url).path.split("/")):
        words = re.sub(r"[-_+\s]+", " ", re.sub(r"\.\w{1,5}$", "", part)).strip()
        if re.search(r"[A-Za-z]{2}", words) and words.lower() not in (_GENERIC | {title.lower()}):
            return words
    return ""


def _clean(text: str | None) -> str:
    return " ".join(visible(text or "").split())


def _is_leftover(block: Block) -> bool:
    """Such as "Edit this page", where no class gave it away."""
    return block.kind == "paragraph" and _LEFTOVER.fullmatch(block.text.strip()) is not None
