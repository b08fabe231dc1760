"""Learners and conversations in a database (SQLite or PostgreSQL), with its migrations.

Built from the values of `study` and `answers`.
Never decides anything.
"""
