"""Answers about the conversation itself: what I can do, greetings, corrections, saying it again.

Built from the table of capabilities and the memory of the conversation.
Never says anything of the subject matter.
"""
