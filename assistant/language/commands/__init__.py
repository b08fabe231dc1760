"""What a learner tells about the work, read as a change or a wish.

Built from the readers of `language` and the values of `study`.
Never changes anything.
"""
