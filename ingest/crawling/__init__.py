"""Which pages to ask for, in which order, how politely; and what came of it.

Built from `ingest.fetching`, `ingest.archive` and `corpus`.
Never extracts text.
"""
