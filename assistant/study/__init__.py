"""A learner and the way through the roadmap: progress, plan, pace, next step, reviews.

Built from `corpus` and `curriculum.toml`.
Never reads text of a person, and stores nothing.
"""
