"""Sentences that are no answer: questions, titles, outlines, announcements, entries of literature. Pure."""

from __future__ import annotations

import re
from collections.abc import Set

from assistant.page_answers.answer_form import Wish, unlabelled

_TIME = re.compile(r"\b\d{1,2}:\d\d\b")
_ANNOUNCES = re.compile(
    r"\b(?:in|of) (?:this|the next|the following|our|today's) (?:lesson|chapter|section|video|course|unit|article|"
    r"tutorial|notebook|guide|part|post|lecture|module)\b|\b(?:we|you)(?:'ll| will| are going to|'re going to)? (?:"
    r"dive|learn(?!s|ing rate)|cover|discuss|explore|look at|get to know|be able to)\b|\bread on\b|"
    r"\blet's (?:\w+ )?(?:see|look|dive|take)\b|^\W*(?:now that|as you can see|this concludes)\b|\bas mentioned\b|"
    r"\b(?:see|in) (?:chapter|section) \d|^\W*(?:see|read|learn more|you can (?:read|learn|find) more|for more|"
    r"check out|don't worry|the (?:example|snippet|code|section|figure|table) (?:below|above))\b|"
    r"^\W*this (?:notebook|guide|tutorial|section|chapter|lesson|page|article|post|video)\b|"
    r"\b(?:following|above|previous|next|last) (?:sections?|examples?|snippets?|chapters?|lessons?)\b|"
    r"\b(?:sections?|examples?) (?:above|below)\b|^\W*if you(?: are|'re) (?:interested|curious)\b|"
    r"\b(?:i|we) (?:strongly |highly )?recommend (?:that )?(?:you )?(?:read|check|watch|look|tak)|"
    r"\bwe (?:start|begin|started|began|discussed|talked|reviewed|then move)\b",
    re.IGNORECASE,
)
"""A sentence about what the text will say, or where more is said, instead of what is so."""
_PARTS = re.compile(
    r"\bcongratulations\b|\bwell done\b|\b(?:continue|keep|happy) (?:learning|coding|reading)\b|\bnext steps\b|"
    r"\bstay tuned\b|\bexplore (?:these|this|the concept)\b|\bjoin (?:the|our)\b.{1,40}\bcommunity\b|"
    r"\bon your own\b|\bcopyright\b|©|\ball rights reserved\b|\bopen an issue\b|\bstack overflow\b",
    re.IGNORECASE,
)
"""What parts with the reader, sends him on, or is about the page itself."""
_REFERS = re.compile(r"\bdoi:\s?10\.|\barXiv:\s?\d{4}\.|,[”\"] (?:at|in|[a-z-]+\.(?:com|org|net|io)\b)", re.IGNORECASE)
"""An entry of a list of literature: it names a title, and tells nothing."""
_WALKS = re.compile(r"\b(?:let's|let us|we need to|we will need|we'll need|go ahead and)\b", re.IGNORECASE)
"""A step of a walk through code: an answer only to somebody who asks for steps."""


def is_hollow(wanted: Wish, words: Set[str], kind: str, text: str, said: Set[str]) -> bool:
    """Whether a unit only names its subject: a question, a title, a line of an outline, an announcement.

    `words` are those of the question, `said` those of the text, `kind` is that of its block.
    """
    if kind in ("code", "table", "formula"):
        return False
    text = unlabelled(text).rstrip()
    affirms = wanted.kind == "other" and len(said) > 3 and text.endswith(".")
    if len(said - words) < 2 and said & words and not text.endswith(":") and not affirms:
        return True
    if _REFERS.search(text) or _PARTS.search(text):
        return True
    if text.endswith("?") or _TIME.search(text) or _ANNOUNCES.search(text):
        return True
    if wanted.kind != "steps" and _WALKS.search(text):
        return True
    return _is_titled(text) or (kind == "list" and wanted.kind not in ("several", "steps") and _is_outline(text))


def _is_titled(text: str) -> bool:
    """Whether nearly every longer word is capitalised, as in a title of a paper."""
    longer = re.findall(r"\b[A-Za-z]{4,}\b", text)
    return len(longer) >= 5 and sum(word[0].isupper() for word in longer) >= 0.75 * len(longer)


def _is_outline(text: str) -> bool:
    """Whether a list item is a heading of its subject and says nothing of it."""
    return len(text.split()) < 12 and ":" not in text and not text.endswith((".", "!"))
