"""An HTML tree -> the element that holds the page's content, without furniture and hidden text.

Stages: 1 hidden text goes (`hidden`); 2 tags, roles and
classes that are furniture go; 3 `<article>` or `<main>` is chosen; 4 without either, trafilatura's
main-content detection decides. Knows nothing of blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import lxml.html
from lxml.html import HtmlElement

from ingest.pages.hidden import drop_hidden
from ingest.pages.locate import content_element
from ingest.pages.tree import drop, length


def names(text: str) -> frozenset[str]:
    """The words of `text`, as a set of tag, role or class names."""
    return frozenset(text.split())


_DROPPED_TAGS = names(
    "script style noscript noframes template svg iframe object embed canvas audio video map select input "
    "textarea dialog nav link meta title base"
)
_DROPPED_ROLES = names("navigation banner contentinfo search dialog alertdialog menu menubar toolbar tablist tooltip")
_FURNITURE = re.compile(
    r"""(?:^|\s)(?:
      (?:(?!breadcrumb)\w++-)*+breadcrumbs?(?:-\w++)*+
    | cookies?|(?:[\w-]*[-_])?cookies?[-_](?:banner|notice|consent|bar|popup|message)[\w-]*
    | (?:cookie|gdpr)-?consent[\w-]*|onetrust[\w-]*|cc-(?:window|banner)
    | skip-?(?:link|nav|to)[\w-]*|sidebar|sphinxsidebar\w*
    | (?:site|page|global|main|left|right|bd|docs?|primary)-(?:sidebar|footer|header|nav)[\w-]*
    | contents(?:\s+local)?\s+topic|toc(?:-(?:container|wrapper|sidebar|list|content|tree))?
    | (?:page|local|side|section|doc|md)-toc|theme-doc-toc[\w-]*|tocCollapsible\w*
    | table-of-contents(?:-\w+)*|on-this-page
    | pagination[\w-]*|pager|prev-next[\w-]*|(?:md-|theme-doc-)?footer(?:__?\w+)?
    | rellink|related|sphinx-?related|edit-?(?:this-)?(?:page|link|on-github|button)[\w-]*|mw-editsection
    | headerlink|header-anchor|anchor-?link|hash-link|anchorjs-link|heading-anchor
    | (?:social|share)-(?:share|links?|buttons?|icons?|bar)|share(?:-this)?
    | newsletter[\w-]*|subscribe[\w-]*|(?:page-?)?feedback[\w-]*|was-this-helpful
    | nav(?:bar|igation)?(?:-\w+)*|menu|dropdown-menu|advert(?:isement)?s?|ads?|announcement(?:-bar)?|banner
    | copy-?(?:btn|button|code)[\w-]*|clipboard[\w-]*|sr-only|visually-hidden|screen-reader-text
    | (?:in|out)put_prompt|jp-(?:In|Out)putPrompt|linenodiv|line-numbers-rows|gutter
    )(?=\s|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_FURNITURE_TAGS = names("div ul ol section aside header footer p span a form td details small")
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
_SIDEBAR = re.compile(r"(?:^|\s)sidebar(?=\s|$)")
_FEW_LINKS, _PROSE = 3, 80
"""Of a box at most one character in so many is a link's; characters of a box, and of an element that has no tag of its
own to be a paragraph by."""
_SMALL = 200
"""Characters of text under which an `<article>` or `<main>` is taken for an empty frame."""


def content_root(tree: HtmlElement, main_content: Callable[[str], str | None]) -> HtmlElement:
    """The element that holds the content; `tree` is pruned in place.

    `main_content` (HTML -> its main text, or None) decides for pages that mark neither article nor main.
    """
    drop_hidden(tree)
    _drop_furniture(tree)
    marked = _marked(tree)
    return marked if marked is not None else _detected(tree, main_content)


def _drop_furniture(tree: HtmlElement) -> None:
    for element in list(tree.iter("*")):
        if element.tag not in _KEPT_TAGS and _is_furniture(element):
            drop(element)


def _is_furniture(element: HtmlElement) -> bool:
    tag = element.tag
    if tag in _DROPPED_TAGS:
        return True
    if tag == "footer":
        return element.getparent() is None or element.getparent().tag != "blockquote"
    if tag == "a" and (element.get("rel") or "").lower() in ("prev", "next"):
        return True
    if tag == "button":
        return not _is_said(element)
    named = (element.get("role") or "").lower() in _DROPPED_ROLES or (
        tag in _FURNITURE_TAGS and _FURNITURE.search(element.get("class") or "") is not None
    )
    return named and not _holds_content(element) and not _is_box(element)


def _is_said(button: HtmlElement) -> bool:
    """A word of a sentence that can be pressed: a glossary's, a hint's."""
    parent, before = button.getparent(), button.getprevious()
    if parent is None:
        return False
    text = (before.tail if before is not None else parent.text) or ""
    in_prose = parent.tag in ("p", "li", "td", "dd", "blockquote") or (button.tail or "").strip()
    return bool(in_prose and text.strip() and button.text_content().strip())


def _holds_content(element: HtmlElement) -> bool:
    """A wrapper that is called "sidebar" or "banner", but has the page inside, is not furniture."""
    return next(element.iter("h1", "main", "article"), None) is not None


def _is_box(element: HtmlElement) -> bool:
    """A box in the text that is called "sidebar", as DocBook does: it stands among paragraphs and has few links."""
    if _SIDEBAR.search(element.get("class") or "") is None or length(element) < _PROSE:
        return False
    linked = sum(length(link) for link in element.iter("a"))
    beside = (*element.itersiblings(), *element.itersiblings(preceding=True))
    return linked * _FEW_LINKS < length(element) and any(_is_paragraph(other) for other in beside)


def _is_paragraph(element: HtmlElement) -> bool:
    """A paragraph, or an element that holds text and no block."""
    if element.tag == "p":
        return length(element) > 0
    inner = next(element.iterdescendants("div", "section", "ul", "ol", "table", "form", "nav", "p"), None)
    return element.tag == "div" and inner is None and length(element) >= _PROSE


def _marked(page: HtmlElement) -> HtmlElement | None:
    """The main element, or the article in it that is most of it; None if the page marks nothing."""
    main = max(page.xpath(_MAINS) or page.xpath(_FRAMES), key=length, default=None)
    whole = length(page)
    size = 0 if main is None else length(main)
    articles = [a for a in page.iter("article") if next(a.iterancestors("article"), None) is None]
    if articles:
        article = max(articles, key=length)
        share = 4 if len(articles) == 1 else 2
        if length(article) >= max(1, min(_SMALL, whole // 2), max(size, _SMALL) // share):
            return article
    return main if size >= max(1, min(_SMALL, whole // 2)) else None


def _detected(page: HtmlElement, main_content: Callable[[str], str | None]) -> HtmlElement:
    """The element of `page` that holds what `main_content` finds, unless that loses most of a page that is pruned
    already. What is found says where the content is; its text is read from the page, which keeps code and tables."""
    if length(page) < _SMALL:
        return page
    found = main_content(str(lxml.html.tostring(page, encoding="unicode")))
    root = content_element(page, found) if found else page
    return root if length(root) * 4 >= length(page) else page
