"""Sets of cases and how an answer to one is judged.

Built from `assistant` and the files in `eval/questions`.
Never ranks systems.
"""
