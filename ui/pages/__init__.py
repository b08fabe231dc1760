"""The pages beside the chat: what each shows, what its buttons do, and the addresses of both.

Built from `sheets`, `assistant.study_answers` and the stores. Never knows Gradio.
"""
