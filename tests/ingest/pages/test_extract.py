"""HTML -> clean documents: what survives, what does not, and what cannot hurt."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.archive.payload import MAX_DECODED
from ingest.archive.warc import Page, Refusal
from ingest.pages.charset import decode_html
from ingest.pages.document import Block, Document, Link
from ingest.pages.extract import ExtractError, WorkersError, extract, extract_many

SHARED = Path(__file__).parents[3].parent / "shared" / "pages.warc.gz"
URL = "https://docs.example.org/guide/page.html"
FILLER = "<p>" + "This paragraph is the lesson that a reader came for, and it is long enough. " * 4 + "</p>"


def blocks(html: str) -> list[tuple[str, str]]:
    """Kind and text of the blocks of a page whose main element holds `html`."""
    return [(block.kind, block.text) for block in extract(f"<body><main>{html}</main></body>", URL).blocks]


def text(html: str | bytes) -> str:
    return "\n".join(block.text for block in extract(html, URL).blocks)


# What survives


def test_headings_keep_their_level_and_anchor() -> None:
    html = """<main><section id="top"><h1>Title<a class="headerlink" href="#top">¶</a></h1><p>x</p></section>
        <h2 id="own">Own #</h2><h3><a name="inner"></a>Inner</h3><h6>None</h6></main>"""
    found = [block for block in extract(html, URL).blocks if block.kind == "heading"]
    assert found == [
        Block("heading", 1, "Title", "top"),
        Block("heading", 2, "Own", "own"),
        Block("heading", 3, "Inner", "inner"),
        Block("heading", 6, "None", None),
    ]


def test_paragraphs_lose_their_line_ends_and_keep_their_breaks() -> None:
    assert blocks("<p>one\n  two <b>thr</b>ee<br>four</p>loose <i>text</i><div>five</div>") == [
        ("paragraph", "one two three\nfour"),
        ("paragraph", "loose text"),
        ("paragraph", "five"),
    ]


def test_code_is_kept_as_written() -> None:
    code = "def f(x):\n    if x &lt; 1:\n\n        return  x\t# two  spaces"
    html = f"<pre><code class='language-python'><span class=k>\n{code}\n\n</span></code></pre>"
    assert blocks(html) == [("code", code.replace("&lt;", "<"))]


def test_a_code_table_loses_its_line_numbers() -> None:
    html = """<table class="highlighttable"><tr><td class="linenos"><pre>1\n2</pre></td>
        <td class="code"><div><pre>a = 1\nb = 2</pre></div></td></tr></table>"""
    assert blocks(html) == [("code", "a = 1\nb = 2")]


def test_a_table_becomes_readable_lines() -> None:
    html = "<table><caption>Cap</caption><tr><th>a</th><th>b</th></tr><tr><td>1<br>2</td><td><p>3</p></td></tr></table>"
    assert blocks(html) == [("table", "Cap\na | b\n1 2 | 3")]


def test_a_table_for_layout_is_read_as_text() -> None:
    html = "<table><tr><td><h2>Title</h2><p>Words</p></td></tr></table>"
    assert blocks(html) == [("heading", "Title"), ("paragraph", "Words")]


def test_lists_keep_their_order_and_nesting() -> None:
    html = "<ol start=3><li>three<ul><li>inner</li></ul></li><li><p>four</p><p>more</p></li></ol><ul><li>x</li></ul>"
    assert blocks(html) == [("list", "3. three\n  - inner\n4. four\n  more"), ("list", "- x")]


def test_code_within_a_list_stays_code() -> None:
    html = "<ol><li>Install:<pre>pip install x</pre>then</li><li>Run</li></ol>"
    assert blocks(html) == [("list", "1. Install:"), ("code", "pip install x"), ("list", "  then\n2. Run")]


def test_terms_and_admonitions_open_the_paragraph_that_follows() -> None:
    html = "<dl><dt>loss</dt><dd>What is minimised.</dd><dt>bare</dt></dl>"
    html += "<div class=admonition><p class=admonition-title>Note</p><p>Mind the gap.</p></div>"
    assert blocks(html) == [("paragraph", "loss: What is minimised."), ("paragraph", "bare: Note: Mind the gap.")]


def test_a_quote_is_one_block() -> None:
    html = "<blockquote><p>Tip</p><p>Try it.</p></blockquote><blockquote>Other</blockquote>"
    assert blocks(html) == [("quote", "Tip\nTry it."), ("quote", "Other")]


def test_formulas_keep_their_source() -> None:
    mathml = "<math><semantics><mi>x</mi><annotation encoding='application/x-tex'>x^2</annotation></semantics></math>"
    html = f"<p>So <span class=katex>{mathml}<span aria-hidden=true>x2</span></span> and \\(y\\).</p>"
    assert blocks(html) == [("paragraph", "So x^2 and \\(y\\).")]


def test_links_become_text_and_address() -> None:
    html = """<head><base href="/v2/"></head><main><p><a href="a.html">A</a> <a href="#x">here</a><a href="a.html">A</a>
        <a href="javascript:alert(1)">js</a><a href="mailto:a@b.c">mail</a><a href="https://o.org/#p">O</a>
        <a href="http://[bad">bad</a></p></main><footer><a href="/imprint">Imprint</a></footer>"""
    document = extract(html, URL)
    wanted = (Link("A", "https://docs.example.org/v2/a.html"), Link("O", "https://o.org/#p"))
    assert [link for link in document.links if link.text != "here"] == list(wanted)


@pytest.mark.parametrize(
    ("html", "url", "title"),
    [
        ("<title>Caching - Streamlit Docs</title><h1>Cache it</h1>", URL, "Caching"),
        ("<meta property='og:title' content='Given'><title>T | Site</title>", URL, "Given"),
        ("<h2>Second</h2><h1>First</h1><p>x</p>", URL, "First"),
        ("<title>scikit-learn</title><p>x</p>", URL, "scikit-learn"),
        (
            "<title>Setup - nbviewer</title>",
            "https://n.org/x/05_support_vector_machines.ipynb",
            "Setup (05 support vector machines)",
        ),
        ("<title>Introduction</title>", "https://h.org/course/chapter1/1", "Introduction (chapter1)"),
        ("<p>x</p>", URL, "guide/page.html"),
    ],
)
def test_the_title_is_the_pages_own_and_says_which_page_it_is(html: str, url: str, title: str) -> None:
    assert extract(html, url).title == title


# What does not survive


FURNITURE = [
    "<nav>GONE</nav>",
    "<footer>GONE</footer>",
    "<div role=navigation>GONE</div>",
    "<div class='cookie-banner'>GONE</div>",
    "<div class='md-cookie-consent'>GONE</div>",
    "<ol class='breadcrumb'><li>GONE</ol>",
    "<div class='wy-breadcrumbs'>GONE</div>",
    "<div class='prev-next-area'>GONE</div>",
    "<div class='pagination-nav'>GONE</div>",
    "<p><a rel=next href=x>GONE</a></p>",
    "<a class='edit-this-page' href=x>GONE</a>",
    "<p>Edit this page</p>",
    "<div>Edit on GitHub</div>",
    "<p>Was this page helpful?</p>",
    "<aside class=sidebar>GONE</aside>",
    "<div class='toc'>GONE</div>",
    "<div class='contents local topic'>GONE</div>",
    "<span class=sr-only>GONE</span>",
    "<button>GONE</button><select><option>GONE</select>",
    "<script>GONE</script><style>.GONE{}</style><noscript>GONE</noscript><template>GONE</template>",
    "<svg><text>GONE</text></svg><iframe>GONE</iframe>",
    "<!-- GONE --><?php GONE ?>",
]


@pytest.mark.parametrize("html", FURNITURE)
def test_furniture_goes(html: str) -> None:
    assert blocks(f"<h1>Kept</h1>{html}<p>Also kept</p>") == [("heading", "Kept"), ("paragraph", "Also kept")]


HIDDEN = [
    "<p hidden>GONE</p>",
    "<p aria-hidden='TRUE'>GONE</p>",
    "<p style='color:red; DISPLAY : none !important'>GONE</p>",
    "<div style='visibility:hidden'><p>GONE</p></div>",
    "<span style='font-size:0'>GONE</span>",
    "<span style='font-size: 0px; x:y'>GONE</span>",
    "<div style='width:0;height:0;overflow:hidden'>GONE</div>",
    "<div style='position:absolute;left:-9999px'>GONE</div>",
    "<div style='opacity:0'>GONE</div>",
    "<style>p.secret, .other { display: none }</style><p class='a secret'>GONE</p>",
    "<style>/* x */ #ghost{visibility:hidden}</style><div id=ghost>GONE</div>",
    "<div hidden><div><p>GONE</p></div></div>",
]


@pytest.mark.parametrize("html", HIDDEN)
def test_hidden_text_goes(html: str) -> None:
    assert blocks(f"<p>Before</p>{html}<p>After</p>") == [("paragraph", "Before"), ("paragraph", "After")]


@pytest.mark.parametrize(
    "html",
    [
        "<p style='font-size:0.9em;width:0.5px;opacity:0.8'>Kept</p>",
        "<style>@media print { p { display:none } } @import 'x';</style><p>Kept</p>",
        "<style>body { display:none } main{visibility:hidden}</style><p>Kept</p>",
        "<style>p.x span { display:none }</style><p class=x>Kept</p>",
        "<div class='toc-backref sidebar-content'>Kept</div>",
        "<details><summary>Kept</summary></details>",
        "<div class=sidebar><h1>Kept</h1></div>",
        "<section id=footer><p>Kept</p></section>",
    ],
)
def test_what_is_shown_stays(html: str) -> None:
    assert "Kept" in text(f"<body><main>{html}</main></body>")


@pytest.mark.parametrize(
    "char", ["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\U000e0041", "\U000e01ef", "\x07"]
)
def test_invisible_characters_are_stripped_everywhere(char: str) -> None:
    html = "<title>T~i</title><main><h1>a~b</h1><p>c~d</p><pre>e~f</pre><p><a href=/x>g~h</a></main>"
    document = extract(html.replace("~", char), URL)
    assert [block.text for block in document.blocks] == ["ab", "cd", "ef", "gh"]
    assert (document.title, document.links[0].text) == ("Ti", "gh")


def test_emoji_keep_their_variation() -> None:
    assert blocks("<p>warn \u26a0\ufe0f</p>") == [("paragraph", "warn \u26a0\ufe0f")]


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    html = f"""<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "{secret.as_uri()}">]>
        <p>&x; &b; &amp; ok</p>"""
    assert text(html) == "&x; &b; & ok"


# Notebooks


def test_prompts_of_a_notebook_are_dropped() -> None:
    html = """<div class="input_prompt">In [1]:</div><div class="jp-InputPrompt">In [2]:</div>
        <pre>In [3]: x = 1\n   ...: y = 2\n\nIn [4]: x\nOut[4]: 1</pre>"""
    assert blocks(html) == [("code", "x = 1\ny = 2\n\nx\n1")]


def test_long_outputs_are_capped_and_code_is_not() -> None:
    lines = "\n".join(f"line {number}" for number in range(1_000))
    (_, code), (_, output) = blocks(f"<pre>{lines}</pre><div class='output_area'><pre>{lines}</pre></div>")
    assert code == lines
    assert len(output) < 2_010
    assert output.endswith("\n[...]")


# Pages without landmarks


def test_a_page_without_landmarks_is_read_by_trafilatura() -> None:
    links = "".join(f"<li><a href=/{number}>Menu entry {number}</a></li>" for number in range(30))
    lesson = f"<h1>Lesson</h1>{FILLER * 5}<pre>code = 1</pre>"
    found = text(f"<html><body><div><ul>{links}</ul></div><div>{lesson}</div></body></html>")
    assert "the lesson that a reader came for" in found
    assert "code = 1" in found
    assert "Menu entry 7" not in found


def test_an_empty_main_does_not_hide_the_page() -> None:
    assert "the lesson" in text(f"<body><main></main><div><h1>Lesson</h1>{FILLER * 3}</div></body>")


@pytest.mark.parametrize(
    "html", ["", " ", "\0", "<!-- only this -->", "<html></html>", "<body><script>app()</script></body>"]
)
def test_a_page_without_text_gives_no_blocks(html: str) -> None:
    assert extract(html, URL).blocks == ()


# Character sets


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("<p>größer</p>".encode(), "iso-8859-1"),
        ("<p>größer</p>".encode("latin-1"), "iso-8859-1"),
        ("<p>Das Netz wird größer und schöner, und für alle Übungen genügt es.</p>".encode("cp1252"), None),
        ("<meta charset=windows-1252><p>größer</p>".encode("cp1252"), "nonsense"),
        ("<p>größer</p>".encode("utf-8-sig"), "koi8-r"),
        ("<p>größer</p>".encode("utf-16"), None),
        ("<p>größer</p>".encode("utf-16-le"), None),
        ("<p>größer</p>".encode("utf-16-be"), "utf-8"),
    ],
)
def test_charsets_are_found(body: bytes, hint: str | None) -> None:
    assert "größer" in decode_html(body, hint)


@pytest.mark.parametrize(
    ("words", "codec"),
    [
        ("機械学習の入門", "shift_jis"),
        ("機械学習の入門", "iso2022_jp"),
        ("обучение машин", "koi8-r"),
        ("机器学习入门", "gb18030"),
    ],
)
def test_other_scripts_are_read_by_header_or_meta(words: str, codec: str) -> None:
    body = f"<p>{words}</p>".encode(codec)
    assert words in decode_html(body, codec)
    assert words in decode_html(f"<meta http-equiv=content-type content='text/html; charset={codec}'>".encode() + body)


@pytest.mark.parametrize(
    "codec", ["unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape", "utf-7", "punycode"]
)
def test_no_page_is_decoded_by_a_codec_that_is_no_charset(codec: str) -> None:
    words = r"<p>\u0041 \x42 +AEM- C:\new</p>"
    assert decode_html(words.encode(), codec) == words


@given(
    body=st.binary(max_size=300),
    hint=st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["utf-7", "rot13", "idna", "hex"])),
)
def test_any_bytes_become_a_document(body: bytes, hint: str | None) -> None:
    assert isinstance(extract(body, URL, hint), Document)


TAGS = """<p> </p> <pre> <ul> <li> </ul> <table> <tr> <td> <h1> </h1> <a> <blockquote> <dl> <dt> <dd> x
    <br> <math> </div> <main> <article> <ol> <section> <img> y</p>""".split()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(TAGS), max_size=40))
def test_any_tag_soup_becomes_blocks_with_text(parts: list[str]) -> None:
    assert all(block.text.strip() for block in extract("".join(parts), URL).blocks)


# Limits


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "blockquote", "table><tr><td", "section", "a href=x"])
def test_fifty_thousand_nested_elements_do_not_crash(tag: str) -> None:
    document = extract("<body><p>first</p>" + f"<{tag}>" * 50_000 + "deep", URL)
    assert "first" in " ".join(block.text for block in document.blocks)


def test_a_page_over_the_limit_is_an_error_at_once() -> None:
    begun = time.monotonic()
    with pytest.raises(ExtractError, match="larger than 2,000,000 bytes"):
        extract("<p>small paragraph</p>" * 900_000, URL)
    assert time.monotonic() - begun < 2


# Many pages


def page(name: str, body: str) -> Page:
    return Page(f"https://x.org/{name}", "2026-11-22T00:00:00Z", body.encode())


MARKED = f"<main>{FILLER}</main>"
SLOW = "<body><p>" + "a<br>" * (MAX_DECODED // 5 - 10)


def test_many_pages_come_in_order_with_refusals_between_them() -> None:
    passed_on = Refusal("https://x.org/r", "reason.", "dead")
    pages = [page(str(number), f"<main><h1>{number}</h1>{FILLER * (20 - number)}</main>") for number in range(20)]
    empty, large = page("empty", "<script>x</script>"), page("large", "x" * (MAX_DECODED + 1))
    outcomes = list(extract_many([*pages, passed_on, empty, large]))
    assert [outcome.url for outcome in outcomes[:20]] == [one.url for one in pages]
    assert outcomes[20] == passed_on
    assert [outcome.status for outcome in outcomes[20:] if isinstance(outcome, Refusal)] == [
        "dead",
        "not-text",
        "refused",
    ]


def test_a_page_that_takes_too_long_is_stopped_and_the_others_go_on() -> None:
    pages = [page("first", MARKED), page("slow", SLOW), page("after", MARKED)]
    outcomes = list(extract_many(pages, workers=1, timeout=3))
    assert [type(outcome) for outcome in outcomes] == [Document, Refusal, Document]
    assert isinstance(outcomes[1], Refusal)
    assert "took longer than 3 s" in outcomes[1].reason


def test_a_reader_that_is_killed_costs_one_page() -> None:
    pages = [page("first", MARKED), page("slow", SLOW), *(page(str(number), MARKED) for number in range(3))]
    outcomes = extract_many(pages, workers=1, timeout=20)
    assert isinstance(next(outcomes), Document)
    time.sleep(0.5)
    for child in multiprocessing.active_children():
        os.kill(child.pid or 0, signal.SIGKILL)
    slow, *others = outcomes
    assert isinstance(slow, Refusal)
    assert "made its reader crash" in slow.reason
    assert [type(outcome) for outcome in others] == [Document] * 3


class Trap(bytes):
    """A body that breaks its reader in a way that nobody thought of."""

    def __len__(self) -> int:
        raise LookupError("what nobody thought of")


def test_an_error_that_nobody_thought_of_costs_one_page() -> None:
    trapped = Page(URL, "", Trap(b"<p>words</p>"))
    outcomes = list(extract_many([trapped, page("good", "words")], workers=1))
    assert isinstance(outcomes[0], Refusal)
    assert outcomes[0].reason == f"{URL} cannot be read (LookupError)."
    assert isinstance(outcomes[1], Document)


def test_pages_are_streamed_and_an_early_stop_leaves_no_process() -> None:
    taken = 0

    def pages() -> Iterator[Page]:
        nonlocal taken
        for number in range(1_000):
            taken += 1
            yield page(str(number), MARKED)

    outcomes = extract_many(pages(), workers=2)
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    assert taken <= 10
    assert not multiprocessing.active_children()


def test_ctrl_c_reaches_no_worker_not_even_one_that_loads_its_modules(capfd: pytest.CaptureFixture[str]) -> None:
    workers: list[int | None] = []

    def pages() -> Iterator[Page]:
        yield page("first", MARKED)
        for worker in multiprocessing.active_children():
            workers.append(worker.pid)
            os.kill(worker.pid or 0, signal.SIGINT)
        yield page("second", MARKED)

    outcomes = extract_many(pages(), workers=1)
    assert isinstance(next(outcomes), Document)
    assert [worker.pid for worker in multiprocessing.active_children()] == workers != []
    assert isinstance(next(outcomes), Document)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    outcomes.close()  # type: ignore[attr-defined]
    assert capfd.readouterr().err == ""


def test_modules_in_the_folder_of_the_user_are_not_taken_for_ours(tmp_path: Path) -> None:
    for name in ("ingest", "pickle", "random"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not ours')")
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "script.py"
    script.write_text(
        "from ingest.pages.extract import extract_many\nfrom ingest.archive.warc import Page\n"
        f"if __name__ == '__main__': print(list(extract_many([Page({URL!r}, '', {MARKED.encode()!r})]))[0].url)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == (f"{URL}\n", "")


@pytest.mark.parametrize("module", ["import time; time.sleep(60)", "import os; os._exit(1)"], ids=["hang", "die"])
def test_where_no_reader_starts_that_is_said_instead_of_waiting(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(module)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("ingest.pages.extract._START_SECONDS", 1.0)
    with pytest.raises(WorkersError, match="cannot be started or were all stopped"):
        list(extract_many([page(str(number), MARKED) for number in range(20)]))
    assert not multiprocessing.active_children()


# Against the labels


@pytest.mark.skipif(not SHARED.is_file(), reason="needs ../shared")
def test_extraction_beats_plain_trafilatura_on_the_labelled_pages() -> None:
    from eval.cleaning import labelled_pages, mean, ours, plain_trafilatura, score

    pages = labelled_pages()
    mine, theirs = (mean([score(one, labelled) for labelled in pages]) for one in (ours, plain_trafilatura))
    assert len(pages) == 20
    assert mine.precision > theirs.precision
    assert mine.recall > theirs.recall
    assert min(mine.precision, mine.recall) > 0.99
