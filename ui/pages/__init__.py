"""The pages beside the chat: HTML made on the server, put into the page by `pages.js`. Knows nothing of Gradio."""
