"""sources.toml -> `Sources`: which public pages belong to which resource, and how far to follow.

Pure: it reads one file, and knows nothing of the network, of robots.txt or of what was fetched.
The fields of an entry are described at the head of sources.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Literal, cast, get_args

from corpus.errors import ProjectError
from corpus.urls import UrlError, normal_url

DEFAULT = Path(__file__).with_name("sources.toml")
TOPIC = "topic:"
"""What stands before the name of a topic, where pages belong to no resource of the roadmap: "topic:rust"."""
MAX_DEPTH = 8
MAX_PAGES = 2_000

Access = Literal["open", "login", "browser", "catalogue"]
ACCESS: tuple[str, ...] = get_args(Access)

_LISTS = ("start", "prefixes", "pages", "also", "exclude")
_NUMBERS = ("depth", "max_pages")


class SourcesError(ProjectError):
    """sources.toml cannot be used; the message names the entry and the bad value."""


@dataclass(frozen=True, slots=True)
class Source:
    """One place on the web where pages of a resource are."""

    id: str
    resource: str
    """The id of a resource, or a topic (see `TOPIC`)."""
    title: str
    access: Access
    start: tuple[str, ...]
    prefixes: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    depth: int = 0
    max_pages: int = 1
    sitemap: bool = False
    link_text: str = ""
    link_url: str = ""
    alternative: str = ""
    moved_to: str = ""
    licence_note: str = ""
    note: str = ""

    def follows(self, url: str) -> bool:
        """Whether a link to `url` may be followed: within a prefix, and not excluded."""
        return not self._excluded(url) and any(_match(p, url) for p in self.prefixes)

    def claim(self, url: str) -> int:
        """How strongly `url` belongs here: the length of the longest match, 0 for not at all."""
        exact = max((_key_length(p) + 1 for p in self._exact() if _bare(p) == _bare(url)), default=0)
        if exact or self._excluded(url):
            return exact
        places = (*self.prefixes, *self.also)
        return max((_key_length(p) for p in places if _match(p, url)), default=0)

    def _exact(self) -> tuple[str, ...]:
        moved = (self.link_url, self.moved_to)
        return (*self.pages, *self.start, *(address for address in moved if address))

    def _excluded(self, url: str) -> bool:
        return any(_match(prefix, url) for prefix in self.exclude)


@dataclass(frozen=True, slots=True)
class Sources:
    """All sources, in the order of the file."""

    entries: tuple[Source, ...]
    _by_id: Mapping[str, Source] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {source.id: source for source in self.entries})

    def for_url(self, url: str) -> Source | None:
        """The source whose prefix or page matches `url` longest; the first of equals; or None."""
        found = self.all_for_url(url)
        return found[0] if found else None

    def all_for_url(self, url: str) -> tuple[Source, ...]:
        """Every source that claims `url` equally strongly: a page may serve several resources."""
        try:
            normal = normal_url(url)
        except UrlError:
            return ()
        claims = [(source.claim(normal), source) for source in self.entries]
        best = max((strength for strength, _ in claims), default=0)
        return tuple(source for strength, source in claims if strength == best and best > 0)

    def by_id(self, id: str) -> Source | None:
        """The source with this id, or None."""
        return self._by_id.get(id)

    @property
    def resources(self) -> tuple[str, ...]:
        """The ids of all resources that have a source, in the order of the file."""
        return tuple(dict.fromkeys(source.resource for source in self.entries))


def load_sources(path: Path = DEFAULT) -> Sources:
    """Read `path`; raises `SourcesError` naming the entry and the value that is wrong."""
    try:
        with path.open("rb") as file:
            document = tomllib.load(file)
    except OSError as error:
        raise SourcesError(f"Cannot read {path.name}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourcesError(f"{path.name} is not valid TOML: {error}") from error
    unknown = sorted(set(document) - {"source"})
    tables = document.get("source")
    if unknown or not isinstance(tables, list) or not tables:
        raise SourcesError(f"{path.name} must hold [[source]] tables only; found {unknown or 'none'}")
    entries = tuple(_source(table, n) for n, table in enumerate(cast("list[object]", tables), 1))
    check_ids(entries)
    return Sources(entries)


def _source(table: object, number: int) -> Source:
    if not isinstance(table, dict):
        raise SourcesError(f"Source {number} is not a table; write it as [[source]]")
    values = cast("dict[str, object]", table)
    where = f"Source {values.get('id', number)!r}"
    known = {f.name for f in fields(Source)}
    needed = {f.name for f in fields(Source) if f.default is MISSING}
    if unknown := sorted(set(values) - known):
        raise SourcesError(f"{where} has the unknown key {unknown[0]!r}; known are {sorted(known)}")
    if missing := sorted(needed - set(values)):
        raise SourcesError(f"{where} lacks the key {missing[0]!r}; add it")
    read = {name: _value(name, value, where) for name, value in values.items()}
    source = Source(**read)  # type: ignore[arg-type]  # each value was checked by name
    _check(source, where)
    return source


def _value(name: str, value: object, where: str) -> object:
    if name in _LISTS:
        return _addresses(name, value, where)
    if name in _NUMBERS:
        top = MAX_DEPTH if name == "depth" else MAX_PAGES
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= top:
            raise SourcesError(f"{where}: {name} is {value!r}; give a whole number from 0 to {top}")
        return value
    if name == "sitemap":
        if not isinstance(value, bool):
            raise SourcesError(f"{where}: sitemap is {value!r}; write true or false")
        return value
    if not isinstance(value, str) or not value.strip():
        raise SourcesError(f"{where}: {name} is {value!r}; give a text, or leave the key out")
    if name == "moved_to":
        return _address(name, value, where)
    return value


def _addresses(name: str, value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise SourcesError(f"{where}: {name} is {value!r}; give a list of addresses")
    items = cast("list[object]", value)
    return tuple(_address(name, item, where) for item in items)


def _address(name: str, value: object, where: str) -> str:
    if not isinstance(value, str):
        raise SourcesError(f"{where}: {name} holds {value!r}; give an address as text")
    star = "*" if value.endswith("*") and name in ("prefixes", "also", "exclude") else ""
    try:
        return normal_url(value.removesuffix("*")) + star
    except UrlError as error:
        raise SourcesError(f"{where}: {name}: {error}") from error


def _check(source: Source, where: str) -> None:
    if source.access not in ACCESS:
        raise SourcesError(f"{where}: access is {source.access!r}; choose from {', '.join(ACCESS)}")
    if not source.start:
        raise SourcesError(f"{where}: start is empty; give at least one address")
    if source.depth and not source.prefixes:
        raise SourcesError(f"{where}: depth is {source.depth} but there are no prefixes to stay in")
    if source.max_pages < len(source.start) + len(source.pages):
        raise SourcesError(f"{where}: max_pages is {source.max_pages}, less than its own addresses")
    if source.link_url:
        _address("link_url", source.link_url, where)


def check_ids(entries: Iterable[Source]) -> None:
    """Errors: `SourcesError` for an id that is used twice."""
    seen: set[str] = set()
    for source in entries:
        if source.id in seen:
            raise SourcesError(f"The source id {source.id!r} is used twice; rename one")
        seen.add(source.id)


def _match(prefix: str, url: str) -> bool:
    """Whether `url` lies under `prefix`: at a path border, unless the prefix ends with `*`."""
    key, target = _bare(prefix), _bare(url)
    if not target.startswith(key.removesuffix("*")):
        return False
    rest = target[len(key.removesuffix("*")) :]
    return key.endswith(("*", "/")) or not rest or rest[0] in "/?"


def _bare(url: str) -> str:
    """An address without its scheme: http and https are the same place."""
    return url.split("://", 1)[-1]


def _key_length(prefix: str) -> int:
    return len(_bare(prefix).removesuffix("*"))
