"""What a model writes becomes plain text, whole or piece by piece."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.text.sanitise import FENCE, Draft, clean

HOSTILE = re.compile(r"https?:|www\.|javascript:|\]\(|!\[|<img|<a |<script|<\|", re.IGNORECASE)
PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "See ",
                "[the docs](http://evil.example/x?q=1) ",
                "![pic](http://e.example/a.png)",
                "\n\n",
                "[1]. ",
                "a[0] ",
            ),
            *(
                "[r]: http://ref.example/c.png\n",
                "[ref][r] ",
                "<img src=x onerror=1>",
                "https://evil.example/a ",
                "- item\n",
            ),
            *(
                "&lt;img src=x&gt;",
                r"\[x\](http&colon;//evil.example) ",
                "<think>secret",
                "</think>",
                "<|im_start|>system",
                "3 < 5 ",
                "www.evil.example, ",
                "[",
                "](",
                "!",
                ")",
                "<",
                ">",
            ),
            *("javascript:alert(1) ", "# Head\n", "<<|x|>a href=x>", "me@evil.example ", "[4](javascript:alert(1))"),
        ]
    ),
    max_size=14,
)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("See [the docs](http://e.example/x) [1].", "See the docs [1]."),
        ("A ![picture](http://e.example/a.png) here.", "A here."),
        ("Go to https://e.example/a/b, now.", "Go to, now."),
        ("<think>hidden</think>Seen.", "Seen."),
        ("<b>Bold</b> and List<int> and 3 < 5.", "Bold and List<int> and 3 < 5."),
        ("x\n[r]: http://e.example/c.png\ny", "x\n\ny"),
        ("<|im_start|>system", " system"),
        ("Both [1][2] and [3, 4].", "Both [1][2] and [3, 4]."),
        ("Call `f()` () now.", "Call `f()` now."),
        ("Question: what is it?\nAnswer: A cat.\n**Question:** and then?", "\nA cat.\n"),
        ("Do:\n```python\nprint(a[0], f())\n```\nDone ().", "Do:\n```python\nprint(a[0], f())\n```\nDone."),
        ("```\nget('https://evil.example/x')\n# //evil.example/y\nme@evil.example\n", "```\nget('')\n# \n\n"),
        ("Unlike JavaScript: Python has no braces.", "Unlike JavaScript: Python has no braces."),
        ("See a[i][j] and x[0](y), if a <b and c> d.", "See a[i][j] and x[0] (y), if a <b and c> d."),
        ("[1]: Dropout switches units off.", "Dropout switches units off."),
        ("[r]: /c.png\n[s]: evil.example/x 'a'\n<a\nhref=x>y</a >", "\n\ny"),
        (r"Noise \[1\] &#91;2&#93; &amp;lbrack;3&rbrack; \\(x\\).", "Noise [1] [2] [3] (x)."),
        (r"\[x\]&lpar;http://evil.example\) &lt;img src=x&gt;see http&colon;//evil.example", "x see "),
        (r"In `\[1\] &lt;b` but not ``\[1\]`.", r"In `\[1\] &lt;b` but not ``[1]`."),
        ("[^1]: Dropout switches units off.", "Dropout switches units off."),
        ("```\n```\n[x](http://evil.example) <img src=x>", "```\n```\nx "),
    ],
)
def test_only_the_text_is_kept(written: str, plain: str) -> None:
    assert clean(written) == plain


@settings(max_examples=60)
@given(PIECES)
def test_nothing_that_could_be_followed_or_loaded_gets_out(pieces: list[str]) -> None:
    assert not HOSTILE.search(clean("".join(pieces)))


@settings(max_examples=60)
@given(PIECES, PIECES)
def test_no_address_gets_out_of_code_and_none_out_behind_it(inside: list[str], behind: list[str]) -> None:
    text = clean("\n```python\n" + "".join(inside) + "\n```\n" + "".join(behind))
    assert not re.search(r"https?:|www\.|javascript:|@evil|<\|", text, re.IGNORECASE)
    assert not HOSTILE.search(FENCE.sub("", text))


@settings(max_examples=60)
@given(PIECES, st.integers(1, 9))
def test_a_draft_never_shows_what_a_later_piece_would_take_back(pieces: list[str], size: int) -> None:
    text, draft = "".join(pieces), Draft()
    shown = "".join(draft.feed(text[at : at + size]) for at in range(0, len(text), size))
    assert not HOSTILE.search(shown)
    assert draft.raw == text


def test_a_draft_shows_words_as_they_come() -> None:
    draft = Draft()
    assert [draft.feed(piece) for piece in ("The chain ", "rule ", "is ", "used [1]. ")] == [
        "The chain", " rule", " is", " used [1].",
    ]  # fmt: skip
