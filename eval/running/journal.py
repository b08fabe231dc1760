"""What a run has measured so far, a line for each question: after a stop the same run goes on where it was.

A journal belongs to one run: to the same questions, index, model and code. It is named after the key of these, so that
two runs at once on a data folder do not share one, and it is removed when the run is over. Knows nothing of what its
values mean.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import IO, Any

from filelock import FileLock, Timeout

from corpus.errors import ProjectError

_NAME = "unfinished-{}.jsonl"
_OLD = 7 * 24 * 3600.0
"""Seconds after which nobody goes on with a run: a change of the code alone makes it another one."""


class JournalError(ProjectError):
    """The journal cannot be written; the message says what to do."""


class Journal:
    """The values by stage and question. path: see `journal_path`; None keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        """Errors: `JournalError` where it cannot be written, or the same run is going on."""
        self._path, self._file, self._lock = path, None, None
        self._known: dict[tuple[str, str], Any] = {}
        if path is not None:
            self._lock, self._file = self._open(path)
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
        if self._lock is not None and self._path is not None:
            for path in (self._path, Path(self._lock.lock_file)) if done else ():
                path.unlink(missing_ok=True)
            self._lock.release()

    def _open(self, path: Path) -> tuple[FileLock, IO[str]]:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(f"{path}.lock", timeout=0)
            lock.acquire()
            lines = self._read(path)
            file = path.open("w", encoding="utf-8")
            file.writelines(lines)
            file.flush()
        except Timeout as error:
            raise JournalError("the same run is going on already: wait until it is over, or stop it.") from error
        except OSError as error:
            raise JournalError(
                f"{path} cannot be written ({error.strerror}): make room, or set ROADMAP_DATA."
            ) from error
        return lock, file

    def _read(self, path: Path) -> list[str]:
        """The whole lines; one that was cut off is left out."""
        if not path.is_file():
            return []
        kept: list[str] = []
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True):
            try:
                stage, id, value = json.loads(line)
            except ValueError:
                continue
            self._known[stage, id] = value
            kept.append(line)
        return kept


def journal_path(folder: Path, key: str) -> Path:
    """Where the run of this key (see `provenance.run_key`) keeps its journal; old ones beside it are removed."""
    for old in folder.glob(_NAME.format("*") + "*"):
        if time.time() - old.stat().st_mtime > _OLD:
            old.unlink(missing_ok=True)
    return folder / _NAME.format(key[:16])
