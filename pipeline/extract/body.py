"""The text of a page: trafilatura finds it, we know what of it is news.

The variant was measured on 1,035 pages (facts on extraction): without comments, the fast mode only where a witness confirms it (else it
loses F1 on other pages), never ``deduplicate`` (it remembers other pages).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Collection, Mapping
from copy import copy
from typing import TYPE_CHECKING

from pipeline import repeated
from pipeline.errors import NotAnArticle
from pipeline.extract import frame, layout, moments, names, place, prose, prune, structured, titles, unmarked
from pipeline.extract.page import Page, line
from pipeline.extract.sites import Rule

if TYPE_CHECKING:
    from lxml.html import HtmlElement

CHECKED = 8  # of a known outlet one page in so many is read in the general way too
MORE = 1.1  # by so much a body that is found is longer than what stands in the known place: then that is no longer its place
FOUND = 0.3
"""Share of a page's prose that a body has at least; the rest may be comments and other stories."""
_LIGHT = (unmarked.UNREAD, "style", "svg", "link", "meta")
_LIGHTER = (
    "template", "iframe", "noscript", "footer", "aside", "button", "select", "video", "audio", "object", "canvas", "math", "menu", "dialog",
    "embed", "fieldset", "label", "input", "map",
)  # fmt: skip
_CACHED_PAGES = 200
"""Pages after which trafilatura's and htmldate's caches are emptied: they are unbounded (htmldate#56)."""
_ITEM = re.compile(r"^[-•*]\s+")
_TAG = re.compile(r"<[a-zA-Z!/][^>]*>")
_CLOCK = re.compile(r"(?<![\d:])\d{1,2}[:h]\d{2}(?!\d)")
_count = 0


def body(page: Page, rule: Rule, title: str, section: str | None = None) -> tuple[str, str]:
    """Paragraphs joined by newlines, and where they came from: "page", "json-ld", "feed"; ("", "") when there are none."""
    prune.structure(page, rule.drop)
    inside = page.tree.xpath(rule.body) if rule.body else ()
    stamps = layout.stamps(page)
    text, where = _found(page, inside[0] if inside else page.tree, lambda said: _own(page, _lines(said, title, section, stamps))), "page"
    stated = _given(max((said for value in page.stated("articleBody") for said in structured.strings(value)), key=len, default=""), title)
    if (len(stated) > 2 * len(text) and len(text) < 600) or (stated.count("\n") > text.count("\n") and stated.split() == text.split()):
        text, where = stated, "json-ld"
    offered = _given(page.hints.content or "", title)
    if len(offered) > 1.3 * len(text) + 100:
        text, where = offered, "feed"
    return text, where if text else ""


def _own(page: Page, text: str) -> str:
    """A body without what the outlet is known to repeat under its stories."""
    if page.profile.repeated:
        text, page.repeated = repeated.without(text, page.profile.repeated)
    return text


def _found(page: Page, tree: HtmlElement, lines: Callable[[str], str]) -> str:
    """The body of the page: of a known outlet from the place in which its bodies stand, which is cheaper than looking for it; else, and on
    every ``CHECKED``-th page and where that place holds little, from where it is found. ``lines``: what makes a body of the text."""
    known, text = next(((told, node) for told in page.profile.containers if (node := place.find(tree, told)) is not None), None), ""
    if known is not None:
        text = lines(prose.within(tree, known[1], lambda said: not repeated.is_repeated(said, page.profile.repeated)) or "")
        if text and zlib.crc32(page.url.encode()) % CHECKED:
            page.container = _place(page, text) if page.repeated else known[0]
            return text
    page.searched = True
    plain, parents = prose.prose(tree)
    found = lines(_main(tree, parents) if plain is None else plain)
    if known is not None and len(text) * MORE >= len(found):
        page.container = _place(page, text) if page.repeated else known[0]
        return text
    page.refuted = known[0] if known else ""
    page.container = _place(page, found) if page.outlet is not None else ""
    return found


def _place(page: Page, text: str) -> str:
    """Where this body stands. A place that holds more than the body, of what the outlet repeats, has the body's own place in it."""
    node = place.of_text(page.tree, text.split("\n"))
    told = place.path(page.tree, node) if node is not None else ""
    return "" if told == page.refuted else told


def _main(tree: HtmlElement, parents: Mapping[HtmlElement, int]) -> str:
    """What trafilatura takes for the main text. Raises NotAnArticle when the markup is beyond it.

    Where a page has prose (``parents``: element → characters), its own rules find what its second and third opinion (readability,
    jusText) would: these are asked where they found little of it, or where there is hardly any.
    """
    size = sum(parents.values())
    if size >= prose.ENOUGH:
        text = _trafilatura(_lightened(frame.frame(tree, parents), rules=True), fast=True)
        if len(text) > FOUND * size:
            return text
    return _trafilatura(_lightened(copy(tree)), fast=False)


def _trafilatura(tree: HtmlElement, *, fast: bool) -> str:
    from lxml import etree
    from trafilatura import bare_extraction

    _empty_caches()
    try:
        found = bare_extraction(tree, include_comments=False, with_metadata=False, fast=fast)
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError, AssertionError, etree.LxmlError) as error:
        raise NotAnArticle(f"the page's markup cannot be read ({type(error).__name__}: {error})", reason="unreadable") from error
    return (found.text or "") if found is not None and not isinstance(found, dict) else ""


def _lightened(light: HtmlElement, *, rules: bool = False) -> HtmlElement:
    """A tree without what trafilatura throws away unread: it copies and walks what it is given a dozen times. ``rules``: also without what
    only its other opinions read. Structured data stays, which it reads, and so does a menu that holds paragraphs: somebody forgot to
    close it."""
    from lxml import etree

    for node in light.iter("script", "nav"):
        if node.tag == "nav":
            if rules and node.find(".//p") is None:
                node.tag = unmarked.UNREAD
        elif "ld+json" not in (node.get("type") or "").lower():
            node.tag = unmarked.UNREAD
    unmarked.empty(light)
    etree.strip_elements(light, *_LIGHT, *(_LIGHTER if rules else ()), with_tail=False)
    return light


def _empty_caches() -> None:
    global _count  # noqa: PLW0603  # one number: when to empty caches that other libraries fill
    _count += 1
    if _count % _CACHED_PAGES == 0:
        from trafilatura.meta import reset_caches

        reset_caches()


def _lines(text: str, title: str, section: str | None = None, stamps: Collection[str] = ()) -> str:
    """One line a paragraph, without furniture, without the headline before it and without a line said twice in a row."""
    kept: list[str] = []
    above = {titles.fold(part) for part in (title, section or "") if part}
    for raw in text.split("\n"):
        said = _ITEM.sub("", line(raw).strip("|").strip())
        if not said or prune.is_furniture(said) or (kept and kept[-1] == said):
            continue
        if said in stamps or (len(kept) < 3 and (titles.fold(said) in above or _stands_above(said))):
            continue
        kept.append(said)
    return "\n".join(kept)


def _stands_above(said: str) -> bool:
    """A line that is a date or a byline and no more: it belongs to the head of a story, wherever the markup has it."""
    if len(said) > 80 or said.endswith((".", "!", "?", "”")):
        return False
    dated = len(said.split()) < (14 if _CLOCK.search(said) else 9) and moments.instant(said) is not None
    return dated or names.is_byline(said)


def _given(source: str, title: str) -> str:
    """A body handed over as HTML or as text."""
    if not source:
        return ""
    if not _TAG.search(source):
        return _lines(source, title)
    blocks = re.sub(
        r"(?i)<(?:br\s*/?|/?(?:p|div|li|ul|ol|h[1-6]|blockquote|section|article|tr|table|figure|figcaption)\b[^>]*)>", "\n", source
    )
    blocks = re.sub(r"(?is)<(script|style|figcaption)\b.*?</\1\s*>", " ", blocks)
    return _lines(_TAG.sub("", blocks), title)
