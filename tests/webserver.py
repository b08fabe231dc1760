"""A real web server for tests: many host names on one loopback port, and a log of what was asked.

Names end in `.test` and exist only through `WebServer.resolve`, which is what a `Fetcher` of
`WebServer.fetcher()` asks instead of the system. Any other loopback port stays refused.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from types import TracebackType

from ingest.fetching.fetch import Fetcher, FetchLimits

Handler = Callable[[BaseHTTPRequestHandler], None]
QUICK = FetchLimits(max_bytes=200_000, total=5.0, connect=2.0, read=2.0)


@dataclass(frozen=True, slots=True)
class Page:
    """A fixed answer."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as the server saw it; `connection` is a number of its own per connection."""

    host: str
    path: str
    headers: dict[str, str]
    at: float
    connection: int


@dataclass(slots=True)
class WebServer:
    """Serves `routes[host, path]`; 404 for the rest. Use as a context manager."""

    routes: dict[tuple[str, str], Page | Handler] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    busiest: Counter[str] = field(default_factory=Counter)
    most_at_once: int = 0
    port: int = 0
    tls: ssl.SSLContext | None = None
    _server: ThreadingHTTPServer | None = None
    _thread: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _active: Counter[str] = field(default_factory=Counter)

    def __enter__(self) -> WebServer:
        self._server = _Server(("127.0.0.1", 0), _handler_for(self))
        self.port = self._server.server_address[1]
        if self.tls is not None:  # the handshake is made by each connection's own thread
            self._server.socket = self.tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._server is not None
        assert self._thread is not None
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> str:
        """What a `Fetcher` must be allowed to reach this server."""
        return f"127.0.0.1:{self.port}"

    def url(self, host: str, path: str = "/") -> str:
        """The address of a path on one of the host names."""
        return f"http://{host}:{self.port}{path}"

    def fetcher(self, limits: FetchLimits = QUICK) -> Fetcher:
        """A fetcher that knows this server's names, and may connect to it alone."""
        return Fetcher(limits, resolver=self.resolve, allowed_private=frozenset({self.address}))

    def resolve(self, host: str, port: int) -> Sequence[str]:
        """`*.test` is this server, a literal address is itself, anything else does not exist."""
        if host.endswith(".test"):
            return ("127.0.0.1",)
        try:
            return (str(ip_address(host)),)
        except ValueError as error:
            raise OSError(f"no such name: {host}") from error

    def html(self, host: str, path: str, text: str = "Some words.", links: Sequence[str] = ()) -> None:
        """Serve a small page with these links."""
        anchors = "".join(f'<a href="{link}">{link}</a> ' for link in links)
        page = f"<html><head><title>{path}</title></head><body><p>{text}</p>{anchors}</body></html>"
        self.routes[host, path] = Page(page.encode())

    def redirect(self, host: str, path: str, target: str, status: int = 302) -> None:
        """Serve a redirect."""
        self.routes[host, path] = Page(b"", status, (("Location", target),))

    def robots(self, host: str, text: str) -> None:
        """Serve a robots.txt."""
        self.routes[host, "/robots.txt"] = Page(text.encode(), headers=(("Content-Type", "text/plain"),))

    def paths(self, host: str) -> list[str]:
        """What was asked of a host, in order, without robots.txt."""
        return [seen.path for seen in self.seen if seen.host == host and seen.path != "/robots.txt"]

    def answer(self, handler: BaseHTTPRequestHandler, connection: int) -> None:
        """Log a request and serve its route."""
        host = (handler.headers.get("Host") or "").rsplit(":", 1)[0]
        with self._lock:
            headers = {name.lower(): value for name, value in handler.headers.items()}
            self.seen.append(Seen(host, handler.path, headers, time.monotonic(), connection))
            self._active[host] += 1
            self.busiest[host] = max(self.busiest[host], self._active[host])
            self.most_at_once = max(self.most_at_once, self._active.total())
        try:
            route = self.routes.get((host, handler.path), Page(b"nothing here", 404))
            if isinstance(route, Page):
                send(handler, route)
            else:
                route(handler)
        finally:
            with self._lock:
                self._active[host] -= 1


def send(handler: BaseHTTPRequestHandler, page: Page) -> None:
    """Write a fixed answer."""
    handler.send_response(page.status)
    for name, value in page.headers:
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(page.body)))
    handler.end_headers()
    handler.wfile.write(page.body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves early is what many tests are about; it is no noise."""


def _handler_for(web: WebServer) -> type[BaseHTTPRequestHandler]:
    numbers = iter(range(1, 1_000_000))

    class _Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 20

        def setup(self) -> None:
            super().setup()
            self.number = next(numbers)

        def do_GET(self) -> None:
            web.answer(self, self.number)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return _Handler
