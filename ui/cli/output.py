"""What every command prints its `--json` with."""

from __future__ import annotations

import json
from typing import Any

import typer


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on one line of standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False))
