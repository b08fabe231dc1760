"""Records of what the project itself knows: the roadmap's phases, blocks and resources, and the notes."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from corpus.notes import Note, Notes
from corpus.roadmap import Block as RoadmapBlock
from corpus.roadmap import Phase, Resource, Roadmap, Weeks
from ingest.pages.chunk import Record
from ingest.pages.document import Block

FIELDS = (
    ("Task", "task"),
    ("Focus", "focus"),
    ("Learning outcome", "outcome"),
    ("Difficulty", "difficulty"),
    ("Hands-on focus", "hands_on"),
    ("Recommendation", "recommendation"),
)


def roadmap_records(roadmap: Roadmap) -> Iterator[Record]:
    """A record for each phase, block and resource; urls are `roadmap:phase-2`, `roadmap:weeks-13-16`, `roadmap:ID`."""
    for phase in roadmap.phases:
        yield _phase_record(phase)
        for block in phase.blocks:
            if block.divided:
                yield _block_record(block)
            for resource in block.resources:
                yield _resource_record(resource)


def note_records(notes: Notes, roadmap: Roadmap) -> Iterator[Record]:
    """A record for each note whose resource the roadmap holds; urls are `note:ID`."""
    for note in notes.notes:
        resource = roadmap.resource(note.resource)
        if resource is not None:
            yield _note_record(note, resource)


def markdown_blocks(text: str) -> tuple[Block, ...]:
    """Markdown -> blocks: headings, paragraphs, lists (one line an item), code, quotes and tables as plain text."""
    tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text))
    return tuple(block for child in tree.children if (block := _block(child)) and block.text)


def _phase_record(phase: Phase) -> Record:
    lines = [f"{b.title} ({b.weeks}): {', '.join(r.title for r in b.resources)}" for b in phase.blocks]
    title = f"Roadmap, phase {phase.number}: {phase.title}"
    return _overview(f"roadmap:phase-{phase.number}", title, phase.weeks, phase.number, phase.heading, lines)


def _block_record(block: RoadmapBlock) -> Record:
    lines = [f"{r.title}: {r.task}" for r in block.resources]
    url = f"roadmap:weeks-{block.weeks.first}-{block.weeks.last}"
    return _overview(url, f"Roadmap, {block.weeks}: {block.title}", block.weeks, block.phase, block.heading, lines)


def _overview(url: str, title: str, weeks: Weeks, phase: int, heading: str, lines: list[str]) -> Record:
    """A heading of the roadmap and a line for each thing below it."""
    blocks = (Block("paragraph", 0, heading), Block("list", 0, "\n".join(lines)))
    return Record("roadmap", "", url, title, weeks, phase, blocks)


def _resource_record(resource: Resource) -> Record:
    lines = [f"{name}: {value}" for name, field in FIELDS if (value := getattr(resource, field))]
    lists = (
        ("Authors", resource.authors),
        ("Alternatives", resource.alternatives),
        ("Pros", resource.pros),
        ("Cons", resource.cons),
        ("Links", tuple(link.text for link in resource.links)),
    )
    lines += [f"{name}: {'; '.join(values)}" for name, values in lists if values]
    return Record(
        kind="roadmap",
        resource=resource.id,
        url=f"roadmap:{resource.id}",
        title=f"Roadmap, {resource.weeks}: {resource.title}",
        weeks=resource.weeks,
        phase=resource.phase,
        blocks=(Block("list", 0, "\n".join(lines)),),
    )


def _note_record(note: Note, resource: Resource) -> Record:
    return Record(
        kind="note",
        resource=resource.id,
        url=f"note:{resource.id}",
        title=resource.title,
        weeks=resource.weeks,
        phase=resource.phase,
        blocks=markdown_blocks(note.body),
        fetched_at=note.checked.isoformat(),
    )


def _block(node: SyntaxTreeNode) -> Block | None:
    if node.type == "heading":
        return Block("heading", int(node.tag[1]), _inline(node))
    if node.type == "paragraph":
        return Block("paragraph", 0, _inline(node))
    if node.type in ("fence", "code_block"):
        return Block("code", 0, node.content.rstrip("\n"))
    if node.type in ("bullet_list", "ordered_list"):
        return Block("list", 0, "\n".join(_items(node)))
    if node.type == "blockquote":
        return Block("quote", 0, "\n".join(_inline(child) for child in node.children))
    if node.type == "table":
        rows = (row for part in node.children for row in part.children)
        return Block("table", 0, "\n".join(" | ".join(_inline(cell) for cell in row.children) for row in rows))
    return None


def _items(node: SyntaxTreeNode, depth: int = 0) -> Iterator[str]:
    for number, item in enumerate(node.children, 1):
        mark = f"{number}." if node.type == "ordered_list" else "-"
        for child in item.children:
            if child.type in ("bullet_list", "ordered_list"):
                yield from _items(child, depth + 1)
            else:
                yield f"{'  ' * depth}{mark} {_inline(child)}"


def _inline(node: SyntaxTreeNode) -> str:
    """The text of a node without its marks."""
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return " "
    return "".join(_inline(child) for child in node.children)
