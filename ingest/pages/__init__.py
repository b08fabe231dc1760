"""A fetched page as a clean document, and the document as chunks.

Built from `corpus` and `ingest.archive`.
Never fetches and never embeds.
"""
