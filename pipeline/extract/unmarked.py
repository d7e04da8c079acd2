"""A copy of a page without the markup that says nothing, for an extractor that walks what it is given a dozen times.

What holds no text, and holds only what holds none, adds nothing to a body, yet each of an extractor's rules is tried on it: pictures,
places for advertisements, what scripts fill.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.html import HtmlElement

UNREAD = "unread"
"""The tag of what is to be taken out: renamed first and stripped at once, which keeps the text behind it."""
# What breaks a line, what makes a table's grid, and the frame of a document.
_KEPT = frozenset(("br", "hr", "td", "th", "tr", "table", "caption", "body", "html", "head", "title", "script"))


def empty(tree: HtmlElement) -> None:
    """Calls ``UNREAD``, in place, every element that holds no text. Trafilatura's rules on links count children and ask which is the last:
    where these were empty it decides otherwise, for a few lines of one page in twenty (docs/decisions.md)."""
    for leaf in cast("list[HtmlElement]", _leaves()(tree)):
        node: HtmlElement | None = leaf
        while node is not None and node.tag not in _KEPT:
            node.tag = UNREAD
            node = node.getparent()
            if node is None or _says(node.text) or any(child.tag != UNREAD or _says(child.tail) for child in node):
                break


@cache
def _leaves() -> XPath:
    from lxml.etree import XPath

    return XPath("descendant::*[not(*)][not(normalize-space())]")


def _says(text: str | None) -> bool:
    return text is not None and not text.isspace() and text != ""
