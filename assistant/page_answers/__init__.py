"""Answers quoted from passages of pages and notes, behind a LlamaIndex query engine.

Built from `retrieval` and `text`.
Never asks a language model and never reads a learner.
"""
