"""Characters of the same letter, as one: ligatures, full width, mathematical bold, digits of any script. Pure.

What is compared with something else goes through here: questions, and the texts of an index. What is shown does not.
"""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u20dd-\u20e4\ufe00-\ufe0f\ufeff]"
)
"""Soft hyphens, zero-width and direction characters, variation selectors, key caps: they stand inside words."""
_SIGNS = str.maketrans({"\u2010": "-", "\u2011": "-", "\u02bc": "’"})
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_ACCENT = re.compile("[\u0300-\u036f]")
_DOTTED = re.compile(
    r"(?<![\w.])(?!(?:e\.g|i\.e|a\.m|p\.m)\.)[A-Za-z]\.(?:[A-Za-z]\.)+(?!\w)|"
    r"(?<![\w.])[A-Z]\.(?:[A-Z]\.)*[A-Z](?![\w.(\[])"
)
"""An abbreviation with a dot behind each letter; the last may be missing behind capitals."""


def seen(text: str) -> str:
    """The text without characters that nobody sees, which stand inside words and part none.

    >>> seen("over\\u00adfitting"), seen("re\\u200bsources")
    ('overfitting', 'resources')
    """
    return text if text.isascii() else _UNSEEN.sub("", text)


def same_letters(text: str) -> str:
    """The text with every letter and digit in its plain form, and abbreviations without dots.

    >>> same_letters("What is over\\u00ad\\ufb01tting?"), same_letters("𝐄.𝐓.𝐋. in week ٣"), same_letters("e.g. x.T")
    ('What is overfitting?', 'ETL in week 3', 'e.g. x.T')
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", seen(text))
        text = text.translate(_SIGNS)
        text = _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    return _DOTTED.sub(lambda short: short[0].replace(".", ""), text)


def without_accents(text: str) -> str:
    """The text in plain letters, without the marks on Latin ones: "naïve" is "naive".

    >>> without_accents("Géron’s naïve Bayes")
    'Geron’s naive Bayes'
    """
    plain = same_letters(text)
    return (
        plain if plain.isascii() else unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", plain)))
    )
