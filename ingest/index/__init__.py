"""Chunks as vectors in Chroma and as terms for BM25, in generations with a manifest.

Built from `ingest.pages`.
Never reads HTML.
"""
