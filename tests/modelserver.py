"""A real HTTP server that speaks the chat-completions protocol, well or badly, and notes when its client leaves.

A request with tools is answered by the calls of a script, and stands apart from the requests for text.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Fault = Literal[
    "",
    "hang",
    "stall",
    "reset",
    "malformed",
    "cut",
    "slow",
    "refuse",
    "redirect",
    "html",
    "long",
    "empty",
    "endless-list",
]
ToolFault = Literal["", "hang", "slow", "late", "500", "reset", "refuse", "malformed", "html", "long", "strange"]
KEY = "sk-secret-4711"


@dataclass
class ModelServer:
    """What it says is `text`; `fault` is how it goes wrong. `asked` holds the bodies of the requests for text.

    `tools` are the calls of every request with tools (name, arguments); without any it says a word instead. The n-th
    such request goes wrong as the n-th of `tool_faults` says, those after it do not. `chosen` holds their bodies.
    """

    text: str = "Backpropagation applies the chain rule from the loss backwards [1]."
    fault: Fault = ""
    status: int = 401
    tools: Sequence[tuple[str, object]] = ()
    tool_faults: Sequence[ToolFault] = ()
    context: int = 2048
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    chosen: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)
    """Set when a client closed a stream that was not at its end."""
    begun: threading.Event = field(default_factory=threading.Event)
    choosing: threading.Event = field(default_factory=threading.Event)
    """Set when a request with tools came in."""
    ended: threading.Event = field(default_factory=threading.Event)

    def words(self) -> Iterator[str]:
        words = self.text.split(" ")
        yield from (word + " " for word in words[:-1])
        yield words[-1]


@contextmanager
def model_server(**options: Any) -> Iterator[ModelServer]:
    """Runs a `ModelServer` on a free port of this machine."""
    state = ModelServer(**options)
    server = _Server(state)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield state
    finally:
        state.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def silent_port() -> Iterator[str]:
    """An address that takes no connection: its queue is full, so that connecting never ends."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = listening.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        try:
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            for filler in fillers:
                filler.close()


_TOOL_REPLIES: dict[str, tuple[int, bytes]] = {
    "500": (500, json.dumps({"error": {"message": f"bad key {KEY}"}}).encode()),
    "refuse": (400, json.dumps({"error": {"message": "this model has no tools"}}).encode()),
    "malformed": (200, b'{"choices": [{"message": {"tool_calls": [{"func'),
    "html": (200, b"<html>A portal</html>"),
    "long": (200, b" " * 1_000_000),
    "strange": (200, json.dumps({"choices": [{"message": {"tool_calls": [None, 3, {"function": "cost"}]}}]}).encode()),
}


def _called(tools: Sequence[tuple[str, object]]) -> bytes:
    """A whole reply that calls these tools; arguments that are no text are sent as the text of an object."""
    calls = [
        {
            "id": f"call-{number}",
            "type": "function",
            "function": {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)},
        }
        for number, (name, given) in enumerate(tools)
    ]
    message: dict[str, Any] = {"role": "assistant", "content": None if calls else "Hello."}
    if calls:
        message["tool_calls"] = calls
    end = "tool_calls" if calls else "stop"
    head = {"id": "1", "object": "chat.completion", "created": 1, "model": "test-model"}
    return json.dumps(head | {"choices": [{"index": 0, "message": message, "finish_reason": end}]}).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, state: ModelServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.state = state

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def state(self) -> ModelServer:
        assert isinstance(self.server, _Server)
        return self.server.state

    def do_GET(self) -> None:
        if self.state.fault == "redirect":
            self._send(302, b"", ("Location", "http://127.0.0.1:9/v1/models"))
            return
        if self.state.fault == "endless-list":
            self._endless_list()
            return
        data = {"data": [{"id": "test-model", "meta": {"n_ctx": self.state.context}}]}
        self._send(200, json.dumps(data).encode())

    def _endless_list(self) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            while not self.state.ended.is_set():
                self.wfile.write(b" " * 65_536)
        except OSError:
            self.state.left.set()

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(length))
        self.state.headers.append(dict(self.headers.items()))
        if "tools" in body:
            self.state.chosen.append(body)
            self._choose()
            return
        self.state.asked.append(body)
        if self.state.fault == "refuse":
            self._send(self.state.status, json.dumps({"error": {"message": f"bad key {KEY}"}}).encode())
        elif self.state.fault == "html":
            self._send(200, b"<html>A portal</html>", ("Content-Type", "text/html"))
        else:
            self._stream()

    def _choose(self) -> None:
        """The reply to a request with tools: the calls of the script, or the fault whose turn it is."""
        number = len(self.state.chosen) - 1
        faults = self.state.tool_faults
        fault = faults[number] if number < len(faults) else ""
        self.state.choosing.set()
        if fault == "hang":
            self._wait()
        elif fault == "reset":
            self.close_connection = True
        elif fault in _TOOL_REPLIES:
            self._send(*_TOOL_REPLIES[fault])
        else:
            time.sleep({"slow": 0.6, "late": 3.0}.get(fault, 0.0))
            self._send(200, _called(self.state.tools))

    def _stream(self) -> None:
        self.state.begun.set()
        if self.state.fault == "hang":
            self._wait()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            self._pieces()
        except OSError:
            self.state.left.set()
            self.close_connection = True

    def _pieces(self) -> None:
        self._event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": None}}]})
        for number, word in enumerate(() if self.state.fault == "empty" else self.state.words()):
            if number == 10 and self.state.fault == "stall":
                self._wait()
                return
            if number == 10 and self.state.fault == "reset":
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                time.sleep(0.5)  # a reset throws away what was not read yet
                self.rfile.close()
                self.wfile.close()
                self.connection.close()
                self.close_connection = True
                return
            if number == 10 and self.state.fault == "malformed":
                self._chunk(b'data: {"choices": [{"delta": {"content": \n\n')
            if number == 10 and self.state.fault == "cut":
                self._chunk(b"")
                return
            if self.state.fault == "slow":
                time.sleep(0.1)
            self._event({"choices": [{"index": 0, "delta": {"content": word}}]})
        end = "length" if self.state.fault == "long" else "stop"
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": end}]})
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _wait(self) -> None:
        """Says nothing until the client leaves."""
        self.connection.settimeout(0.05)
        while not self.state.ended.is_set():
            try:
                if not self.connection.recv(1):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        self.state.left.set()
        self.close_connection = True

    def _event(self, data: dict[str, Any]) -> None:
        head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "test-model"}
        self._chunk(f"data: {json.dumps(head | data)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _send(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers or (("Content-Type", "application/json"),):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
