"""Answers that need the learner: what is next, the plan, how far one is; what is changed by a message.

Built from `study`, `roadmap_answers` and `language`; kept by `store`.
Never reads pages or an index.
"""
