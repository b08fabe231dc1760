"""What may go wrong with what is stored. Light: importing it opens nothing."""

from __future__ import annotations

from corpus.errors import ProjectError


class StoreError(ProjectError):
    """The learner's database cannot be used; the message says which one and what to do."""


class ReadOnlyError(StoreError):
    """Nothing can be kept: the database lies on a read-only disk, or may not be written."""


class DiskFullError(StoreError):
    """Nothing can be kept: the disk is full."""


class NothingToUndo(StoreError):
    """There is no change left to take back."""


class ChangedSince(NothingToUndo):
    """Something else was changed after what is to be taken back. `at`: the moment of the last change."""

    def __init__(self, said: str, at: str) -> None:
        super().__init__(f"Nothing is undone: since then came “{said.rstrip('.')}”, and Undo takes that back first.")
        self.at = at
