"""Chunks as LlamaIndex nodes: their metadata, what of it is embedded, and their neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from llama_index.core.schema import MetadataMode, NodeRelationship, RelatedNodeInfo, TextNode

from ingest.pages.chunk import Chunk

EMBEDDED = ("title", "heading")


def to_node(chunk: Chunk, chunks: Sequence[Chunk] = (), index: int | None = None) -> TextNode:
    """A node whose embedded text is title, heading path and text; metadata is flat, for filters in Chroma."""
    metadata: dict[str, str | int] = {
        "title": chunk.title,
        "heading": chunk.heading,
        "kind": chunk.kind,
        "resource": chunk.resource,
        "url": chunk.url,
        "anchor": chunk.anchor,
        "position": chunk.position,
        "first_week": chunk.first_week,
        "last_week": chunk.last_week,
        "phase": chunk.phase,
        "fetched_at": chunk.fetched_at or "",
    }
    hidden = [key for key in metadata if key not in EMBEDDED or not metadata[key]]
    node = TextNode(
        id_=chunk.id,
        text=chunk.text,
        metadata=metadata,
        excluded_embed_metadata_keys=hidden,
        excluded_llm_metadata_keys=hidden,
        metadata_template="{value}",
        text_template="{metadata_str}\n{content}",
    )
    node.relationships[NodeRelationship.SOURCE] = RelatedNodeInfo(node_id=chunk.url)
    if index is not None:
        _link(node, chunk, chunks, index)
    return node


def embedded_text(chunk: Chunk) -> str:
    """The text that a chunk's vector is made of."""
    return to_node(chunk).get_content(metadata_mode=MetadataMode.EMBED)


def _link(node: TextNode, chunk: Chunk, chunks: Sequence[Chunk], index: int) -> None:
    for step, relation in ((-1, NodeRelationship.PREVIOUS), (1, NodeRelationship.NEXT)):
        place = index + step
        if 0 <= place < len(chunks) and chunks[place].url == chunk.url:
            node.relationships[relation] = RelatedNodeInfo(node_id=chunks[place].id)
