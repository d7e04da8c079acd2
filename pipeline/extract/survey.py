"""The walk that takes a page's shape (``shapes``), once, for a page that may be something else than an article."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.extract import marks
from pipeline.extract.page import Page
from pipeline.extract.shapes import CARD, HEADLINE, PARAGRAPH, SENTENCE, Line, Shape, weight

if TYPE_CHECKING:
    from lxml.html import HtmlElement

PLAINLY = 3600
"""Characters of prose in paragraphs; a page with as many is not measured: it is an article, and it is not cut."""
BARE = 3  # links of a page without a frame
FEW = 3  # headlines of other stories that make no list
ABOVE = 3  # lines above a headline that belong to it
DEEPEST = 200
LARGEST = {"consent": 6000, "lock": 2500, "dialog": 3000, "form": 600, "waiting": 200}  # letters of a zone
MOST_LINES = 600

_INLINE = frozenset((
    "a", "span", "b", "strong", "em", "i", "font", "small", "u", "sup", "sub", "abbr", "time", "mark", "code", "q", "cite", "ins", "del",
    "bdi", "wbr", "big", "tt", "s", "acronym", "data",
))  # fmt: skip
_PLAIN = _INLINE - {"a"}  # where nothing begins, unless it is called something
_ASKED = re.compile(r"username|one-time-code|\btel\b")
_SILENT = frozenset(("script", "style", "template", "svg", "option", "iframe", "canvas", "math", "video", "audio", "object", "noscript"))
_FRAME = frozenset(("nav", "footer"))
_HEADINGS = frozenset(("h2", "h3", "h4", "h5"))
_ROLES = frozenset(("banner", "navigation", "contentinfo", "complementary", "search", "menu"))
# A day: a year alone stands in the foot of a page.
_DAY = re.compile(
    r"(?<!\d)\d{1,2}(?!\d)\D.{0,30}?(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d(?!\d)\D.{0,30}?(?<!\d)\d{1,2}(?!\d)"
    r"|(?<![\d.])\d{1,2}[./]\d{1,2}[./]\d{2}(?![\d.]\d)"
)
_MACHINES = re.compile(r"(?:19|20)\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d|\s*UTC|\s*GMT)")  # to the second, with its zone
# What a machine writes to find a request again: the time beside it is no story's.
_REQUEST = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}|\b(?:[a-z]{2,8}[ _-])?(?:ray|trace|request|error|incident|event|support|xid|uuid)"
    r"[ _-]?(?:id|code|no)?\b ?[:#=]"
    r"|\b(?:code|kód|kod|código|codice|kode|код|κωδικός|コード|代码)(?: \w+){0,2}[:#=：]",
    re.IGNORECASE,
)


def paragraphs(page: Page) -> int:
    """Letters of prose in a page's paragraphs, counted until there are enough to be plainly an article."""
    size = 0
    for node in page.tree.iter("p"):
        said = "".join(node.itertext()).strip()
        if len(said) >= PARAGRAPH:
            size += len(said)
            if size > PLAINLY:
                break
    return size


def shape(page: Page, *, all_zones: bool = True) -> Shape:
    """The shape of a page; of one with some prose, only what may cut it is looked for (``all_zones`` no)."""
    body = page.tree.find("body")
    return _Walk(page, body if body is not None else page.tree, all_zones=all_zones).made()


def _fits(node: HtmlElement, zone: str) -> bool:
    """Whether an element is what its name says and not the whole page: what is called locked may be the article itself."""
    if zone in ("lock", "form") and node.find(".//h1") is not None:
        return False
    if zone in ("dialog", "login", "waiting") and (node.find(".//main") is not None or node.find(".//nav") is not None):
        return False
    size = 0
    for said in node.itertext():
        size += weight(said.strip())
        if size > LARGEST.get(zone, 3 * CARD):
            return False
    return True


def _opens(head: HtmlElement) -> bool:
    """Whether a link opens what it stands in, or is most of it, or holds a heading: others are links within a text."""
    if any(child.tag in _HEADINGS for child in head.iter()):
        return True
    block = head
    while block.tag in _INLINE and (up := block.getparent()) is not None:
        block = up
    whole, said = " ".join("".join(block.itertext()).split()), " ".join("".join(head.itertext()).split())
    return len(said) > len(whole) / 2 or (len(said) > len(whole) / 4 and said in whole[: len(said) + 20])


def _is_story(up: HtmlElement, card: HtmlElement) -> bool:
    """Whether what a card stands in is a text of its own, with its headline or paragraphs beside the card: then that is a row in it."""
    head = up.find(".//h1")
    if head is not None and card is not head and card.find(".//h1") is None:
        return True
    beside = [child for child in up if child.tag == "p" and child is not card and len("".join(child.itertext()).strip()) >= SENTENCE]
    return len(beside) > 1 and (card.tag == "p" or up.index(beside[0]) < up.index(card))


class _Walk:
    def __init__(self, page: Page, body: HtmlElement, *, all_zones: bool) -> None:
        self.page, self.body, self.all_zones = page, body, all_zones
        self.zone_of: dict[HtmlElement, set[str]] = defaultdict(set)
        self.side: set[HtmlElement] = set()
        self.found = Shape()
        self.heads: dict[str, HtmlElement] = {}
        self.raw: list[tuple[str, int, frozenset[str], HtmlElement]] = []
        self._parts: list[str] = []
        self._linked = 0

    def made(self) -> Shape:
        for zone, pattern in marks.ZONES.items() if self.all_zones else [(zone, marks.ZONES[zone]) for zone in ("lock", "offer")]:
            for node in self._called(zone, pattern):
                if node.tag not in ("html", "body", "h1", "input") and _fits(node, zone):
                    self.zone_of[node].add(zone)
        self.side = set(self._called("side", marks.SIDE))
        self._read(self.body, self.body, frozenset(), linked=False, depth=0)
        self._end(self.body, frozenset())
        self.found.bare = sum(1 for _ in islice(self.page.tree.iter("a"), BARE + 1)) <= BARE
        cards = self._cards()
        self.found.cards = len(cards)
        days: list[int] = []
        for at, (text, linked, zones, node) in enumerate(self.raw[:MOST_LINES]):
            inside = bool(cards) and any(up in cards for up in (node, *node.iterancestors()))
            part = node.tag if isinstance(node.tag, str) else ""
            line = Line(text, weight(text), linked, zones, part, inside, (node.get("class") or "").lower())
            self.found.lines.append(line)
            stamp = not inside and len(text) < 90 and not (line.is_prose and line.size > SENTENCE) and not line.leads_away
            if (
                stamp
                and _DAY.search(text)
                and not (_REQUEST.search(text) or _MACHINES.search(text))
                and "©" not in text
                and "(c)" not in text.lower()
            ):
                self.found.dated = True
                days.append(at)
        self.found.stamped = bool(days) and days[-1] > self.found.headline() - ABOVE
        if any(not any(up in cards or up in self.side for up in node.iterancestors()) for node in self.page.times):
            self.found.dated = self.found.stamped = True
        return self.found

    def _called(self, zone: str, pattern: re.Pattern[str]) -> Iterator[HtmlElement]:
        """Elements of which a name fits."""
        page, told = self.page, list(self.page.said.items())
        places: set[int] = set()
        for hint in marks.HINTS[zone]:
            at = page.joined.find(hint)
            while at >= 0:
                place = bisect_right(page.starts, at) - 1
                places.add(place)
                at = page.joined.find(hint, page.starts[place + 1])
        for place in sorted(places):
            if pattern.search(told[place][0]):
                yield from (page.named[number] for number in told[place][1])

    def _cards(self) -> set[HtmlElement]:
        """What announces another story: the largest element around its headline that holds no other."""
        count: dict[HtmlElement, int] = defaultdict(int)
        heads = [head for head in self.heads.values() if _opens(head)]
        for head in heads:
            for up in (head, *head.iterancestors()):
                count[up] += 1
        if len(heads) < FEW:
            return set(heads)
        cards: set[HtmlElement] = set()
        for head in heads:
            node = head
            while (up := node.getparent()) is not None and count[up] == 1 and up.tag != "body" and not _is_story(up, node):
                node = up
            if weight("".join(node.itertext())) <= CARD:
                cards.add(node)
        return cards

    def _read(self, node: HtmlElement, block: HtmlElement, zones: frozenset[str], *, linked: bool, depth: int) -> None:
        if depth > DEEPEST or len(self.raw) > MOST_LINES:
            return
        self._say(node.text, linked=linked)
        for child in node:
            tag = child.tag
            if not isinstance(tag, str) or tag in _SILENT:
                if tag == "noscript":
                    self.found.silent += " ".join(child.itertext())[:2000]
            elif tag == "br":
                self._end(block, zones)
            elif tag in ("input", "textarea", "select"):
                self._field(child)
            elif tag in _PLAIN and child.get("role") is None and child not in self.side and child not in self.zone_of:
                self._read(child, block, zones, linked=linked, depth=depth + 1)
            elif not self._is_frame(child):
                inner = self._entered(child, zones)
                if tag == "a":
                    self._link(child, inner)
                if tag in _INLINE:
                    self._read(child, block, inner, linked=linked or tag == "a", depth=depth + 1)
                else:
                    self._end(block, zones)
                    self._read(child, child, inner, linked=linked, depth=depth + 1)
                    self._end(child, inner)
            self._say(child.tail, linked=linked)

    def _entered(self, node: HtmlElement, zones: frozenset[str]) -> frozenset[str]:
        """The zones inside an element."""
        inner = zones | self.zone_of[node] if node in self.zone_of else zones
        asks = node.tag in ("button", "form", "dialog") or node.get("role") in ("dialog", "alertdialog")
        if asks and _fits(node, "form" if node.tag == "form" else "dialog"):  # some systems put a whole page into a form
            inner = inner | {node.tag if node.tag in ("form", "button") else "dialog"}
            if node.tag == "button":
                self.found.buttons.append(" ".join("".join(node.itertext()).split())[:80])
        if node.get("aria-busy") == "true" and _fits(node, "waiting"):  # "being modified": WAI-ARIA 1.2
            inner = inner | {"waiting"}
        if inner is not zones:
            self.found.zones |= inner
        return inner

    def _is_frame(self, node: HtmlElement) -> bool:
        if node.tag in _FRAME or node.get("role") in _ROLES or node in self.side:
            return node not in self.zone_of and node.find(".//h1") is None
        if node.tag == "aside":
            return node not in self.zone_of
        return node.tag == "header" and node.find(".//nav") is not None

    def _field(self, node: HtmlElement) -> None:
        kind = (node.get("type") or "text").lower()
        if kind == "password":
            self.found.password = True
        elif kind in ("email", "tel") or node.get("data-members-email") is not None or _ASKED.search(node.get("autocomplete") or ""):
            self.found.asked = True
        elif kind == "text" and node.get("placeholder") is None and node.tag == "input":
            self.found.typed = True
        elif kind in ("button", "submit"):
            self.found.buttons.append((node.get("value") or "")[:80])

    def _link(self, node: HtmlElement, zones: frozenset[str]) -> None:
        href = (node.get("href") or "").strip()
        said = " ".join("".join(node.itertext()).split())
        if "btn" in (node.get("class") or "") or not href or href.startswith(("#", "javascript:")):
            self.found.buttons.append(said[:80])
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")):
            return
        self.found.links += 1
        parts = urlsplit(href) if "://" not in href or href.startswith("http") else None
        path = parts.path if parts else href
        if path[:1] not in ("/", "") and not (parts and parts.netloc):
            path = "/" + path.removeprefix("./").replace("../", "")
        host = (parts.hostname or "") if parts else ""
        if said and path in ("/", "") and not (parts and parts.query) and (not parts or not parts.netloc or parts.netloc in self.page.url):
            self.found.hrefs.add("home")
        for name, pattern in marks.HREFS.items():
            if pattern.match(path) or (host and marks.HOSTS[name].match(host)):
                self.found.hrefs.add(name)
                return
        if weight(said) >= HEADLINE and not zones & {"form", "lock", "offer", "consent", "login"}:
            self.heads.setdefault(href.partition("#")[0], node)

    def _say(self, text: str | None, *, linked: bool) -> None:
        if text:
            self._parts.append(text)
            if linked:
                self._linked += len(text.strip())

    def _end(self, block: HtmlElement, zones: frozenset[str]) -> None:
        if self._parts:
            if text := " ".join("".join(self._parts).split()):
                self.raw.append((text, self._linked, zones, block))
            self._parts.clear()
            self._linked = 0
