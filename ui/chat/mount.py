"""Mounts the chat on the application: limits, no upload, no address of an API, nothing asked of another host."""

from __future__ import annotations

import asyncio
import os
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from ui.desk import Desk

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before the import: Gradio reads it there
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
import gradio as gr
from gradio import utils

from ui.chat.inputs import Inputs
from ui.chat.layout import chat_page
from ui.chat.theme import theme

_QUEUE = 32
_ICON = Path(__file__).parents[1] / "static" / "icon.svg"


def mount_chat(app: Any, desk: Desk, *, title: str, places: int, head: str) -> None:
    """Mounts the chat at `/`, behind every route that the application `app` has already (a FastAPI: that name stays
    in `ui.web.api`). places: answers made at once in the chat; those of the API are its own. head: our own styles and
    scripts."""
    # Gradio imports matplotlib on the event loop at the first event, which holds every request up; nothing is plotted.
    utils.MatplotlibBackendMananger = nullcontext

    async def mount() -> None:
        _mount(app, desk, title, places, head)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(mount())  # where no event loop runs, Gradio makes one for each of its locks and never closes it
    else:
        _mount(app, desk, title, places, head)


def _mount(app: Any, desk: Desk, title: str, places: int, head: str) -> None:
    page = chat_page(desk, title, places)
    page.queue(max_size=_QUEUE, api_open=False)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        root_path=desk.assistant.settings.prefix or None,
        show_error=False,
        allowed_paths=[],
        max_file_size=1,
        ssr_mode=False,
        run_history=False,
        footer_links=[],
        mcp_server=False,
        pwa=False,
        theme=theme(),
        head=head,
        favicon_path=str(_ICON),
    )
    mounted = app.router.routes[-1]
    mounted.app = Inputs(mounted.app, page)
