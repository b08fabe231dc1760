"""Rows by name, by nickname and by description; the words that carry no subject matter.

Built from the roadmap and the data beside it.
Never knows what is asked of a row.
"""
