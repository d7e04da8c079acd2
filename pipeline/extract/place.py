"""Where something stands on the pages of an outlet, told so that it is found again on its other pages: tags with classes, ids, itemprops.

A place is a path of at most three elements, "main.page > div#story": each with its tag and what it is called. What is numbered
("post-1234") is called otherwise on each page, and is left out. A place that is not exactly one element of a page is none there.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.extract.page import Page, line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

STEPS = 3
LONGEST = 200
NEARLY_ALL = 0.9  # of a body's characters that stand in its place
_NUMBERED = re.compile(r"\d{3,}")
_WORD = re.compile(r"^[A-Za-z_][\w-]*$")


def path(tree: HtmlElement, node: HtmlElement) -> str:
    """The shortest path that only this element of the page has; "" when there is none."""
    steps: list[str] = []
    up: HtmlElement | None = node
    while up is not None and isinstance(up.tag, str) and up.tag not in {"html", "body"} and len(steps) < STEPS:
        steps.insert(0, _step(up))
        told = " > ".join(steps)
        if len(told) > LONGEST:
            return ""
        if (len(steps[0]) > len(up.tag) or up.tag in {"article", "main"}) and find(tree, told) is node:
            return told
        up = up.getparent()
    return ""


def find(tree: HtmlElement, told: str) -> HtmlElement | None:
    """The one element of a page at a place; None when there is none or there are several."""
    steps = told.split(" > ")
    tag = _tag(steps[-1])
    found: HtmlElement | None = None
    for node in tree.iter(tag):
        if _fits(node, steps):
            if found is not None:
                return None
            found = node
    return found


def _fits(node: HtmlElement | None, steps: list[str]) -> bool:
    for step in reversed(steps):
        if node is None or not isinstance(node.tag, str) or node.tag != _tag(step) or _step(node) != step:
            return False
        node = node.getparent()
    return True


def _tag(step: str) -> str:
    return re.split(r"[.#\[]", step, maxsplit=1)[0]


def _step(node: HtmlElement) -> str:
    """ "div#story.text[articleBody]"."""
    return _called(node.tag, node.get("id") or "", node.get("class") or "", node.get("itemprop") or "")


@lru_cache(maxsize=2048)  # an outlet calls its elements alike on all its pages
def _called(tag: str, named: str, classes: str, stated: str) -> str:
    told = tag + (f"#{named}" if _is_lasting(named) else "")
    told += "".join(f".{name}" for name in classes.split() if _is_lasting(name))
    return told + (f"[{stated}]" if _is_lasting(stated) else "")


def _is_lasting(name: str) -> bool:
    return bool(_WORD.match(name)) and not _NUMBERED.search(name)


def of_text(tree: HtmlElement, lines: Collection[str]) -> HtmlElement | None:
    """The innermost element that holds nearly all of these paragraphs; None when they stand nowhere together but on the page."""
    wanted = {said: len(said) for said in lines if len(said) > 40}
    total = sum(wanted.values())
    held: dict[HtmlElement, int] = {}
    best: HtmlElement | None = None
    for node in tree.iter("p", "li", "blockquote", "pre", "h2", "h3", "h4"):
        if (size := wanted.pop(line("".join(node.itertext())), 0)) and (up := node.getparent()) is not None:
            held[up] = held.get(up, 0) + size
    if not total or sum(held.values()) < NEARLY_ALL * total:
        return None
    best = max(held, key=lambda one: held[one])
    while best is not None and sum(size for one, size in held.items() if one is best or best in one.iterancestors()) < NEARLY_ALL * total:
        best = best.getparent()
    return best if best is not None and best.tag not in {"html", "body"} else None


def of_names(page: Page, people: Collection[str]) -> str:
    """The place of the element that prints these people and little else, near the page's headline."""
    wanted = {name.casefold() for name in people}
    longest = sum(map(len, people)) + 40 * len(wanted)
    for node in page.named:
        if node.tag in {"p", "div", "span", "address", "a", "li", "h3", "h4", "h5", "cite", "em", "b", "strong", "td"} and len(node) < 8:
            said = line("".join(node.itertext()))
            if said and len(said) <= longest and all(name in said.casefold() for name in wanted):
                return path(page.tree, node)
    return ""
