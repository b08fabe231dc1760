"""Nothing leaves the machine unasked: ingest, ask, search and serve run under a guard on outgoing connections.

The guard is a `sitecustomize` put first on PYTHONPATH, so that it is in every Python process that a command starts. It
hears every look-up and connection through Python's audit events, writes those that are not for this machine to
a file, and refuses them. What the browser asks for is watched in test_chat.py.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROADMAP = Path(sysconfig.get_path("scripts")) / "roadmap"
MINUTES = 60
GUARD = """
import os, socket, sys

_OURS = {"127.0.0.1", "::1", "localhost", "", "0.0.0.0", "::", None, socket.gethostname()}
_WATCHED = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}

def _hear(event, args):
    if event not in _WATCHED:
        return
    target = args[0] if event in {"socket.getaddrinfo", "socket.gethostbyname"} else args[1]
    if isinstance(target, tuple):
        target = target[0]
    elif event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        return  # a Unix socket, or a socket that is connected already
    host = target.decode() if isinstance(target, bytes) else target
    if host not in _OURS:
        with open(os.environ["GUARD_LOG"], "a") as log:
            log.write(f"{event} {host} by {' '.join(sys.argv)[:200]}\\n")
        raise OSError(f"the guard refuses {host}")

sys.addaudithook(_hear)
with open(os.environ["GUARD_LOG"] + ".started", "a") as log:
    log.write("started\\n")
"""


@dataclass(frozen=True)
class Guarded:
    """An environment with the guard in it, and what the guard heard."""

    env: dict[str, str]
    log: Path

    def run(self, *command: str, seconds: float = 8 * MINUTES) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=seconds, check=False)

    def heard(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def started(self) -> bool:
        return Path(f"{self.log}.started").exists()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Guarded:
    """An own data folder with a freshly built index, made under the guard."""
    folder = tmp_path_factory.mktemp("privacy")
    guarded = _guarded(folder)
    done = guarded.run(str(ROADMAP), "ingest", "--json")
    assert done.returncode == 0, done.stderr
    return guarded


def _guarded(folder: Path) -> Guarded:
    (folder / "guard").mkdir()
    (folder / "guard" / "sitecustomize.py").write_text(GUARD)
    # A person's own settings of these libraries must not be what keeps them quiet.
    quieted = ("HF_", "TRANSFORMERS_", "GRADIO_", "ANONYMIZED_TELEMETRY", "DO_NOT_TRACK")
    env = {name: value for name, value in os.environ.items() if not name.startswith(quieted)}
    env |= {
        "PYTHONPATH": str(folder / "guard"),
        "GUARD_LOG": str(folder / "guard.log"),
        "ROADMAP_DATA": str(folder / "data"),
    }
    return Guarded(env, folder / "guard.log")


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.getaddrinfo('elsewhere.invalid', 80)",
        "import socket; socket.socket().connect(('192.0.2.1', 9))",
        "import urllib.request; urllib.request.urlopen('http://elsewhere.invalid/')",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', "
        "'import socket; socket.gethostbyname(\"elsewhere.invalid\")'], check=True)",
    ],
)
def test_the_guard_hears_and_stops_what_would_leave(tmp_path: Path, code: str) -> None:
    guarded = _guarded(tmp_path)

    done = guarded.run(sys.executable, "-c", code)

    assert done.returncode != 0
    assert "elsewhere.invalid" in guarded.heard() or "192.0.2.1" in guarded.heard()


def test_building_the_index_asks_no_other_host(guarded: Guarded) -> None:
    assert guarded.started()
    assert guarded.heard() == ""


@pytest.mark.parametrize(
    "command",
    [
        ("ask", "what should I do in week 14?", "--json"),
        ("ask", "how does backpropagation work?", "--json"),
        ("search", "gradient descent", "--json"),
    ],
)
def test_asking_asks_no_other_host(guarded: Guarded, command: tuple[str, ...]) -> None:
    done = guarded.run(str(ROADMAP), *command)

    assert done.returncode == 0, done.stderr
    assert guarded.heard() == ""


def test_serving_asks_no_other_host_and_ends_cleanly(guarded: Guarded) -> None:
    with _served(guarded) as url:
        _until_ready(url)
        assert httpx.get(url).status_code == 200
        assert httpx.get(f"{url}docs").status_code == 200
        assert httpx.get(f"{url}pages/today").status_code == 200
        asked = httpx.post(f"{url}api/v1/ask", json={"question": "how does backpropagation work?"}, timeout=MINUTES)
        assert asked.status_code == 200

    assert guarded.heard() == ""


@contextmanager
def _served(guarded: Guarded) -> Iterator[str]:
    """`roadmap serve` on a free port; its address. Ended by Ctrl-C, which must leave status 0 and no traceback."""
    command = [str(ROADMAP), "serve", "--port", str(_free_port())]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, env=guarded.env, text=True, **pipes) as process:
        try:
            assert process.stdout is not None
            yield _address(process.stdout)
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate(timeout=MINUTES)
        finally:
            process.kill()
    assert process.returncode == 0
    assert "Traceback" not in said


def _address(lines: Iterable[str]) -> str:
    words = (word for line in lines for word in line.split())
    return next(word for word in words if word.startswith("http://"))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _until_ready(url: str) -> None:
    end = time.monotonic() + 4 * MINUTES
    while (response := httpx.get(f"{url}readyz", timeout=MINUTES)).status_code != 200:
        assert time.monotonic() < end, response.text
        time.sleep(0.5)
