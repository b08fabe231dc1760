"""One wrong byte never changes the charset, and labels mean what the WHATWG Encoding standard says."""

from __future__ import annotations

import random

import pytest
import webencodings

from ingest.pages.charset import decode_html

WORDS = "A kestrel isn’t slow — it’s “lazy”: größer, naïve, 25 °C."
DAMAGE = b"\xe9\xff\xa0\x92\xc3\xf0\x80\xfe"


def declared(charset: str) -> bytes:
    return f"<html><head><meta charset={charset}></head><p>".encode()


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize(
    ("head", "hint"),
    [
        (declared("utf-8"), None),
        (b"<p>", "utf-8"),
        (b"<p>", None),
        (declared("utf-8"), "iso-8859-1"),
        (declared("latin1"), None),
    ],
)
def test_a_wrong_byte_in_utf8_becomes_one_sign_and_all_else_stays(seed: int, head: bytes, hint: str | None) -> None:
    chance = random.Random(seed)
    at = chance.randrange(len(WORDS))
    text = f"{WORDS[:at]} \ufffd {WORDS[at:]} {WORDS}"
    body = head + text.encode().replace("\ufffd".encode(), bytes([chance.choice(DAMAGE)]))
    assert decode_html(body, hint) == head.decode() + text


@pytest.mark.parametrize(
    ("codec", "words", "wrong"),
    [
        ("shift_jis", "機械学習の入門", b"\xfc"),
        ("windows-1251", "обучение машин", b"\x98"),
        ("euc-kr", "기계 학습", b"\xff"),
        ("gbk", "机器学习入门", b"\xff"),
    ],
)
def test_a_wrong_byte_in_another_charset_costs_one_sign_too(codec: str, words: str, wrong: bytes) -> None:
    said = f"<p>{words}".encode(codec)
    for body, hint in ((declared(codec) + said + wrong + b"</p>", None), (said + wrong + b"</p>", codec)):
        text = decode_html(body, hint)
        assert words in text
        assert text.endswith("\ufffd</p>")


@pytest.mark.parametrize(
    ("label", "body", "text"),
    [
        ("iso-8859-1", b"\x93x\x94 \x80", "“x” €"),
        ("ascii", b"\x93x\x94", "“x”"),
        ("iso-8859-9", b"\x93x\x94 \xfe", "“x” ş"),
        ("gb2312", "朱镕基".encode("gb18030"), "朱镕基"),
        ("shift_jis", "①髙".encode("cp932"), "①髙"),
        ("ks_c_5601-1987", "똠".encode("cp949"), "똠"),
        ("x-sjis", "機械".encode("cp932"), "機械"),
        ("big5", "嘅".encode("big5hkscs"), "嘅"),
        ("unicode-1-1-utf-8", "é".encode(), "é"),
        ("  UTF8\n", "é".encode(), "é"),
    ],
)
def test_a_label_means_what_the_standard_says(label: str, body: bytes, text: str) -> None:
    assert decode_html(b"<p>" + body, label) == f"<p>{text}"


@pytest.mark.parametrize("label", ["utf-16", "utf-16le", "UTF-16BE", "unicode", "ucs-2"])
def test_utf16_that_is_said_in_single_bytes_is_utf8(label: str) -> None:
    body = declared(label) + "größer".encode()
    assert decode_html(body) == body.decode()
    assert decode_html(b"<p>plain", label) == "<p>plain"


@pytest.mark.parametrize(
    ("head", "right"),
    [
        ("<!-- <meta charset=koi8-r> --><meta charset=windows-1251>", "windows-1251"),
        ("<meta name=description content='charset=koi8-r'><meta charset=windows-1251>", "windows-1251"),
        ("<?xml version='1.0' encoding='windows-1251'?>", "windows-1251"),
        ("<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=windows-1251'>", "windows-1251"),
    ],
)
def test_the_page_s_own_word_is_found_where_it_counts(head: str, right: str) -> None:
    assert "обучение" in decode_html(head.encode() + "<p>обучение машин".encode(right))


def test_every_label_of_the_standard_is_read_or_passed_over() -> None:
    for label in webencodings.LABELS:
        assert "x" in decode_html(b"<p>x</p>", label)
