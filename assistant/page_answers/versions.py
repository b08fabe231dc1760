"""Versions and models that a question names and no source does: "what is new in scikit-learn 1.9?". Pure.

Passages on the thing itself are found all the same, and would be quoted as if they spoke of that version. So what is
asked for is looked up in the texts of the index, and where it is in none, that is said, with the versions that are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.recommendation.reasons import listed
from corpus.glossary import entry_of

_NUMBER = r"\d+(?:\.\d+){1,3}"
_NAME = r"(?P<name>[A-Za-z][A-Za-z+]*(?:[-.][A-Za-z]+)*(?:\d(?=\.\d))?)"
_OF_VERSION = r"(?:[ -]?\(?(?:version|release|v\.?)[ -]?|[ -])"
_DOTTED = re.compile(
    rf"(?<![\w.-]){_NAME}{_OF_VERSION}"
    rf"(?P<versions>{_NUMBER}(?:(?: ?,| ?-| ?–| and| or| to| vs\.?| versus| over)+ v?{_NUMBER})*)"
    r"(?![\w.]*\w)(?! ?(?:h|hrs?|hours?|mins?|minutes?|days?|weeks?|months?|%|percent|gb|mb|million|billion)\b)",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    rf"(?<![\w.-]){_NAME}(?:{_OF_VERSION}(?P<versions>\d{{1,2}})|-(?P<long>(?!(?:19|20)\d\d)\d{{3,4}})|"
    r"(?<=[a-z]{2}[a-z])v?(?P<glued>\d{1,3}))(?![\w.-]*\w)(?! ?(?:h|hours?|days?|weeks?|%)\b)",
    re.IGNORECASE,
)
_TURNED = re.compile(
    rf"\b(?:version|release|v\.?) ?(?P<versions>{_NUMBER}|\d{{1,2}}) (?:of|for) {_NAME}", re.IGNORECASE
)
"""Version 4 of Python."""
_NO_NAME = frozenset(
    """
    week weeks phase phases chapter chapters section sections lesson lessons unit units part parts module modules
    step  steps figure figures fig table tables equation exercise exercises question questions task tasks page
    pages line  lines day days top layer layers level levels number no item items point points score version
    versions release  month months year years hour hours video videos lecture lectures by to from in on at of and
    or for with than is  are was the about over under between until before after only least most first last next
    every each approximately  around nearly almost note class type stage grade row rows column columns cell cells
    block blocks rate dropout seed  size sizes momentum threshold alpha beta gamma lambda epsilon temperature
    accuracy loss value values probability  weight weights ratio factor mean std variance precision recall auc
    fold folds epoch epochs gpu gpus cpu cpus a an i  use using equals is be as course courses book books project
    projects checkpoint checkpoints notebook notebooks quiz quizzes assignment assignments homework exam example
    examples option options method approach case round run query node document cluster user player listing theorem
    algorithm definition semester session card cards january february march april may june july august september
    october november december monday tuesday wednesday thursday friday saturday sunday
    """.split()
)
"""What a number may stand behind that is no version of it."""
_OF_VERSIONS = re.compile(
    r"\b(?:new (?:in|api)|changed|changes|versions?|releases?|upgrad|install|difference|v\d|features|migrat|deprecat|"
    r"support)",
    re.IGNORECASE,
)
_OF_NEWS = re.compile(
    r"\b(?:new (?:in|api|features)|what(?:'s| is) new|changed in|versions?|releases?|upgrad\w+|migrat\w+)\b",
    re.IGNORECASE,
)
_SOFTWARE = re.compile(r"^(?:\S+ ){0,4}(?:platform|librar(?:y|ies)|framework|tools?|toolkit|engine|system|service)\b")
"""How the glossary tells what software is: "NVIDIA's platform for ..."."""
_ITEM = r"\.\s+(?-i:[A-Z])"
"""Behind the number of an item, which is no version: "Async Python 4. Blocking calls" of an outline."""
SHOWN = 4
"""Versions that are named beside."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A thing and the version of it that is asked for; `dotted`: as "1.9" and not as "GPT-7"."""

    name: str
    version: str
    dotted: bool


def asked_versions(question: str) -> tuple[Asked, ...]:
    """The versions that a question names, in order.

    >>> [f"{a.name} {a.version}" for a in asked_versions("difference between scikit-learn 1.2 and 1.7")]
    ['scikit-learn 1.2', 'scikit-learn 1.7']
    >>> asked_versions("I spent 1.5 hours on chapter 2.3")
    ()
    """
    found: list[Asked] = []
    for pattern in (_DOTTED, _WHOLE, _TURNED):
        for match in pattern.finditer(question):
            name, numbers = _parts(match.groupdict())
            if name.casefold() not in _NO_NAME:
                found += [Asked(name, number, "." in number) for number in re.findall(rf"{_NUMBER}|\d+", numbers)]
    return tuple(dict.fromkeys(found))


def _parts(found: Mapping[str, str | None]) -> tuple[str, str]:
    """The name, and its numbers: "YOLOv8" is YOLO 8."""
    name, glued = found["name"] or "", found.get("glued")
    if glued and name[:-1].isupper():
        name = name.removesuffix("v")
    return name, found["versions"] or found.get("long") or glued or ""


def is_of_a_version(question: str) -> bool:
    """Whether a version is what the question is about, and not a number beside a name.

    >>> is_of_a_version("what is new in Keras 8?"), is_of_a_version("is Karpathy 2 hours long?")
    (True, False)
    """
    asked_for = asked_versions(question)
    return any(a.dotted for a in asked_for) or bool(asked_for and _OF_VERSIONS.search(question))


def names_a_product(question: str, subject: Sequence[str]) -> bool:
    """Whether a whole number stands behind what is written as a name and is one: a term, or a word of the subject.

    >>> names_a_product("is there a Keras 9?", ["keras"]), names_a_product("Show 5 books", [])
    (True, False)
    """
    named = [asked.name for asked in asked_versions(question) if not asked.name.islower()]
    return any(name.casefold() in subject or entry_of(name) for name in named)


def unnamed(question: str, texts: Iterable[str]) -> str:
    """What to say where a version that is asked for stands in none of the texts, with those that do; "" where all are
    named, or where nothing shows that the thing has versions."""
    asked_for = asked_versions(question)
    if not asked_for:
        return ""
    held = list(texts)
    held += [f"{entry.name}: {entry.meaning}" for asked in asked_for if (entry := entry_of(asked.name))]
    for asked in asked_for:
        name = re.compile(rf"(?<![\w-]){re.escape(asked.name)}(?![A-Za-z])", re.IGNORECASE)
        about = [text for text in held if name.search(text)]
        if _is_named(asked, about):
            continue
        others = _others(asked, question, about)
        if not others and not _has_versions(asked, question, about):
            continue
        known = f"; what they name is {listed(others)}" if others else ", nor another version of it by number"
        return f"None of the sources names {_as_written(asked, question)}{known}."
    return ""


def _is_named(asked: Asked, texts: Iterable[str]) -> bool:
    """Whether a text has the number behind the name, or as the version of what it is about ("New in version 1.2").
    "Python 3.10" names Python 3."""
    number = rf"{re.escape(asked.version)}(?!\d)" if asked.dotted else rf"{asked.version}(?!\d|(?-i:[A-Z])|{_ITEM})"
    between = r"[^\d\n]{0,40}?(?<![\d.])" if asked.dotted else rf"(?:{_OF_VERSION})?"
    behind = re.compile(rf"(?<![\w-]){re.escape(asked.name)}(?![A-Za-uw-z]){between}{number}", re.IGNORECASE)
    told = re.compile(rf"\b(?:version|release|v)[ :=]*{number}", re.IGNORECASE)
    having = [text for text in texts if asked.version in text]
    return any(behind.search(text) or (asked.dotted and told.search(text)) for text in having)


def _others(asked: Asked, question: str, texts: Iterable[str]) -> list[str]:
    """The versions right behind the name, the most frequent first; whole numbers only behind a proper name (one that
    code calls in small letters has some that are dotted: "Python 3.10"), and those of another name for a whole one only
    where the question speaks of versions."""
    number = rf"{_NUMBER}|\d{{1,2}}(?![\w.]*\w|{_ITEM})" if not asked.dotted else _NUMBER
    pattern = re.compile(rf"(?<![\w-])({re.escape(asked.name)}){_OF_VERSION}({number})", re.IGNORECASE)
    found = [match for text in texts for match in pattern.finditer(text)]
    if not asked.dotted and 2 * sum(match[1].islower() for match in found) > len(found):
        proper = [match for match in found if not match[1].islower() and not match[2].startswith("0")]
        sure = [match for match in proper if "." in match[2] or match[0][len(match[1])] == "-"]
        spoken = [match for match in found if "." in match[2] and _OF_VERSIONS.search(question)]
        found = proper if len(sure) > 1 else spoken
    named = Counter(f"{asked.name}{_joint(match)}{match[2]}" for match in found)
    return [version for version, _ in named.most_common(SHOWN)]


def _joint(match: re.Match[str]) -> str:
    """A hyphen stays one: "GPT-2", "pandas 2.0"."""
    return "-" if match[0][len(match[1])] == "-" and "." not in match[2] else " "


def _has_versions(asked: Asked, question: str, about: Sequence[str]) -> bool:
    """Whether the thing may well have versions, though no source names one: it is written as a proper name is, the
    glossary says that it is software, or the question speaks of versions."""
    if _OF_NEWS.search(question) or (asked.dotted and _OF_VERSIONS.search(question)):
        return bool(about) or asked.dotted
    if not about:
        return False
    if asked.dotted and not asked.name.islower():
        return True
    entry = entry_of(asked.name)
    if re.search(r"[a-z][A-Z]", asked.name) or (entry and _SOFTWARE.search(entry.meaning)):
        return True
    written = re.compile(rf"(?<![\w.-])(?<!import )(?<!from ){re.escape(asked.name)}(?![\w.(])", re.IGNORECASE)
    found = [match[0] for text in about for match in written.finditer(text)]
    return bool(found) and 2 * sum(not word.islower() for word in found) > len(found)


def _as_written(asked: Asked, question: str) -> str:
    found = re.search(rf"{re.escape(asked.name)}[ -]{re.escape(asked.version)}", question)
    return found[0] if found else f"{asked.name} {asked.version}"
