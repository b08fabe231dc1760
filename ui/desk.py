"""What the chat and the pages work with, as one value: the assistant, the companion, the kept conversations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.service import Assistant
from assistant.store.conversations import ConversationStore
from assistant.study_answers.companion import Companion
from ui.clock import now


@dataclass(frozen=True, slots=True)
class Desk:
    """One for the whole application; holds nothing of any person."""

    assistant: Assistant
    companion: Companion
    conversations: ConversationStore

    @property
    def data(self) -> Path:
        return self.assistant.settings.data

    @property
    def links(self) -> frozenset[str]:
        """Addresses that may be links in an answer besides its sources: those of the roadmap."""
        return frozenset(link.url for r in self.assistant.roadmap.resources for link in r.links)

    def now(self) -> datetime:
        return now()


def make_desk(assistant: Assistant, companion: Companion) -> Desk:
    """Opens nothing yet: the database is opened at the first use."""
    settings = assistant.settings
    return Desk(assistant, companion, ConversationStore(settings.learners or settings.data))
