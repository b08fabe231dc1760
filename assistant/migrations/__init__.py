"""Alembic migrations of the learner's database; run by `assistant.learning_store` when it opens one."""
