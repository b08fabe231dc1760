"""The chat page in Gradio, mounted on the application. The only package that imports Gradio."""
