"""Where pages belong: to a resource of the roadmap, or to a topic of a person's own; and his own file of sources."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path

from corpus.reader import read_roadmap
from corpus.sources import TOPIC, Sources, SourcesError, check_ids, load_sources


def all_sources(further: Path | None) -> Sources:
    """Our sources, and those of a person's own file. Errors: `SourcesError` naming file and entry."""
    ours = load_sources()
    if further is None:
        return ours
    try:
        theirs = load_sources(further)
        for source in theirs.entries:
            home_of(source.resource)
        check_ids((*ours.entries, *theirs.entries))
    except SourcesError as error:
        raise SourcesError(f"ROADMAP_SOURCES={str(further)!r}: {str(error).rstrip('.')}.") from error
    return Sources((*ours.entries, *theirs.entries))


def home_of(name: str) -> str:
    """`name`, if pages can be filed under it: the id of a resource or a topic. Errors: `SourcesError`."""
    if name.startswith(TOPIC):
        if re.fullmatch(r"\w[\w .+#-]{0,59}", topic := name.removeprefix(TOPIC)):
            return name
        raise SourcesError(f"{topic[:80]!r} cannot name a topic: give at most 60 letters, digits and blanks.")
    known = [resource.id for resource in read_roadmap().resources]
    if name not in known:
        near = get_close_matches(name, known, 2) or known[:2]
        raise SourcesError(
            f"the roadmap has no resource {name[:80]!r}: did you mean {' or '.join(near)}? `roadmap show` lists them; "
            "pages about something else belong to a topic of your own (`--topic NAME`, or `topic:NAME` in a file)."
        )
    return name
