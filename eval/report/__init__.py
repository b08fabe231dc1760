"""Figures of a run: gate, charts, the page that shows them.

Built from the results of a run.
Never runs anything.
"""
