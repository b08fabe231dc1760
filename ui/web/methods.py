"""Which methods an address takes: HEAD wherever GET is, 405 with `Allow` for others, 404 where nothing is. Plain ASGI.

Asks the routes themselves, also those of what is mounted, so that there is no second list of addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NOTHING = "Nothing answers at this address: /docs lists what does."
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OTHER_METHOD = "Nothing answers at this address with this method: /docs lists what does."


class Methods:
    """Around an ASGI app. routes: gives those of the app, which may be added to later."""

    def __init__(self, app: ASGIApp, routes: Callable[[], Sequence[BaseRoute]]) -> None:
        self._app, self._routes = app, routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        routes = self._routes()
        if _takes(routes, scope):
            await self._app(scope, receive, send)
            return
        methods, method = taken(routes, scope), scope["method"]
        if not methods:
            await JSONResponse({"error": NOTHING}, status_code=404)(scope, receive, send)
        elif method == "HEAD" and "GET" in methods:
            head = _Head(send)
            await self._app({**scope, "method": "GET"}, head.receiving(receive), head)
        elif method in methods:
            await self._app(scope, receive, send)
        else:
            allow = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
            await JSONResponse({"error": OTHER_METHOD}, status_code=405, headers={"Allow": allow})(scope, receive, send)


def _takes(routes: Iterable[BaseRoute], scope: Scope) -> bool:
    """Whether the first route that knows the path takes the request as it is: mostly so, and soon seen."""
    for route in routes:
        match, _ = route.matches(scope)
        if match is not Match.NONE:
            return match is Match.FULL and not isinstance(route, Mount) and scope["method"] != "HEAD"
    return False


def taken(routes: Iterable[BaseRoute], scope: Scope) -> set[str]:
    """The methods that the routes take at the path of a request; none where there is no such address."""
    found: set[str] = set()
    for route in routes:
        match, inside = route.matches(scope)
        if match is Match.NONE:
            continue
        if isinstance(route, Mount):
            found |= taken(route.routes, {**scope, **inside}) if route.routes else {"GET"}
        elif methods := getattr(route, "methods", None):
            found |= set(methods)
        else:  # a router that is included: it says only whether it takes one method
            found |= {m for m in _METHODS if route.matches({**scope, "method": m})[0] is Match.FULL}
    return found


class _Head:
    """Sends the start of a response, and tells the app that the client has gone, so that a stream ends."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not self._started:
            self._started = True
            await self._send(message)
            await self._send({"type": "http.response.body", "body": b""})

    def receiving(self, receive: Receive) -> Receive:
        async def received() -> Message:
            return {"type": "http.disconnect"} if self._started else await receive()

        return received
