"""What the events of the chat page do: ask, stop, ask again, open a kept conversation. Holds no state of a person.

A question comes from the box, from an example, or from a button in an answer, which `chat.js` turns into a `Wish`.
What is shown grows at most 20 times a second; whatever ends an answer early is said in its place. A whole answer is
kept; one that was stopped or failed is kept as a question without an answer; a question that cannot be asked is not
kept. Where another tab has gone on with the conversation, its turns are shown too.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import gradio as gr

from assistant.answers import Answer, Delta, Scope
from assistant.service import Message, QuestionError
from assistant.store.conversations import Kept
from assistant.suggestions import next_questions
from corpus.errors import ProjectError
from ui.chat.conversation import Conversation, Shown
from ui.chat.frame import BELOW, BESIDE, PAGES
from ui.chat.rendering import Around, answer_html, draft_html
from ui.chat.watching import watched
from ui.desk import Desk
from ui.errors import sentence_of
from ui.kept import FULL, MOST_TURNS, kept_turn
from ui.person import person_of

NO_WEEK = -1
NOT_KEPT = "This answer was not finished, so it is not kept."
UNKEPT = "This conversation cannot be kept at the moment: the log of `roadmap serve` says why."
FAILED = "Something went wrong while answering. Ask again; if it stays so, the log of `roadmap serve` says why."
_REDRAW_SECONDS = 0.05

_log = logging.getLogger(__name__)

Outputs = tuple[Conversation, Any, Any, Any, Any]
"""The new state, the messages, the input, the wish (emptied), and the button for a new chat."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a button in the page asks for: a question instead of the box's, asked in the place of turn `turn`, in
    another scope."""

    text: str = ""
    turn: int | None = None
    scope: Scope | None = None


class ChatEvents:
    """The handlers. Of a conversation they hold only how to stop its answer."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._links = desk.links
        self._running: dict[str, threading.Event] = {}
        self._newest: dict[str, str] = {}
        """Conversation -> its last answer, while the questions that can be asked next are looked for."""

    def ask(
        self, box: str | None, wish: str | None, week: int, scope: Scope, held: Conversation, request: gr.Request
    ) -> Iterator[Outputs]:
        """Shows the question at once, then the answer as it comes. Does nothing while another is under way. A text is
        None where nothing was typed yet. Who asks before the conversation of the address is shown goes on with it."""
        if not held.id and (linked := _linked(request)):
            held = self._opened(linked, person_of(request), warn=False)
        begun = self._begun(box or "", read_wish(wish), None if week == NO_WEEK else week, scope, held, request)
        if begun is None:
            yield held, gr.skip(), gr.skip(), "", gr.skip()
            return
        if len(begun.turns) > MOST_TURNS:
            yield _idle(begun.refuses(FULL))
            return
        self._running[begun.answer] = threading.Event()
        self._newest.pop(begun.id, None)
        try:
            yield _answering(begun, keep_box=bool(read_wish(wish).text))
            yield from self._growing(begun)
        finally:
            del self._running[begun.answer]

    def ask_example(
        self, event: gr.SelectData, week: int, scope: Scope, conversation: Conversation, request: gr.Request
    ) -> Iterator[Outputs]:
        """The same for an example question that was chosen."""
        yield from self.ask(str(event.value["text"]), "", week, scope, conversation, request)

    def follow(self, conversation: Conversation) -> Any:
        """The messages with the questions that can be asked next: finding them may take searches, meanwhile the next
        one can be typed and asked. Nothing, where that happened. What asks back offers its own."""
        answer = conversation.turns[-1].answer if conversation.turns else None
        if answer is None or answer.choices or conversation.answer in self._running:
            return gr.skip()
        self._newest[conversation.id] = conversation.answer
        try:
            questions = next_questions(answer, self._desk.assistant)
        except ProjectError:  # the search is not ready: the answer stands without them
            return gr.skip()
        except Exception:  # noqa: BLE001 -- whatever fails here, the answer is whole and stands
            _log.exception("no next questions were found")
            return gr.skip()
        finally:
            newest = self._newest.pop(conversation.id, "")
        if newest != conversation.answer or not questions:
            return gr.skip()
        return self._with(conversation, answer, questions, live=True).messages()

    def stop(self, conversation: Conversation) -> None:
        """Ends the answer under way at its next piece. (An event that Gradio cancels may be shown as an error.)"""
        if conversation.answer in self._running:
            self._running[conversation.answer].set()

    def open(self, wish: str | None, conversation: Conversation, request: gr.Request) -> Outputs:
        """Shows the kept conversation of that id; an empty one where this person has none."""
        if conversation.answer in self._running:
            return conversation, gr.skip(), gr.skip(), "", gr.skip()
        return _idle(self._opened((wish or "").strip(), person_of(request)))

    def open_linked(self, held: Conversation, request: gr.Request) -> Outputs:
        """The same for the page's address, `/?chat=ID`, where nothing was asked meanwhile; a page that is not there is
        said, and the chat is shown."""
        asked = dict(request.query_params or {})
        if (page := str(asked.get("page", ""))) and page not in {*PAGES, *BESIDE, *BELOW}:
            _warn(f"There is no page {page[:32]!r} here: choose one of {', '.join(PAGES.values())}.")
        person, id = person_of(request), _linked(request)
        if held.id or not id:
            return held if held.id else Conversation(person=person), gr.skip(), gr.skip(), gr.skip(), gr.skip()
        return _idle(self._opened(id, person))

    # --- an answer --------------------------------------------------------------------------------------------------

    def _begun(
        self, box: str, wish: Wish, week: int | None, scope: Scope, held: Conversation, request: gr.Request
    ) -> Conversation | None:
        """The conversation with the new question in it; None where there is nothing to ask."""
        person = person_of(request)
        conversation = held if held.person == person else Conversation(person=person)
        question = wish.text or box
        if wish.turn is not None and wish.turn < len(conversation.turns):
            before = conversation.turns[wish.turn]
            question = question or before.question
            week = week if week is not None or not wish.scope else self._week_of(before)
            conversation = conversation.cut(wish.turn)
        # half of a surrogate pair can be neither sent nor kept, nor a NUL
        question = question.encode(errors="replace").decode().replace("\0", " ")
        if not question.strip() or held.answer in self._running:
            return None
        return conversation.answerable().asks(question, week, wish.scope or scope, secrets.token_hex(8))

    def _growing(self, asked: Conversation) -> Iterator[Outputs]:
        """What is shown until the answer is whole, stopped or failed; then it is kept."""
        now = asked
        try:
            for now in self._steps(asked):
                yield now, now.messages(), gr.skip(), gr.skip(), gr.skip()
        except GeneratorExit:  # the page is gone: what it was shown last is kept for when it is opened again
            self._filed(now)
            raise
        except QuestionError as error:
            yield _idle(now.refuses(_sentence(error)))
            return
        except ProjectError as error:
            now = now.fails(_sentence(error))
        except Exception:  # noqa: BLE001 -- the last border before the page, which would show only "Error"
            _log.exception("a question in the chat failed")
            now = now.fails(FAILED)
        yield _idle(self._filed(now))

    def _steps(self, asked: Conversation) -> Iterator[Conversation]:
        """The growing text, and at last the answer itself."""
        text, drawn, stop = "", 0.0, self._running[asked.answer]
        with self._desk.under_way.one(), closing(watched(self._stream(asked), stop)) as stream:
            for piece in stream:
                if stop.is_set() or self._desk.under_way.is_cut:
                    yield asked.shows(draft_html(text)).stops()
                    return
                if isinstance(piece, Answer):
                    yield self._with(asked, piece, live=True)
                    return
                text += piece.text if piece else ""
                if time.monotonic() - drawn > _REDRAW_SECONDS:
                    drawn = time.monotonic()
                    yield asked.shows(draft_html(text))

    def _stream(self, asked: Conversation) -> Generator[Delta | Answer]:
        """What the assistant says to the last question."""
        turn = asked.turns[-1]
        message = Message(
            turn.question,
            asked.person,
            self._desk.now(),
            turn.week,
            turn.scope,
            memory=asked.memory,
            history=asked.history(),
            in_turns=True,
        )
        return self._desk.assistant.respond(message)

    def _with(
        self, asked: Conversation, answer: Answer, questions: tuple[str, ...] = (), *, live: bool = False
    ) -> Conversation:
        """The conversation with the answer to its last question; `live`: it was said just now."""
        around = Around(asked.turns[-1].week, self._about(answer), questions, self._links, can_undo=live)
        return asked.shows(answer_html(answer, asked.place(), around), answer)

    def _about(self, answer: Answer) -> int | None:
        """The last week of what the answer is about: of the weeks it names, else of its first resource."""
        roadmap = self._desk.assistant.roadmap
        rows = [row.weeks for id in answer.resources if (row := roadmap.resource(id))]
        return (answer.weeks or rows[0]).last if answer.weeks or rows else None

    def _week_of(self, before: Shown) -> int | None:
        """The week that a narrower scope is about: the asker's, else the answer's."""
        if before.week is not None:
            return before.week
        return self._about(before.answer) if before.answer else None

    # --- kept conversations -----------------------------------------------------------------------------------------

    def _filed(self, now: Conversation) -> Conversation:
        """The conversation with its last turn kept; with what another tab has asked meanwhile before it."""
        turn, number = now.turns[-1], len(now.turns) - 1
        kept = kept_turn(turn.question, turn.answer, turn.week, turn.scope)
        try:
            filed = self._desk.conversations.keep(now.person, now.id, number, kept, seen=now.changed)
            if filed.joined:
                return self._shown(self._desk.conversations.load(now.person, now.id), now.person)
        except (ProjectError, OSError) as error:
            _log.error("a conversation is not kept: %s", error)
            return now.adds(UNKEPT)
        return replace(now, changed=filed.changed)

    def _opened(self, id: str, person: str, *, warn: bool = True) -> Conversation:
        try:
            return self._shown(self._desk.conversations.load(person, id), person)
        except (ProjectError, OSError) as error:
            _log.info("a conversation is not opened: %s", error)
            if warn:
                _warn(_sentence(error) if isinstance(error, ProjectError) else UNKEPT)
            return Conversation(person=person)

    def _shown(self, kept: Kept, person: str) -> Conversation:
        conversation = Conversation(kept.id, person, changed=kept.changed)
        for turn in kept.turns:
            conversation = conversation.asks(turn.question, turn.week, turn.scope, "")
            if turn.answer is None:
                conversation = conversation.fails(NOT_KEPT)
            else:
                conversation = self._with(conversation, turn.answer)
        return conversation


def cleared(request: gr.Request) -> Outputs:
    """An empty conversation."""
    return _idle(Conversation(person=person_of(request)))


def read_wish(text: str | None) -> Wish:
    """A wish from its JSON; what is none wishes nothing."""
    try:
        data: dict[str, Any] = json.loads(text or "{}")
        turn, scope = data.get("turn"), data.get("scope")
        return Wish(
            str(data.get("text", "")),
            turn if isinstance(turn, int) and turn >= 0 else None,
            scope if scope in ("all", "so-far", "week") else None,
        )
    except (ValueError, AttributeError, RecursionError):
        return Wish()


def _linked(request: gr.Request) -> str:
    """The id of the conversation that the page's address names; "" for none."""
    return str(dict(request.query_params or {}).get("chat", ""))


def _warn(sentence: str) -> None:
    """Shows a sentence beside the page, which takes it for HTML."""
    gr.Warning(escape(sentence, quote=False))


def _sentence(error: ProjectError) -> str:
    """What the page says of an error."""
    said = sentence_of(error)
    return said[:1].upper() + said[1:]


def _answering(conversation: Conversation, *, keep_box: bool) -> Outputs:
    box = gr.Textbox(submit_btn=False, stop_btn="Stop")
    box = box if keep_box else gr.Textbox(submit_btn=False, stop_btn="Stop", value="")
    return conversation, conversation.messages(), box, "", gr.Button(interactive=False)


def _idle(conversation: Conversation) -> Outputs:
    box = gr.Textbox(submit_btn="Ask", stop_btn=False)
    return conversation, conversation.messages(), box, "", gr.Button(interactive=True)
