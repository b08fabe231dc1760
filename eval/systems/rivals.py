"""What people would use instead, built from the same pages: the LlamaIndex starter and private-gpt's configuration.

Both start from clean text; both cut it their own way and so need vectors of their own, kept in `<data>/eval-cache`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.indices.vector_store.base import VectorStoreIndex
from llama_index.core.node_parser.text.sentence import SentenceSplitter
from llama_index.core.node_parser.text.sentence_window import SentenceWindowNodeParser
from llama_index.core.node_parser.text.utils import split_by_sentence_tokenizer_internal
from llama_index.core.schema import Document, MetadataMode
from nltk.tokenize import PunktSentenceTokenizer

from corpus.notes import load_notes
from corpus.roadmap import Roadmap
from corpus.sources import TOPIC
from eval.runs import Hit, System
from eval.systems.configurations import DEPTH, Factory, from_retriever
from ingest.pages.local import note_records, roadmap_records
from ingest.state import PageStore

PRIVATE_GPT_TOP = 2
"""`rag.similarity_top_k` of private-gpt 0.6.2."""


def rival_systems(data: Path, roadmap: Roadmap, embedding: BaseEmbedding) -> dict[str, Factory]:
    """The rivals by name; made (and their texts encoded, minutes the first time) when they are asked for."""

    def documents() -> list[Document]:
        return [
            Document(id_=url, text=text, metadata={"url": url}, excluded_embed_metadata_keys=["url"])
            for url, text in texts(data, roadmap).items()
        ]

    return {
        "starter": lambda: _starter(documents(), embedding),
        "private-gpt": lambda: _private_gpt(documents(), embedding),
    }


def texts(data: Path, roadmap: Roadmap) -> dict[str, str]:
    """The stored text of every record by address: the roadmap's, the notes' and every page's, title first."""
    found = {r.url: f"{r.title}\n\n{r.text}" for r in roadmap_records(roadmap)}
    found |= {r.url: f"{r.title}\n\n{r.text}" for r in note_records(load_notes(), roadmap)}
    return found | dict(_pages(data, roadmap))


def _pages(data: Path, roadmap: Roadmap) -> Iterator[tuple[str, str]]:
    path = data / "pages.db"
    if not path.is_file():
        return
    store = PageStore(path)
    try:
        for state, document in store.documents():
            if roadmap.resource(state.resource) or state.resource.startswith(TOPIC):
                yield document.url, "\n\n".join([document.title, *(block.text for block in document.blocks)])
    finally:
        store.close()


def _starter(documents: list[Document], embedding: BaseEmbedding) -> System:
    """The five lines of LlamaIndex's starter, but for a larger k, so that there is a ranking to measure."""
    splitter = SentenceSplitter(chunking_tokenizer_fn=_sentences)
    index = VectorStoreIndex.from_documents(documents, transformations=[splitter], embed_model=embedding)
    retriever = index.as_retriever(similarity_top_k=DEPTH)
    return from_retriever("starter", "LlamaIndex VectorStoreIndex.from_documents, defaults", retriever)


def _private_gpt(documents: list[Document], embedding: BaseEmbedding) -> System:
    """Sentences with a window around them, the nearest two; exact search, as Qdrant's local mode does it."""
    parser = SentenceWindowNodeParser.from_defaults(sentence_splitter=_sentences)
    sentences: list[str] = []
    urls: list[str] = []
    for document in documents:
        for node in parser.get_nodes_from_documents([document]):
            sentences.append(node.get_content(metadata_mode=MetadataMode.EMBED))
            urls.append(document.id_)
    vectors = np.asarray(embedding.get_text_embedding_batch(sentences), dtype=np.float32)

    def search(question: str) -> list[Hit]:
        scores = vectors @ np.asarray(embedding.get_query_embedding(question), dtype=np.float32)
        best = np.argsort(-scores, kind="stable")[:PRIVATE_GPT_TOP]
        return [Hit(urls[i], "", float(scores[i]), text=sentences[i]) for i in best]

    return System("private-gpt", "private-gpt 0.6.2: sentence windows, top 2", search)


def _sentences(text: str) -> list[str]:
    """LlamaIndex's default, made directly: its own way to it also opens NLTK's stop words, which it does not need, and
    which NLTK refuses to read where the installer hard-linked them."""
    return split_by_sentence_tokenizer_internal(text, PunktSentenceTokenizer())
