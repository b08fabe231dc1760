"""Whether the asker's week, and a scope that needs one, can be: the same for the command line and the API."""

from __future__ import annotations

from assistant.answers import Scope
from corpus.errors import UsageError
from corpus.roadmap import Weeks


class PlaceError(UsageError):
    """The asker's week, or the scope without one, cannot be."""


def check_place(week: int | None, scope: Scope, weeks: Weeks, option: str) -> None:
    """`weeks`: those of the roadmap. `option`: how a week is given here. Errors: `PlaceError`."""
    if week is not None and week not in weeks:
        raise PlaceError(f"Week {week} does not exist: the roadmap has {weeks}.")
    if week is None and scope != "all":
        raise PlaceError(f"The scope {scope!r} needs a week: give {option}, the week that you are in.")
