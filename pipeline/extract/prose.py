"""The body of a page whose prose stands in one place, told by one walk over the tree: half of all pages, at a tenth of an extractor's cost.

Paragraphs of prose are weighed by the element that holds them. Where nearly all of a page's prose has one parent, or is wrapped piece by
piece below one, or stands in an element that is called the body, there is nothing to decide: that element it is. Where it is spread (a
body in parts, cards, comments), or the page has no paragraphs, or holds tables, the answer is None, and trafilatura looks. On the
development corpus the pages that are answered here score higher than with trafilatura.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import TYPE_CHECKING

from pipeline.extract import names

if TYPE_CHECKING:
    from lxml.html import HtmlElement

PARAGRAPH = 60  # characters that make a paragraph prose
ENOUGH = 600  # characters of prose; with less there is nothing to be sure of
LEAST_KNOWN = 0.5  # share of a page's prose that a body of a known place has at least; the rest may be comments and other stories
NEARLY_ALL = 0.9  # share of a page's prose that stands in its body
WRAPPED = 0.4  # a parent that holds less of the prose than this wraps single paragraphs
FAR, FAR_SHARE = 3, 0.8  # other prose that is so many levels apart may be more, when it comes behind: comments, other stories
STATED = 0.7  # the share that is enough in an element that schema.org's name says is the body
BEFORE = 300  # characters of prose before the body that may be left out
LEAST_KEPT = 0.9  # share of the body's text that is kept: where more is left out, it is no plain body
MOST_LOOSE = 0.1  # share of it that stands in no paragraph, and is left out
MOST_BOXED = 0.3  # and in blocks of its own, which are left out too
LINKED = 0.6  # share of a line that is links: then it leads elsewhere
TOOL = 16  # characters up to which a link is a tool of what stands around it ("Link", "Save"), and a heading before it is not over it
DEEPEST = 200  # levels
STEPS = 8  # levels between a body and the headline above it
LEAD = 900  # characters of a standfirst

_SILENT = frozenset((
    "script", "style", "noscript", "template", "nav", "footer", "header", "aside", "form", "button", "figure", "figcaption", "iframe",
    "select", "option", "textarea", "label", "fieldset", "input", "dialog", "menu", "time", "svg", "canvas", "math", "picture", "video",
    "audio", "object",
))  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_PARTS = frozenset(("p", "li", "blockquote", "pre", "dt", "dd")) | _HEADINGS  # what a line of a body stands in
_BOXES = frozenset(("div", "section", "article", "details", "address", "center", "main"))
_BLOCKS = _PARTS | _BOXES | frozenset(("summary", "dl", "hr", "ol", "ul", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption"))
_BODY = re.compile(
    r"(?:^|[\s_-])(?:article|story|entry|post|news|content|text)[_-]{0,2}(?:body|content|text|main)(?:[\s_-]|$)"
    r"|articlebody|storybody|body[_-](?:text|content|copy)|rich-?text",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)]*$")


@dataclass(frozen=True, slots=True)
class _Line:
    """``part``: the tag it stands in; ``linked``: characters of it that are links; ``boxed``: in a block within the body."""

    part: str
    text: str
    linked: int
    boxed: bool

    @property
    def heads(self) -> bool:
        return self.part in _HEADINGS

    @property
    def leads_away(self) -> bool:
        return self.linked > LINKED * len(self.text)


def prose(tree: HtmlElement) -> tuple[str | None, dict[HtmlElement, int]]:
    """The lines of the body, or None when it is not plain what the body is; and where the page has prose: element → characters in it."""
    parents = _parents(tree)
    total = sum(parents.values())
    body, wrapped = _holder(parents, total) if total >= ENOUGH else (None, False)
    reader = _Reader()
    if body is None or not reader.read(body, body.tag, linked=False, boxed=False, depth=0):
        return None, parents
    kept = _chosen(reader.lines, wrapped=wrapped)
    return "\n".join([*_standfirst(body), *kept]) if kept else None, parents


def within(tree: HtmlElement, body: HtmlElement, own: Callable[[str], bool]) -> str | None:
    """The lines of an element that is known to be the body, or None when it is doubtful on this page: it holds less than ``LEAST_KNOWN`` of
    the page's prose, or there is more prose right beside it, which may be the rest of it. ``own``: whether a paragraph is a story's own, or
    known to stand under all of them."""
    parents = _parents(tree)
    inside = _below(parents, body)
    around = body.getparent()
    if not inside or inside < LEAST_KNOWN * sum(parents.values()) or around is None:
        return None
    near = [parent for parent in parents if around in parent.iterancestors() and parent is not body and body not in parent.iterancestors()]
    if around.tag != "body" and sum(_size(parent, own) for parent in (*near, around)) > (1 - NEARLY_ALL) * inside:
        return None
    reader = _Reader()
    if not reader.read(body, body.tag, linked=False, boxed=False, depth=0):
        return None
    kept = _chosen(reader.lines, wrapped=parents.get(body, 0) < NEARLY_ALL * inside)
    return "\n".join([*_standfirst(body), *kept]) if kept else None


def _below(parents: dict[HtmlElement, int], node: HtmlElement) -> int:
    return sum(size for parent, size in parents.items() if parent is node or node in parent.iterancestors())


def _size(parent: HtmlElement, own: Callable[[str], bool]) -> int:
    said = (" ".join("".join(node.itertext()).split()) for node in parent.iterchildren("p"))
    return sum(len(text) for text in said if len(text) >= PARAGRAPH and own(text))


# ── where the prose stands ────────────────────────────────────────────────────────────────────────


def _holder(parents: dict[HtmlElement, int], total: int) -> tuple[HtmlElement | None, bool]:
    """The element, and whether each of its paragraphs is wrapped; (None, False) when the prose is spread."""
    inside: dict[HtmlElement, int] = defaultdict(int)
    for parent, size in parents.items():
        up: HtmlElement | None = parent
        while up is not None:
            inside[up] += size
            up = up.getparent()
    best = meeting = max(parents, key=lambda parent: parents[parent])
    levels = 0
    while inside[meeting] < NEARLY_ALL * total:
        meeting, levels = meeting.getparent(), levels + 1
    if levels == 0 or (levels == 1 and parents[best] < WRAPPED * total):
        return meeting, levels == 1
    if (named := _named(best)) is not None and inside[named] >= (STATED if named.get("itemprop") else NEARLY_ALL) * total:
        return named, True
    order = list(parents)
    before = sum(parents[parent] for parent in order[: order.index(best)])
    return (best if levels >= FAR and parents[best] >= FAR_SHARE * total and before < BEFORE else None), False


def _named(node: HtmlElement) -> HtmlElement | None:
    """The nearest element around it, or itself, that is called the body of an article: by schema.org's name, by its class or id."""
    for up in (node, *node.iterancestors()):
        if up.tag == "body":
            break
        if up.get("itemprop") == "articleBody" or _BODY.search(f"{up.get('class') or ''} {up.get('id') or ''}"):
            return up
    return None


def _parents(tree: HtmlElement) -> dict[HtmlElement, int]:
    """Element → characters of prose in the paragraphs right below it; in the order of the page."""
    found: dict[HtmlElement, int] = {}
    silent: dict[HtmlElement, bool] = {}
    for node in tree.iter("p"):
        parent = node.getparent()
        size = len(" ".join("".join(node.itertext()).split()))
        if size < PARAGRAPH or parent is None or _is_silent(parent, silent):
            continue
        if sum(len("".join(link.itertext())) for link in node.iter("a")) <= size // 2:
            found[parent] = found.get(parent, 0) + size
    return found


def _is_silent(node: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Whether an element stands in what is no body, or in a link."""
    chain: list[HtmlElement] = []
    up: HtmlElement | None = node
    silent = False
    while up is not None:
        if up in known:
            silent = known[up]
            break
        chain.append(up)
        if up.tag in _SILENT or up.tag == "a":
            silent = True
            break
        up = up.getparent()
    known.update(dict.fromkeys(chain, silent))
    return silent


# ── what it says ──────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Reader:
    """Gathers the lines below an element, in the order of the page. ``until``: an element that ends it; then only what stands after the
    last headline before it counts, and ``titled`` says that there was one."""

    until: HtmlElement | None = None
    silent: frozenset[str] = _SILENT
    lines: list[_Line] = field(default_factory=list)
    titled: bool = False
    _said: list[str] = field(default_factory=list)
    _linked: int = 0

    def read(self, node: HtmlElement, part: str, *, linked: bool, boxed: bool, depth: int) -> bool:
        """False when it was ended: by ``until``, a table of several rows, or markup nested beyond reason."""
        if depth > DEEPEST:
            return False
        self._say(node.text, linked=linked)
        for child in node:
            tag = child.tag
            if child is self.until:
                self._end(part, boxed=boxed)
                return False
            if tag == "br":
                self._end(part, boxed=boxed)
            elif tag in _BLOCKS:
                if tag == "tr" and child.getnext() is not None:
                    return False
                self._end(part, boxed=boxed)
                inner = part if tag not in _PARTS and part in ("li", "blockquote") else tag
                box = (boxed or tag in _BOXES) and tag != "blockquote"
                if not self.read(child, inner, linked=linked, boxed=box, depth=depth + 1):
                    return False
                self._end(inner, boxed=box)
                if tag == "h1" and self.until is not None:
                    self.titled = True
                    self.lines.clear()
            elif tag not in self.silent and not self.read(child, part, linked=linked or tag == "a", boxed=boxed, depth=depth + 1):
                return False
            self._say(child.tail, linked=linked)
        return True

    def _say(self, text: str | None, *, linked: bool) -> None:
        if text:
            self._said.append(text)
            if linked:
                self._linked += len(text)

    def _end(self, part: str, *, boxed: bool) -> None:
        if self._said:
            if text := " ".join("".join(self._said).split()):
                self.lines.append(_Line(part, text, self._linked, boxed))
            self._said.clear()
            self._linked = 0


def _chosen(lines: list[_Line], *, wrapped: bool) -> list[str]:
    """The lines that are the body's; none when too much of what stands there is not."""
    kept: list[_Line] = []
    total = loose = boxes = 0
    for boxed, group in groupby(lines, lambda line: line.boxed and not wrapped):
        block = list(group)
        size = sum(len(line.text) for line in block)
        if boxed and not all(line.heads and not line.leads_away for line in block):
            boxes += size
            if size > TOOL:
                _drop_headings(kept)
            continue
        total += size
        for line in block:
            if line.leads_away:
                if len(line.text) > TOOL:
                    _drop_headings(kept)
            elif line.part in _PARTS:
                kept.append(line)
            else:
                loose += len(line.text)
    _drop_headings(kept)
    size = sum(len(line.text) for line in kept)
    if size < LEAST_KEPT * total or loose > MOST_LOOSE * size or boxes > MOST_BOXED * size:
        return []
    return [line.text for line in kept]


def _drop_headings(kept: list[_Line]) -> None:
    """A heading over what is left out, or over nothing, is left out too."""
    while kept and kept[-1].heads:
        kept.pop()


def _standfirst(body: HtmlElement) -> list[str]:
    """What leads into the body: the one paragraph between the headline and it. When more stands there, it is something else."""
    for up in islice(body.iterancestors(), STEPS):
        if up.tag == "body":
            return []
        if up.find(".//h1") is not None:
            break
    else:
        return []
    reader = _Reader(until=body, silent=_SILENT - {"header"})
    reader.read(up, up.tag, linked=False, boxed=False, depth=0)
    found = [line.text for line in reader.lines if _may_lead(line)] if reader.titled else []
    return found if len(found) == 1 and len(found[0]) <= LEAD else []


def _may_lead(line: _Line) -> bool:
    said = line.text
    if len(said) < PARAGRAPH or line.part == "li" or line.leads_away or not _SENTENCE.search(said):
        return False
    return not names.is_byline(said)
