"""Markup that hides what is a paragraph and what is none, put right in the tree before the body is looked for.

Old pages set type with tables and ``<br><br>``; and pages of all ages print, among their paragraphs, blocks that structure alone tells:
a link to another story, a table of contents, a caption under its picture, a stamp with the byline. Posts from elsewhere stay: annotators of
real pages hold them for body, and matching masks them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.extract import names
from pipeline.extract.page import Page, content, line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_INLINE = {"a", "abbr", "acronym", "b", "big", "br", "cite", "code", "em", "font", "i", "img", "nobr", "q", "s", "small", "span", "strong",
           "sub", "sup", "tt", "u", "wbr"}  # fmt: skip
_TABLE = ("table", "tbody", "thead", "tfoot", "tr", "td", "th", "center", "font")
MIN_FLOW = 200
"""Characters of running text between breaks that make an element a column of text."""
MAX_CAPTION = 300
MAX_STAMP = 160
_BRACKETS = (("[", "]"), ("【", "】"))
_CLOSING = frozenset(closing for _, closing in _BRACKETS)
_BLANKS = re.compile(r"[ \t\r\n]+")
_FRAGMENT = re.compile(r"^#[\w-]")


def mend(page: Page) -> None:
    """Changes the page's tree in place."""
    _flow(page)
    _links(page)
    _contents(page)
    _captions(page)


def _out(node: HtmlElement) -> None:
    if node.getparent() is not None:
        node.drop_tree()


# ── text between line breaks ──────────────────────────────────────────────────────────────────────


def _flow(page: Page) -> None:
    """A column of text in a table, whose paragraphs are parted by two breaks, gets ``<p>``; the tables it stands in become plain blocks."""
    columns = {parent: None for br in page.tree.iter("br") if _is_double(br) and (parent := br.getparent()) is not None}
    for column in columns:
        if column.tag in {"p", "pre", "a"} or not all(_is_inline(child) for child in column):
            continue
        if next((True for up in (column, *column.iterancestors()) if up.tag == "td"), False) and _own(column) >= MIN_FLOW:
            _parted(column)
            _untabled(column)


def _is_double(br: HtmlElement) -> bool:
    after = br.getnext()
    return after is not None and after.tag == "br" and not (br.tail or "").strip()


def _is_inline(child: HtmlElement) -> bool:
    """A paragraph may hold it. Blocks of another kind stand in a column too (a picture's table, a rule): they part it like a break."""
    return (
        not isinstance(child.tag, str) or child.tag in _INLINE or child.tag in {"hr", "table", "center", "div", "script", "style", "form"}
    )


def _own(node: HtmlElement) -> int:
    """Characters that stand in the column itself, in no block of it and in no link."""
    size = len((node.text or "").strip())
    for child in node:
        size += len((child.tail or "").strip())
        if isinstance(child.tag, str) and child.tag in _INLINE and child.tag not in {"a", "br"}:
            size += len(content(child))
    return size


def _parted(column: HtmlElement) -> None:
    """Every run between two breaks becomes a ``<p>``; blocks stay between them."""
    from lxml.html import Element

    children, text = list(column), column.text
    for child in children:
        column.remove(child)
    column.text = None
    held = Element("p")
    _append(held, text or "")
    waiting: HtmlElement | None = None  # a break that came, perhaps the first of two

    def close() -> None:
        nonlocal held
        if content(held):
            column.append(held)
        held = Element("p")

    for child in children:
        tail, child.tail = child.tail, None
        if child.tag == "br":
            if waiting is not None:
                close()
            waiting = child if content(held) else None
        elif isinstance(child.tag, str) and child.tag in _INLINE:
            if waiting is not None:
                held.append(waiting)
            held.append(child)
            waiting = None
        else:
            close()
            column.append(child)
        if tail and tail.strip() and waiting is not None:
            held.append(waiting)
            waiting = None
        _append(held, tail or "")
    close()


def _append(node: HtmlElement, text: str) -> None:
    if len(node):
        node[-1].tail = (node[-1].tail or "") + _BLANKS.sub(" ", text)
    else:
        node.text = (node.text or "") + _BLANKS.sub(" ", text)


def _untabled(column: HtmlElement) -> None:
    """The column and all it stands in, with the cells beside it, become blocks; a table of data inside another cell stays one."""
    for node in (column, *column.iterancestors(*_TABLE)):
        if node.tag == "table":
            for part in node.iterchildren("tbody", "tr"):
                for row in (part, *part.iterchildren("tr")):
                    row.tag = "div"
                    for cell in row.iterchildren("td", "th"):
                        cell.tag = "div"
        if node.tag in _TABLE:
            node.tag = "div"


# ── blocks that are no paragraphs ─────────────────────────────────────────────────────────────────


def _links(page: Page) -> None:
    """A block that is a link to another story in brackets, and no more."""
    for link in list(page.tree.iter("a")):
        tail = link.tail
        if not tail or tail.strip() not in _CLOSING:
            continue
        block = link.getparent()
        if block is None or len(block) != 1 or block.tag not in {"p", "div", "span", "em", "strong"}:
            continue
        before, after = (block.text or "").strip(), (link.tail or "").strip()
        if (before, after) in _BRACKETS and len(content(link).split()) > 1:
            _out(block)


def _contents(page: Page) -> None:
    """A list of links into this very page."""
    for listed in list(page.tree.iter("ol", "ul")):
        first = listed.find(".//a")
        if first is None or not _FRAGMENT.match(first.get("href") or ""):
            continue
        items = [item for item in listed if item.tag == "li"]
        links = list(listed.iter("a"))
        if len(items) < 2 or len(links) < len(items) or not all(_FRAGMENT.match(link.get("href") or "") for link in links):
            continue
        if len(content(listed)) <= sum(len(content(link)) + 4 for link in links):
            _out(listed)


def _captions(page: Page) -> None:
    """A block that holds a picture and, in a block of its own, a line about it."""
    for picture in list(page.tree.iter("img", "amp-img")):
        block = picture.getparent()
        if block is not None and block.tag in {"a", "picture"}:
            block = block.getparent()
        if block is None or block.tag != "div" or not 1 < len(block) < 4 or (block.text or "").strip():
            continue
        beside = [child for child in block if child.tag in {"div", "span", "small"} and content(child)]
        if len(beside) == 1 and not len(beside[0].xpath(".//p|.//h1|.//h2|.//h3|.//li")) and len(content(block)) < MAX_CAPTION:
            _out(beside[0])


def stamps(page: Page) -> set[str]:
    """Lines that hold the time of publication and who wrote, and no more, with their time and without it; and the page's own address."""
    found = {address for address in (page.url, page.url.partition("?")[0], page.link("canonical")) if address}
    for time in page.times[:8]:
        block = time.getparent()
        if block is None or block.tag not in {"div", "p", "span", "li"} or len(said := content(block)) > MAX_STAMP:
            continue
        rest = line(said.replace(content(time), " "))
        bare = rest.strip(" ·•|,/–—-:")
        if bare and (names.is_byline(bare) or _are_people(bare)):
            found |= {said, rest}
    return found


def _are_people(said: str) -> bool:
    named = names.split(said)
    return bool(named) and all(names.is_person(name) for name in named)
