"""The pages beside the chat: HTML made on the server, put into the page by `pages.js`.

Built from `study_answers` and `store`.
Never knows Gradio.
"""
