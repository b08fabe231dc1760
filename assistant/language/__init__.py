"""What a person says, read: weeks, names, dates, amounts, criteria, and what is wished.

Built from `corpus` and the limits of `study`.
Never answers.
"""
