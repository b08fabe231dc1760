"""Answers written by a language model over the OpenAI protocol, and the checks of what it wrote.

Built from `text` and `page_answers`.
Never retrieves, and never trusts a sentence that nothing supports.
"""
