"""The proxy variables of the environment, made what httpx takes: `tidy_proxies(os.environ)`. Imports nothing heavy.

One odd entry ends every client that reads them with a traceback, though nothing of ours but a language model on
another machine is asked through a proxy. What cannot be used is taken out, and `unusable()` names it.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from importlib.util import find_spec
from ipaddress import ip_address
from urllib.parse import urlsplit

_VARIABLES = ("http_proxy", "https_proxy", "all_proxy")
_SOCKS = ("socks5", "socks5h")
_NAME = re.compile(r"\*|(?:\*?\.)?[\w-]+(?:\.[\w-]+)*(?::\d+)?|\d+(?:\.\d+){3}/\d+")
_left_out: dict[str, str] = {}


def tidy_proxies(environ: MutableMapping[str, str]) -> None:
    """Takes brackets and what is no host out of `no_proxy`, and proxies that cannot be used out of the environment."""
    for name in list(environ):
        if name.lower() == "no_proxy":
            environ[name] = hosts(environ[name])
        elif name.lower() in _VARIABLES and not is_usable(environ[name]):
            _left_out[name] = _scheme(environ.pop(name))


def unusable() -> str:
    """What was taken out, as a sentence for people, without an address (which may hold a password); "" if nothing."""
    if not _left_out:
        return ""
    name, scheme = next(iter(_left_out.items()))
    hint = "install it with `pip install socksio`" if scheme in _SOCKS else "give one as http://host:port"
    return f"the proxy that {name} names ({scheme}) cannot be used: {hint}, or unset {name}"


def hosts(text: str) -> str:
    """The hosts of a `no_proxy`, as httpx reads them.

    >>> hosts("localhost, [::1], [fe80::1]:8080,10.0.0.0/8,.example.com,<local>")
    'localhost,::1,fe80::1,10.0.0.0/8,.example.com'
    """
    entries = (re.sub(r"^\[([^\]]*)\](?::\d+)?$", r"\1", entry.strip()) for entry in text.split(","))
    return ",".join(entry for entry in entries if _is_host(entry))


def is_usable(proxy: str) -> bool:
    """Whether httpx takes the address of a proxy; an empty one is none.

    >>> is_usable("proxy.example:3128"), is_usable("socks://127.0.0.1:9"), is_usable("http://[::1")
    (True, False, False)
    """
    if not proxy:
        return True
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        known = parts.scheme in ("http", "https") or (parts.scheme in _SOCKS and find_spec("socksio") is not None)
        return known and bool(parts.hostname) and parts.port != 0  # reading the port checks it
    except ValueError:
        return False


def _scheme(proxy: str) -> str:
    return proxy.partition("://")[0].lower() if "://" in proxy else "no address"


def _is_host(entry: str) -> bool:
    try:
        return bool(ip_address(entry))
    except ValueError:
        return bool(_NAME.fullmatch(entry))
