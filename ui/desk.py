"""What the chat, the pages and the API work with, as one value: the assistant and the kept conversations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from assistant.companion import Companion
from assistant.recommendation.curriculum import load_rules
from assistant.service import Assistant
from assistant.store.conversations import ConversationStore, Turn
from eval import feedback
from ui.clock import now
from ui.ingesting import Ingesting
from ui.under_way import UnderWay


@dataclass(frozen=True, slots=True)
class Desk:
    """One for the whole application; holds nothing of any person."""

    assistant: Assistant
    conversations: ConversationStore
    ingesting: Ingesting
    under_way: UnderWay = field(default_factory=UnderWay)

    @property
    def companion(self) -> Companion:
        """The learners' states: those that the assistant itself changes."""
        return self.assistant.companion

    @property
    def data(self) -> Path:
        return self.assistant.settings.data

    @property
    def links(self) -> frozenset[str]:
        """Addresses that may be links in an answer besides its sources: those of the roadmap and of our notes on it."""
        ours = (url for note in self.companion.notes.notes for url in (note.lives_at, *(u.url for u in note.units)))
        free = (way.url for way in load_rules().free_ways)
        return frozenset((*(link.url for r in self.assistant.roadmap.resources for link in r.links), *ours, *free))

    def close(self) -> None:
        """Lets go of the databases; they are opened again when they are needed."""
        self.conversations.close()
        self.companion.close()

    def judge(self, turn: Turn, *, good: bool, reason: str) -> None:
        """Keeps a thumb up or down on an answer, with its reason, for the eval suite."""
        answer = turn.answer
        feedback.add(
            self.data,
            turn.question,
            abstained=bool(answer and answer.abstained),
            urls=tuple(c.url for c in answer.citations if c.url) if answer else (),
            expectation=reason,
            liked=good,
        )

    def now(self) -> datetime:
        return now()


def make_desk(assistant: Assistant) -> Desk:
    """Opens nothing yet: the database is opened at the first use."""
    settings = assistant.settings
    return Desk(assistant, ConversationStore(settings.learners or settings.data), Ingesting(settings))
