"""Weeks and phases as people write them, and numbers in words.

Built from nothing but text and the roadmap's titles.
Never knows which weeks there are.
"""
