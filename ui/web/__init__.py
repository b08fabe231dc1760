"""The HTTP server: API, limits, who a visitor is.

Built from `assistant` and FastAPI.
Never makes a sentence of an answer.
"""
