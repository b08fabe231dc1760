"""What uvicorn does with what is no whole request: who stops in the middle of one is hung up on, and what cannot be
parsed is answered as every error is, as problem details.

A client that sends half of a header, or half of a body, and nothing more would otherwise hold its connection for ever,
and a thousand of them the server. Between requests uvicorn's own limit holds.
"""

from __future__ import annotations

import asyncio
import sys
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from ui.web.guard import HEADERS
from ui.web.problems import REQUEST_ID, request_id, shaped

NO_METHOD = "There is no such HTTP method here: /docs lists what answers, and how it is asked."
NO_REQUEST = "This is no HTTP request that can be read: send one as HTTP/1.1 says."
SECONDS = 10.0
"""For a whole header, and between two pieces of a body."""


class Patient(AutoHTTPProtocol):  # pyright: ignore[reportGeneralTypeIssues, reportUntypedBaseClass] -- chosen by what is installed
    """Uvicorn's protocol with a limit."""

    cycle: Any
    transport: Any
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        cycle = self.cycle
        if cycle is None or cycle.response_complete:  # a header has begun
            self._wait()
        elif cycle.more_body:
            self._rest()
            self._wait()
        else:
            self._rest()

    def send_400_response(self, msg: str) -> None:
        """Called while the parser's error is handled; its kind says whether it was the method that is unknown."""
        is_method = type(sys.exception()).__name__ == "HttpParserInvalidMethodError"
        self.transport.write(_unparsed(501, NO_METHOD) if is_method else _unparsed(400, NO_REQUEST))
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._late is None:
            self._late = asyncio.get_running_loop().call_later(SECONDS, self.transport.close)

    def _rest(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def _unparsed(status: int, sentence: str) -> bytes:
    """A whole response as bytes: what was not parsed reaches no app, which would make one."""
    id = request_id("")
    body, media = shaped("", status, {"error": sentence}, id)
    headers = {
        **HEADERS,
        REQUEST_ID: id,
        "Content-Type": media,
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
