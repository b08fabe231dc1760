"""The assistant as a model of the OpenAI protocol, for programs that speak it.

Built from `ui.asking`.
Never does again what was told in an earlier turn.
"""
