r"""Formulas of a page -> the text of each, once, where it stands: as TeX where the page carries that, else readable.

    MathJax 2 and kramdown   script of type math/tex, rendered beside it or not
    MathJax 3 and 4          mjx-container: assistive MathML, `data-latex`, or its own elements (mjx-mfrac, data-c)
    KaTeX                    .katex: an annotation in its MathML; without one, its spans
    MediaWiki                .mwe-math-element: hidden MathML beside a picture
    pictures                 img of class math, latex, tex, or from a server of such pictures: alt
    all others               math: annotation, alttext, or its symbols: `1/20`, `x^2`, `√(a + b)`

Knows nothing of what is hidden otherwise: what hides the formula as a whole stays on what is put in its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

import lxml.html
from lxml.etree import ParserError, XPath
from lxml.html import HtmlElement

_WHOLE: Final = frozenset({"katex", "mwe-math-element", "MathJax", "MathJax_SVG", "MathJax_CHTML", "mjx-chtml"})
_RENDERED: Final = re.compile(r"(?:^|\s)(?:MathJax|MJX|mjx-)")
_PICTURE: Final = re.compile(
    r"(?:^|[\s_-])(?:math|latex|tex|texrender|mathtex|equation|eqn|ql-img-(?:inline|displayed)-formula)(?:$|[\s_-])"
)
_SERVER: Final = re.compile(r"latex\.codecogs\.com|wp\.com/latex\.php|mathurl\.com|chart\?cht=tx", re.IGNORECASE)
_KEPT: Final = ("class", "style", "hidden")
_CDATA: Final = re.compile(r"(?:(?:%|//)\s*+)?<!\[CDATA\[|(?:(?:%|//)\s*+)?\]\]>")
_DELIMITERS: Final = (("\\(", "\\)"), ("\\[", "\\]"), ("$$", "$$"), ("$", "$"))
_STYLED: Final = re.compile(r"\{\\(?:display|text)style\s*(.*)\}", re.DOTALL)
_TOKENS: Final = frozenset({"mi", "mn", "mo", "mtext", "ms"})
_NODES: Final = _TOKENS | frozenset(
    "mrow mfrac msup msub msubsup munder mover munderover msqrt mroot mtable mtr mtd mfenced mspace mphantom mstyle "
    "mpadded menclose semantics mmultiscripts maction merror".split()
)
_ACCENTS: Final = dict(zip("¯‾^ˆ~˜˙", "\u0304\u0304\u0302\u0302\u0303\u0303\u0307", strict=True))
_BEGINS_FRACTION: Final = re.compile(r"\d+/")
_SPACED: Final = frozenset("=<>+-−±≤≥≠≈≃≡∼∝∈∉⊂⊆→↦⇒⇔←×∧∨∪∩:≔")
_PREFIXED = XPath("//*[contains(name(), ':m') or contains(name(), ':annotation') or contains(name(), ':semantics')]")
_CODE: Final = re.compile(r"(?:^|\s)mjx-c([0-9A-F]{2,6})(?=[\s.]|$)")


def write_out_formulas(tree: HtmlElement) -> None:
    """Puts a `span` with its text in the place of every formula."""
    for element in _PREFIXED(tree):
        element.tag = element.tag.rpartition(":")[2]
    for script in list(tree.iter("script")):
        if (script.get("type") or "").strip().lower().startswith("math/"):
            _replace_script(script)
    for element in list(tree.iter("span", "div", "mjx-container", "nobr")):
        names = (element.get("class") or "").split()
        if (element.tag == "mjx-container" or not _WHOLE.isdisjoint(names)) and element.getparent() is not None:
            _replace(element, _source(element))
    for element in list(tree.iter("math", "img")):
        if element.tag == "math" or _is_picture(element):
            _replace(element, _source(element))


def _replace_script(script: HtmlElement) -> None:
    """In place of what MathJax made of it too: that stands right before the script."""
    twin = script.getprevious()
    while twin is not None and not (twin.tail or "").strip() and _RENDERED.search(twin.get("class") or ""):
        twin.drop_tree()
        twin = script.getprevious()
    text = script.text or ""
    if "mml" in (script.get("type") or ""):
        text = _of_markup(text)
    for name in ("type", "id"):
        script.attrib.pop(name, None)
    _replace(script, _bare(_CDATA.sub(" ", text)))


def _replace(element: HtmlElement, text: str) -> None:
    attributes = {name: element.get(name) for name in _KEPT if element.get(name) is not None}
    tail = element.tail
    element.clear()
    element.tag, element.tail, element.text = "span", tail, " ".join(text.split())
    element.attrib.update(attributes)


def _source(element: HtmlElement) -> str:
    """The first that there is of: annotation, `alttext`, MathML, MathJax's own elements, `alt`, the text."""
    for note in element.iter("annotation"):
        if (note.get("encoding") or "").lower().endswith("tex"):
            return _bare("".join(note.itertext()))
    for attribute in ("alttext", "data-latex", "data-tex"):
        for node in element.iter():
            if isinstance(node.tag, str) and (node.get(attribute) or "").strip():
                return _bare(node.get(attribute))
    if element.get("data-mathml"):
        return _of_markup(element.get("data-mathml"))
    for math in element.iter("math"):
        return _read(math).strip() or " ".join(" ".join(math.itertext()).split())
    if element.tag == "mjx-container":
        return _read(element) or element.get("aria-label") or ""
    for picture in element.iter("img"):
        return _bare(picture.get("alt") or picture.get("title") or _asked_for(picture.get("src") or ""))
    return _spans(element)


def _bare(text: str | None) -> str:
    r"""TeX without what only says where it begins: `\(x\)`, `$x$`, `{\displaystyle x}`."""
    text = (text or "").strip()
    for left, right in _DELIMITERS:
        if text.startswith(left) and text.endswith(right) and len(text) > len(left + right):
            text = text[len(left) : -len(right)].strip()
            break
    styled = _STYLED.fullmatch(text)
    return styled[1].strip() if styled else text


def _is_picture(image: HtmlElement) -> bool:
    return bool(_PICTURE.search(image.get("class") or "") or _SERVER.search(image.get("src") or ""))


def _asked_for(address: str) -> str:
    """The TeX in the address of a picture: `latex.php?latex=x%5E2`, `latex.codecogs.com/svg.latex?x^2`."""
    query = urlsplit(address).query if address.startswith(("http:", "https:", "//")) else ""
    named = parse_qs(query)
    return next((named[name][0] for name in ("latex", "chl") if name in named), unquote(query))


def _of_markup(markup: str) -> str:
    try:
        return _source(lxml.html.fragment_fromstring(markup, create_parent=True))
    except ParserError:
        return ""


# --- MathML, as elements of its own and as MathJax draws it ---------------------------------------------------------


def _name(node: HtmlElement) -> str:
    """`mfrac` of `<mfrac>`, `<m:mfrac>`, `<mjx-mfrac>`, and `<g data-mml-node="mfrac">`."""
    if not isinstance(node.tag, str):
        return ""
    return node.get("data-mml-node") or node.tag.rpartition(":")[2].removeprefix("mjx-")


def _children(node: HtmlElement) -> Iterator[HtmlElement]:
    """The nodes right below a node; elements that only lay it out are looked through."""
    for child in node:
        name = _name(child)
        if name in _NODES:
            yield child
        elif name and not name.startswith("annotation") and name != "assistive-mml":
            yield from _children(child)


def _read(node: HtmlElement) -> str:
    """A formula as a line of text; what is more than one sign in a fraction, power or index gets brackets."""
    name = _name(node)
    if name in _TOKENS:
        return _token(node, name)
    if name in ("mspace", "mphantom"):
        return " " if name == "mspace" else ""
    parts = [_read(child) for child in _children(node)]
    if name == "msubsup" and node.tag != name and len(parts) == 3 and str(node.tag).startswith("mjx-"):
        parts[1:] = parts[:0:-1]  # MathJax draws the upper one first
    if name in ("mtable", "mtr"):
        return ("; " if name == "mtable" else ", ").join(part.strip() for part in parts)
    if name == "mfenced":
        return f"{node.get('open', '(')}{', '.join(parts)}{node.get('close', ')')}"
    if name == "msqrt":
        return f"√{_grouped(''.join(parts))}"
    return _joined(name, parts)


def _joined(name: str, parts: list[str]) -> str:
    marks = {"mfrac": "/", "msup": "^", "mover": "^", "msub": "_", "munder": "_"}
    if name == "mover" and len(parts) == 2 and (accent := _ACCENTS.get(parts[1].strip())):
        return parts[0].strip() + accent if len(parts[0].strip()) == 1 else f"{_grouped(parts[0])}{accent}"
    if name in marks and len(parts) == 2:
        left = _grouped(parts[0]) if name in ("mfrac", "msup") else parts[0].strip()
        return f"{left}{marks[name]}{_grouped(parts[1])}"
    if name in ("msubsup", "munderover") and len(parts) == 3:
        return f"{parts[0].strip()}_{_grouped(parts[1])}^{_grouped(parts[2])} "
    if name == "mroot" and len(parts) == 2:
        return f"{_grouped(parts[0])}^(1/{_grouped(parts[1])})"
    line = ""
    for part in parts:  # two and a half is no 21/2
        line += f" {part}" if _BEGINS_FRACTION.match(part) and line[-1:].isdigit() else part
    return line


def _grouped(text: str) -> str:
    text = text.strip()
    return text if re.fullmatch(r"[\w.]+|.|\(.*\)", text) and text.count("(") < 2 else f"({text})" if text else ""


def _token(node: HtmlElement, name: str) -> str:
    text = " ".join("".join(_letters(node)).split())
    text = unicodedata.normalize("NFKC", text) if name == "mi" else text
    if name == "mo" and text in _SPACED:
        return f" {text} "
    if name == "mo":
        return {"\u2061": " ", "\u2062": "", "\u2063": ","}.get(text, f"{text} " if text in (",", ";") else text)
    return f"{text} " if name == "mi" and len(text) > 1 else text


def _letters(node: HtmlElement) -> Iterator[str]:
    """The text of a token; MathJax writes a letter as `class="mjx-c1D465"` or as `data-c="1D465"`."""
    yield node.text or ""
    for child in node:
        if not isinstance(child.tag, str):
            continue
        drawn = child.get("data-c") or ((found := _CODE.search(child.get("class") or "")) and found[1])
        if drawn and int(drawn, 16) < 0x110000:
            yield unicodedata.normalize("NFKC", chr(int(drawn, 16)))
        else:
            yield from _letters(child)
        yield child.tail or ""


# --- KaTeX without MathML -------------------------------------------------------------------------------------------


def _spans(element: HtmlElement) -> str:
    """KaTeX's own spans: what is stacked (`vlist`) stands there from the bottom up."""
    names = (element.get("class") or "").split()
    if "mfrac" in names or "msupsub" in names:
        stacked = next((node for node in element.iter("span") if node.get("class") == "vlist"), element)
        parts = [text for level in stacked if (text := _spans(level).strip())]
        if "mfrac" in names and len(parts) == 2:
            return f"{_grouped(parts[1])}/{_grouped(parts[0])}"
        lower = next((True for node in element.iter("span") if "vlist-t2" in (node.get("class") or "")), False)
        return "".join(f"{mark}{_grouped(part)}" for mark, part in zip("_^" if lower else "^", parts, strict=False))
    inner = (_spans(child) + (child.tail or "") for child in element if isinstance(child.tag, str))
    return (element.text or "") + "".join(inner)
