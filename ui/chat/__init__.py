"""The chat page in Gradio, mounted on the application.

Built from `assistant.service` and the pages beside it.
The only package that imports Gradio.
"""
