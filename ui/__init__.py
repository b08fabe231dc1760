"""Every way in: command line, API, chat. Holds no logic of its own."""
