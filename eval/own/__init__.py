"""A person's own questions: their files, what they expect of this index, the example, and what is added to them.

Never knows how an answer is found or scored.
"""
