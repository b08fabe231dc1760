"""Exact answers from the cells of the roadmap: weeks, rows, columns, lists, comparisons.

Built from `corpus` and the values in `answers`.
Never opens an index, a model or a learner.
"""
