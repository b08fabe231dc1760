"""What to study next and in which order: slots, needs, the next resource with its reason, readiness, a week's units.

Built from `corpus`, `curriculum.toml` and marks of progress.
Knows no dates, stores nothing, and reads no text of a person.
"""
