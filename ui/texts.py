"""Texts that several doors share, and the type of a text in a request's body. Knows pydantic alone."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

READ_ONLY = "The data folder is read-only, so nothing about your learning can be kept; questions are answered."
DISK_FULL = "The disk of the data folder is full, so nothing about your learning can be kept; questions are answered."
FAILED = "Something went wrong inside the assistant: its log says what; try again."
BUSY = "Too many questions are being answered at the moment: try again in a few seconds."
UNREADABLE = "The chat cannot read this request: reload the page."
NO_MESSAGE = "This is no message of MCP that can be read: send one JSON-RPC object as the protocol says."
NOT_KEPT = (
    "Nothing of this is kept, since nobody can be told from whom it comes: send the token of a learner, which "
    "`POST /api/v1/token` gives, as the API key."
)
NO_CONVERSATION = (
    "Conversations are kept for learners: send the token of one, which `POST /api/v1/token` gives, as the API key."
)
NO_CHARACTER = "it holds a character that is no character"
BROKEN = "What is stored about your learning cannot be used at the moment: the log of `roadmap serve` says why."


def sound(value: str) -> str:
    """The text itself. Errors: `ValueError` for half of a surrogate pair or a NUL: JSON can say them, and no text or
    database can hold them."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(NO_CHARACTER) from error
    if "\0" in value:
        raise ValueError(NO_CHARACTER)
    return value


SoundText = Annotated[str, AfterValidator(sound)]
