"""`roadmap mcp`: the assistant for an MCP client that starts it, over standard input and output."""

from __future__ import annotations

from corpus.errors import ProjectError
from corpus.settings import load_settings
from ui.cli.study import DEFAULT_LEARNER, LearnerOption


class NoMcpError(ProjectError):
    """The SDK is not installed; the message says how it is."""


def mcp(learner: LearnerOption = DEFAULT_LEARNER) -> None:
    """Serve an MCP client (Claude, Cursor, ...) over standard input and output; the client starts this command."""
    from ui.mcp.http import is_installed

    if not is_installed():
        raise NoMcpError('MCP needs one more package: run `pip install -e ".[mcp]"`.')
    from assistant.service import Assistant
    from ui.mcp.server import serve_stdio

    serve_stdio(Assistant(load_settings()), learner)
