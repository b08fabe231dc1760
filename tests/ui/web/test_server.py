"""`serve` where it cannot: one sentence, before anything heavy is imported."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from tests.fakes import FakeAssistant
from ui.web.server import ServeError, serve


def test_a_port_in_use_is_named_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ServeError, match=f"Port {port} on 127.0.0.1 is in use: .* --port"):
            serve(FakeAssistant(), "127.0.0.1", port, announce=print)  # type: ignore[arg-type]


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 0), ("no such host", 0), ("127.0.0.1", 70_000)])
def test_an_address_that_is_not_ours_is_named(host: str, port: int) -> None:
    with pytest.raises(ServeError, match=str(port) if port else host):
        serve(FakeAssistant(), host, port, announce=print)  # type: ignore[arg-type]


def test_a_taken_port_is_said_before_gradio_is_imported() -> None:
    code = """
import socket, sys
from ui.web.server import ServeError, serve
with socket.create_server(("127.0.0.1", 0)) as other:
    try:
        serve(None, "127.0.0.1", other.getsockname()[1], announce=print)
    except ServeError:
        sys.exit("gradio" in sys.modules or "fastapi" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
