"""Who asks in a run: a stranger for each question, so that no answer hangs on an earlier one.

A message may change its learner ("I finished week 3"). The strangers' progress is therefore kept in a folder that is
thrown away after the run, and never beside that of the people who use the same index.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.companion import Companion
from assistant.service import Assistant

_NUMBERS = count(1)


def stranger() -> str:
    """The name of somebody who has not asked before."""
    return f"stranger-{next(_NUMBERS)}"


@contextmanager
def among_strangers(assistant: Assistant) -> Generator[Assistant]:
    """The same assistant over the same index, with a place of its own for what is told it."""
    with TemporaryDirectory() as data:
        settings = replace(assistant.settings, data=Path(data), learners="")
        with closing(Companion(settings)) as companion:
            yield Assistant(assistant.settings, assistant.query_engine(), companion)
