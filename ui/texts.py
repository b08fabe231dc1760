"""The type of a text in a request's body: what can be written and stored. Knows pydantic alone."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator


def sound(value: str) -> str:
    """The text itself. Errors: `ValueError` for half of a surrogate pair: JSON can say it, and no text can hold it."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("it holds a character that is no character") from error
    return value


SoundText = Annotated[str, AfterValidator(sound)]
