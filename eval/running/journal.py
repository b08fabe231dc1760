"""What a run has measured so far, a line for each question: after a stop the same run goes on where it was.

A journal belongs to one run: to the same questions, index, model and code, told by a key. It is removed when the run is
over. Knows nothing of what its values mean.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any

from corpus.errors import ProjectError


class JournalError(ProjectError):
    """The journal cannot be written; the message says what to do."""


class Journal:
    """The values by stage and question. path: None keeps nothing."""

    def __init__(self, path: Path | None, key: str = "") -> None:
        self._path, self._file = path, None
        self._known: dict[tuple[str, str], Any] = {}
        if path is not None:
            self._file = self._open(path, key)
        self.found = len(self._known)
        """How many values an earlier run left."""

    def get(self, stage: str, id: str) -> Any:
        """The value, taken out: it is asked for once. None where there is none."""
        return self._known.pop((stage, id), None)

    def put(self, stage: str, id: str, value: Any) -> None:
        """Errors: `JournalError` for a full disk."""
        if self._file is not None:
            try:
                self._file.write(json.dumps([stage, id, value]) + "\n")
                self._file.flush()
            except OSError as error:
                raise JournalError(f"what was measured cannot be kept ({error.strerror}): make room.") from error

    def close(self, *, done: bool) -> None:
        """`done`: the run is over, and nothing is to go on."""
        if self._file is not None:
            self._file.close()
        if done and self._path is not None:
            self._path.unlink(missing_ok=True)

    def _open(self, path: Path, key: str) -> IO[str]:
        lines = self._read(path, key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("w", encoding="utf-8")
            file.writelines((json.dumps({"key": key}) + "\n", *lines))
            file.flush()
        except OSError as error:
            raise JournalError(
                f"{path} cannot be written ({error.strerror}): make room, or set ROADMAP_DATA."
            ) from error
        return file

    def _read(self, path: Path, key: str) -> list[str]:
        """The whole lines of the same run; one that was cut off is left out."""
        if not path.is_file():
            return []
        head, *lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True) or [""]
        if head.strip() != json.dumps({"key": key}):
            return []
        kept: list[str] = []
        for line in lines:
            try:
                stage, id, value = json.loads(line)
            except ValueError:
                continue
            self._known[stage, id] = value
            kept.append(line)
        return kept
