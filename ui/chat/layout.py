"""The components of the chat page and which event does what. The other pages are put into `#page` by `pages.js`.

What is answered comes from `ui.chat.events`; nothing is decided here.
"""

from __future__ import annotations

import logging
from typing import Any

import gradio as gr
from gradio.components.chatbot import ExampleMessage

from assistant.roadmap_answers.rows import suggested_questions
from assistant.service import Readiness
from assistant.store.learners import StoreError
from assistant.study.preferences import Wishes
from corpus.errors import ProjectError
from corpus.roadmap import Roadmap
from ui.chat.conversation import Conversation
from ui.chat.events import NO_WEEK, ChatEvents, cleared
from ui.chat.frame import first_html, masthead_html, page_html, status_html, welcome_html
from ui.desk import Desk
from ui.person import person_of

MAX_QUESTION = 2000
"""Characters the input takes; the server's own limit is the assistant's."""
_LONG: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_SHORT: dict[str, Any] = {**_LONG, "queue": False}
_SAYING: dict[str, Any] = {**_LONG, "concurrency_id": "say", "concurrency_limit": None}
"""How events are run: an answer waits in the queue, all else is done at once; what may show a warning passes through
the queue, which alone can, and waits for nobody; none is an address of an API."""
_POLL_SECONDS = 2.0
UNKEPT_WEEK = "Your week cannot be kept at the moment: the log of `roadmap serve` says why."
_SCOPES = [("All pages", "all"), ("Up to my week", "so-far"), ("My week only", "week")]

_log = logging.getLogger(__name__)


def chat_page(desk: Desk, title: str, places: int) -> gr.Blocks:
    """Lays out the page and says what each event does. places: answers made at once, however they were asked for."""
    with gr.Blocks(title=title, fill_height=True, analytics_enabled=False) as page:
        gr.Markdown(masthead_html(title), elem_id="header")  # gr.HTML would need eval
        with gr.Column(elem_id="ask"):
            status = gr.Markdown(status_html(Readiness(False, True, "")), elem_id="status")
            _ask(desk, page, status, places)
        gr.Markdown(page_html(), elem_id="host")
    return page


def _ask(desk: Desk, page: gr.Blocks, status: gr.Markdown, places: int) -> None:
    conversation, timer = gr.State(Conversation()), gr.Timer(_POLL_SECONDS)
    chat, roadmap = _chatbot(desk.assistant.roadmap), desk.assistant.roadmap
    with gr.Row(elem_id="where"):
        week, scope = _week_choice(roadmap), _scope_choice()
        gr.Button("History", size="sm", scale=0, min_width=80, elem_id="history")
        clear = gr.Button("New chat", size="sm", scale=0, min_width=96, elem_id="new-chat")
    box, wish = _box(), gr.Textbox(visible="hidden", elem_id="wish", label="What a button asks for")
    hidden = ("wish-ask", "wish-open", "week-again")
    go, opening, again = (gr.Button(name, visible="hidden", elem_id=name) for name in hidden)
    events, shown = ChatEvents(desk), [conversation, chat, box, wish, clear]
    asking: dict[str, Any] = {**_LONG, "concurrency_id": "ask", "concurrency_limit": places}
    asked = [
        *(
            trigger(events.ask, [box, wish, week, scope, conversation], shown, **asking)
            for trigger in (box.submit, go.click)
        ),
        chat.example_select(events.ask_example, [week, scope, conversation], shown, **asking),
    ]
    for answered in asked:  # an event of its own: the next question need not wait for it
        answered.then(events.follow, [conversation], [chat], **_LONG, concurrency_id="follow", concurrency_limit=places)
        answered.then(lambda held: week_told(desk, held), [conversation], [week], **_SHORT)
    opening.click(events.open, [wish, conversation], shown, **_SAYING)
    page.load(events.open_linked, [conversation], shown, **_SAYING)
    box.stop(events.stop, [conversation], None, **_SHORT)
    clear.click(cleared, None, shown, **_SHORT)
    _wire_status(desk, page, status, timer)
    _wire_week(desk, page, week, scope, chat, again)


def _wire_status(desk: Desk, page: gr.Blocks, status: gr.Markdown, timer: gr.Timer) -> None:
    """Keeps the line about the index up to date until everything is loaded."""

    def refreshed() -> tuple[Any, Any]:
        state = desk.assistant.readiness()
        return status_html(state), gr.Timer(active=not state.ready)

    for event in (page.load, timer.tick):
        event(refreshed, None, [status, timer], **_SHORT)


def _wire_week(
    desk: Desk, page: gr.Blocks, week: gr.Dropdown, scope: gr.Radio, chat: gr.Chatbot, again: gr.Button
) -> None:
    """The week is the learner's, also after another page has changed it; examples fit it, and a scope makes sense only
    with one. again: a hidden button that the page presses where it shows the chat anew."""

    def moved(week: int) -> tuple[Any, Any]:
        if week == NO_WEEK:
            return gr.Radio(visible=False, value="all"), gr.Chatbot(examples=_examples(desk.assistant.roadmap, None))
        return gr.Radio(visible=True), gr.Chatbot(examples=_examples(desk.assistant.roadmap, week))

    def known(request: gr.Request) -> tuple[Any, Any]:
        person = person_of(request)
        reached = reached_week(desk, person)
        greeting = gr.Chatbot(placeholder=welcome_html()) if has_plan(desk, person) else gr.skip()
        return gr.skip() if reached is None else gr.Dropdown(value=reached), greeting

    def anew(request: gr.Request) -> tuple[Any, Any]:
        shown, greeting = known(request)
        return gr.Dropdown(value=NO_WEEK) if reached_week(desk, person_of(request)) is None else shown, greeting

    def chosen(week: int, request: gr.Request) -> Any:
        return gr.Dropdown(value=keep_week(desk, person_of(request), week))

    week.change(moved, [week], [scope, chat], **_SHORT)
    week.input(chosen, [week], [week], **_SAYING)
    page.load(known, None, [week, chat], **_SHORT)
    again.click(anew, None, [week, chat], **_SHORT)


def reached_week(desk: Desk, person: str) -> int | None:
    """The week that this person's work has reached; None where nothing is known, or can be read, of it."""
    try:
        return desk.companion.week(person, desk.now())
    except (StoreError, OSError) as error:
        _log.error("the week of a person is not known: %s", error)
        return None


def week_told(desk: Desk, held: Conversation) -> Any:
    """The choice of the week after an answer that changed something: "I am in week 14", "undo that"."""
    answer = held.turns[-1].answer if held.turns else None
    if answer is None or not answer.changes:
        return gr.skip()
    reached = reached_week(desk, held.person)
    return gr.Dropdown(value=NO_WEEK if reached is None else reached)


def keep_week(desk: Desk, person: str, week: int) -> int:
    """Keeps the week that a person says to be in, for all pages; gives the one that holds from now on.

    What is marked as done goes before: who has reached week 17 is not in week 3.
    """
    try:
        desk.companion.prefer(person, Wishes(week=max(week, 0)), desk.now())
        reached = desk.companion.week(person, desk.now())
    except (ProjectError, OSError) as error:
        _log.error("the week of a person is not kept: %s", error)
        gr.Warning(UNKEPT_WEEK)
        return week
    if reached is not None and reached > week != NO_WEEK:
        gr.Info(f"What you have marked as done reaches week {reached}, so that is your week.")
    return NO_WEEK if reached is None else reached


def has_plan(desk: Desk, person: str) -> bool:
    """Whether a person has begun; also where that cannot be read."""
    try:
        return desk.companion.learner(person).start is not None
    except (StoreError, OSError):
        return True


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
        placeholder=first_html(roadmap),
        examples=_examples(roadmap, None),
        elem_id="chat",
    )


def _box() -> gr.Textbox:
    return gr.Textbox(
        placeholder="Ask about a week or a topic",
        label="Your question",
        show_label=False,
        max_length=MAX_QUESTION,
        max_lines=6,
        submit_btn="Ask",
        autofocus=True,
        elem_id="question",
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
