"""One HTTP request under all limits, to public addresses only.

Built from httpcore.
Never knows why a page is wanted.
"""
