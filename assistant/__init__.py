"""A question to an answer, a learner to a next step. Imports `corpus` and `ingest`."""
