"""What real sites are made of: formulas, panels, code, tables and lists as they write them, several of each kind."""

from __future__ import annotations

import time

import pytest

from eval import constructs
from ingest.archive.warc import Page, Refusal
from ingest.pages.extract import FramesError, MovedError, extract, extract_many
from ingest.pages.visible import LONGEST_WORD

URL = "https://docs.example.org/guide/page.html"
FILLER = "<p>" + "This paragraph is the lesson that a reader came for, and it is long enough to count. " * 3 + "</p>"


def blocks(html: str, *, marked: bool = True) -> list[tuple[str, str]]:
    """Kind and text of the blocks beside the filler."""
    page = f"<body><main>{html}{FILLER}</main></body>" if marked else html
    found = extract(page, URL).blocks
    return [(block.kind, block.text) for block in found if "lesson that a reader" not in block.text]


def said(html: str) -> str:
    """The text of a page's only block."""
    ((_, text),) = blocks(html)
    return text


# --- formulas -------------------------------------------------------------------------------------------------------

HALF = "<math><mfrac><mn>1</mn><mn>20</mn></mfrac></math>"
ANNOTATED = "<semantics><mi>x</mi><annotation encoding='application/x-tex'>{}</annotation></semantics>"
DISPLAYED = ANNOTATED.format(r"{\displaystyle y}")
FORMULAS = {
    "script": (r"<script type='math/tex'>\frac{1}{n}</script>", r"\frac{1}{n}"),
    "kramdown": ("<script type='math/tex; mode=display'>% <![CDATA[ a < b %]]></script>", "a < b"),
    "rendered beside": (
        "<span class=MathJax_Preview>?</span><span class=MathJax><b>x2</b></span><script type='math/tex'>x^2</script>",
        "x^2",
    ),
    "mml script": (f"<script type='math/mml'>{HALF}</script>", "1/20"),
    "fraction": (HALF, "1/20"),
    "prefixed": ("<m:math><m:mfrac><m:mn>1</m:mn><m:mn>20</m:mn></m:mfrac></m:math>", "1/20"),
    "powers and roots": (
        "<math><msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><msqrt><mi>y</mi></msqrt></math>",
        "x^2 = √y",
    ),
    "sum": (
        "<math><msubsup><mo>∑</mo><mi>i</mi><mi>n</mi></msubsup><msub><mi>z</mi><mi>i</mi></msub></math>",
        "∑_i^n z_i",
    ),
    "matrix": ("<math><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable></math>", "1, 2"),
    "a mixed number": ("<math><mn>2</mn><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "2 1/2"),
    "content": ("<math><apply><plus/><ci>a</ci><ci>b</ci></apply></math>", "a b"),
    "accent": ("<math><mover><mi>x</mi><mo>¯</mo></mover></math>", "x\u0304"),
    "alttext": ("<math alttext='{\\displaystyle E=mc^{2}}'><mi>E</mi></math>", "E=mc^{2}"),
    "katex": (
        f"<span class=katex><span class=katex-mathml><math>{ANNOTATED.format('x_1')}</math></span>"
        "<span class=katex-html aria-hidden=true>x1</span></span>",
        "x_1",
    ),
    "mediawiki": (
        "<span class=mwe-math-element><span style='display: none'><math>"
        f"{DISPLAYED}</math></span><img alt='y' aria-hidden=true></span>",
        "y",
    ),
    "mathjax 3": (
        "<mjx-container><mjx-math aria-hidden=true><mjx-mi><mjx-c class='mjx-c1D465'></mjx-c></mjx-mi></mjx-math>"
        f"<mjx-assistive-mml>{HALF}</mjx-assistive-mml></mjx-container>",
        "1/20",
    ),
    "mathjax 3 alone": (
        "<mjx-container><svg><g data-mml-node='msup'><g data-mml-node='mi'><use data-c='1D465'></use></g>"
        "<g data-mml-node='mn'><path data-c='32'></path></g></g></svg></mjx-container>",
        "x^2",
    ),
    "picture": ("<img class=latex alt='x^2'>", "x^2"),
    "picture by address": ("<img src='https://latex.codecogs.com/svg.latex?y%5E3'>", "y^3"),
    "power": ("10<sup>6</sup>", "10^6"),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_stands_once_in_its_sentence(name: str) -> None:
    html, text = FORMULAS[name]
    assert said(f"<p>The loss is {html} here.</p>") == f"The loss is {text} here."


def test_a_hidden_formula_stays_hidden_and_a_notes_number_is_no_power() -> None:
    assert (
        said(f"<p>So<span hidden>{HALF}</span> it is<math style='display:none'><mi>x</mi></math>.</p>") == "So it is."
    )
    assert said("<p>Good results<sup>2</sup> on the 4<sup>th</sup> day</p>") == "Good results2 on the 4th day"


# --- hidden until a script shows it ---------------------------------------------------------------------------------

SHOWN_LATER = [
    "<div role=tabpanel hidden>Kept</div>",
    "<div role=tabpanel aria-hidden=true style='display:none'>Kept</div>",
    "<button aria-expanded=false aria-controls=a>Q</button><div id=a hidden>Kept</div>",
    "<h3><button aria-expanded=false>Q</button></h3><div hidden>Kept</div>",
    "<a data-toggle=collapse href='#b'>Q</a><div id=b style='display:none'>Kept</div>",
    "<button onclick=\"show('c')\">Q</button><div id=c style='display:none'>Kept</div>",
    "<div class='accordion-content' style='max-height:0;overflow:hidden'>Kept</div>",
    "<div class='elementor-tab-content' style='display:none'>Kept</div>",
    "<div hidden=until-found>Kept</div>",
    "<ul class=tabs><li><a href='#d'>D</a></li></ul><div id=d style='display:none'>Kept</div>",
    "<div class=slick-slide aria-hidden=true>Kept</div>",
    "<style>.p{display:none}.p.open{display:block}</style><div class=p>Kept</div>",
    "<style>.t{display:none}#r:checked~.t1{display:block}</style><input type=radio id=r><div class='t t1'>Kept</div>",
    "<template id='B:1'></template><div hidden id='S:1'>Kept</div>",
    "<div><template shadowrootmode=open><p>Kept</p></template></div>",
    "<section style='opacity:0;transform:translateY(9px)'><h2>Part</h2><p>Kept</p></section>",
    "<style>.f{opacity:0;animation:in 1s forwards}</style><div class=f><h2>Part</h2><p>Kept</p></div>",
]
HIDDEN_FOR_GOOD = [
    "<div hidden>GONE</div>",
    "<article hidden>GONE</article>",
    "<span style='opacity:0'>GONE</span>",
    "<p style='opacity:0;transition:opacity 1s'>GONE</p>",
    "<div style='visibility:hidden'><p>GONE</p></div>",
    "<div role=dialog hidden>GONE</div>",
    "<button aria-controls=m>x</button><div id=m class=modal style='display:none'>GONE</div>",
    "<nav><button aria-controls=n>x</button></nav><div id=n hidden>GONE</div>",
    "<div role=tabpanel style='font-size:0'>GONE</div>",
    "<div role=tabpanel style='position:absolute;left:-9999px'>GONE</div>",
    "<div hidden><div role=tabpanel>GONE</div></div>",
    "<style>.h{display:none}.h:hover{color:red}</style><div class=h>GONE</div>",
    "<div hidden id='S:1'>GONE</div>",
    "<p>See <a href='#d'>D</a></p><div id=d style='display:none'>GONE</div>",
    "<template>GONE</template>",
    "<div style='clip-path:inset(50%)'>GONE</div>",
]


@pytest.mark.parametrize("html", SHOWN_LATER)
def test_what_a_click_or_a_script_shows_is_content(html: str) -> None:
    assert "Kept" in [text for _, text in blocks(html)]


@pytest.mark.parametrize("html", HIDDEN_FOR_GOOD)
def test_what_nobody_is_ever_shown_is_not(html: str) -> None:
    assert "GONE" not in " ".join(text for _, text in blocks(html))


@pytest.mark.parametrize(
    "style", ["opacity:0", "visibility:hidden", "opacity:0;transition:opacity .4s", "display:none"]
)
@pytest.mark.parametrize("inside", ["", "<article>"])
def test_a_hidden_wrapper_of_the_whole_page_is_the_page(style: str, inside: str) -> None:
    page = f"<body><nav>Menu</nav><div style='{style}'>{inside}<h1>Lesson</h1>{FILLER}<p>Kept</p></div></body>"
    assert blocks(page, marked=False) == [("heading", "Lesson"), ("paragraph", "Kept")]
    beside = f"<body><main><h1>Lesson</h1>{FILLER}</main><div style='{style}'><h1>Evil</h1>{FILLER}</div></body>"
    assert blocks(beside, marked=False) == [("heading", "Lesson")]


# --- code -----------------------------------------------------------------------------------------------------------

NUMBER = "<span style='user-select:none'>{}</span>"
CODE = {
    "li": "<pre><ol><li>a</li><li></li><li>  b</li></ol></pre>",
    "div": "<pre><div>a</div><div></div><div>  b</div></pre>",
    "p": "<pre><p>a</p><p></p><p>  b</p></pre>",
    "span.line": "<pre><code><span class=line>a</span><span class=line></span><span class=line>  b</span></code></pre>",
    "span.line and line ends": "<pre><a class=line></a><span class=line>a</span>\n\n<span class=line>  b</span></pre>",
    "line ends within": "<pre><span class=line>a\n</span><span class=line>\n</span><span class=line>  b\n</span></pre>",
    "br": "<pre>a<br><br>  b</pre>",
    "several code": "<pre><code>a</code><code></code><code>  b</code></pre>",
    "blocks by style": "<pre><b style='display:block'></b><span style='display:block'>a</span>\n\n  b</pre>",
    "unselectable": f"<pre>{NUMBER.format(1)}a\n{NUMBER.format(2)}\n{NUMBER.format(3)}  b</pre>",
    "a space behind": "<pre><i class=lineno>1</i> a\n<i class=lineno>2</i>\n<i class=lineno>3</i>   b</pre>",
    "rouge": "<table><tr><td class='rouge-gutter gl'><pre>1\n2\n3</pre></td><td><pre>a\n\n  b</pre></td></tr></table>",
    "a gutter without a name": "<table><tr><td><pre>8\n9\n10</pre></td><td><pre>a\n\n  b</pre></td></tr></table>",
    "github": "<table>"
    + "".join(f"<tr><td data-line-number=1></td><td class=blob-code>{line}</td></tr>" for line in ("a", "", "  b"))
    + "</table>",
    "codemirror": "<div class=cm-content><div>a</div><div class=cm-line><br></div><div class=cm-line>  b</div></div>",
}  # fmt: skip


@pytest.mark.parametrize("name", CODE)
def test_code_keeps_its_lines_and_loses_their_numbers(name: str) -> None:
    assert blocks(CODE[name]) == [("code", "a\n\n  b")]


def test_code_keeps_the_indentation_of_its_first_line_and_a_number_that_is_code() -> None:
    assert blocks("<pre>\n  a\nb\n<span class=mi>1</span></pre>") == [("code", "  a\nb\n1")]


def test_a_page_without_landmarks_keeps_code_sentences_and_tables() -> None:
    html = f"""<body><div id=content><h1>Lesson</h1>{FILLER}<p>Call <code>a.b()</code> after <code>c()</code> now.</p>
        <pre>$ x\n$ y</pre><pre><code>for x in y:\n    z(x)</code></pre>
        <table><tr><td rowspan=2>r</td><td>1</td></tr><tr><td>2</td></tr></table>{FILLER}</div></body>"""
    assert blocks(html, marked=False) == [
        ("heading", "Lesson"),
        ("paragraph", "Call a.b() after c() now."),
        ("code", "$ x\n$ y"),
        ("code", "for x in y:\n    z(x)"),
        ("table", "r | 1\nr | 2"),
    ]


def test_cdata_is_text_in_xhtml_and_hidden_in_html() -> None:
    code = "<main><pre><![CDATA[if (a < b && c > d) x();]]></pre><p>done</p></main>"
    xhtml = f"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body>{code}</body></html>"
    assert blocks(xhtml, marked=False) == [("code", "if (a < b && c > d) x();"), ("paragraph", "done")]
    assert "if (a" not in str(blocks(f"<body>{code}</body>", marked=False))


@pytest.mark.parametrize(
    "inside", ["<x-term>big</x-term>", "<nobr>big</nobr>", "<code>big</code>", "<blink>big</blink>",
               "<button>big</button>", "<kbd><kbd>big</kbd></kbd>", "<o:p>big</o:p>", "<label>big</label>"],
)  # fmt: skip
def test_no_element_of_a_line_cuts_its_sentence(inside: str) -> None:
    assert blocks(f"<p>The {inside} cat.</p>") == [("paragraph", "The big cat.")]
    assert blocks(f"<div>The {inside} cat.</div>") == [("paragraph", "The big cat.")]


# --- lists, tables, headings, characters ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ol><li>a</li><li value=7>b</li><li>c</li></ol>", "1. a\n7. b\n8. c"),
        ("<ol start=-1><li>a</li><li>b</li></ol>", "-1. a\n0. b"),
        ("<ol reversed><li>a</li><li>b</li></ol>", "2. a\n1. b"),
        ("<ol type=a start=3><li>a</li></ol>", "c. a"),
        ("<ol style='list-style-type: upper-roman' start=4><li>a</li><li>b</li></ol>", "IV. a\nV. b"),
        ("<ol><li>a</li><ol><li>b</li></ol><li>c</li></ol>", "1. a\n  1. b\n2. c"),
    ],
)
def test_lists_keep_their_numbers(html: str, text: str) -> None:
    assert blocks(html) == [("list", text)]


def test_a_number_before_code_stays() -> None:
    assert blocks("<ol start=5><li><pre>x</pre></li><li>y</li></ol>") == [
        ("list", "5."),
        ("code", "x"),
        ("list", "6. y"),
    ]


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ("<tr><td rowspan=2>A<td>1<tr><td>2<tr><td>B<td>3", "A | 1\nA | 2\nB | 3"),
        ("<tr><td rowspan=3>A<td rowspan=2>B<td>1<tr><td>2<tr><td>C<td>3", "A | B | 1\nA | B | 2\nA | C | 3"),
        ("<tr><th>a<th colspan=2>b<th>c<tr><td>1<td>2<td>3<td>4", "a | b | b | c\n1 | 2 | 3 | 4"),
        ("<tr><td rowspan=2 colspan=2>A<td>1<tr><td>2", "A | A | 1\nA | A | 2"),
        ("<tr><td rowspan=0>A<td>1<tr><td>2", "A | 1\nA | 2"),
        ("<tr><td>1<td>2<td rowspan=2>A<tr><td>3", "1 | 2 | A\n3 |  | A"),
        ("<tr><th colspan=2>Title<tr><td>1<td>2", "Title\n1 | 2"),
        ("<tr><td colspan=999999999>A<tr><td rowspan=x>1", "A\n1"),
    ],
)
def test_cells_that_span_keep_the_columns(rows: str, text: str) -> None:
    assert blocks(f"<table>{rows}</table>") == [("table", text)]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Learning C#", "Learning C#"),
        ("Learning <code>F#</code>", "Learning F#"),
        ("J# <a href='#j'>#</a>", "J#"),
        ("<a class=anchor href='#k'><span>#</span></a>C#", "C#"),
        ("C#<a class=headerlink href='#c'>¶</a>", "C#"),
        ("Setup ¶", "Setup"),
    ],
)
def test_a_heading_keeps_its_own_signs(html: str, text: str) -> None:
    assert blocks(f"<h2>{html}</h2>") == [("heading", text)]


@pytest.mark.parametrize("space", ["\u2028", "\u2029", "\x85", "\x0c", "\x0b", "&#13;", "\xa0"])
def test_odd_line_ends_are_spaces(space: str) -> None:
    assert blocks(f"<p>a{space}b</p><pre>c{space}d</pre>") == [("paragraph", "a b"), ("code", "c d")]


def test_the_line_ends_of_old_machines_are_line_ends() -> None:
    assert blocks("<pre>a\rb\r\nc</pre>") == [("code", "a\nb\nc")]


def test_a_word_without_end_is_cut_and_a_text_without_spaces_is_not() -> None:
    assert said(f"<p>{'A' * 1_900_000} end</p>") == f"{'A' * LONGEST_WORD}… end"
    assert said(f"<p>{'機械学習' * 900}</p>") == "機械学習" * 900
    begun = time.monotonic()
    said("<p>" + ("A" * (LONGEST_WORD - 1) + " ") * 1_800 + "</p>")
    assert time.monotonic() - begun < 5


# --- pages that are none --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "target"),
    [
        ("<meta http-equiv=refresh content='0; url=https://docs.example.org/new'>", "https://docs.example.org/new"),
        ("<META HTTP-EQUIV=Refresh CONTENT=\"5;URL='../new.html'\">", "https://docs.example.org/new.html"),
        ("<base href=/v2/><meta http-equiv=refresh content='0,x'>", "https://docs.example.org/v2/x"),
    ],
)
def test_a_page_that_sends_on_says_where(head: str, target: str) -> None:
    with pytest.raises(MovedError, match=f"has moved to {target}$"):
        extract(f"<html><head>{head}</head><body><p>Please wait.</p></body></html>", URL)


@pytest.mark.parametrize("value", ["300; url=/late", "0", "0; url=page.html", "0; url=javascript:x()", "soon"])
def test_a_page_that_only_loads_itself_again_or_later_is_read(value: str) -> None:
    assert extract(f"<meta http-equiv=refresh content='{value}'><p>words</p>", URL).blocks[0].text == "words"


def test_moves_and_frames_are_refusals_that_name_the_pages() -> None:
    frames = "<frameset><frame src=toc.html><frame src=a.html><noframes>Frames!</noframes></frameset>"
    with pytest.raises(FramesError, match=r"guide/toc\.html, .*guide/a\.html"):
        extract(frames, URL)
    moved = "<meta http-equiv=refresh content='0;url=/b'>"
    pages = [Page(URL, "", html.encode()) for html in (moved, frames)]
    outcomes = [outcome for outcome in extract_many(pages, workers=1) if isinstance(outcome, Refusal)]
    assert [outcome.status for outcome in outcomes] == ["moved", "not-text"]


# --- whole pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("result", constructs.measure(), ids=lambda result: result.name)
def test_the_made_up_pages_of_real_sites_come_out_whole(result: constructs.Result) -> None:
    assert {kind: (found.recall, found.precision) for kind, found in result.found.items()} == dict.fromkeys(
        constructs.KINDS, (1.0, 1.0)
    )
    assert result.leaked == ()


def test_a_thousand_hidden_elements_take_no_longer_each_than_ten() -> None:
    def seconds(times: int) -> float:
        begun = time.perf_counter()
        blocks("<div hidden><h1>x</h1></div><p>word</p><i aria-hidden=true></i>" * times)
        return time.perf_counter() - begun

    assert seconds(4_000) < 40 * max(seconds(500), 0.01)
