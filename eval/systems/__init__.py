"""The systems that are compared: ours, parts of it, and rivals.

Built from `assistant.retrieval` and `ingest.index`.
Never knows a case.
"""
