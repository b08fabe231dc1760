"""A learner and the calendar: marks, plan, pace, today, reviews.

Built from `corpus` and `assistant.recommendation`.
Never reads text of a person, and stores nothing.
"""
