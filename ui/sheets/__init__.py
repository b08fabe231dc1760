"""The pages of the browser as HTML: each a function of what it shows. Other people's text is escaped here.

Knows nothing of requests, of stores or of Gradio.
"""
