"""Hidden text goes, and what is only not shown yet stays. Knows nothing of furniture or blocks.

The border, for an element that `hidden`, `aria-hidden`, its style or a simple rule of the page's `<style>` hides:

    stays   a panel of tabs or an accordion: by its role, its name, the control that names it (`aria-controls`, `href`,
            `onclick`, a button right before it), or a rule of the page that shows it in another state (`.open`)
    stays   what holds the page: the only h1, main or article, and more text than all the rest, whatever hides it;
            and sections, or most of the page, that fade in (`opacity: 0` or `visibility: hidden` beside a motion)
    stays   what React sent late (`<div hidden id="S:0">`): it is moved to its place; and open shadow roots
    goes    all else: a lone hidden sentence, dialogs, menus; zero size, far outside, clipped: whatever its role
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.pages.tree import drop, length

_ZERO = r"0+(?:\.0+)?(?:px|em|rem|pt|%|vh|vw)?\s*(?:;|!|$)"
_SHUT: Final = re.compile(
    rf"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*{_ZERO}"
    rf"|(?:max-)?(?:height|width)\s*:\s*{_ZERO})",
    re.IGNORECASE,
)
_SHRUNK: Final = re.compile(
    rf"(?:^|;)\s*(?:font-size\s*:\s*{_ZERO}|(?:left|top|right|text-indent)\s*:\s*-\d{{4,}}"
    r"|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:50|100)%)",
    re.IGNORECASE,
)
_FADED: Final = re.compile(rf"(?:^|;)\s*(?:visibility\s*:\s*hidden|opacity\s*:\s*{_ZERO})", re.IGNORECASE)
_GONE: Final = re.compile(rf"(?:^|;)\s*(?:display\s*:\s*none|(?:max-)?(?:height|width)\s*:\s*{_ZERO})", re.IGNORECASE)
_OPENED: Final = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*(?!none)\w|visibility\s*:\s*visible|opacity\s*:\s*(?:1|0?\.[1-9])"
    r"|(?:max-)?height\s*:\s*(?:auto|none|[1-9]))",
    re.IGNORECASE,
)
_MOTION: Final = re.compile(r"(?:^|;)\s*(?:transition|transform|animation|will-change|translate)\b", re.IGNORECASE)
_MOVING: Final = re.compile(
    r"(?:^|\s)(?:aos-\w+|wow|(?:js-|scroll-?)?(?:reveal|fade|animated?)(?:[_-]?\w++)*+)(?=\s|$)"
)
_MOVES: Final = ("data-aos", "data-sal", "data-animat", "data-scroll")
_RULE: Final = re.compile(r"(?<![^{}])([^{}]++)\{([^{}]*+)\}")
_SIMPLE: Final = re.compile(r"(?:[a-z][a-z0-9]*)?(?:[.#][\w-]+)?", re.IGNORECASE)
_COMPOUND: Final = re.compile(r"[.#][\w-]+")
_PANEL_NAME: Final = re.compile(
    r"(?:^|[\s_-])(?:tab(?:s|bed)?[_-]*(?:pane|panel|content|item|body)s?|tabItem\w*|tab-?\d+|"
    r"(?:slick|swiper|carousel|glide)[_-]*(?:slide|item)s?|(?:accordion|collaps(?:e|ed|ible)|expand(?:er|able)|toggle|spoiler|faq)(?:[_-]*(?:content|body|pane|panel|inner|"
    r"collapse|answer|item|text))*)(?=[\s_-]|$)",
    re.IGNORECASE,
)
_NEVER_PANEL: Final = re.compile(
    r"(?:^|[\s_-])(?:modal|dialog|popup|popover|tooltip|dropdown|menu|nav(?:bar|igation)?|search|cookies?|consent|drawer|"
    r"offcanvas|lightbox|toast|overlay|share|lang(?:uage)?s?|login|signup)(?=[\s_-]|$)",
    re.IGNORECASE,
)
_OTHER_ROLES: Final = frozenset(
    "dialog alertdialog menu menubar listbox tooltip navigation search alert status".split()
)
_PANEL_TAGS: Final = frozenset(
    "article aside code dd details div dl figure li ol p pre section table tbody td tr ul".split()
)
_OUTSIDE: Final = frozenset({"nav", "footer", "header", "dialog"})
_POINTERS: Final = ("aria-controls", "data-target", "data-bs-target", "data-tab", "data-toggle-target")
_CONTROLS = XPath(
    "//*[self::button or self::summary or @role='tab' or @role='button' or @onclick or @data-toggle or @data-bs-toggle"
    f" or {' or '.join(f'@{name}' for name in _POINTERS)}"
    " or (self::a and starts-with(@href, '#') and ancestor::ul[contains(@class, 'tab')])]"
)
_QUOTED: Final = re.compile(r"""['"]#?([\w:.-]+)['"]""")
_REACT: Final = re.compile(r"S:\w+")
_SAID: Final = 100
"""Characters of text under which a hidden element is never taken for the page itself."""


@dataclass(frozen=True)
class _Page:
    """What its rules and controls say: the style of what is hidden, what another rule shows, what a control names."""

    tree: HtmlElement
    hiding: dict[str, str]
    shown: frozenset[str]

    @cached_property
    def controlled(self) -> frozenset[str]:
        """Ids that a control of the content shows, and those of the controls, by which panels are labelled."""
        return frozenset(_controlled(self.tree))


def drop_hidden(tree: HtmlElement) -> None:
    """Removes what is hidden for good from `tree`."""
    _put_in_place(tree)
    page = _read(tree)
    for element in list(tree.iter("script", "style", "noscript", "template")):
        drop(element)
    fading: list[HtmlElement] = []
    for element in list(tree.iter("*")):
        if element.tag in ("html", "head", "body") or not (style := _hiding_style(element, page)):
            continue
        if _is_panel(element, page, style) or _is_the_page(element, tree):
            continue
        if _fades_in(element, style):
            fading.append(element)
        else:
            drop(element)
    _drop_faded(fading, tree)


def _hiding_style(element: HtmlElement, page: _Page) -> str:
    """The style that hides an element, attributes written as one; "" for what is shown."""
    style = element.get("style") or ""
    if page.hiding:
        style = ";".join([style, *(page.hiding[name] for name in _selectors(element) if name in page.hiding)])
    if element.get("hidden") is not None or (element.get("aria-hidden") or "").strip().lower() == "true":
        return f"{style};display:none"
    return style if style and (_SHUT.search(style) or _SHRUNK.search(style)) else ""


def _selectors(element: HtmlElement) -> Iterator[str]:
    names = [f".{name}" for name in (element.get("class") or "").split()]
    names += [f"#{element.get('id')}"] if element.get("id") else []
    yield from (str(element.tag), *names, *(f"{element.tag}{name}" for name in names))


# --- not shown yet --------------------------------------------------------------------------------------------------


def _is_panel(element: HtmlElement, page: _Page, style: str) -> bool:
    """A panel of tabs or of an accordion, which a click shows."""
    role = (element.get("role") or "").lower()
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    if (
        element.tag not in _PANEL_TAGS
        or _SHRUNK.search(style)
        or role in _OTHER_ROLES
        or element.tag in _OUTSIDE
        or _NEVER_PANEL.search(named)
    ):
        return False
    return (
        role == "tabpanel"
        or (element.get("hidden") or "").lower() == "until-found"
        or element.get("x-show") is not None
        or element.get("id") in page.controlled
        or element.get("aria-labelledby") in page.controlled
        or not page.shown.isdisjoint(_selectors(element))
        or _PANEL_NAME.search(element.get("class") or "") is not None
        or _follows_its_button(element)
    )


def _follows_its_button(element: HtmlElement) -> bool:
    before = element.getprevious()
    if before is None or (before.tail or "").strip():
        return False
    return any(node.get("aria-expanded") is not None and not node.get("aria-haspopup") for node in before.iter("*"))


def _is_the_page(element: HtmlElement, tree: HtmlElement) -> bool:
    """The page's only main part. Who would hide that from its readers for good would have no page."""
    marks = ("h1", "main", "article")
    inside = set(element.iter(*marks))
    if not inside:
        return False
    around = set(element.iterancestors())
    if any(node not in inside and node not in around for node in tree.iter(*marks)):
        return False
    size = length(element)
    if element.tag in ("main", "article") and not any(above.tag in marks for above in around):
        return True
    return size >= _SAID and size * 2 > length(tree)


def _fades_in(element: HtmlElement, style: str) -> bool:
    """Hidden by nothing but its transparency, and set in motion."""
    if not _FADED.search(style) or _GONE.search(style) or _SHRUNK.search(style):
        return False
    moving = any(str(name).startswith(_MOVES) for name in element.attrib)
    return moving or bool(_MOTION.search(style) or _MOVING.search(element.get("class") or ""))


def _drop_faded(fading: list[HtmlElement], tree: HtmlElement) -> None:
    """One section that fades in is content, and so is everything, if most of the page does; a lone sentence is not."""
    whole = length(tree)
    faded = set(fading)
    outermost = [element for element in fading if faded.isdisjoint(element.iterancestors())]
    most = sum(map(length, outermost)) * 2 > whole >= _SAID
    for element in outermost:
        heading = next(element.iter("h1", "h2", "h3", "h4"), None)
        if not most and (heading is None or next(element.iter("p", "li", "pre", "table"), None) is None):
            drop(element)


def _put_in_place(tree: HtmlElement) -> None:
    """What a server sends before the scripts: late parts of a React page, and shadow roots."""
    waiting = {str(t.get("id"))[2:]: t for t in tree.iter("template") if (t.get("id") or "").startswith(("B:", "P:"))}
    for part in list(tree.iter("div")) if waiting else ():
        name = part.get("id") or ""
        place = waiting.get(name[2:]) if part.get("hidden") is not None and _REACT.fullmatch(name) else None
        if place is not None and place.getparent() is not None and part not in set(place.iterancestors()):
            part.attrib.pop("hidden")
            tail, part.tail = part.tail or "", None
            _keep_text(part, tail)
            place.addprevious(part)
    for template in tree.iter("template"):
        if (template.get("shadowrootmode") or template.get("shadowroot") or "") == "open":
            template.tag = "div"


def _keep_text(element: HtmlElement, tail: str) -> None:
    """The text behind an element that is about to move stays where it was."""
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        before.tail = (before.tail or "") + tail
    elif parent is not None:
        parent.text = (parent.text or "") + tail


# --- what the page says ---------------------------------------------------------------------------------------------


def _read(tree: HtmlElement) -> _Page:
    hiding: dict[str, str] = {}
    shown: set[str] = set()
    for style in tree.iter("style"):
        _read_rules(style.text or "", hiding, shown)
    return _Page(tree, hiding, frozenset(shown))


def _read_rules(css: str, hiding: dict[str, str], shown: set[str]) -> None:
    """The rules outside of `@media` and the like. Of two for one selector the later one counts."""
    css = re.sub(r"/\*.*?(?:\*/|\Z)", "", css, flags=re.DOTALL)
    css = re.sub(r"@[^{};@]*+(?:\{(?:[^{}]*+\{[^{}]*+\})*+[^{}]*+\}|;)", "", css)
    for selectors, body in _RULE.findall(css):
        hides = _SHUT.search(body) or _SHRUNK.search(body)
        for selector in map(str.strip, selectors.split(",")):
            if _SIMPLE.fullmatch(selector):
                if hides and selector not in ("html", "body"):
                    hiding[selector] = body.strip()
                elif _OPENED.search(body):
                    hiding.pop(selector, None)
            elif not hides and _OPENED.search(body) and not re.search(r":(?:hover|focus|active)", selector):
                named = _COMPOUND.findall(re.split(r"[\s>+~]", selector)[-1])
                chosen = ":checked" in selector or ":target" in selector
                shown.update(name for name in named if chosen or name in hiding)


def _controlled(tree: HtmlElement) -> Iterator[str]:
    for control in _CONTROLS(tree):
        role = (control.get("role") or "").lower()
        pointed = [control.get(name) or "" for name in _POINTERS]
        acts = role in ("tab", "button") or control.tag in ("button", "summary")
        in_tabs = any(above.tag == "ul" and "tab" in (above.get("class") or "") for above in control.iterancestors())
        toggles = acts or in_tabs or control.get("data-toggle") or control.get("data-bs-toggle")
        pointed += [control.get("href") or ""] if toggles and (control.get("href") or "").startswith("#") else []
        pointed += _QUOTED.findall(control.get("onclick") or "")
        if not any(pointed) and not acts:
            continue
        if control.get("aria-haspopup") or any(above.tag in _OUTSIDE for above in control.iterancestors()):
            continue
        yield from (name.removeprefix("#") for value in pointed for name in value.split())
        if acts and control.get("id"):
            yield str(control.get("id"))
