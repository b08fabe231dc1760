"""What is shown of every kind of source is what it says: roadmap, pages, notes, glossary, cards, exports.

Cells are filled with what Markdown would take for its own; a tag behind each says which ones an answer shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import StringIO
from itertools import count

import lxml.html
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from assistant.answers import Answer, Part
from assistant.questions import Question
from assistant.roadmap_answers.attributes import ATTRIBUTES
from assistant.roadmap_answers.citations import linked
from assistant.roadmap_answers.glossary import meaning_of
from assistant.roadmap_answers.rows import answer_from_roadmap
from assistant.roadmap_answers.written import written
from assistant.store.conversations import answer_markdown
from assistant.study_answers.sentences import cards_part
from assistant.text.markdown import as_text, authored, escaped, in_cell, shown
from assistant.text.markdown import linked as link_of
from corpus import glossary
from corpus.glossary import Entry
from corpus.notes import Card
from corpus.reader import read_roadmap
from corpus.roadmap import Block, Phase, Resource, Roadmap, Weeks
from tests.answer_fixtures import Talk
from ui.markup import markdown
from ui.show import print_answer

ROADMAP = read_roadmap()
IDS = tuple(row.id for row in ROADMAP.resources)
HARD = [
    "__init__", "2*3*4", r"\{1, 2\}", r"C:\new\_x", "[3]", "x[1][2]", "<b>x</b>", "&lt;", "# no", "> no", "- no",
    "1. no", "---", "a|b", "[x]: y", "![a](b", "[a", "b]", "~~x~~", "_a_ b_c", "**", "*x*", "`", "$x$", r"\|", "\\",
    "&#96;", "***a", "```",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(HARD), min_size=1, max_size=4).map(" ".join)
ASKED = [
    *(Question("q", intent="attribute", attribute=name, resources=IDS) for name in ATTRIBUTES),
    *(Question("q", intent="week", spans=(Weeks(w, w),)) for w in (0, 5, 7, 20, 33)),
    Question("q", intent="week", spans=(Weeks(0, 48),)),
    *(Question("q", intent="phase", phases=(p,), spans=(Weeks(0, 48),)) for p in range(5)),
    *(Question("q", intent="list", criteria=(c,)) for c in ("book", "video", "has-link", "checkpoint", "preferred")),
    Question("q", intent="topic", topic=("pca",)),
    *(Question("q", intent="count", counted=noun) for noun in ("phase", "block", "resource")),
    *(Question("q", intent="extreme", criteria=(most,), counted="phase") for most in ("longest", "most rows")),
    Question("q", intent="compare", resources=IDS[:4]),
    Question("q", intent="resource", resources=IDS[:3]),
    Question("q", intent="overview"),
    Question("q", intent="missing", missing="phase 9"),
]


def bare(text: str) -> str:
    """Without blanks and without the backticks of code, which are shown as type."""
    return "".join(text.split()).replace("`", "")


def in_browser(text: str) -> str:
    tree = lxml.html.fromstring(f"<div>{markdown(text, URLS, lambda n: f'<i>{n}</i>')}</div>")
    for marker in list(tree.iter("i")):
        marker.drop_tree()
    return tree.text_content()


URLS = frozenset(link.url for row in ROADMAP.resources for link in row.links)


def in_terminal(answer: Answer) -> str:
    out = StringIO()
    print_answer(Console(file=out, width=100_000, color_system=None), answer)
    return out.getvalue()


class Filled:
    """A roadmap whose cells hold a text each, and the tags behind them."""

    def __init__(self, text: str) -> None:
        self.text, self.number = text, count()
        self.roadmap = Roadmap(self.cell(), tuple(map(self.phase, ROADMAP.phases)), ())

    def cell(self) -> str:
        return f"{self.text} q{next(self.number)}z"

    def phase(self, phase: Phase) -> Phase:
        blocks = tuple(map(self.block, phase.blocks))
        return replace(phase, title=self.cell(), heading=self.cell(), blocks=blocks)

    def block(self, block: Block) -> Block:
        rows = tuple(map(self.row, block.resources))
        return replace(block, title=self.cell(), heading=self.cell(), resources=rows)

    def row(self, row: Resource) -> Resource:
        return replace(
            row,
            title=self.cell(),
            block=self.cell(),
            alternatives=(self.cell(), self.cell()),
            authors=(self.cell(), self.cell()),
            task=self.cell(),
            focus=self.cell(),
            outcome=self.cell(),
            links=tuple(replace(link, text=self.cell()) for link in row.links),
            pros=(self.cell(),),
            cons=(f"Paid {self.cell()}", f"Requires {self.cell()}"),
            recommendation=self.cell(),
        )

    def wrong(self, seen: str) -> Iterator[str]:
        """What is shown before a tag where that is not the text."""
        seen, text = bare(seen), bare(self.text)
        for tag in TAG.finditer(seen):
            before = seen[max(0, tag.start() - len(text)) : tag.start()]
            if before.casefold() != text.casefold():
                yield f"{before}{tag[0]}"


TAG = re.compile(r"q\d+z")


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
@example(" ".join(HARD))
def test_a_cell_of_the_roadmap_is_shown_as_it_stands(text: str) -> None:
    filled = Filled(text)
    for asked in ASKED:
        answer = answer_from_roadmap(asked, filled.roadmap)
        if answer is None:
            continue
        assert TAG.search(answer.text) or asked.intent in ("count", "missing", "list"), asked
        assert list(filled.wrong(in_browser(answer.text))) == [], asked
        assert list(filled.wrong(in_browser(answer_markdown(answer)))) == [], asked
        assert [c.quote for c in answer.citations if TAG.search(c.quote) and text not in c.quote] == [], asked


@pytest.mark.parametrize("text", HARD)
def test_rows_are_found_and_told_by_an_author_of_any_name(text: str) -> None:
    filled = Filled(text)
    author = filled.roadmap.resources[3].authors[0]
    answer = answer_from_roadmap(Question("q", intent="list", criteria=(f"by:{author}",)), filled.roadmap)
    assert answer is not None
    assert answer.resources == (IDS[3],)
    assert list(filled.wrong(in_browser(answer.text))) == []


@pytest.mark.parametrize("text", [*HARD, " ".join(HARD)])
def test_a_terminal_shows_a_cell_as_it_stands(text: str) -> None:
    filled = Filled(text)
    answer = answer_from_roadmap(Question("q", intent="resource", resources=IDS[:2]), filled.roadmap)
    assert answer is not None
    assert list(filled.wrong(in_terminal(answer))) == []


def test_the_roadmap_that_we_have_is_written_as_it_stands() -> None:
    for row, as_written in zip(ROADMAP.resources, written(ROADMAP).resources, strict=True):
        assert as_written == row
    assert "<code>groupby</code>" in markdown(written(ROADMAP).resources[2].task)
    assert linked(written(ROADMAP).resources[2]).startswith("**[Python for Data Analysis (Book)](https://")


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_what_is_quoted_of_a_cell_is_the_cell(text: str) -> None:
    assert as_text(authored(text)) == text
    assert bare(shown(f"y {authored(text)}")) == bare(f"y {text}")


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_a_link_and_a_cell_of_a_table_show_it_too(text: str) -> None:
    url = "https://a.example/x_(y)"
    tree = lxml.html.fromstring(f"<div>{markdown(f'- **{link_of(authored(text), url)}** (week)', (url,))}</div>")
    assert [bare(a.text_content()) for a in tree.iter("a")] == [bare(text)]
    cell = in_cell(authored(text))
    tree = lxml.html.fromstring(f"<div>{markdown(f'| x | {cell} |{chr(10)}|---|---|{chr(10)}| {cell} | y |')}</div>")
    cells = [bare(cell.text_content()) for cell in (*tree.iter("th"), *tree.iter("td"))]
    assert cells == ["x", bare(text), bare(text), "y"]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS)
def test_the_glossary_and_a_card_are_shown_as_they_stand(text: str) -> None:
    entry = Entry("Term", f"It is {text} here.", "2026-01-01")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.roadmap_answers.glossary.entry_of", lambda term: entry if term == "term" else None)
        answer = meaning_of(Question("what is a term?"))
    assert answer is not None
    assert bare(in_browser(answer.text)) == bare(f"Term: {entry.meaning}")
    assert answer.citations[0].quote == entry.meaning


def test_our_own_texts_hold_no_markup_but_in_notes() -> None:
    """Glossary, cards and titles of units are texts: a star in one of them is shown, and not meant as type."""
    for entry in set(glossary.read_glossary().values()):
        assert escaped(entry.meaning) == entry.meaning


def test_a_note_is_markdown_and_the_roadmap_is_not() -> None:
    assert "<strong>Course 1</strong>" in markdown("**Course 1** of the note")
    answer = answer_from_roadmap(Question("q", intent="overview"), replace_title("**Course 1**"))
    assert answer is not None
    assert "**Course 1**" in in_browser(answer.text)


def replace_title(title: str) -> Roadmap:
    phase = ROADMAP.phases[0]
    return Roadmap(ROADMAP.title, (replace(phase, title=title), *ROADMAP.phases[1:]), ())


@pytest.mark.parametrize("text", HARD)
def test_a_card_in_the_chat_shows_its_question(text: str) -> None:
    from types import SimpleNamespace
    from typing import Any, cast

    card = Card("c", f"What is {text} there?", "a", "https://a.example", "u")
    due = SimpleNamespace(text="1 card is due.", due=[SimpleNamespace(card=card, on=date(2027, 1, 6))])
    part = cards_part(cast("Any", due))
    assert isinstance(part, Part)
    assert bare(in_browser(part.text)) == bare(f"1 card is due. The first: {card.question}")


@pytest.mark.parametrize("text", ["2*3*4", r"c:\new\_x", "<b>x</b>"])
def test_what_a_learner_said_is_repeated_as_it_was_said(text: str, talk: Talk) -> None:
    answer = talk.last(f"Skip the Linux refresher because {text} is all I need")
    assert text in in_browser(answer.text)
