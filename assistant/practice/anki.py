"""Cards -> a deck for Anki (.apkg), by `genanki`. Importing it again updates the cards, and makes none twice."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

from markdown_it import MarkdownIt

from assistant.study.review import SAVED, ReviewCard

DECK = "Senior AI/ML Developer Roadmap"
_DECK_ID, _MODEL_ID = 1_489_201_173, 1_489_201_174
"""Anki knows decks and models by these numbers: they never change."""
_STYLE = ".card { font-family: sans-serif; font-size: 20px; text-align: left; } pre { overflow-x: auto; }"
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def anki_deck(cards: Sequence[ReviewCard], titles: Mapping[str, str], now: datetime) -> bytes:
    """The file. titles: resource -> its title, which becomes a tag."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import genanki

    front = '{{Question}}<hr id="answer">'
    sides = {"name": "Card", "qfmt": "{{Question}}", "afmt": front + "{{Answer}}<p>{{Source}}</p>"}
    fields = [{"name": name} for name in ("Question", "Answer", "Source")]
    model = genanki.Model(_MODEL_ID, DECK, fields=fields, templates=[sides], css=_STYLE)
    deck = genanki.Deck(_DECK_ID, DECK)
    for card in cards:
        texts = [escape(card.question), _answer(card), _source(card.source)]
        tags = [titles[card.resource].replace(" ", "-")] if card.resource in titles else []
        deck.add_note(genanki.Note(model, texts, guid=genanki.guid_for(DECK, card.key), tags=tags))
    file = io.BytesIO()
    genanki.Package(deck).write_to_file(file, timestamp=now.timestamp())
    return file.getvalue()


def _answer(card: ReviewCard) -> str:
    """What was saved out of an answer is Markdown; a note's answer is text."""
    return _MARKDOWN.render(card.answer) if card.key.startswith(SAVED) else escape(card.answer)


def _source(url: str) -> str:
    return f'<a href="{escape(url)}">{escape(url)}</a>' if url else ""
