"""How long a client may take to send a request: who stops in the middle of one is hung up on.

A client that sends half of a header, or half of a body, and nothing more would otherwise hold its connection for ever,
and a thousand of them the server. Between requests uvicorn's own limit holds.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

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
