"""Sums of money in what people type: "300 euros", "$50", "fifty quid", "no money". Pure.

Takes every currency alike and converts none: what is told is the number. Of "100 to 200 euros" the lower is meant.
Knows nothing of what a resource costs.
"""

from __future__ import annotations

import re

MOST = 1e9
"""A sum above a thousand million is a slip of the keyboard."""

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = (
    {word: n for n, word in enumerate(_UNITS)}
    | {word: 10 * n for n, word in enumerate(_TENS, 2)}
    | {"couple": 2, "few": 3, "dozen": 12}
)
_FACTORS = {"k": 1_000, "grand": 1_000, "hundred": 100, "thousand": 1_000, "million": 1_000_000}

_BIG = "hundred|thousand|million"
_WORD = rf"(?:{'|'.join(sorted(_VALUES, key=len, reverse=True))}|{_BIG}|an?)"
_DIGITS = r"(?:\d{1,3}(?:[., ]\d{3}){1,5}(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?)"
_NUMBER = (
    rf"(?:(?<![\d.,])(?<!\d ){_DIGITS}(?: ?(?:k|grand|{_BIG})\b)?"
    rf"|\b{_WORD}(?:[ -](?:and |of )?{_WORD}){{0,9}}\b(?: grand\b)?)"
)
_SIGN = r"(?:us ?\$|[$€£₹¥]|\b(?:eur|usd|gbp|chf|inr)\b)"
_CURRENCY = (
    "(?:[$€£₹¥]|(?:euros?|eur|dollars?|usd|bucks?|pounds?|gbp|quid|rupees?|inr|francs?|chf|zloty|yen|pesos?|kr|crowns?)"
    r"\b)"
)
_OTHER = rf"(?: ?(?:-|–|to|or) ?{_SIGN}? ?{_NUMBER})?"
_NO_MONEY = r"(?!\w)(?! ?(?:h|hrs?|hours?|m|mins?|minutes?|days?|weeks?|months?|years?|%|percent|[a-z]*s)\b)"
_SUM = re.compile(
    rf"{_SIGN} ?(?P<before>{_NUMBER})"
    rf"|\bbetween (?P<low>{_NUMBER}) and {_NUMBER} ?{_CURRENCY}"
    rf"|(?P<after>{_NUMBER}){_OTHER}(?:[ -]|,-+ ?)?(?:(?:us|canadian|australian|swiss) )?{_CURRENCY}"
    rf"|(?P<small>{_NUMBER}) ?(?:euro ?)?(?:cents?|ct|pence|pennies)\b"
    r"|\b(?:budget|money)(?: is| of|:| would be)*(?: about| around| only| just| max(?:imum)?)* "
    rf"(?P<bare>{_NUMBER}){_NO_MONEY}"
)
_ANYTHING = r"(?:any money|any of my money|anything|a (?:single )?(?:cent|penny|dime))\b(?! (?:over|above|beyond|more))"
_NOTHING = re.compile(
    r"\b(?:no|zero|without(?: any)?|(?:have|has|is)n't (?:got )?(?:any|much)|out of|lack(?:ing)?|0) "
    r"(?:money|budget|funds|cash)\b(?![ -](?:back|limit|constraint|restriction|problem))"
    r"|\bnothing to spend\b|\b(?:budget|money)(?: is|:| of) (?:zero|none|nothing|nil)\b"
    r"|\b(?:can't|cannot|can not|don't want to|do not want to|won't|will not|not going to) "
    rf"(?:spend|pay|afford)(?: for)? {_ANYTHING}"
    r"|\b(?:don't|do not|doesn't) have (?:any |the )?(?:money|budget|cash|funds)\b"
    rf"|\bwithout (?:spending|paying)(?:(?: for)? {_ANYTHING}|$|[.,!?])"
    r"|\b(?:spend|pay) (?:nothing|no money|zero)\b|\bi(?:'m| am)(?: totally| completely)? (?:broke|penniless|skint)\b"
)


def find_money(text: str) -> float | None:
    """The first sum that a cleaned text names; 0 where there is nothing to spend; None where it names no money.

    >>> find_money("i can spend € 1,200 at most"), find_money("fifty quid"), find_money("i have no money")
    (1200.0, 50.0, 0.0)
    >>> find_money("i have 5 hours") is None
    True
    """
    found, nothing = _SUM.search(text), _NOTHING.search(text)
    if nothing and not (found and found.start() < nothing.start()):
        return 0.0
    if not found:
        return None
    value = _value(next(number for number in found.groups() if number))
    if value > MOST:
        return None
    return value / 100 if found["small"] else value


def _value(number: str) -> float:
    """The number of "1,200.50", "1.5k", "two hundred and fifty", "a couple of hundred"."""
    if digits := re.match(_DIGITS, number):
        return _plain(digits[0]) * _FACTORS.get(number[digits.end() :].strip(), 1)
    if number in ("a", "an"):
        return 1.0
    total = current = 0
    for word in re.findall(r"[a-z]+", number):
        if word == "hundred":
            current = (current or 1) * 100
        elif word in _FACTORS:
            total, current = total + (current or 1) * _FACTORS[word], 0
        else:
            current += _VALUES.get(word, 0)
    return float(total + current)


def _plain(digits: str) -> float:
    """1,200 and 1.200 and 1 200 are thousands; 1,20 and 12.5 are not."""
    return float(re.sub(r"[., ](?=\d{3}(?:\D|$))", "", digits).replace(",", "."))
