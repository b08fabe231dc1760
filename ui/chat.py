"""The chat page, mounted on the application. The only module that imports Gradio.

Lays out one page and keeps one `Conversation` for each browser tab, on the server, so that a tab can neither read
nor write another's, and no HTML comes in from outside. What is shown is made in `ui.markup`; what is answered,
by the assistant. Nothing on the page asks another host for anything.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from assistant.engine import Assistant, Delta, Readiness
from assistant.facts import suggested_questions
from assistant.values import Answer, Scope
from corpus.errors import ProjectError
from corpus.roadmap import Roadmap
from ui.conversation import Conversation
from ui.markup import answer_html, draft_html, header_html, welcome_html

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before the import: Gradio reads it there
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
import gradio as gr
from gradio import utils
from gradio.components.chatbot import ExampleMessage
from gradio.themes import Base, colors

MAX_QUESTION = 2000
"""Characters the input takes; the server's own limit is the assistant's."""
SCRIPT = "/static/chat.js"
"""Where the page expects `chat.js`."""
NO_WEEK = -1
_LONG: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_SHORT: dict[str, Any] = {**_LONG, "queue": False}
"""How events are run: an answer waits in the queue, all else is done at once; none is an address of an API."""
_STYLE = Path(__file__).parent / "style.css"
_QUEUE = 32
_REDRAW_SECONDS = 0.05
_POLL_SECONDS = 2.0
_SCOPES = [("All weeks", "all"), ("Up to my week", "so-far"), ("My week only", "week")]
_FAILED = "Something went wrong while answering. Ask again; if it stays so, the log of `roadmap serve` says why."


_log = logging.getLogger(__name__)

_Shown = tuple[Conversation, Any, Any, Any]
"""The new state, the messages, the input, and the button for a new chat."""


def mount_chat(app: Any, assistant: Assistant, *, title: str, places: int) -> None:
    """Mounts the chat at `/`, behind every route that the application `app` has already (a FastAPI: that name stays
    in `ui.api`). places: answers made at once."""
    # Gradio imports matplotlib on the event loop at the first event, which holds every request up; nothing is plotted.
    utils.MatplotlibBackendMananger = nullcontext

    async def mount() -> None:
        _mount(app, assistant, title, places)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(mount())  # where no event loop runs, Gradio makes one for each of its locks and never closes it
    else:
        _mount(app, assistant, title, places)


def _mount(app: Any, assistant: Assistant, title: str, places: int) -> None:
    page = _page(assistant, title)
    page.queue(max_size=_QUEUE, api_open=False, default_concurrency_limit=places)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        show_error=False,
        allowed_paths=[],
        max_file_size=1,
        ssr_mode=False,
        run_history=False,
        footer_links=[],
        mcp_server=False,
        pwa=False,
        theme=_theme(),
        css_paths=_STYLE,
        head=f'<script src="{SCRIPT}" defer></script>',
    )


class _Answers:
    """What the events of the page do. Holds the assistant, and of a conversation only how to stop its answer."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._trusted = frozenset(link.url for r in assistant.roadmap.resources for link in r.links)
        self._running: dict[str, threading.Event] = {}

    def ask(self, question: str, week: int, scope: Scope, conversation: Conversation) -> Iterator[_Shown]:
        """Shows the question at once, then the answer as it comes. Does nothing while another is under way."""
        if not question.strip() or conversation.answer in self._running:
            yield conversation, gr.skip(), gr.skip(), gr.skip()
            return
        asked = conversation.asks(question, answer=secrets.token_hex(8))
        self._running[asked.answer] = threading.Event()
        try:
            yield _answering(asked)
            yield from self._growing(question, None if week == NO_WEEK else week, scope, asked)
        finally:
            del self._running[asked.answer]

    def ask_example(
        self, event: gr.SelectData, week: int, scope: Scope, conversation: Conversation
    ) -> Iterator[_Shown]:
        """The same for an example question that was chosen."""
        yield from self.ask(str(event.value["text"]), week, scope, conversation)

    def stop(self, conversation: Conversation) -> None:
        """Ends the answer under way at its next piece. (An event that Gradio cancels may be shown as an error.)"""
        if conversation.answer in self._running:
            self._running[conversation.answer].set()

    def _growing(self, question: str, week: int | None, scope: Scope, asked: Conversation) -> Iterator[_Shown]:
        """What is shown until the answer is whole, stopped or failed."""
        now = asked
        try:
            for now in self._steps(question, week, scope, asked):
                yield now, now.messages(), gr.skip(), gr.skip()
        except ProjectError as error:
            now = now.fails(str(error))
        except Exception:  # noqa: BLE001 -- the last border before the page, which would show only "Error"
            _log.exception("a question in the chat failed")
            now = now.fails(_FAILED)
        yield _idle(now)

    def _steps(self, question: str, week: int | None, scope: Scope, asked: Conversation) -> Iterator[Conversation]:
        """The growing text, redrawn at most 20 times a second, and at last the answer itself."""
        text, drawn, stop = "", 0.0, self._running[asked.answer]
        stream = self._assistant.stream(question, week=week, scope=scope, previous=asked.previous)
        with closing(cast("Generator[Delta | Answer]", stream)):
            for piece in stream:
                if isinstance(piece, Answer):
                    understood = self._assistant.understand(question, week=week, previous=asked.previous)
                    yield replace(asked.shows(answer_html(piece, asked.answer, self._trusted)), previous=understood)
                    return
                if stop.is_set():
                    yield asked.shows(draft_html(text)).stops()
                    return
                text += piece.text
                if time.monotonic() - drawn > _REDRAW_SECONDS:
                    drawn = time.monotonic()
                    yield asked.shows(draft_html(text))


def _cleared() -> _Shown:
    return _idle(Conversation())


def _answering(conversation: Conversation) -> _Shown:
    box = gr.Textbox(value="", submit_btn=False, stop_btn="Stop")
    return conversation, conversation.messages(), box, gr.Button(interactive=False)


def _idle(conversation: Conversation) -> _Shown:
    box = gr.Textbox(submit_btn="Ask", stop_btn=False)
    return conversation, conversation.messages(), box, gr.Button(interactive=True)


def _page(assistant: Assistant, title: str) -> gr.Blocks:
    """Lays out the page and says what each event does."""
    with gr.Blocks(title=title, fill_height=True, analytics_enabled=False) as page:
        conversation = gr.State(Conversation())
        loading = Readiness(ready=False, loading=True, reason="")
        header = gr.Markdown(_header(loading, title), elem_id="header")  # gr.HTML would need eval
        timer = gr.Timer(_POLL_SECONDS)
        chat = _chatbot(assistant.roadmap)
        with gr.Row(elem_id="where"):
            week, scope = _week_choice(assistant.roadmap), _scope_choice()
            clear = gr.Button("New chat", size="sm", scale=0, min_width=96, elem_id="new-chat")
        box = gr.Textbox(
            placeholder="Ask about a week or a topic",
            label="Your question",
            show_label=False,
            max_length=MAX_QUESTION,
            max_lines=6,
            submit_btn="Ask",
            autofocus=True,
            elem_id="question",
        )
        _wire_answers(_Answers(assistant), box, chat, [week, scope, conversation], clear)
        _wire_header(assistant, title, page, header, timer)
        _wire_week(assistant.roadmap, week, scope, chat)
    return page


def _wire_answers(answers: _Answers, box: gr.Textbox, chat: gr.Chatbot, where: list[Any], clear: gr.Button) -> None:
    conversation = where[-1]
    shown: list[Any] = [conversation, chat, box, clear]
    box.submit(answers.ask, [box, *where], shown, **_LONG)
    chat.example_select(answers.ask_example, where, shown, **_LONG)
    box.stop(answers.stop, [conversation], None, **_SHORT)
    clear.click(_cleared, None, shown, **_SHORT)


def _wire_header(assistant: Assistant, title: str, page: gr.Blocks, header: gr.Markdown, timer: gr.Timer) -> None:
    """Keeps the line about the index up to date until everything is loaded."""

    def refreshed() -> tuple[Any, Any]:
        state = assistant.readiness()
        return _header(state, title), gr.Timer(active=not state.ready)

    for event in (page.load, timer.tick):
        event(refreshed, None, [header, timer], **_SHORT)


def _wire_week(roadmap: Roadmap, week: gr.Dropdown, scope: gr.Radio, chat: gr.Chatbot) -> None:
    """The examples fit the week; a scope makes sense only with one."""

    def moved(week: int) -> tuple[Any, Any]:
        if week == NO_WEEK:
            return gr.Radio(visible=False, value="all"), gr.Chatbot(examples=_examples(roadmap, None))
        return gr.Radio(visible=True), gr.Chatbot(examples=_examples(roadmap, week))

    week.change(moved, [week], [scope, chat], **_SHORT)


def _chatbot(roadmap: Roadmap) -> gr.Chatbot:
    return gr.Chatbot(
        show_label=False,
        label="Conversation",
        container=False,
        autoscroll=False,
        height="100%",
        scale=1,
        layout="bubble",
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        sanitize_html=True,
        allow_tags=False,
        allow_file_downloads=False,
        placeholder=welcome_html(),
        examples=_examples(roadmap, None),
        elem_id="chat",
    )


def _examples(roadmap: Roadmap, week: int | None) -> list[ExampleMessage]:
    return [ExampleMessage(text=question) for question in suggested_questions(roadmap, week)]


def _week_choice(roadmap: Roadmap) -> gr.Dropdown:
    weeks = range(roadmap.weeks.first, roadmap.weeks.last + 1)
    named = [(f"I am in week {week}", week) for week in weeks]
    return gr.Dropdown(
        [("My week: not set", NO_WEEK), *named], value=NO_WEEK, label="My week", show_label=False, elem_id="week"
    )


def _scope_choice() -> gr.Radio:
    return gr.Radio(_SCOPES, value="all", label="Search in", show_label=False, visible=False, elem_id="scope")


def _header(state: Readiness, title: str) -> str:
    if state.ready:
        weaker = f" · {'; '.join(state.degraded)}" if state.degraded else ""
        return header_html(title, f"{state.pages:,} pages indexed{weaker}", "ready")
    if state.loading:
        return header_html(title, "Still loading the search model: roadmap questions already work", "loading")
    return header_html(title, f"{state.reason[:1].upper()}{state.reason[1:]} Roadmap questions already work.", "failed")


def _theme() -> Base:
    """System fonts only: Gradio's own would be fetched."""
    return Base(
        primary_hue=colors.teal,
        secondary_hue=colors.teal,
        neutral_hue=colors.stone,
        font=["ui-sans-serif", "system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
