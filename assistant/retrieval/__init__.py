"""Finding passages for a query, ordering them, and how sure that is.

Built from `ingest` and `language`.
Never writes a sentence of an answer.
"""
