"""The roadmap read from its file: `read_roadmap(path)` -> `Roadmap`.

Knows the shape of the author's Markdown (nested `<details>` with a heading in `<summary>`, a table below) and
nothing of the index, of questions or of learners. Reading never fails on content: whatever is odd becomes a
`Finding`, and what can be read is read. Only a file that cannot be read at all raises `RoadmapError`.

Stages: 1 tokens (markdown-it) -> 2 sections (html.parser) -> 3 rows -> 4 resources -> 5 findings.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from corpus.parsing import parse_roadmap, read_corrections
from corpus.roadmap import Roadmap, RoadmapError

HERE = Path(__file__).parent
ROADMAP_FILE = HERE / "roadmap.md"
CORRECTIONS_FILE = HERE / "corrections.toml"


def read_roadmap(path: Path = ROADMAP_FILE, corrections: Path | None = CORRECTIONS_FILE) -> Roadmap:
    """Reads a roadmap file with its corrections (None: without any).

    Errors: `RoadmapError` if a file is missing, is not UTF-8 text, is empty, or holds no phase at all.
    """
    text = _read_text(path)
    roadmap = parse_roadmap(text, read_corrections(corrections) if corrections else ())
    if not roadmap.resources:
        grave = [f for f in roadmap.findings if f.severity == "error" and f.line]
        cause = f" (line {grave[0].line}: {grave[0].message.rstrip('.')})" if grave else ""
        raise RoadmapError(
            f"{path} holds no phase with a table of resources{cause}: "
            "give a roadmap in the layout of corpus/roadmap.md."
        )
    return roadmap


@cache
def our_roadmap() -> Roadmap:
    """The packaged one, read once a process. Errors: as `read_roadmap`."""
    return read_roadmap()


def _read_text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RoadmapError(f"{path} cannot be read ({error.strerror}): check the path and its rights.") from error
    except UnicodeDecodeError as error:
        raise RoadmapError(f"{path} is not UTF-8 text: save it as UTF-8 Markdown.") from error
    if not text.strip():
        raise RoadmapError(f"{path} is empty: restore it with `git checkout corpus/roadmap.md`.")
    return text
