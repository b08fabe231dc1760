"""Resources by name: "fast.ai", "Karpathy", "the Hugging Face course" -> resource ids. Pure.

Most names follow by rule from the rows (title, its parts, first author, block, alternatives, "week 20
checkpoint"); `NICKNAMES` adds what people say. Spaces and signs do not count ("fastai", "zero-to-hero"), and a
slip or two is forgiven in long names only. Knows nothing of what is asked about a resource.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.language.names.nicknames import NICKNAMES, PRODUCTS
from assistant.language.names.plain_words import CUE_WORDS, PLAIN
from assistant.language.weeks.reader import clean
from corpus.roadmap import Resource, Roadmap

LONGEST = 14
WORDS = 120
FUZZY_WORDS = 40
"""Words in which names are looked for, exact ones and misspelt ones."""
FUZZY_LENGTH = 7
MOST_SLIPS = 2
NOUNS = ("course", "class", "book", "specialization", "bootcamp", "project", "videos", "training", "lectures", "row")

_WORD = re.compile(r"(?!(?<=')s\b)[^\W_]+")
"""A word of a cleaned text; the "s" of "Ng's" is none."""

_PRODUCT_NAMES = {name for names in PRODUCTS.values() for name in names}


@dataclass(frozen=True, slots=True)
class Name:
    """A mention: the rows it may mean (several: ambiguous), where it stands, how sure it is."""

    ids: tuple[str, ...]
    start: int
    end: int
    strong: bool
    alternative: str = ""
    """The alternative of a row that was named; it has no row of its own."""


@dataclass(frozen=True, slots=True)
class _Entry:
    ids: tuple[str, ...]
    strong: bool
    alternative: str = ""


def find_names(cleaned: str, roadmap: Roadmap) -> tuple[Name, ...]:
    """Every resource named in a cleaned text (see `phrases.clean`), in reading order, the longest names first."""
    entries, long_names = _directory(roadmap)
    words = list(islice(_WORD.finditer(cleaned), WORDS))
    texts = [w[0] for w in words]
    taken = [False] * len(words)
    found: list[Name] = []
    for exact, first, length in _windows(len(words)):
        if any(taken[first : first + length]):
            continue
        gram = texts[first : first + length]
        if not exact and _holds_name(gram, entries):
            continue
        entry = entries.get(_american("".join(gram)) if exact else _near(gram, long_names))
        if entry and not (entry.alternative and length == 1):
            taken[first : first + length] = [True] * length
            start, end = words[first].start(), words[first + length - 1].end()
            found.append(Name(entry.ids, start, end, entry.strong, entry.alternative))
    return tuple(sorted(found, key=lambda name: name.start))


def _windows(count: int) -> Iterator[tuple[bool, int, int]]:
    """(exact, first word, length), the longest first, of one length every window for exact names and then the early
    ones for misspelt names: "machine learning specialization" is no name of its own in a misspelt longer one."""
    for length in range(min(LONGEST, count), 0, -1):
        for exact, end in ((True, count), (False, min(count, FUZZY_WORDS))):
            for first in range(end - length + 1):
                yield exact, first, length


def _holds_name(gram: list[str], entries: dict[str, _Entry]) -> bool:
    """Whether a sure name begins or ends the words: "fast.ai hard" is no slip of "fast.ai part"."""
    inner = [gram[:end] for end in range(1, len(gram))] + [gram[start:] for start in range(1, len(gram))]
    return any((entry := entries.get(_american("".join(words)))) and entry.strong for words in inner)


def _near(gram: list[str], long_names: dict[int, tuple[str, ...]]) -> str:
    text = "".join(gram)
    if len(text) < FUZZY_LENGTH - 1 or all(word in PLAIN for word in gram):
        return ""
    if any(word in PLAIN and len(word) < 4 for word in (gram[0], gram[-1])):
        return ""
    limit = 1 if len(text) < 10 else MOST_SLIPS
    best = process.extractOne(text, long_names.get(len(text), ()), scorer=OSA.distance, score_cutoff=limit)
    return best[0] if best and _digits(best[0]) == _digits(text) else ""


def _digits(text: str) -> str:
    """Its numbers, which are no slips: the checkpoint of week 12 is not that of week 20."""
    return "".join(c for c in text if c.isdigit())


@lru_cache(maxsize=8)
def _directory(roadmap: Roadmap) -> tuple[dict[str, _Entry], dict[int, tuple[str, ...]]]:
    """Squeezed name -> rows; length of a text -> the names that are long enough to be recognised in it with a slip."""
    entries = _entries(roadmap)
    names = [name for name in entries if len(_core(name)) >= FUZZY_LENGTH]
    sizes = range(1, max(map(len, names), default=0) + MOST_SLIPS + 1)
    return entries, {size: tuple(n for n in names if abs(len(n) - size) <= MOST_SLIPS) for size in sizes}


def _core(name: str) -> str:
    """The name without "course" and the like: what must be long enough, so that "nlp course" is not "rag course"."""
    return next((name.removesuffix(noun) for noun in NOUNS if name.endswith(noun)), name)


def _entries(roadmap: Roadmap) -> dict[str, _Entry]:
    """Squeezed name -> rows. A strong name outdoes a weak one; equals are put together (ambiguous)."""
    entries: dict[str, _Entry] = {}
    for resource in roadmap.resources:
        for name, strong in _names(resource):
            key = _squeezed(name)
            known = entries.get(key)
            if not key or (known and known.strong and not strong):
                continue
            same = known.ids if known and known.strong == strong else ()
            entries[key] = _Entry((*same, *({resource.id} - set(same))), strong)
    for block in roadmap.blocks:
        ids = tuple(r.id for r in block.resources)
        entries.setdefault(_squeezed(block.title), _Entry(ids, False))
    for resource in roadmap.resources:
        for line in resource.alternatives:
            for name in (line, line.split(":")[-1]):
                entries.setdefault(_squeezed(name), _Entry((resource.id,), False, line))
    return entries


def _names(resource: Resource) -> Iterator[tuple[str, bool]]:
    title = re.sub(r"\([^)]*\)", " ", resource.title)
    yield title, True
    yield resource.title, True
    yield from ((name, True) for name in _short_forms(title))
    yield resource.id, True
    for platform in (*resource.authors, "Coursera"):
        yield title.replace(platform, " "), True
    for part in re.split(r" \+ |: | \| | — | with ", title):
        single = len(part.split()) == 1 and not any(c.isdigit() for c in part)
        yield part, not single
    if resource.role == "checkpoint" and len(resource.weeks) == 1:
        for form in ("week {} checkpoint", "checkpoint of week {}", "checkpoint in week {}", "wk {} checkpoint"):
            yield form.format(resource.weeks.first), True
            yield form.format(resource.weeks.first) + " project", True
    if (
        resource.authors
        and re.fullmatch(r"[^\W\d]\S+ [^\W\d]\S+", resource.authors[0])
        and resource.authors[0].casefold() not in _PRODUCT_NAMES
    ):
        yield resource.authors[0], True
    if any(link.text == "Coursera" for link in resource.links[:1]):
        yield from ((f"coursera {noun}", True) for noun in (*NOUNS, "one"))
    yield from ((name, True) for name in NICKNAMES.get(resource.id, ()))
    for name in PRODUCTS.get(resource.id, ()):
        yield name, False
        yield from ((f"{name} {noun}", True) for noun in NOUNS)


def _short_forms(title: str) -> Iterator[str]:
    """Initials ("MML", "DDIA"), a title without its "Course", and two words of it with "stuff" or the like."""
    for part in re.split(r" \+ |: | \| | — | with ", title):
        words = re.findall(r"[^\W_]+", clean(part))
        bare = words[:-1] if len(words) > 1 and words[-1] in NOUNS else words
        if len(bare) > 2:
            yield " ".join(bare)
            yield from (i for i in _initials(bare) if len(i) > 2 and i not in PLAIN and i not in CUE_WORDS)
        for pair in pairwise(bare):
            if not set(pair) & _SMALL and not set(pair) <= PLAIN:
                yield from (f"{' '.join(pair)} {noun}" for noun in _LOOSE)


def _initials(words: list[str]) -> tuple[str, str]:
    return "".join(w[0] for w in words), "".join(w[0] for w in words if w not in _SMALL)


_SMALL = frozenset("a an and for from in of on the to with".split())
_LOOSE = (
    "course",
    "class",
    "book",
    "videos",
    "lectures",
    "stuff",
    "thing",
    "part",
    "bit",
    "section",
    "material",
    "one",
)


def _squeezed(name: str) -> str:
    return _american("".join(_WORD.findall(clean(name))))


def _american(text: str) -> str:
    """ "specialisation" as the roadmap spells it."""
    return text.replace("isation", "ization")
