"""What is known: the roadmap, the sources of its pages, the notes. Imports nothing of the project."""
