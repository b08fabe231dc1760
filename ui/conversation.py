"""What one browser tab has asked and been shown, as HTML. Kept on the server; knows nothing of Gradio."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.question import Question
from ui.markup import draft_html, notice_html, question_html


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what is shown for it, both as HTML."""

    asked: str
    shown: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one browser tab has asked; `previous` is the last question, for follow-ups; `answer` names the answer
    that was begun last, and makes the ids of its sources unique on the page."""

    turns: tuple[Turn, ...] = ()
    previous: Question | None = None
    answer: str = ""

    def messages(self) -> list[dict[str, str]]:
        """As `gr.Chatbot` wants them."""
        pairs = ((("user", turn.asked), ("assistant", turn.shown)) for turn in self.turns)
        return [{"role": role, "content": html} for pair in pairs for role, html in pair]

    def asks(self, question: str, answer: str) -> Conversation:
        turn = Turn(question_html(question), draft_html(""))
        return replace(self, turns=(*self.turns, turn), answer=answer)

    def shows(self, html: str) -> Conversation:
        return replace(self, turns=(*self.turns[:-1], replace(self.turns[-1], shown=html)))

    def stops(self) -> Conversation:
        """Keeps what was shown until then, marked as incomplete."""
        return self.shows(self.turns[-1].shown + notice_html("Stopped: this is not the whole answer."))

    def fails(self, sentence: str) -> Conversation:
        """Says what went wrong in place of the answer."""
        return self.shows(notice_html(sentence, error=True))
