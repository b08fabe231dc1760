"""Sessions that we issue: a cookie's value <-> the person that it was issued to. Knows no HTTP.

A value is the person, the moment and a signature over both with a key that only this installation has. What is stored,
shown or exported holds the person at most; without a signature that is no key to anything.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

KEPT = 400 * 24 * 3600
"""Seconds that browsers keep a cookie at most; a session ends then as well."""
RENEWED = 24 * 3600
"""Seconds after which a session gets a new value at the next visit."""
KEY_FILE = "sessions.key"
_KEY_BYTES = 32
_VALUE = re.compile(r"(p[0-9a-f]{32}|[0-9a-f]{32})\.([0-9a-f]{8,12})\.([A-Za-z0-9_-]{43})")
_BEFORE = re.compile(r"[0-9a-f]{32}")
"""What a cookie held until sessions were signed: the person alone."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Session:
    """Whose it is, and whether it is due for a new value."""

    person: str
    due: bool


class Sessions:
    """Issues sessions and reads them back; safe to use from several threads."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def issued(self, person: str, now: float) -> str:
        """A new value for a person."""
        said = f"{person}.{int(now):08x}"
        return f"{said}.{self._signature(said)}"

    def read(self, value: str, now: float) -> Session | None:
        """None for what we did not issue, or too long ago."""
        match = _VALUE.fullmatch(value)
        if match is None or not hmac.compare_digest(match[3], self._signature(f"{match[1]}.{match[2]}")):
            return None
        age = now - int(match[2], 16)
        return Session(match[1], due=age > RENEWED) if age < KEPT else None

    def _signature(self, said: str) -> str:
        digest = hmac.digest(self._key, said.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def new_person() -> str:
    """A person who was never here."""
    return f"p{secrets.token_hex(16)}"


def is_session(value: str) -> bool:
    """Whether a value has the form of a session; it may be one that we did not issue, or too long ago."""
    return bool(_VALUE.fullmatch(value))


def unsigned(value: str) -> str:
    """The person of a cookie from before sessions were signed; "" where it is none."""
    return value if _BEFORE.fullmatch(value) else ""


def session_key(folder: Path) -> bytes:
    """The key of this installation, made at the first use and readable for its account alone.

    Where the folder cannot be written, sessions last until the program ends, and the log says so.
    """
    path = folder / KEY_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.stat().st_size < _KEY_BYTES:
            _written(path)
        return path.read_bytes()
    except OSError as error:
        _log.error("%s cannot be kept (%s): who visits is known until the program ends.", path, error.strerror)
        return secrets.token_bytes(_KEY_BYTES)


def _written(path: Path) -> None:
    """Whole or not at all, and the same for two processes that begin together."""
    own = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    own.touch(mode=0o600)
    try:
        own.write_bytes(secrets.token_bytes(_KEY_BYTES))
        if path.exists():  # cut off by a full disk: nothing can be read with it
            path.unlink()
        os.link(own, path)
    except FileExistsError:
        return
    finally:
        own.unlink(missing_ok=True)
