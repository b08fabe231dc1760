"""An HTML tree -> the element that holds the page's content, without furniture and hidden text.

Stages: 1 hidden text goes (attributes, inline style, simple rules of `<style>`); 2 tags, roles and
classes that are furniture go; 3 `<article>` or `<main>` is chosen; 4 without either, trafilatura's
main-content detection decides. Knows nothing of blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import lxml.html
from lxml.html import HtmlElement


def names(text: str) -> frozenset[str]:
    """The words of `text`, as a set of tag, role or class names."""
    return frozenset(text.split())


_DROPPED_TAGS = names(
    "script style noscript template svg iframe object embed canvas audio video map select button input "
    "textarea dialog nav link meta title base"
)
_DROPPED_ROLES = names("navigation banner contentinfo search dialog alertdialog menu menubar toolbar tablist tooltip")
_FURNITURE = re.compile(
    r"""(?:^|\s)(?:
      (?:\w+-)*breadcrumbs?(?:-\w+)*
    | cookies?|(?:[\w-]*[-_])?cookies?[-_](?:banner|notice|consent|bar|popup|message)[\w-]*
    | (?:cookie|gdpr)-?consent[\w-]*|onetrust[\w-]*|cc-(?:window|banner)
    | skip-?(?:link|nav|to)[\w-]*|sidebar|sphinxsidebar\w*
    | (?:site|page|global|main|left|right|bd|docs?|primary)-(?:sidebar|footer|header|nav)[\w-]*
    | contents(?:\s+local)?\s+topic|toc(?:-(?:container|wrapper|sidebar|list|content|tree))?
    | (?:page|local|side|section|doc|md)-toc|theme-doc-toc[\w-]*|tocCollapsible\w*
    | table-of-contents(?:-\w+)*|on-this-page
    | pagination[\w-]*|pager|prev-next[\w-]*|(?:md-|theme-doc-)?footer(?:__?\w+)?
    | rellink|related|sphinx-?related|edit-?(?:this-)?(?:page|link|on-github|button)[\w-]*
    | headerlink|header-anchor|anchor-?link|hash-link|anchorjs-link|heading-anchor
    | (?:social|share)-(?:share|links?|buttons?|icons?|bar)|share(?:-this)?
    | newsletter[\w-]*|subscribe[\w-]*|(?:page-?)?feedback[\w-]*|was-this-helpful
    | nav(?:bar|igation)?(?:-\w+)*|menu|dropdown-menu|advert(?:isement)?s?|ads?|announcement(?:-bar)?|banner
    | copy-?(?:btn|button|code)[\w-]*|clipboard[\w-]*|sr-only|visually-hidden|screen-reader-text
    | (?:in|out)put_prompt|jp-(?:In|Out)putPrompt|linenos?|linenodiv|line-numbers-rows|gutter
    )(?=\s|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_FURNITURE_TAGS = names("div ul ol section aside header footer p span a form td details small")
_HIDING = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?:px|em|rem|pt|%)?\s*(?:;|!|$)"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)|(?:max-)?(?:height|width)\s*:\s*0(?:px|em|rem|pt|%)?\s*(?:;|!|$)"
    r"|(?:left|top|right|text-indent)\s*:\s*-\d{4,}|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:50|100)%)",
    re.IGNORECASE,
)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"([a-z][a-z0-9]*)?([.#][\w-]+)?$", re.IGNORECASE)
_MAINS = "descendant-or-self::*[self::main or @role='main']"
# What holds the content where neither main nor article does: notebooks, READMEs, Sphinx, Docusaurus.
_FRAMES = "|".join(
    [
        "descendant::*[@id='notebook-container' or @id='quarto-document-content']",
        *(
            f"descendant::*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
            for name in ("jp-Notebook", "markdown-body", "rst-content", "theme-doc-markdown")
        ),
    ]
)
_KEPT_TAGS = frozenset({"html", "head", "body", "main", "article"})
# `head` is kept because libxml2 puts the `<main>` of a page without `<body>` into it.
_SMALL = 200
"""Characters of text under which an `<article>` or `<main>` is taken for an empty frame."""


@dataclass(frozen=True, slots=True)
class _Hidden:
    """What the page's own simple style rules hide: tags, ".class", "#id", and "tag.class"."""

    selectors: frozenset[str]

    def hides(self, element: HtmlElement) -> bool:
        if not self.selectors:
            return False
        names = [f".{name}" for name in (element.get("class") or "").split()]
        names += [f"#{element.get('id')}"] if element.get("id") else []
        wanted = [str(element.tag), *names, *(f"{element.tag}{name}" for name in names)]
        return not self.selectors.isdisjoint(wanted)


def content_root(tree: HtmlElement, main_content: Callable[[str], str | None]) -> HtmlElement:
    """The element that holds the content; `tree` is pruned in place.

    `main_content` (HTML -> HTML or None) decides for pages that mark neither article nor main.
    """
    _drop_hidden(tree)
    _drop_furniture(tree)
    marked = _marked(tree)
    return marked if marked is not None else _detected(tree, main_content)


def _drop_hidden(tree: HtmlElement) -> None:
    hidden = _Hidden(_hiding_selectors(tree))
    for element in list(tree.iter("*")):
        if element.tag not in _KEPT_TAGS and (_is_hidden(element) or hidden.hides(element)):
            _drop(element)


def _is_hidden(element: HtmlElement) -> bool:
    return (
        element.get("hidden") is not None
        or (element.get("aria-hidden") or "").strip().lower() == "true"
        or _HIDING.search(element.get("style") or "") is not None
    )


def _hiding_selectors(tree: HtmlElement) -> frozenset[str]:
    """Selectors that the page's `<style>` hides, outside of `@media` and the like."""
    found: set[str] = set()
    for style in tree.iter("style"):
        css = re.sub(r"/\*.*?\*/", "", style.text or "", flags=re.DOTALL)
        css = re.sub(r"@[^{};]*(?:\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|;)", "", css)
        for selectors, body in _RULE.findall(css):
            if _HIDING.search(body):
                found.update(name.strip() for name in selectors.split(",") if _SIMPLE.match(name.strip()))
    return frozenset(found - _KEPT_TAGS)


def _drop_furniture(tree: HtmlElement) -> None:
    for element in list(tree.iter("*")):
        if element.tag not in _KEPT_TAGS and _is_furniture(element):
            _drop(element)


def _is_furniture(element: HtmlElement) -> bool:
    tag = element.tag
    if tag in _DROPPED_TAGS:
        return True
    if tag == "footer":
        return element.getparent() is None or element.getparent().tag != "blockquote"
    if tag == "a" and (element.get("rel") or "").lower() in ("prev", "next"):
        return True
    named = (element.get("role") or "").lower() in _DROPPED_ROLES or (
        tag in _FURNITURE_TAGS and _FURNITURE.search(element.get("class") or "") is not None
    )
    return named and not _holds_content(element)


def _holds_content(element: HtmlElement) -> bool:
    """A wrapper that is called "sidebar" or "banner", but has the page inside, is not furniture."""
    return next(element.iter("h1", "main", "article"), None) is not None


def _drop(element: HtmlElement) -> None:
    """Removes an element and what is in it; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def _marked(page: HtmlElement) -> HtmlElement | None:
    """The main element, or the article in it that is most of it; None if the page marks nothing."""
    main = max(page.xpath(_MAINS) or page.xpath(_FRAMES), key=_length, default=None)
    whole = _length(page)
    length = 0 if main is None else _length(main)
    articles = [a for a in page.iter("article") if next(a.iterancestors("article"), None) is None]
    if articles:
        article = max(articles, key=_length)
        share = 4 if len(articles) == 1 else 2
        if _length(article) >= max(1, min(_SMALL, whole // 2), max(length, _SMALL) // share):
            return article
    return main if length >= max(1, min(_SMALL, whole // 2)) else None


def _detected(page: HtmlElement, main_content: Callable[[str], str | None]) -> HtmlElement:
    """What `main_content` finds, unless it loses most of a page that is pruned already."""
    if _length(page) < _SMALL:
        return page
    found = main_content(str(lxml.html.tostring(page, encoding="unicode")))
    if not found:
        return page
    root = lxml.html.fromstring(found)
    return root if _length(root) * 4 >= _length(page) else page


def _length(element: HtmlElement) -> int:
    return sum(len(text.strip()) for text in element.itertext())
