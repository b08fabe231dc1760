"""The commands of `roadmap`: options in, text or JSON out.

Built from `assistant`, `ingest` and `eval`.
Never decides what is right.
"""
