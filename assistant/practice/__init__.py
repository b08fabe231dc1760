"""Practising what was read: questions from cards, glossary and notes, their answers, study by day, a deck for Anki.

Built from `corpus` and `assistant.study`. Stores nothing, and knows no conversation.
"""
