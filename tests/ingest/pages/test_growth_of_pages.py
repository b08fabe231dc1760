"""No page makes reading slow: what it costs grows with its length and not faster, whatever it is made of."""

from __future__ import annotations

from contextlib import suppress

import pytest

from ingest.pages.extract import ExtractError, extract
from tests.hostile import growths

LENGTHS = (5_000, 20_000)
URL = "https://docs.example.org/a.html"
MARKUP = (
    *("<script ", "<style>", "<!--", "<![CDATA[", "<meta charset=", "<?xml ", "<!DOCTYPE [", "&#", "&amp", "<a href='"),
    *(
        "/*",
        "@a",
        "@media{",
        "a{",
        "a",
        "a,",
        ".a ",
        "{",
        "}",
        ":",
        ";display:none",
        "( data:a/",
        '" data:a/',
        "'data:a/",
    ),
    *(
        "¶",
        " ¶",
        "#",
        "In [1]: ",
        ">>> ",
        "$ ",
        "1\n",
        " \n",
        "\n",
        "\t",
        "<li>",
        "<td rowspan=9>",
        "<b>",
        "<pre>",
        "<sub>x",
    ),
    *(
        "\\(",
        "{\\displaystyle ",
        "\\frac{",
        "%<![CDATA[",
        "]]>",
        "1/",
        "x^",
        "MathJax ",
        "a-b-",
        "a_",
        "1.",
        "v1.",
        "%41",
        "http://",
    ),
    *(
        "User-agent: a\n",
        "Disallow: /*",
        "*$",
        "0;url=",
        "0;a",
        "\x0b",
        "\u2028",
        "\xad",
        "E.T.",
        "(a",
        "[a",
        "`",
        "```",
        "|",
    ),
)
"""What pages are made of, over and over."""

PLACES = {
    "text": "<main><p>{}</p></main>",
    "bare": "{}",
    "heading": "<main><h2>{}</h2><p>words</p></main>",
    "css": "<style>{}</style><main><p>words</p></main>",
    "style": "<main><p style='{}'>words</p></main>",
    "code": "<main><pre>{}</pre></main>",
    "formula": "<main><p>so <script type='math/tex'>{}</script></p></main>",
    "xhtml": "<?xml version='1.0'?><html><body><main><p>{}</p></main></body></html>",
    "picture": "<main><p><img class=mwe-math-fallback-image-inline alt='{}' src='a.png'></p></main>",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_page_costs_as_much_as_it_is_long(place: str) -> None:
    def read(text: str) -> None:
        with suppress(ExtractError):
            extract(PLACES[place].replace("{}", text), URL)

    read("words")
    assert growths(read, LENGTHS, MARKUP, alone=True) == []
