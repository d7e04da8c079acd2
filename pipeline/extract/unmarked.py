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
MANY = 6
"""Children of an element, above which one more or less is not counted by trafilatura's rules (its limit is 3)."""
# What breaks a line, what makes a table's grid, and the frame of a document.
_KEPT = frozenset(("br", "hr", "td", "th", "tr", "table", "caption", "body", "html", "head", "title", "script"))
# What an extractor takes out first, so that nothing counts it.
_UNCOUNTED = frozenset(
    ("img", "source", "picture", "figure", "button", "input", "link", "meta", "wbr", "small", "font", "abbr", "ins", "mark", UNREAD)
)


def empty(tree: HtmlElement) -> None:
    """Calls ``UNREAD``, in place, every element that holds no text, but for the outermost of those in one another: how many children an
    element has, and whether it is the last, are counted by rules on links."""
    for leaf in cast("list[HtmlElement]", _leaves()(tree)):
        node = leaf
        if node.tag in _KEPT:
            continue
        while (up := node.getparent()) is not None and up.tag not in _KEPT and not _says(up.text):
            was, node.tag = node.tag, UNREAD
            if any(child.tag != UNREAD or _says(child.tail) for child in up):
                node.tag = was
                break
            node = up
        if node.tag in _UNCOUNTED or (up is not None and len(up) > MANY and node.getnext() is not None):
            node.tag = UNREAD


@cache
def _leaves() -> XPath:
    from lxml.etree import XPath

    return XPath("descendant::*[not(*)][not(normalize-space())]")


def _says(text: str | None) -> bool:
    return text is not None and not text.isspace() and text != ""
