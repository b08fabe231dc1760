"""A question that hangs on the one before: "is it free?", "the second one", "and the week after?". Pure.

Knows what was talked about (weeks, resources); knows nothing of how the question before was answered.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.language.masking import LEANING
from assistant.language.names.plain_words import CUE_WORDS, PLAIN
from assistant.language.normalise import small_talk
from assistant.language.parse import Reading, content_words
from assistant.questions import UNNAMED, Question, at, titles


def carried(asked: Question, reading: Reading, previous: Question | None) -> Question:
    """A search that hangs on the question before it ("can you show an example?", "why?"), with what it is about."""
    if small_talk(asked.text) or asked.intent != "search" or asked.spans or asked.resources:
        return asked
    own = subject_of(reading.text)
    if not previous:
        lost = not own and _BACKWARD.search(reading.text) and len(reading.text.split()) <= LOST_WORDS
        return replace(asked, intent="missing", missing=UNNAMED, attribute=None, criteria=()) if lost else asked
    turns = bool(re.match(r"(?:and |but |so |ok,? )?(?:what|how) about (?!it\b|that\b|this\b|them\b)", reading.text))
    leans = not own or (len(own) <= LEANING_WORDS and not turns and _LEANS.search(reading.text) is not None)
    if not leans or len(reading.text.split()) > LEANING:
        return asked
    if previous.intent in ("search", "topic") and (previous.about or previous.text):
        about = previous.about or previous.text
        subject = " ".join(subject_of(about)) or about
        if not own and _WHERE_LEARNT.search(reading.text) and subject_of(about):
            return replace(asked, intent="topic", topic=tuple(subject_of(about)), about=about, follows=True)
        return replace(asked, about=about, understood=f"about {subject}", follows=True)
    if own and 0 < len(previous.resources) <= 3:
        return replace(asked, resources=previous.resources, follows=True)
    ids = previous.resources or previous.among
    if 0 < len(ids) <= 3 and not own and not re.search(r"\d", reading.text):
        about = titles(ids, reading.roadmap)
        asked = replace(at(asked, previous.spans), resources=ids, about=about)
        return replace(asked, understood=f"about {about}", follows=True)
    return asked


_WHERE_LEARNT = re.compile(
    r"\b(?:where|when|in which (?:week|phase)) (?:do|can|will|should|would) (?:i|we) (?:learn|study)\b"
)
LOST_WORDS = 8
"""A longer question without a subject may still be about the roadmap as a whole."""
_BACKWARD = re.compile(
    r"\b(?:it|its|it's|they|them|their|these|those|(?:that|this|first|second|third|last|other|former|latter) ones?)\b"
)
"""Words that stand for something that was named before."""
LEANING_WORDS = 3
"""A question with more content words than this stands for itself, whatever its pronouns."""
_LEANS = re.compile(
    r"^(?:and|but|so|ok(?:ay)?|then|also|why|in|with|for|on|using|without|can|could|show|give|explain)\b|"
    r"\b(?:it|its|that|this|they|them|their|these|those|one|ones|there|same)\b"
)
_ASKING = frozenset(
    "able again another answer bit briefly can clear clearer clearly code concrete could deeper depth describe detail "
    "detailed details different easier easy elaborate example examples exactly explain explanation further give idea "
    "illustrate intuition intuitively know little long longer mean means more ok okay part please point possible "
    "practice practical quick real really reason rephrase say sentence sentences short shorter show simple simpler "
    "simply so some step steps summarise summarize summary sure tell terms thank thanks understand use used way why "
    "word words world write yes".split()
)
"""Words that ask for more of the same, and name no subject."""


def subject_of(text: str) -> list[str]:
    """The words that name what a question is about."""
    return [w for w in content_words(text) if w.lower() not in PLAIN | CUE_WORDS | _ASKING]
