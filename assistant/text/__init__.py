"""Text that is not ours: cleaning it, expanding its abbreviations, markers of citations.

Built from `ingest.pages`.
Never knows a question.
"""
