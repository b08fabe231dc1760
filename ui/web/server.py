"""`serve`: the web application on an address of this machine until Ctrl-C. Knows nothing of routes."""

from __future__ import annotations

import asyncio
import errno
import logging
import secrets
import socket
import threading
import time
from collections.abc import Callable
from ipaddress import ip_address

import uvicorn

from assistant.service import Assistant
from corpus.errors import ProjectError
from ingest.index.memory import few_arenas, give_back
from ui.serving import new_serving, told
from ui.under_way import UnderWay

_LET_END = 6.0
"""Seconds that answers under way get to end after Ctrl-C or SIGTERM; then they are cut at their next piece."""
_CUT_SECONDS = 1.5
"""Seconds in which what is cut says so."""
_GRACE_SECONDS = 1
"""How long open streams may take to end after that; a browser's own never ends by itself."""
_KEEP_ALIVE = 30
"""Seconds that a connection is kept between requests: longer than the `Retry-After` of who is told to wait."""

_TIDY_SECONDS = 20


class ServeError(ProjectError):
    """The address cannot be served on; the message says why and what to do."""


def serve(
    assistant: Assistant,
    host: str = "127.0.0.1",
    port: int = 7860,
    *,
    announce: Callable[[str, str], None],
) -> None:
    """Serves until Ctrl-C. `announce` is given the address once it answers, and the owner's, which is for nobody else;
    models load meanwhile, in a thread.

    Errors: `ServeError` if the address is taken, not allowed or not of this machine.
    """
    _more_connections()
    listening = _bind(host, port)
    few_arenas()
    from ui.web.api import create_app  # Gradio takes seconds to import: a taken port is said at once.
    from ui.web.local import local_route
    from ui.web.patience import Patient

    token = secrets.token_urlsafe(18)
    app = create_app(assistant, hosts={host, socket.gethostname()}, owner=token)
    serving = new_serving(assistant.settings, *listening.getsockname()[:2])
    app.router.routes.insert(0, local_route(assistant, serving))
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ws="none",
        http=Patient,
        timeout_keep_alive=_KEEP_ALIVE,
        forwarded_allow_ips=assistant.settings.proxies or "127.0.0.1",
    )
    address = _address(listening)

    def started() -> None:
        announce(address, f"{address}?owner={token}")

    threading.Thread(target=assistant.warm, name="warm", daemon=True).start()
    threading.Thread(target=_tidy, name="tidy", daemon=True).start()
    try:
        with told(assistant.settings.data, serving):
            _Server(config, started, app.state.under_way).run(sockets=[listening])
    except KeyboardInterrupt:
        return
    finally:
        listening.close()


def _tidy() -> None:
    """Gives freed memory back while it is served: texts of many lengths leave it in pieces."""
    while True:
        time.sleep(_TIDY_SECONDS)
        give_back()


class _Server(uvicorn.Server):
    """Says when it has started."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None], under_way: UnderWay) -> None:
        super().__init__(config)
        self._started = started
        self._under_way = under_way

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        await self._idle(_LET_END)
        self._under_way.cut()
        await self._idle(_CUT_SECONDS)
        # A browser's open streams are cut off at the end of the grace: that is meant, so nothing is logged of it.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)

    async def _idle(self, seconds: float) -> None:
        """Until no answer is under way, or for so long."""
        end = time.monotonic() + seconds
        while self._under_way.count and time.monotonic() < end and not self.force_exit:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.1)  # what was said last is on its way


def _more_connections() -> None:
    """As many open files as the account may have: the usual 1,024 are used up by as many slow clients."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        raise ServeError(_reason(error, host, port)) from error
    return listening


def _reason(error: OSError | OverflowError, host: str, port: int) -> str:
    if isinstance(error, OverflowError):
        return f"Port {port} does not exist: give --port a number from 0 to 65535."
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use: stop the program that uses it, or give another with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this account: give one above 1023 with --port."
    return f"{host!r} is not an address of this machine ({error.strerror}): give another with --host."


def _address(listening: socket.socket) -> str:
    name = listening.getsockname()
    host, port = str(name[0]), int(name[1])
    if ip_address(host).is_unspecified:
        host = "localhost"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
