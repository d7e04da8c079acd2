"""A copy of a page without the markup that says nothing, for an extractor that walks what it is given a dozen times.

What holds no text, and holds only what holds none, adds nothing to a body, yet each of an extractor's rules is tried on it: pictures,
places for advertisements, what scripts fill. What it does to the text around it stays: a space between words, a break between bare lines.
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
# What stands in a line: the space in it parts words. Everything else parts lines of bare text, and is kept beside some.
_INLINE = frozenset(
    ("a", "abbr", "b", "cite", "code", "em", "font", "i", "img", "ins", "label", "link", "mark", "meta", "noscript", "picture", "q", "s",
     "small", "source", "span", "strike", "strong", "sub", "sup", "svg", "time", "tt", "u", "wbr", UNREAD)
)  # fmt: skip


def empty(tree: HtmlElement) -> None:
    """Calls ``UNREAD``, in place, every element that holds no text. Trafilatura's rules on links count children and ask which is the last:
    where these were empty it decides otherwise, for a few lines of one page in twenty (docs/decisions.md)."""
    for leaf in cast("list[HtmlElement]", _leaves()(tree)):
        node: HtmlElement | None = leaf
        while node is not None and node.tag not in _KEPT:
            if node.tag not in _INLINE:
                if _is_between(node):
                    break
            elif node.text or any(child.tail for child in node):
                node.tail = " " + (node.tail or "")
            node.tag = UNREAD
            node = node.getparent()
            if node is None or _says(node.text) or any(child.tag != UNREAD or _says(child.tail) for child in node):
                break


def _is_between(node: HtmlElement) -> bool:
    """Whether bare text stands right before or behind an element."""
    if _says(node.tail):
        return True
    before = node.getprevious()
    if before is not None:
        return _says(before.tail)
    up = node.getparent()
    return up is not None and _says(up.text)


@cache
def _leaves() -> XPath:
    from lxml.etree import XPath

    return XPath("descendant::*[not(*)][not(normalize-space())]")


def _says(text: str | None) -> bool:
    return text is not None and not text.isspace() and text != ""
