"""A page that sends its reader on without a redirect: a `Refresh` header, or `<meta http-equiv="refresh">`.

>>> refresh_target("0; url=new.html", "https://a.example/x/old.html")
'https://a.example/x/new.html'
"""

from __future__ import annotations

import re
from typing import Final

from corpus.urls import UrlError, normal_url

LONGEST_WAIT: Final = 30
"""Seconds. A page that is left later than that is meant to be read; one that loads itself again, too."""
_VALUE: Final = re.compile(
    r"""\s*(?=[\d.])(\d{1,9})?(?:\.[\d.]*)?(?:\s*[;,]\s*+|\s++)(?:url\s*=\s*)?+(["']?)(.+)""", re.IGNORECASE | re.DOTALL
)


def refresh_target(value: str, url: str) -> str:
    """Where the page at `url` sends its reader, as a normal address; "" if it lets him read."""
    found = _VALUE.fullmatch(value[:4_096])
    if found is None or int(found[1] or 0) > LONGEST_WAIT:
        return ""
    address = found[3].partition(found[2])[0] if found[2] else found[3]
    try:
        target = normal_url(address.strip(), url)
        return "" if target == normal_url(url) else target
    except UrlError:
        return ""
