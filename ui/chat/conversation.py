"""What one browser tab has asked and been shown. Kept on the server; knows nothing of Gradio or of storage."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.answers import Answer, Scope
from assistant.handling import Memory
from assistant.store.conversations import new_id
from ui.chat.rendering import Place, draft_html, notice_html, question_html
from ui.kept import memory_after

SHOWN_TURNS = 30
"""Turns that are shown; those before them are in the export of the conversation."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A question and what is shown for it, as HTML."""

    question: str
    html: str
    answer: Answer | None = None
    week: int | None = None
    scope: Scope = "all"
    refused: bool = False
    """It cannot be asked, so it is kept nowhere; its place goes to the next question."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns of one tab. `person` is whose it is, so that another browser that came by this tab's name sees nothing;
    `answer` names the answer under way; `changed` is when the kept conversation was last written, as far as this tab
    knows."""

    id: str = ""
    person: str = ""
    turns: tuple[Shown, ...] = ()
    answer: str = ""
    changed: str = ""

    @property
    def memory(self) -> Memory:
        """What it is about: so what is cut off is forgotten, and one that is opened again goes on where it was."""
        return memory_after(turn.answer for turn in self.turns)

    def messages(self) -> list[dict[str, str]]:
        """As `gr.Chatbot` wants them: the last ones, since each event carries all of them."""
        out: list[dict[str, str]] = []
        for number, turn in list(enumerate(self.turns))[-SHOWN_TURNS:]:
            out.append({"role": "user", "content": question_html(turn.question, number)})
            out.append({"role": "assistant", "content": turn.html})
        return out

    def history(self) -> list[tuple[str, str]]:
        """Questions and answers before the last question, for a language model."""
        return [(turn.question, turn.answer.text) for turn in self.turns[:-1] if turn.answer]

    def place(self) -> Place:
        """Where the last turn stands."""
        return Place(self.id, len(self.turns) - 1)

    def asks(self, question: str, week: int | None, scope: Scope, answer: str) -> Conversation:
        turn = Shown(question, draft_html(""), None, week, scope)
        return replace(self, id=self.id or new_id(), turns=(*self.turns, turn), answer=answer)

    def cut(self, turns: int) -> Conversation:
        """The first `turns` turns only."""
        return replace(self, turns=self.turns[:turns])

    def answerable(self) -> Conversation:
        """Without a refused question at the end, so that turns are numbered as they are kept."""
        return replace(self, turns=self.turns[:-1]) if self.turns and self.turns[-1].refused else self

    def shows(self, html: str, answer: Answer | None = None) -> Conversation:
        return replace(self, turns=(*self.turns[:-1], replace(self.turns[-1], html=html, answer=answer)))

    def stops(self) -> Conversation:
        """Keeps what was shown until then, marked as incomplete."""
        return self.adds("Stopped: this is not the whole answer.")

    def adds(self, sentence: str) -> Conversation:
        """Says something below what is shown, with a way on."""
        last = self.turns[-1]
        return self.shows(last.html + notice_html(sentence, self.place()), last.answer)

    def refuses(self, sentence: str) -> Conversation:
        """Says why the last question cannot be asked."""
        failed = self.fails(sentence)
        return replace(failed, turns=(*failed.turns[:-1], replace(failed.turns[-1], refused=True)))

    def fails(self, sentence: str) -> Conversation:
        """Says what went wrong in place of the answer, with a way on."""
        return self.shows(notice_html(sentence, self.place(), error=True))
