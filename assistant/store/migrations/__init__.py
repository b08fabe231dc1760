"""Alembic migrations of the learner's database; run by `assistant.store.learners` when it opens one."""
