"""What this version writes into an index, and whether one was written by another. Imports nothing heavy: it is asked
before a server starts."""

from __future__ import annotations

import json
from pathlib import Path

CHUNKER = "headings-1"
"""Name of this chunker; it stands in the manifest, and an index made by another is not used."""

LAYOUT = 5


def other_maker(data: Path, model: str) -> str:
    """How the index that is served in `data` was made otherwise, such as "layout 1"; empty if it was not, or if there
    is none that can be read."""
    try:
        folder = data / "generations" / (data / "current").read_text(encoding="utf-8").strip()
        made = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        found = (("embedding model", made["model"], model), ("chunker", made["chunker"], CHUNKER))
        found = (*found, ("layout", made["layout"], LAYOUT))
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return next((f"{what} {was}" for what, was, wanted in found if was != wanted), "")
