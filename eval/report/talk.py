"""The sections of the report on what learners say. Knows nothing of how it was measured."""

from __future__ import annotations

from collections.abc import Iterator

from eval.report.render import Grid, Section
from eval.results import Proportion, TalkRow, TalkTable

FAILURES = 40
"""Failed messages that are shown, evenly spread; all of them are in `talk.jsonl` beside the report."""

_HEAD = (
    "whose", "group", "messages", "right at once", "good", "wrong", "refused", "itself", "false writes", "unwritten",
)  # fmt: skip
_TEXT = (
    "What learners say, each message by a new learner; shares in per cent with 95 % intervals (Wilson). Right at once: "
    "answered by what was wished for, or by one of the same group of the table of capabilities; of conversations and "
    "shared items, what must be said is said. Good: that, or it was asked back and a button is what was wished for.",
    "Wrong: something else was answered. Refused: nothing was, and it could be. Itself: answered by the very "
    "capability that was named. False writes: something was changed that was not to be. Unwritten: something was to be "
    "changed and was not at once.",
    "“u” and “v” were looked at while the handlers were made; “w”, “z” and “y” were not, nothing of them is shown, and "
    "they are what counts.",
)


def sections(table: TalkTable) -> Iterator[Section]:
    """The table, and what failed."""
    yield Section("What learners say", _TEXT, Grid(_HEAD, tuple(_row(row) for row in table.rows)))
    if table.failures:
        shown = table.failures[:: -(-len(table.failures) // FAILURES)]
        text = (f"{len(shown)} of {len(table.failures)}, evenly spread; `talk.jsonl` beside this report has them all.",)
        rows = tuple((failure.id, failure.question, failure.why) for failure in shown)
        yield Section("What failed of what learners say", text, Grid(("case", "message", "why"), rows))


def _row(row: TalkRow) -> tuple[str, ...]:
    shares = (row.at_once, row.good, row.wrong, row.refused, row.by_name)
    written = (str(row.false_writes), str(row.unwritten))
    return (row.source, row.group, str(row.cases), *(_share(share) for share in shares), *written)


def _share(share: Proportion | None) -> str:
    return f"{100 * share.share:.1f} ({100 * share.low:.0f}–{100 * share.high:.0f})" if share else ""
