"""Texts that several doors share, and the type of a text in a request's body. Knows pydantic alone."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

READ_ONLY = "The data folder is read-only, so nothing about your learning can be kept; questions are answered."
BROKEN = "What is stored about your learning cannot be used at the moment: the log of `roadmap serve` says why."


def sound(value: str) -> str:
    """The text itself. Errors: `ValueError` for half of a surrogate pair: JSON can say it, and no text can hold it."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("it holds a character that is no character") from error
    return value


SoundText = Annotated[str, AfterValidator(sound)]
