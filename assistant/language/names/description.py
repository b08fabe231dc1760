"""Rows by description: "the guy with the animations", "that Kleppmann brick", "Jeremy's course" -> resource ids. Pure.

Knows what each row is like: its cells, and what people say of it (`descriptions.toml`). A phrase fits a row by the
share of its words that the row accounts for, rare words counting more, and at least one term must be the row's own:
"the loss one" fits none. A person's name means their rows by itself. Stages: 1 tokens -> 2 phrases around a noun ->
3 rows that fit -> 4 names and "the maths" in what is left.

Titles ("fast.ai") are `resource_linker`'s business, "the second one" and "the last part" the conversation's.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import Stemmer
from rapidfuzz.distance import OSA

from assistant.language.names.plain_words import CUE_WORDS, PLAIN
from assistant.language.weeks.numbers import is_number
from assistant.language.weeks.reader import clean
from corpus.roadmap import Resource, Roadmap

WORDS = 120
"""Words of a text that are looked at."""
LEFT, RIGHT = 6, 8
"""Words of a phrase before and after its noun."""
ENOUGH, ENOUGH_NAMED = 0.75, 0.6
"""The share of a phrase that its row must account for; less, where the phrase holds a person's name."""
TITLE, CELL = 0.9, 0.7
"""What a word counts that is none of a row's own terms, but stands in its title; in a cell, or in part of a term."""
NEAR = 0.05
"""Rows whose score is this close to the best are meant as well."""
MOST = 4
"""Rows that a phrase may mean; what fits more describes none."""
TELLING = 2.0
"""The weight from which words of the cells describe a row without a term of its own."""
NAME_LENGTH, WORD_LENGTH = 5, 7
"""Letters from which a slip is forgiven in a name, and in another word."""


@dataclass(frozen=True, slots=True)
class Match:
    """A description: the rows it fits (several: ambiguous), where it stands, the share of it that they account for."""

    ids: tuple[str, ...]
    start: int
    end: int
    score: float


def described(cleaned: str, roadmap: Roadmap, *, among: Collection[str] = ()) -> tuple[Match, ...]:
    """Every row that a cleaned text describes (see `week_reader.clean`), in reading order, without overlaps.

    `among` are the rows that were just offered: only they are meant, and whatever tells them apart is enough ("the
    hands-on one", "the book", "coursera please").

    >>> described("i gave up on the guy with the animations", read_roadmap())[0].ids
    ('essence-of-linear-algebra-khan-academy-statistics',)
    """
    model = _model(roadmap, frozenset(among))
    tokens = _tokens(cleaned, model)
    found = [*_phrases(tokens, model), *_people(tokens, model), *_alone(cleaned, model)]
    kept: list[Match] = []
    for match in found or (_choice(tokens, model) if among else ()):
        if not any(match.start < other.end and other.start < match.end for other in kept):
            kept.append(match)
    return tuple(sorted(kept, key=lambda match: match.start))


# --- 1: tokens ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, or words that are read as one ("from scratch").

    `keys`: the stems it stands for; `name`: the name of a person that it is; `own`: "'s" follows; `apart`: a sign
    stands before it, or nothing; `plain`: it describes nothing by itself.
    """

    text: str
    start: int
    end: int
    keys: tuple[str, ...]
    name: str
    own: bool
    apart: bool
    plain: bool

    @property
    def head(self) -> _Head | None:
        """What the token says of a row if it is a noun that ends a description."""
        return _heads().get(_squeezed(self.text))


def _tokens(cleaned: str, model: _Model) -> list[_Token]:
    found: list[_Token] = []
    for match in _words().finditer(cleaned):
        text, start, end = match[0], match.start(), match.end()
        apart = not found or bool(_SIGN.search(cleaned, found[-1].end, start))
        name = _name(text, model)
        keys = (name,) if name else _keys(_mended(text, model))
        own = cleaned.startswith("'s", end)
        found.append(_Token(text, start, end, keys, name, own, apart, not name and _plain(text)))
        if len(found) == WORDS:
            break
    return found


_SIGN = re.compile(r"""[,;:?!()"“”…\[\]{}/]|\.(?: |$)| [-–—] """)
_INNER_SIGN = re.compile(r"[ .\-/]")
"""A sign within words that are read as one, or within a word."""


@lru_cache(maxsize=1)
def _words() -> re.Pattern[str]:
    """A word, or words that are read as one; the "s" of "Ng's" is none."""
    joined = sorted(cast("list[str]", _data()["joined"]), key=len, reverse=True)
    phrases = "|".join(r"[ .\-/]?".join(map(re.escape, phrase.split())) for phrase in joined)
    return re.compile(rf"\b(?:{phrases})\b|(?!(?<=')s\b)[^\W_]+(?:'(?!s\b)[^\W_]+)*")


def _squeezed(word: str) -> str:
    return _INNER_SIGN.sub("", word)


def _keys_of(text: str) -> list[str]:
    return [key for word in _words().findall(clean(text)) for key in _keys(word)]


@lru_cache(maxsize=4096)
def _keys(word: str) -> tuple[str, ...]:
    """The stems that a word stands for: "ml" gives those of "machine learning"."""
    squeezed = _squeezed(word)
    meant = _words().findall(_data()["same"].get(squeezed, squeezed.replace("isation", "ization")))
    return tuple(str(_stemmer().stemWord(_squeezed(part))) for part in meant)


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    return Stemmer.Stemmer("english")


@lru_cache(maxsize=4096)
def _plain(word: str) -> bool:
    """True for a word, or words that are read as one, that describe nothing by themselves."""
    parts = _INNER_SIGN.split(word)
    if len(parts) > 1:
        return all(map(_plain, parts))
    number = is_number(word) and (word.isdigit() or not word[0].isdigit())
    return number or len(word) < 2 or word in PLAIN or word in CUE_WORDS or word in STOP or word in _guard("filler")


def _name(word: str, model: _Model) -> str:
    """The name that this word is, or is one slip away from, and from no other."""
    if word in model.people:
        return word
    if len(word) < NAME_LENGTH or _plain(word) or word in _listed("lookalike"):
        return ""
    names = (name for name in model.people if name not in _listed("ordinary"))
    near = [name for name in names if name[0] == word[0] and len(name) >= NAME_LENGTH and _is_slip(word, name)]
    if len(near) != 1 or (_keys(word)[0] in model.weights and _keys(word) != _keys(near[0])):
        return ""
    return near[0]


def _mended(word: str, model: _Model) -> str:
    """The word of a description that a long word is one slip away from ("dashbord"), or the word itself."""
    if len(word) < WORD_LENGTH or _plain(word) or _keys(word)[0] in model.weights:
        return word
    return next((known for known in model.spellings.get(word[0], ()) if _is_slip(word, known)), word)


def _is_slip(word: str, known: str) -> bool:
    return OSA.distance(word, known, score_cutoff=1) <= 1


# --- 2: phrases -----------------------------------------------------------------------------------------------------

STOP = frozenset(
    """
    of in on at by from for with about into onto to than as like via after before during since until within without
    behind inside between under through per and or but so because if when while though although nor plus is are was
    were be been being am do does did done has have had can could will would shall should may might must isn't aren't
    wasn't weren't don't doesn't didn't can't won't i you he she it we they me him us them i'm i've i'd i'll it's
    what which who whom whose where why how that's what's a an any some another each every no either neither not
    there here then also just
    """.split()
)
"""Words that end a phrase."""
INNER = frozenset(("and", "for"))
"""Words that end none between two others: "python for data analysis"."""
ARTICLES = frozenset("the that this these those his her their my your our ur da dat".split())
OURS = frozenset(("my", "our", "your", "their"))
DEGREES = frozenset(("most", "more", "least", "less"))
"""Words that compare: "the most practical one" is asked for, not named."""
RELATIVE = frozenset(("that", "which", "who", "where", "whose"))
WITHIN = frozenset(("of", "behind", "inside", "within", "under", "between", "in"))
"""Words after "the X part" that make it a part of something else."""
ADDED = RELATIVE | WITHIN | frozenset("with without about on from by for at via".split())
"""Words that add something to a noun: "the one about ..."."""
NEEDED = frozenset(("of", "about", "for", "by", "from"))
"""What they add cannot be left out: "the keras book about gardening"."""
WHOLE = frozenset("roadmap plan program programme curriculum schedule path".split())


@dataclass(frozen=True, slots=True)
class _Head:
    """A noun that ends a description; the fields are explained in `descriptions.toml`."""

    kind: str
    like: str
    format: str
    terms: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun with what is said of it. `end`: of the noun; `sure`: an article or an owner stands before it."""

    head: _Head
    tokens: tuple[_Token, ...]
    start: int
    end: int
    sure: bool


def _phrases(tokens: list[_Token], model: _Model) -> Iterator[Match]:
    """The best reading of each description around a noun, in reading order."""
    for place, token in enumerate(tokens):
        head, after = token.head, _at(tokens, place + 1)
        if not head or (after and after.head and after.text != "one"):
            continue
        first = _first(tokens, place, model)
        if first is None:
            phrases = _without_article(tokens, place, head, model)
        else:
            phrases = _with_article(tokens, first, place, head, model)
        fits = [fit for phrase in phrases if (fit := _fit(phrase, model))]
        if fits:
            yield max(fits, key=lambda fit: (fit.score, fit.end - fit.start))


def _at(tokens: list[_Token], place: int) -> _Token | None:
    """The token that follows without a sign in between, if any."""
    return tokens[place] if place < len(tokens) and not tokens[place].apart else None


def _first(tokens: list[_Token], place: int, model: _Model) -> int | None:
    """Where the article or the owner stands that begins the phrase, if there is one."""
    for i in range(place - 1, max(-1, place - LEFT - 1), -1):
        token = tokens[i]
        if tokens[i + 1].apart:
            return None
        if _is_article(token):
            return i
        if token.own and token.name:
            return i - 1 if i and _same_person(tokens[i - 1], token, model) else i
        if token.text in STOP and not (token.text in INNER and i and _is_known(tokens[i - 1], model)):
            return None
    return None


def _is_article(token: _Token) -> bool:
    """False for the "that" of "that's"."""
    return token.text in ARTICLES and not token.own


def _is_known(token: _Token, model: _Model) -> bool:
    """True for a word of a description."""
    return token.text not in STOP and all(key in model.weights for key in token.keys)


def _same_person(first: _Token, last: _Token, model: _Model) -> bool:
    return bool(set(model.people.get(first.name, ())) & set(model.people.get(last.name, ())))


def _with_article(tokens: list[_Token], first: int, place: int, head: _Head, model: _Model) -> Iterator[_Phrase]:
    """The phrase with what follows the noun, and without it where that may be left out."""
    before = tuple(token for token in tokens[first:place] if token.text not in ARTICLES)
    after = _after(tokens, place, model)
    if _is_another(tokens, first, before, after, head):
        return
    if tokens[first].text in OURS and head.format == "project":
        head = replace(head, terms=1)
    alone = _Phrase(head, before, tokens[first].start, tokens[place].end, True)
    follower = _at(tokens, place + 1)
    if after:
        yield replace(alone, tokens=(*before, *after))
    if not after and (head.format or not follower or follower.plain):
        yield alone
    if after and (any(token.name for token in before) or (head.format and after[0].text not in NEEDED)):
        yield alone


def _is_another(
    tokens: list[_Token], first: int, before: tuple[_Token, ...], after: tuple[_Token, ...], head: _Head
) -> bool:
    """True where the noun is no row: asked about ("explain the RAG part"), part of something else ("the transformer
    part of the network"), somebody's ("my statistics teacher"), or compared ("the most practical one")."""
    if head.kind == "loose" and any(token.text in _guard("grasp") for token in tokens[max(0, first - 3) : first]):
        return True
    if head.kind == "loose" and after and after[0].text in WITHIN:
        return not any(token.text in WHOLE or token.name for token in after)
    return (head.format == "person" and tokens[first].text in OURS) or any(token.text in DEGREES for token in before)


def _after(tokens: list[_Token], place: int, model: _Model) -> tuple[_Token, ...]:
    """What is added behind the noun: "about distributed systems", "from scratch on coursera"; empty if that tells
    nothing. It ends where another description begins ("the author of | the keras book")."""
    found: list[_Token] = []
    for token in tokens[place + 1 : place + 1 + RIGHT]:
        begins = token.text in ADDED or token.text.startswith("from")
        ends = token.text in STOP and token.text not in ADDED | INNER | {"a", "an"}
        if token.apart or not (found or begins) or (ends and found[0].text not in RELATIVE):
            break
        found.append(token)
    nouns = [i for i, token in enumerate(found) if token.head and token.head.format]
    if nouns:
        found = found[: next((i for i, t in enumerate(found[: nouns[0]]) if _is_article(t) or t.own), nouns[0])]
    tells = any(not token.plain or _is_known(token, model) for token in found)
    return tuple(found) if tells or (found and found[0].text == "of") else ()


def _without_article(tokens: list[_Token], place: int, head: _Head, model: _Model) -> Iterator[_Phrase]:
    """ "kleppmann book", "skip keras book": the words before the noun that rows know, where a phrase may begin."""
    follower = _at(tokens, place + 1)
    if head.format == "person" or (not head.format and follower and not follower.plain):
        return
    for first in range(max(0, place - LEFT), place):
        before = tokens[first:place]
        joined = not any(token.apart for token in tokens[first + 1 : place + 1])
        if joined and _may_begin(tokens, first, head) and all(_is_known(token, model) for token in before):
            bare = head if first == 0 else replace(head, terms=1)
            yield _Phrase(bare, tuple(before), tokens[first].start, tokens[place].end, False)


def _may_begin(tokens: list[_Token], first: int, head: _Head) -> bool:
    """At the start, after a sign, and after words like "skip"; but not after the "for" of "maths for machine ..."."""
    if first == 0 or not head.format:
        return first == 0
    lead = tokens[first - 1].text
    inner = lead in WITHIN | INNER and first > 1 and not tokens[first - 2].plain
    return tokens[first].apart or (lead in _guard("leads") and not inner)


# --- 3: rows that fit -----------------------------------------------------------------------------------------------


def _fit(phrase: _Phrase, model: _Model) -> Match | None:
    """The rows that account for enough of a phrase."""
    own = {row.id: _own(row, phrase) for row in model.rows}
    lit = frozenset[str]().union(*own.values())
    counted = frozenset(key for token in phrase.tokens for key in token.keys if key in lit or not token.plain)
    names = {token.name for token in phrase.tokens if token.name and _is_meant(token, phrase.head)}
    scores = {
        row.id: _score(row, own[row.id], counted, model)
        for row in model.rows
        if own[row.id] and (row.is_a(phrase.head.format) or own[row.id] & names)
    }
    enough = ENOUGH_NAMED if names else ENOUGH
    if not any(score >= enough for score in scores.values()):
        scores = {} if lit else _by_cells(phrase, counted, model)
    if model.among and phrase.head.format and not counted:
        scores = {row.id: 1.0 for row in model.rows if phrase.head.format in row.formats}
    telling = [token.end for token in phrase.tokens if counted.intersection(token.keys)]
    return _match(scores, phrase.start, max((phrase.end, *telling)), model)


def _own(row: _Row, phrase: _Phrase) -> frozenset[str]:
    """The stems of a phrase that stand in terms of the row that are there as a whole."""
    keys = frozenset(key for token in phrase.tokens for key in token.keys)
    said = keys.union(_keys(phrase.head.like) if phrase.head.like else ())
    return keys.intersection(key for term in row.terms[phrase.head.terms] if term <= said for key in term)


def _is_meant(token: _Token, head: _Head) -> bool:
    """False for "the grant thing": the name is a word as well."""
    return token.name not in _listed("ordinary") or token.own or head.kind in ("videos", "series", "course", "one")


def _score(row: _Row, own: frozenset[str], counted: frozenset[str], model: _Model) -> float:
    """The share of the words that the row accounts for, 0..1, by their weight."""
    total = sum(model.weight(key) for key in counted)
    held = sum(model.weight(key) * (1.0 if key in own else row.credit.get(key, 0.0)) for key in counted)
    return held / total if total else 0.0


def _by_cells(phrase: _Phrase, counted: frozenset[str], model: _Model) -> dict[str, float]:
    """Rows whose cells hold every word of a phrase with an article and a format: "the quizzes course"."""
    if not phrase.sure or phrase.head.terms != 3 or sum(model.weight(key) for key in counted) < TELLING:
        return {}
    fits = [row for row in model.rows if counted <= row.cells and phrase.head.format in row.formats]
    return {row.id: CELL for row in fits} if len(fits) <= 2 else {}


def _match(scores: Mapping[str, float], start: int, end: int, model: _Model) -> Match | None:
    """The best rows in the order of the roadmap; none if that are too many, or all that were offered."""
    best = max(scores.values(), default=0.0)
    ids = tuple(row.id for row in model.rows if scores.get(row.id, 0.0) >= best - NEAR)
    if not best or len(ids) > MOST or (model.among and 1 < len(model.rows) == len(ids)):
        return None
    return Match(ids, start, end, round(best, 3))


# --- 4: names, "the maths", and a short answer to an offer -----------------------------------------------------------


def _people(tokens: list[_Token], model: _Model) -> Iterator[Match]:
    """Names of people; first name and surname of one person are one match."""
    place = 0
    while place < len(tokens):
        first, last = place, place
        while (token := _at(tokens, last + 1)) and not tokens[last].own and _same_person(tokens[last], token, model):
            last += 1
        place = last + 1
        if tokens[first].name and (last > first or _is_person(tokens, first)):
            ids = set(model.people[tokens[first].name]) & set(model.people[tokens[last].name])
            article = first and not tokens[first].apart and _is_article(tokens[first - 1])
            start = tokens[first - 1].start if article else tokens[first].start
            match = _match(dict.fromkeys(ids, 1.0), start, tokens[last].end, model)
            yield from (match,) if match else ()


def _is_person(tokens: list[_Token], place: int) -> bool:
    """False for a name that is another's here ("my friend Andrew", "jeremy clarkson") or a word ("grant access")."""
    token = tokens[place]
    slip = token.text != token.name and len(token.name) < WORD_LENGTH
    if token.name not in _listed("common") and not slip:
        return True
    before = [t.text for t in tokens[max(0, place - 2) : place]]
    after = _at(tokens, place + 1)
    if before and (before[-1] in _guard("kin") or before in (["name", "is"], ["this", "is"])):
        return False
    if before and not token.apart and not _may_stand_beside(tokens[place - 1]):
        return False
    if after and (after.text in _guard("kin") | _guard("foreign") or not _may_stand_beside(after)):
        return False
    led = len(tokens) <= 3 or (before and before[-1] in _guard("introduces"))
    return bool(token.own or led or token.name not in _listed("ordinary"))


def _may_stand_beside(token: _Token) -> bool:
    """False for a number, an unknown word, and the initial of "ulysses s grant"."""
    text = token.text
    if token.name or len(text) < 2:
        return bool(token.name) or text == "i"
    return text in PLAIN or text in CUE_WORDS or text in STOP or text in _guard("beside")


def _alone(cleaned: str, model: _Model) -> Iterator[Match]:
    """ "finished the maths": what means a row without a noun, where something is done with it, or little else said."""
    for found in model.alone.finditer(cleaned):
        before = re.findall(r"[^\s.,!?]+", cleaned[: found.start()])
        after = re.findall(r"[^\s.,!?]+", cleaned[found.end() :])
        ends = not after or cleaned[found.end()] != " " or after[0] in _guard("onward")
        asked = any(word in _guard("grasp") for word in before[-3:])
        brief = not asked and len(before) + len(after) <= 2 and all(word in PLAIN for word in (*before, *after))
        if brief or (ends and not asked and before and before[-1] in _guard("deeds")):
            ids = model.alone_ids[" ".join(_keys_of(found["name"]))]
            match = _match(dict.fromkeys(ids, 1.0), found.start(), found.end(), model)
            yield from (match,) if match else ()


def _choice(tokens: list[_Token], model: _Model) -> Iterator[Match]:
    """A short answer to an offer: "hands-on please", "coursera", "book"."""
    if not 0 < len(tokens) <= 5 or any(token.text in _ASKS for token in tokens):
        return
    heads = [token.head for token in tokens if token.head and token.head.format]
    said = tuple(token for token in tokens if not token.head)
    if all(token.plain or _is_known(token, model) for token in said):
        head = heads[0] if heads else _heads()["one"]
        match = _fit(_Phrase(head, said, tokens[0].start, tokens[-1].end, False), model)
        yield from (match,) if match else ()


_ASKS = frozenset("what why how when where who which is are does do can should".split())


# --- what is known of the rows --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Row:
    """What a row is like.

    `formats`: what it is (none: unknown); `terms`: the terms, each a set of stems, that nouns open (see `_Head.terms`);
    `cells`: stems of its cells; `credit`: what a stem counts that is not the row's own in a phrase.
    """

    id: str
    formats: frozenset[str]
    terms: tuple[tuple[frozenset[str], ...], ...]
    cells: frozenset[str]
    credit: Mapping[str, float]

    def is_a(self, format: str) -> bool:
        return not format or not self.formats or format in self.formats


@dataclass(frozen=True)
class _Model:
    """The rows, and what hangs on all of them.

    `people`: name -> rows; `weights`: stem -> the more, the fewer rows hold it; `spellings`: first letter -> long
    words; `alone`: finds what means a row without a noun, `alone_ids` says which; `among`: these rows were offered.
    """

    rows: tuple[_Row, ...]
    people: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, float]
    spellings: Mapping[str, tuple[str, ...]]
    alone: re.Pattern[str]
    alone_ids: Mapping[str, tuple[str, ...]]
    among: bool

    def weight(self, key: str) -> float:
        """The weight of a stem; one that no row holds weighs most."""
        return self.weights.get(key) or math.log(1 + 2 * len(self.rows))


@lru_cache(maxsize=64)
def _model(roadmap: Roadmap, among: frozenset[str]) -> _Model:
    resources = tuple(r for r in roadmap.resources if not among or r.id in among)
    people = _names(roadmap, resources)
    rows = tuple(_row(resource, people, bool(among)) for resource in resources)
    counts = Counter(key for row in rows for key in row.credit)
    weights = {key: math.log(1 + len(rows) / count) for key, count in counts.items()}
    alone: dict[str, tuple[str, ...]] = {}
    for resource in resources:
        for name in {" ".join(_keys_of(name)) for name in _entry(resource.id).alone}:
            alone[name] = (*alone.get(name, ()), resource.id)
    return _Model(rows, people, weights, _spellings(resources), _alone_pattern(resources), alone, bool(among))


def _row(resource: Resource, people: Mapping[str, tuple[str, ...]], offered: bool) -> _Row:
    entry = _entry(resource.id)
    names = tuple(frozenset((name,)) for name, ids in people.items() if resource.id in ids)
    places = tuple(frozenset(_keys(place)) for place in PLATFORMS if place in _places(resource))
    title = _content(resource.title)
    traits = (*places, *_terms(entry.traits), *(() if entry.words else map(frozenset, pairwise(title))))
    topics, parts = _terms(entry.topics), _terms(entry.parts)
    words = (*names, *_terms(entry.words), *((*traits, *topics, *_attributes(resource)) if offered else ()))
    most = (*words, *traits, *topics)
    terms = ((*names, *_terms(entry.known_for)), words, (*words, *traits), most, (*words, *parts))
    cells = (*_content(" ".join((resource.task, resource.focus, resource.outcome, resource.block))), *title)
    hints = frozenset[str](cells).union(*terms[0], *most, *parts)
    credit = dict.fromkeys(hints, CELL) | dict.fromkeys(title, TITLE)
    return _Row(resource.id, frozenset(entry.formats), terms, frozenset(cells), credit)


PLATFORMS = ("coursera", "udemy", "youtube", "o'reilly")


def _places(resource: Resource) -> frozenset[str]:
    """The words of the title, the authors and the first link: platforms are among them."""
    texts = (resource.title, *resource.authors, *(link.text for link in resource.links[:1]))
    return frozenset(_words().findall(clean(" ".join(texts))))


def _terms(phrases: Iterable[str]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(_keys_of(phrase)) for phrase in phrases)


def _content(text: str) -> list[str]:
    """The stems of a text, without small words, weeks and numbers."""
    words = (word for word in _words().findall(clean(text)) if word not in STOP | {"week"} and len(word) > 1)
    return [key for word in words if not word.isdigit() for key in _keys(word)]


def _attributes(resource: Resource) -> Iterator[frozenset[str]]:
    """Single words that tell rows apart that stand beside each other: "mandatory", "theory", "free"."""
    entry, cells = _entry(resource.id), (resource.title, resource.role, resource.recommendation, resource.difficulty)
    said = " ".join((*cells, *resource.authors, *resource.pros, *entry.words, *entry.traits))
    for word in _words().findall(clean(said)):
        if word not in PLAIN and word not in STOP:
            yield from (frozenset((key,)) for key in _keys(word))


def _spellings(resources: Iterable[Resource]) -> Mapping[str, tuple[str, ...]]:
    """The long words of all descriptions, by their first letter."""
    entries = [_entry(resource.id) for resource in resources]
    texts = " ".join(phrase for entry in entries for phrase in (*entry.words, *entry.traits, *entry.topics))
    words = sorted({word for word in texts.split() if len(word) >= WORD_LENGTH and not _plain(word)})
    return {letter: tuple(w for w in words if w[0] == letter) for letter in {word[0] for word in words}}


def _alone_pattern(resources: Iterable[Resource]) -> re.Pattern[str]:
    names = sorted({n for r in resources for n in _entry(r.id).alone}, key=lambda n: (-len(n), n))
    forms = "|".join(r"[ .\-]".join(map(re.escape, name.split())) for name in names) or "(?!)"
    return re.compile(rf"\b(?:(?:the|my) )?(?P<name>{forms})(?![\w'-])")


def _names(roadmap: Roadmap, resources: Iterable[Resource]) -> Mapping[str, tuple[str, ...]]:
    """First name or surname -> the rows of that person. Who stands second in a cell, as the author of an alternative,
    and first in another row's is meant there only."""
    leads = {resource.authors[0] for resource in roadmap.resources if resource.authors}
    found: dict[str, tuple[str, ...]] = {}
    for resource in resources:
        authors = [a for i, a in enumerate(resource.authors) if _is_full_name(a) and (i == 0 or a not in leads)]
        for word in clean(" ".join((*authors, *_entry(resource.id).people))).split():
            if word not in _listed("never") and resource.id not in found.get(word, ()):
                found[word] = (*found.get(word, ()), resource.id)
    return found


def _is_full_name(author: str) -> bool:
    words = author.split()
    return len(words) == 2 and all(w[0].isupper() and w.isalpha() for w in words) and not _BODIES & set(words)


_BODIES = frozenset("Academy University College Institute School Face Learning Labs Press Team Stack".split())


# --- the file of descriptions ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """What `descriptions.toml` says of a row; empty for a row that it does not know."""

    formats: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    known_for: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


def _entry(id: str) -> _Entry:
    return _Entry(**{kind: tuple(phrases) for kind, phrases in _data()["rows"].get(id, {}).items()})


@lru_cache(maxsize=1)
def _heads() -> Mapping[str, _Head]:
    """Noun -> what it says of a row."""
    entries: dict[str, Any] = _data()["heads"]
    return {noun: _Head(kind, e["like"], e["format"], e["terms"]) for kind, e in entries.items() for noun in e["nouns"]}


@lru_cache(maxsize=8)
def _listed(kind: str) -> frozenset[str]:
    return frozenset(_data()["names"][kind])


@lru_cache(maxsize=16)
def _guard(kind: str) -> frozenset[str]:
    return frozenset(_data()["guards"][kind].split())


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("descriptions.toml").read_text(encoding="utf-8"))
