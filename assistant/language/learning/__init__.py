"""The table of capabilities, its example wordings, and the classifier that is learnt from them.

Built from `language.message` and `capabilities/`.
Never answers.
"""
