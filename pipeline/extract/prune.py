"""What stands among an article's paragraphs and is none: told by structure before extraction, by wording after it.

Rules are about news pages in general. A whole line is judged, never a part of one, and only lines short enough to be furniture.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.extract import furniture, layout
from pipeline.extract.gates import unquoted
from pipeline.extract.notices import holds, paywall
from pipeline.extract.page import Page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS = ("table", "div", "aside", "section", "ul", "ol", "p", "span", "figcaption", "nav", "form", "details")
_KEEP = re.compile(r"article-?body|entry-content|post-content|story-body|main-content|article__body|content-body")
_HEAD = re.compile(r"^(?:site|page|top|main)?[_-]?(?:header|masthead|logo|banner|footer)(?:\s|$)", re.IGNORECASE)
MAX_SHARE = 0.3
"""A block with more of the page's paragraphs than this is the article, whatever it is called."""

MAX_APPEAL = 420
MAX_LABEL = 120
MAX_LEAD = 260
MAX_NOTICE = 160


def structure(page: Page, drop: tuple[str, ...]) -> None:
    """Takes out, in place, what the site's rule names and what calls itself furniture and holds no more than furniture can."""
    tree = page.tree
    for xpath in drop:
        for node in tree.xpath(xpath):
            _out(node)
    layout.mend(page)
    for table in list(tree.iter("table")):  # a picture with its caption, as pages were built before <figure>; a masthead
        if _size(table, 300) < 300 and (table.find(".//img") is not None or _HEAD.match(table.get("id") or table.get("class") or "")):
            _out(table)
    total = sum(1 for _ in tree.iter("p")) or 1
    for node in page.called(furniture.BLOCK, but=_KEEP):
        if node.tag in _BLOCKS and node.getparent() is not None:
            held = sum(1 for _ in node.iter("p")) - (node.tag == "p")
            if held <= max(3, MAX_SHARE * total) and held < total and node.find(".//h1") is None and _size(node, 1500) < 1500:
                _out(node)


def _size(node: HtmlElement, enough: int) -> int:
    """Characters of text in an element, counted until there are enough."""
    size = 0
    for said in node.itertext():
        size += len(said.strip())
        if size >= enough:
            break
    return size


def _out(node: HtmlElement) -> None:
    if node.getparent() is not None:
        node.drop_tree()


def is_furniture(said: str, *, caption: bool = True) -> bool:
    """Whether a line of a body is a label, a link to another story, an appeal or a picture's credit."""
    size = len(said)
    if size <= MAX_LABEL and furniture.LABEL.match(said):
        return True
    if size <= MAX_LEAD and furniture.LEADS.search(said, 0, MAX_LABEL) and _leads(said):
        return True
    if caption and size < MAX_LABEL and furniture.CREDIT.match(said):
        return True
    if size <= MAX_NOTICE and paywall(unquoted(said)):
        return True
    return size <= MAX_APPEAL and holds(said, furniture.APPEAL_WORDS) and furniture.APPEAL.search(said) is not None


def _leads(said: str) -> bool:
    return furniture.LEAD.match(said) is not None and not said.rstrip().endswith((".", "?”", ".”", '."'))
