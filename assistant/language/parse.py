"""A question taken apart: phrases, names, cues, and the words that nothing accounts for. Pure.

Knows the lexicon and the names of the roadmap. Knows nothing of wishes: what the parts add up to is the router's
business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz.distance import OSA, Indel

from assistant.language.criteria import NOT, read_criteria
from assistant.language.lexicon import ATTRIBUTES, CRITERIA, PRIOR
from assistant.language.names.linker import Name, find_names
from assistant.language.names.plain_words import CUE_WORDS, PLAIN
from assistant.language.negation import DENIES, LACKS, is_place_ruled_out, is_ruled_out
from assistant.language.normalise import LONGEST, PLAINLY
from assistant.language.week_resolver import Context, Place, resolve
from assistant.language.weeks.numbers import is_number
from assistant.language.weeks.phase_names import named_phase
from assistant.language.weeks.reader import Phrase, clean, find_phrases
from corpus.glossary import read_glossary
from corpus.roadmap import Roadmap, Weeks


@dataclass(frozen=True)
class Reading:
    """One question, taken apart. `written` is the text with phrases and strong names blanked out, `rest` the same
    with the slips of known words mended ("alternatves")."""

    text: str
    roadmap: Roadmap
    current: int | None
    place: Place
    phrases: tuple[Phrase, ...]
    """Where weeks and phases are named, but for those that belong to a name."""
    names: tuple[Name, ...]
    """Strong names that stand for rows; a name inside a week phrase is not among them."""
    weak: tuple[Name, ...]
    written: str
    rest: str

    @cached_property
    def attribute(self) -> str | None:
        """The first attribute that is cued; what one needs *before* week 9 is a matter of week 9."""
        lead = "prerequisites" if PRIOR.search(self.text) else find_attribute(self.text)
        return lead if lead in _OF_A_PLACE else find_attribute(self.rest)

    @cached_property
    def also(self) -> tuple[str, ...]:
        """Attributes that the other parts of a question of several parts cue."""
        parts = _PARTS.split(self.rest[:PARTS_LONGEST])
        asked = [found for part in parts if _ASKS.match(part) and (found := find_attribute(part))]
        told = {"pros", "cons", "pros-cons"} if self.attribute in ("why", "pros-cons") else set[str]()
        return tuple(a for a in dict.fromkeys(asked) if a not in {self.attribute, *told})

    @cached_property
    def picking_role(self) -> str | None:
        """The role that tells the rows of an ambiguous name apart ("the supplemental deep learning specialization")."""
        for name in self.names:
            roles = {r.role for r in self.roadmap.resources if r.id in name.ids} & set(self.criteria)
            word = self.text[: name.start].split()[-1:]
            if len(name.ids) > 1 and word:
                return next((role for role in roles if CRITERIA[role].search(word[0])), None)
        return None

    @cached_property
    def criteria(self) -> tuple[str, ...]:
        return read_criteria(self.rest)

    @cached_property
    def place_is_ruled_out(self) -> bool:
        """Whether the weeks or phases that are named are those not asked for: "which books are not in phase 1?"."""
        names = [(n.start, n.end) for n in self.names]
        runs = [m.start() for m in re.finditer("·+", self.written)]
        places = [start for start in runs if not any(begin <= start < end for begin, end in names)]
        return bool(self.place.spans) and any(is_place_ruled_out(self.text, start) for start in places)

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Criteria for the authors and platforms asked for as such: "by Andrew Ng", "not on Coursera"."""
        if not _MAY_NAME_PEOPLE.search(self.text):
            return ()
        found: dict[str, tuple[int, int]] = {}
        for name, pattern in _people(self.roadmap):
            match = pattern.search(self.text)
            if match and not any(name in other for other in found):
                found[name] = match.span(match.lastgroup or 0)
        ruled_out = {name for name, at in found.items() if is_ruled_out(self.text, at, tuple(found.values()))}
        joined = {name for name, (start, _) in found.items() if _AND_ALSO.search(self.text[:start])} - ruled_out
        return tuple(f"{NOT if name in ruled_out else ''}by:{name}" for name in found if name not in joined)

    @cached_property
    def residue(self) -> tuple[str, ...]:
        """Words that are neither plain nor a cue nor a number: the subject matter, if any."""
        terms = content_words(" ".join(_slip_like_terms().findall(self.written)))
        return tuple(w for w in content_words(self.written) if not _accounted(w) or (w in terms and not _known(w)))

    @cached_property
    def subject(self) -> tuple[str, ...]:
        """As `residue`, without forgiving slips."""
        return tuple(w for w in content_words(self.written) if not _known(w))


_PARTS = re.compile(r"[,;?.] *(?:and |but )?| and ")
_ASKS = re.compile(r"(?:who|what|what's|when|where|how|which|why|is|are|does|do|the|its)\b")
PARTS_LONGEST = 400
"""Characters of a question that are searched for its parts."""

_OF_A_PLACE = ("outcome", "prerequisites")
"""Attributes that turn "after week 12" and "before week 12" into week 12 itself."""

_PLATFORMS = (
    "Coursera",
    "Udemy",
    "YouTube",
    "LinkedIn Learning",
    "Khan Academy",
    "O’Reilly",
    "Hugging Face",
    "Stanford",
    "DeepLearning.AI",
)


def take_apart(
    text: str,
    roadmap: Roadmap,
    current: int | None,
    previous: Weeks | None,
    previous_phase: int | None,
    rows: Weeks | None = None,
) -> Reading:
    """Reads a question of any length (its start and end count)."""
    cleaned = clean(re.sub(rf",? {PLAINLY}\W*$", "", text, flags=re.IGNORECASE) if len(text) <= LONGEST else text)
    names = find_names(cleaned, roadmap)
    strong = tuple(n for n in names if n.strong and not cleaned.startswith(" phase", n.end))
    phrases = tuple(p for p in find_phrases(cleaned) if not any(_overlap(p, n) for n in strong))
    outcome = find_attribute(cleaned) in _OF_A_PLACE
    context = Context(current, previous, previous_phase, rows, outcome, prior=bool(PRIOR.search(cleaned)))
    place = resolve(phrases, names, cleaned, roadmap, context)
    covered = [(p.start, p.end) for p in phrases]
    phase = named_phase(_blanked(cleaned, [*covered, *((n.start, n.end) for n in strong)]), roadmap)
    if phase:
        covered.append(phase[1:])
        if -1 not in place.inside:
            place.phases.append(phase[0])
            found = roadmap.phase(phase[0])
            place.spans += [found.weeks] if found else []
    kept = tuple(n for n in strong if n.start not in place.inside)
    covered += [(n.start, n.end) for n in strong]
    weak = tuple(n for n in names if not n.strong and not any(s < n.end and n.start < e for s, e in covered))
    written = _blanked(cleaned, covered)
    return Reading(cleaned, roadmap, current, place, phrases, kept, weak, written, _mended(written))


def find_attribute(text: str) -> str | None:
    """The first attribute that the text cues, if any."""
    return next((name for name, pattern in ATTRIBUTES if pattern.search(text)), None)


def content_words(text: str) -> list[str]:
    """Words of the text that may carry meaning: no numbers, no single letters; "CI/CD" gives two words."""
    found = (w.removesuffix("'s").strip("'") for w in re.findall(r"[^\W_]+(?:'[^\W_]+)*", text))
    return [w for w in found if len(w) > 1 and not is_number(w)]


_PLURALS = "courses|books|resources|classes|trainings|videos|things|material|stuff|specializations"
_MAY_NAME_PEOPLE = re.compile(rf"\b(?:by|from|on|at|via|{DENIES}|{LACKS}|{_PLURALS})\b")


_AND_ALSO = re.compile(r"(?:\b(?:or|nor|and)|,) $")
"""Before a name that is joined to another: it counts only where both are ruled out."""


@lru_cache(maxsize=8)
def _people(roadmap: Roadmap) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Author or platform -> "by NAME", "on NAME", "NAME courses", "or NAME"; the longest names first."""
    known = {a for r in roadmap.resources for a in r.authors if not a.startswith("Self-")} | set(_PLATFORMS)
    plural = rf"(?:{_PLURALS})\b"
    found: list[tuple[str, re.Pattern[str]]] = []
    for name in sorted(known, key=lambda n: (-len(n), n)):
        words = clean(name).split()
        surname = rf"|{re.escape(words[-1])}" if len(words) == 2 and words[0].isalpha() and len(words[-1]) > 2 else ""
        form = rf"(?:{re.escape(' '.join(words))}{surname})(?!\w)"
        lead = rf"(?:\b(?:by|from|on|at|via|or|nor|and|{DENIES}|{LACKS})|,) (?:the |anyone |anybody )?"
        found.append((name, re.compile(rf"{lead}(?P<named>{form})|\b(?P<leading>{form}) {plural}")))
    return tuple(found)


def _overlap(phrase: Phrase, name: Name) -> bool:
    return phrase.start < name.end and name.start < phrase.end


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = f"{text[:start]}{'_' * (end - start)}{text[end:]}"
    return re.sub(r"_+", lambda m: "·".ljust(len(m[0]), "·"), text)


def _mended(text: str) -> str:
    return re.sub(r"[^\W\d_]{3,}", lambda m: _SHORT_SLIPS.get(m[0]) or _mended_word(m[0]), text)


def _mended_word(word: str) -> str:
    return word if len(word) < 4 or _known(word) else _meant(word) or word


def _known(word: str) -> bool:
    """Plain words and cues, also without their apostrophe ("arent")."""
    return word in PLAIN or word in CUE_WORDS or (word.endswith("nt") and f"{word[:-1]}'t" in PLAIN)


@lru_cache(maxsize=4096)
def _accounted(word: str) -> bool:
    return _known(word) or word in _SHORT_SLIPS or bool(_meant(word))


@lru_cache(maxsize=1)
def _slip_like_terms() -> re.Pattern[str]:
    """The glossary's terms that plain words and slips of them would account for: the "rate" of "learning rate" is no
    slip of "rated"."""
    terms = {clean(name): content_words(clean(name)) for name in read_glossary()}
    alike = [term for term, words in terms.items() if all(map(_accounted, words)) and not all(map(_known, words))]
    return re.compile(rf"\b(?:{'|'.join(re.sub('[ -]', '[ -]', term) for term in alike)})s?\b")


@lru_cache(maxsize=4096)
def _meant(word: str) -> str:
    """The known word that this is a slip of ("shoud", "waht"), or "".

    A letter is left out, doubled, added or swapped; put for another ("resourse") only in long words, since "loss"
    and "less" are both words."""
    if len(word) < 3 or not word.isascii():
        return ""
    near = [known for known in _KNOWN_BY_FIRST.get(word[0], ()) if len(known) >= 4 and _is_slip(word, known)]
    return min(near, key=lambda known: (OSA.distance(word, known), known not in CUE_WORDS, known), default="")


def _is_slip(word: str, known: str) -> bool:
    if abs(len(known) - len(word)) > 1:
        return False
    if sorted(word) == sorted(known) or len(word) >= _LONG:
        return OSA.distance(word, known, score_cutoff=1) <= 1
    return len(word) > 3 and Indel.distance(word, known, score_cutoff=1) == 1


_LONG = 8
_SHORT_SLIPS = dict.fromkeys("fo ot si od wth abt u r ur im ive dat dis da pls plz thx sth smth".split(), "") | {
    "wat": "what",
    "wht": "what",
    "teh": "the",
    "hte": "the",
    "wich": "which",
    "whic": "which",
    "hwo": "how",
    "woh": "who",
    "shud": "should",
    "shld": "should",
    "whn": "when",
    "wen": "when",
}
"""Slips of short words, and what is meant by them; "": a word that carries nothing."""
_KNOWN_BY_FIRST: dict[str, tuple[str, ...]] = {}
for _word in PLAIN | CUE_WORDS:
    _KNOWN_BY_FIRST[_word[0]] = (*_KNOWN_BY_FIRST.get(_word[0], ()), _word)
