"""A run asks as strangers: it changes nobody's progress, and no answer hangs on an earlier one."""

from __future__ import annotations

from datetime import UTC, datetime

from assistant.service import Assistant
from eval.suites.strangers import among_strangers, stranger


def test_what_a_run_says_is_kept_neither_for_the_people_here_nor_for_the_next_question(over_nothing: Assistant) -> None:
    now = datetime.now(UTC)
    before = over_nothing.companion.learner("me")
    with among_strangers(over_nothing) as asked:
        first, second = stranger(), stranger()
        assert asked.ask("I finished fast.ai", person=first).changes
        assert asked.ask("I finished fast.ai", person=second).changes
        assert asked.companion.report(first, now) != asked.companion.report("nobody yet", now)
    assert over_nothing.companion.learner("me") == before
    assert over_nothing.companion.learner(first).marks == ()
