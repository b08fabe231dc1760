"""A server on this machine that serves the same data folder: where it answers, and proof on both sides that it is that.

    <data>/serving.json    its address, a secret of this run, and a digest of its settings; readable by its owner alone

Who asks signs the message with the secret, which is never sent; who answers signs the answer. So neither another
program that has taken the port nor another account of the machine is talked to. Knows nothing of HTTP.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from corpus.settings import Settings

PATH = "/api/v1/local"
SIGNED = "x-roadmap-signed"
"""The header of both directions."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What stands in the file."""

    host: str
    port: int
    settings: str
    """A digest: a server with another model or language model would answer otherwise, and one of the folder that this
    one was copied from would write there."""
    secret: str = field(repr=False)

    def signature(self, *parts: bytes) -> str:
        """What proves that the secret is known, over these parts in this order."""
        told = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        return hmac.new(self.secret.encode(), told, hashlib.sha256).hexdigest()

    def signed(self, signature: str, *parts: bytes) -> bool:
        """Whether the signature is that of these parts."""
        return hmac.compare_digest(signature.encode(), self.signature(*parts).encode())


def new_serving(settings: Settings, host: str, port: int) -> Serving:
    """With a new secret. A server on every address is asked on the machine's own."""
    own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- is compared with, not bound
    return Serving(own, port, _digest(settings), secrets.token_hex(32))


@contextmanager
def told(data: Path, serving: Serving) -> Generator[None]:
    """The file is there while it is served; a folder that cannot be written is served without it."""
    path = data / "serving.json"
    content = json.dumps(asdict(serving))
    with suppress(OSError):
        data.mkdir(parents=True, exist_ok=True)
        beside = data / f"serving.{os.getpid()}.new"
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123 -- its rights from the start
            file.write(content)
        beside.replace(path)
    try:
        yield
    finally:
        with suppress(OSError):
            if path.read_text() == content:  # a later server's stays
                path.unlink()


def find_serving(settings: Settings) -> Serving | None:
    """The server of the data folder; None if none was told of, or it has other settings. It may have ended since."""
    path = settings.data / "serving.json"
    try:
        if hasattr(os, "getuid") and path.stat().st_uid != os.getuid():
            return None
        found = Serving(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.settings == _digest(settings) else None


def _digest(settings: Settings) -> str:
    said = {name: str(value) for name, value in asdict(settings).items()} | {"data": str(settings.data.resolve())}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
