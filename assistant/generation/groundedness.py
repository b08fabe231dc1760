"""What a language model wrote, sentence by sentence, against what it was given: supported, not found, or left out.

`check` drops a sentence that holds a number, week, name or address that its sources do not hold, finds the source of
every other by words and meaning, and renumbers the markers. A marker is the model's claim only: what it names is
compared like everything else, and one that names no passage is gone. Knows nothing of how the text was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.generation.grounded_names import ADDRESS, NUMBER, ORDINARY, holds, is_known, words_of
from assistant.text.customs import foreign, is_adrift, stray, without
from assistant.text.sanitise import FENCE, clean
from ingest.index.lexical import tokens
from ingest.pages.sentences import sentence_spans

Status = Literal["supported", "unsupported", "dropped", "frame"]
Encode = Callable[[list[str]], NDArray[np.float32]]
"""Texts -> normalised vectors (n x dimension)."""

NEAREST = 3
"""Sentences of the sources, nearest by words, that each sentence is compared with by meaning."""

FRAME = 2
"""A sentence of so few content words that ends with a colon says nothing ("Here are the steps:")."""

COPIED = 0.8
"""Share of the words of a block of code that the source holds which supports it."""

REPEATED = 3
"""A sentence of more words than this is said only once."""

_NUMBERS = r"0|(?!0)\d{1,3}(?:\s*(?:[,;&–-]|and)\s*(?!0)\d{1,3})*"
_SOURCE = r"(?:the\s+)?(?:sources?|passages?)\s*"
_MARK = (
    r"(?:(?<!\s)\s++)?"
    rf"(?:[\[［【]\s*(?:{_SOURCE})?\^?(?:{_NUMBERS})\^?(?:†[^\[\]【】\n]*)?\s*[\]］】]|\({_SOURCE}(?:{_NUMBERS})\))"
)
_MARKER = re.compile(_MARK, re.IGNORECASE)
"""In all the ways in which models write it: [1], [1, 2], [1-3], [source 1], (source 1), [^1], 【1†source】."""
_SPOKEN = re.compile(
    rf"\b(according to|as|see)(?:\s+{_SOURCE})?(?:{_MARK})(?:\s*(?:,|and|or|&)?(?:{_MARK}))*"
    rf"|^()(?:{_MARK})(?=\s+(?:says|states|explains|shows|describes|mentions|notes|defines)\b)",
    re.IGNORECASE,
)
"""A marker that is a word of its sentence: "according to [1]"."""
_INDEX = re.compile(r"(?<=\w)\[\d\]")
"""The `[0]` of an array in code in a line: as in blocks of code, one digit is no number to be found."""
_STRING = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_NEGATION = re.compile(r"\b(?:not|no|never|none|cannot|without|neither|nor)\b|n['’]t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence (or block of code) as it may be shown; `sources` are positions in the passages."""

    text: str
    status: Status
    sources: tuple[int, ...] = ()
    quote: str = ""
    """The sentence of the first source that is nearest to it, verbatim."""
    opens: str = ""
    """What stands before it: "" goes on in the line, else a line break or the mark of a list item."""
    code: bool = False
    """Whether it is a whole block of code."""


@dataclass(frozen=True, slots=True)
class Checked:
    """All sentences, in order."""

    sentences: tuple[Sentence, ...]

    def count(self, status: Status) -> int:
        return sum(sentence.status == status for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as the model was shown it: its title and text, and the sentences of the text with their words."""

    text: str
    sentences: tuple[str, ...]
    words: tuple[frozenset[str], ...]


def check(
    text: str,
    shown: Sequence[str],
    facts: str,
    encode: Encode,
    titles: Sequence[str] | None = None,
    question: str = "",
) -> Checked:
    """`shown`: the texts of the passages as the model saw them; `facts`: what the roadmap says, in this answer.

    titles: what stands over each passage; it may be named, and is no sentence that supports another.
    """
    sources = [source(one, title) for one, title in zip(shown, titles or [""] * len(shown), strict=True)]
    said = [sentence for source in sources for sentence in source.sentences]
    asked = f"{question} {facts}"
    obeyed = foreign(asked, said)
    own = _of_its_own(_taken_apart(clean(text)), obeyed, said)
    pieces = _once(_bare(own, f"{asked} {' '.join(titles or ())}", said))
    judged = [_judged_code(p, sources) if p.code else _judged(p, sources, facts) for p in pieces]
    found = _with_meaning(judged, sources, encode)
    return Checked(tuple(_not_adrift(found, sources, asked)))


def circles(text: str) -> bool:
    """Whether a draft has come round to the same sentence a third time: nothing new will follow."""
    said = [key for piece in _taken_apart(text) if not piece.code and (key := _key(piece))]
    return bool(said) and said.count(said[-1]) > 2


def source(text: str, title: str = "") -> Source:
    """A text, taken apart for comparing, and the title that it stands under."""
    sentences = tuple(
        piece for line in text.splitlines() for a, b in sentence_spans(line) if (piece := line[a:b].strip())
    )
    return Source(f"{title}\n{text}", sentences, tuple(frozenset(tokens(sentence)) for sentence in sentences))


def veiled(piece: str, spoken: set[str]) -> str:
    """A piece of a draft in which numbers, names and addresses that are not known stand as "…" until they are checked.

    `spoken`: `words_of` what the model was given.
    """

    def shown(match: re.Match[str]) -> str:
        word = match.group()
        odd = NUMBER.search(word) or ADDRESS.search(word) or re.search(r"[A-Z]{2}|\w[A-Z]", word)
        return word if not odd or _MARKER.fullmatch(word.strip(".,;:!?")) or is_known(word, spoken) else "…"

    return re.sub(r"\S+", shown, piece)


# --- taking apart ---


def _taken_apart(text: str) -> Iterator[Sentence]:
    """Sentences and blocks of code, in order."""
    end = 0
    for match in FENCE.finditer(text):
        yield from (piece for line in text[end : match.start()].splitlines() for piece in _pieces(line))
        if body := match[3].strip("\n"):
            yield Sentence(f"```{match[2]}\n{body}\n```", "unsupported", opens="\n", code=True)
        end = match.end()
    yield from (piece for line in text[end:].splitlines() for piece in _pieces(line))


def _pieces(line: str) -> list[Sentence]:
    """The sentences of a line, markers that stand after a full stop with the sentence before them."""
    item = re.match(r"\s*(?:[-*•]|\d{1,2}[.)])\s+", line)
    body = line[item.end() :] if item else line
    body = re.sub(rf"([.!?])((?:{_MARK})+)", r"\2\1", body.strip(), flags=re.IGNORECASE)
    if not body.strip("*_`~- "):
        return []
    parts = [body[a:b].strip() for a, b in sentence_spans(body)]
    opens = "\n- " if item else "\n"
    return [Sentence(part, "unsupported", opens=opens if not i else "") for i, part in enumerate(parts) if part]


def _of_its_own(pieces: Iterable[Sentence], obeyed: Sequence[str], said: Sequence[str]) -> list[Sentence]:
    """The sentences without words that a source only has others say, and without sentences that say nothing else."""
    kept = ((piece, without(piece.text, obeyed)) for piece in pieces)
    customs = [sentence for sentence in said if obeyed and without(sentence, obeyed) != sentence]
    return [
        replace(piece, text=text)
        for piece, text in kept
        if text and (text == piece.text or not any(_bare_words(text) in _bare_words(custom) for custom in customs))
    ]


def _bare_words(text: str) -> str:
    return " ".join(re.findall(r"\w+", _MARKER.sub(" ", text).casefold()))


def _bare(pieces: Iterable[Sentence], question: str, said: Sequence[str]) -> list[Sentence]:
    """The sentences without a word that is hung on to one of a source, whatever a page said to have it there."""
    kept = ((piece, "" if piece.code else stray(piece.text, question, said)) for piece in pieces)
    return [replace(piece, text=without(piece.text, [hung]) or piece.text) if hung else piece for piece, hung in kept]


def _not_adrift(found: Sequence[Sentence], sources: Sequence[Source], question: str) -> list[Sentence]:
    """Without a word or two of a source that stand alone before or behind the sentences, and say nothing of it."""
    known = words_of(" ".join(source.text for source in sources))
    adrift = [s.opens != "\n- " and is_adrift(s.text, question) and words_of(s.text) <= known for s in found]
    if not any(s.status == "supported" and not alone for s, alone in zip(found, adrift, strict=True)):
        return list(found)
    last = len(found) - 1
    return [s for n, (s, alone) in enumerate(zip(found, adrift, strict=True)) if not (alone and n in (0, last))]


def _key(piece: Sentence) -> str:
    """What a sentence says, to tell whether it was said; "" for one too short for that, such as a line of code."""
    words = re.findall(r"\w+", _MARKER.sub("", piece.text).casefold())
    return " ".join(words) if len(words) > REPEATED else ""


def _once(pieces: Sequence[Sentence]) -> list[Sentence]:
    """The sentences without those that were said before, word by word."""
    said: set[str] = set()
    kept: list[Sentence] = []
    for piece in pieces:
        key = _key(piece)
        if not key or key not in said:
            kept.append(piece)
        said.add(key)
    return kept


# --- what it says must occur ---


def _judged(piece: Sentence, sources: Sequence[Source], facts: str) -> tuple[Sentence, list[tuple[int, int]]]:
    """The sentence without its markers, dropped or still to be compared with these (source, sentence) pairs."""
    text, named = _unmarked(piece.text)
    claimed = [n - 1 for n in dict.fromkeys(named) if 0 < n <= len(sources)]
    words = frozenset(tokens(text))
    bare = replace(piece, text=text)
    if not words or (len(words) <= FRAME and text.endswith(":")):
        return replace(bare, status="frame" if text.strip(".!? ") else "dropped"), []
    near = _nearest(words, sources, claimed)
    pool = " ".join(sources[n].text for n in dict.fromkeys([*claimed, *(n for n, _ in near)]))
    if not holds(_INDEX.sub("", text), f"{pool} {facts}"):
        return replace(bare, status="dropped"), []
    return bare, near


def _unmarked(text: str) -> tuple[str, list[int]]:
    """The text without its markers, and their numbers. What stands in brackets in code is an index, and stays."""
    kept, named = "", list[int]()
    for place, part in enumerate(re.split(r"(`[^`\n]+`)", text)):
        is_code = place % 2 == 1
        if is_code and not _MARKER.fullmatch(part.strip("`")):
            kept += part
            continue
        named += [int(n) for found in _MARKER.findall(part) for n in re.findall(r"\d+", found)]
        spoken = _SPOKEN.sub(lambda match: f"{match[1]} the source" if match[1] else "The source", part)
        kept = kept.rstrip() if is_code else kept + _MARKER.sub("", spoken)
    return kept.strip(), named


def _judged_code(piece: Sentence, sources: Sequence[Source]) -> tuple[Sentence, list[tuple[int, int]]]:
    """Code is dropped for a number of several digits, or an address in a string, that no source holds; supported by
    the source that holds nearly all of its words."""
    pool = " ".join(source.text for source in sources).casefold()
    numbers = {n for n in NUMBER.findall(piece.text) if len(n) > 1}
    addresses = [address for string in _STRING.findall(piece.text) for address in ADDRESS.findall(string)]
    if not numbers <= set(NUMBER.findall(pool)) or not all(a.casefold() in pool for a in addresses):
        return replace(piece, status="dropped"), []
    words = frozenset(tokens(piece.text.removeprefix("```").partition("\n")[2]))
    shares = [len(words & frozenset().union(*source.words)) / max(1, len(words)) for source in sources]
    best = max(shares, default=0.0)
    if not words or best < COPIED:
        return piece, []
    n = shares.index(best)
    near = max(range(len(sources[n].words)), key=lambda m: len(words & sources[n].words[m]))
    return replace(piece, status="supported", sources=(n,), quote=sources[n].sentences[near]), []


# --- what supports it ---


def _nearest(words: frozenset[str], sources: Sequence[Source], claimed: Sequence[int]) -> list[tuple[int, int]]:
    """The nearest sentences by words, those of claimed sources first where they are as near."""
    pairs = [
        (len(words & held) / len(words) + 0.05 * (n in claimed), n, m)
        for n, source in enumerate(sources)
        for m, held in enumerate(source.words)
        if words & held
    ]
    return [(n, m) for _, n, m in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2]))[:NEAREST]]


def _with_meaning(
    judged: Sequence[tuple[Sentence, list[tuple[int, int]]]], sources: Sequence[Source], encode: Encode
) -> list[Sentence]:
    """Every sentence with its status and source."""
    open_ones = [(sentence, near) for sentence, near in judged if near]
    texts = dict.fromkeys(
        [s.text for s, _ in open_ones] + [sources[n].sentences[m] for _, near in open_ones for n, m in near]
    )
    vectors = dict(zip(texts, encode([text[:400] for text in texts]), strict=True)) if texts else {}
    return [_compared(sentence, near, sources, vectors) if near else sentence for sentence, near in judged]


def _compared(
    sentence: Sentence,
    near: Sequence[tuple[int, int]],
    sources: Sequence[Source],
    vectors: dict[str, NDArray[np.float32]],
) -> Sentence:
    words = frozenset(tokens(sentence.text))
    best, place = 0.0, near[0]
    for n, m in near:
        quote = sources[n].sentences[m]
        beside = frozenset().union(*sources[n].words[max(0, m - 1) : m + 2])
        lexical = len(words & beside) / len(words)
        agrees = _agrees(sentence.text, quote) and not _renamed(sentence.text, quote)
        score = _score(lexical, float(vectors[sentence.text] @ vectors[quote])) * agrees
        if score > best + 1e-6:
            best, place = score, (n, m)
    if best < 1.0:
        return replace(sentence, sources=())
    return replace(sentence, status="supported", sources=(place[0],), quote=sources[place[0]].sentences[place[1]])


def _score(lexical: float, cosine: float) -> float:
    """1 or more where a sentence is supported: its words and its meaning stand in the source, one of them clearly."""
    if lexical < 0.4 or cosine < 0.5:
        return 0.0
    return lexical + cosine if lexical + cosine >= 1.2 else 0.0


def _agrees(text: str, quote: str) -> bool:
    """Whether both say yes or both say no."""
    return bool(_NEGATION.search(text)) == bool(_NEGATION.search(quote))


def _renamed(text: str, quote: str) -> bool:
    """Whether a sentence begins with a word that its source does not hold, in the place of a name that the source has:
    "Hinton invented dropout" where it says "Srivastava invented dropout"."""
    first, said = re.match(r"\W*([A-Z]\w+)", text), words_of(text)
    if not first or first[1] in ORDINARY or is_known(first[1], words_of(quote)):
        return False
    return any(not is_known(name, said) for name in re.findall(r"\b[A-Z]\w+", quote) if name not in ORDINARY)
