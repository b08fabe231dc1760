"""The errors that a person sees: one sentence that names the bad value and what to do.

    ProjectError            "could not": exit status 1, HTTP 503
    └── UsageError          wrong usage: exit status 2, HTTP 422

Every module's own errors derive from one of the two, so that each way in has one place that reports them.
"""

from __future__ import annotations


class ProjectError(Exception):
    """Something could not be done; the message is for the person who asked for it."""


class UsageError(ProjectError):
    """What was asked for cannot be asked for; the message says what can."""
