"""The address at which `roadmap ask` on this machine asks the server of its data folder (see `ui.serving`).

The message is that of a person at the machine, as from the command line; who does not know the secret is told nothing.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant.service import Assistant
from assistant.store.answer_json import to_json
from corpus.errors import ProjectError, UsageError
from ui.asking import BusyError, Gate
from ui.clock import now
from ui.place import check_place
from ui.serving import PATH, SIGNED, Serving

PLACES = 4
"""Questions of the command line that are answered at the same time; one more is answered by its own process."""


def local_route(assistant: Assistant, serving: Serving) -> Route:
    """The route; no page and no documentation names it."""
    gate = Gate(PLACES)

    async def ask(request: Request) -> Response:
        body = await request.body()
        if not serving.signed(request.headers.get(SIGNED, ""), body):
            return Response(status_code=404)
        try:
            with gate.place():
                given = await run_sync(partial(_answered, assistant, json.loads(body)), limiter=gate.threads)
        except BusyError:
            return Response(status_code=503)
        said = json.dumps(given).encode()
        return Response(said, media_type="application/json", headers={SIGNED: serving.signature(body, said)})

    return Route(PATH, ask, methods=["POST"], include_in_schema=False)


def _answered(assistant: Assistant, asked: dict[str, Any]) -> dict[str, Any]:
    """The answer, or the sentence of an error and whether it was wrongly used."""
    where = {name: asked[name] for name in ("person", "week", "scope", "llm")}
    try:
        check_place(asked["week"], asked["scope"], assistant.roadmap.weeks, "--week N")
        return {"answer": to_json(assistant.ask(asked["text"], now=now(), **where))}
    except ProjectError as error:
        return {"error": str(error), "usage": isinstance(error, UsageError)}
