"""What the crawl sees in a page, and sitemaps as sites write them."""

from __future__ import annotations

import gzip

import pytest

from ingest.pages.pageinfo import read_page, read_sitemap

URL = "https://a.example/docs/index.html"
MAP = "https://a.example/sitemap.xml"
PAGES = ("https://a.example/1?x=1&y=2", "https://a.example/2")


@pytest.mark.parametrize(
    "body",
    [
        b"https://a.example/1?x=1&y=2\r\nhttps://a.example/2\n",
        b"\xef\xbb\xbf# not an address\n https://a.example/1?x=1&y=2 \n\nhttps://a.example/2",
        b"<urlset><url><loc>/1?x=1&y=2</loc></url><url><loc>\n /2 \n</loc></url></urlset>",
        b"\n<?xml version='1.0'?><!DOCTYPE urlset SYSTEM 'x.dtd'>"
        b"<urlset><url><loc>/1?x=1&amp;y=2</loc></url><url><loc>/2</loc>",
        b"<!DOCTYPE urlset [<!ELEMENT url (loc)>]>"
        b"<urlset><url><loc>/1?x=1&y=2</loc></url><url><loc>/2</loc></url></urlset>",
        b"<urlset><url><loc><![CDATA[/1?x=1]]>&amp;y=2</loc></url><url><loc>/2</loc></url></urlset>",
        b"<rss><channel><link>/</link><item><link>/1?x=1&amp;y=2</link></item><item><link>/2</link></item></channel></rss>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><link href='/'/><entry><link href='/1?x=1&amp;y=2'/></entry>"
        b"<entry><link href='/2'/></entry></feed>",
        gzip.compress(b"https://a.example/1?x=1&y=2\nhttps://a.example/2\n"),
    ],
)
def test_a_sitemap_is_read_however_it_is_written(body: bytes) -> None:
    assert read_sitemap(body, MAP).pages == PAGES


@pytest.mark.parametrize(
    "body", [b"", b"404 not found", b"<html><body><a href='/1'>1</a></body></html>", b"\x1f\x8bxx"]
)
def test_what_is_no_sitemap_is_empty(body: bytes) -> None:
    assert read_sitemap(body, MAP).pages == ()


def test_a_page_that_moves_and_one_of_frames_say_so() -> None:
    moved = read_page(b"<meta http-equiv=refresh content='0; url=../new'>", "text/html", URL)
    framed = read_page(b"<frameset><frame src=a.html><frame src=b.html><noframes>x</noframes>", "text/html", URL)
    assert (moved.moved_to, moved.empty) == ("https://a.example/new", True)
    assert framed.empty
    assert framed.links == framed.frames == ("https://a.example/docs/a.html", "https://a.example/docs/b.html")


def test_links_are_read_by_the_charset_that_the_page_is_in() -> None:
    body = "<meta charset=utf-16><p>x<a href='/größe'>y</a></p>".encode()
    assert read_page(body, "text/html", URL).links == ("https://a.example/gr%C3%B6%C3%9Fe",)
