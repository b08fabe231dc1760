"""Which sources an answer quotes and which it only names, where what is asked has been defined. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers import Passage
from assistant.page_answers.answer_form import Wish, holds, names, speaks_of
from assistant.page_answers.quotable_units import Unit
from assistant.text.abbreviations import expansions


def adding(
    wanted: Wish, sources: list[list[Unit]], passages: Sequence[Passage], *, defined: bool
) -> tuple[list[list[Unit]], list[list[Unit]]]:
    """The sources that are quoted, and those that are only named: once a thing has been defined, a sentence that just
    uses its name adds nothing to it. A source that does not even name the thing is left out."""
    defined = defined or any(unit.defines for chosen in sources[:1] for unit in chosen)
    if wanted.kind == "why" and wanted.term and defined:
        return [chosen for chosen in sources if _holds_name(wanted, passages[chosen[0].passage])], []
    if wanted.kind not in ("definition", "comparison") or wanted.deep or not defined:
        return sources, []
    speaking = [chosen for chosen in sources if _speaks(wanted, chosen, passages[chosen[0].passage])]
    rest = [chosen for chosen in sources if chosen not in speaking]
    return speaking, [chosen for chosen in rest if _holds_name(wanted, passages[chosen[0].passage])]


def _speaks(wanted: Wish, units: Sequence[Unit], passage: Passage) -> bool:
    """Whether a source speaks of what is asked: one of its sentences does, or it is a section of a note about that."""
    about = passage.kind == "note" and all(names(wanted, passage.heading_at(units[0].start)))
    return about or any(speaks_of(wanted, unit.text) and not unit.hollow for unit in units)


def _holds_name(wanted: Wish, passage: Passage) -> bool:
    """Whether a passage names what is asked, by this name or by its abbreviation or long form."""
    text = f"{passage.title}\n{passage.heading}\n{passage.text}"
    terms = [name for term in (wanted.term, wanted.other) if term for name in (term, *expansions(term))]
    return any(holds(term, text) for term in terms)
