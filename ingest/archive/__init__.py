"""Pages as they came, in WARC files and their journal.

Built from `ingest.fetching`.
Never looks into a page.
"""
