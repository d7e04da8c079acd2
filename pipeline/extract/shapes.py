"""How a page with little prose is built: what stands in its main part, what leads elsewhere, what is asked of the reader.

Made before the body is looked for (pruning takes out what tells a wall), by one walk, and only for pages that may be something else than an
article: for most, ``plainly_an_article`` is answered by counting their paragraphs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.extract.page import Page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

PLAINLY = 2800
"""Characters of prose in paragraphs; a page with as many is not measured: it is an article, and it is not cut."""
PARAGRAPH = 60
SENTENCE = 40  # letters that make a line a sentence, when nothing ends it
HEADLINE = 15  # letters that make a link the headline of another story
CARD = 600  # letters of a card: a headline with what it announces
BARE = 3  # links of a page without a frame
FEW = 3  # headlines of other stories that make no list
DEEPEST = 200
LARGEST = {"consent": 6000, "lock": 2500}  # letters of a zone
MOST_LINES = 600

_INLINE = frozenset((
    "a", "span", "b", "strong", "em", "i", "font", "small", "u", "sup", "sub", "abbr", "time", "mark", "code", "q", "cite", "ins", "del",
    "bdi", "wbr", "big", "tt", "s", "acronym", "data",
))  # fmt: skip
_SILENT = frozenset(("script", "style", "template", "svg", "option", "iframe", "canvas", "math", "video", "audio", "object", "noscript"))
_FRAME = frozenset(("nav", "footer"))
_ROLES = frozenset(("banner", "navigation", "contentinfo", "complementary", "search", "menu"))
SIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|navigation|menu|masthead|sidebar|rail|footer|breadcrumbs?|colophon|topbar|copyright|skip-link|pager|pagination"
    r"|comments?)(?:[\s_-]|$)"
)
ZONES: dict[str, re.Pattern[str]] = {
    "consent": re.compile(
        r"sp_message|onetrust|optanon|didomi|usercentrics|qc-cmp|cmpbox|(?:^|[\s_-])cmp(?:[\s_-]|$)|truste|cookie-?bot|consent|iubenda|osano"
        r"|cookie-?(?:wall|overlay|modal|dialog|layer|notice|banner|bar|box|page)|gdpr|privacy-?(?:wall|gate|modal)|pur-?(?:abo|choice|wall|modal)"
        r"|purchoice|pay-?or-?(?:ok|consent)|contentpass"
    ),
    "lock": re.compile(
        r"paywall|pay-?(?:layer|gate|block|box|meter|barrier)|paid-?(?:block|content|wall|gate|layer)|regwall|reg(?:istration)?-?(?:gate|wall)"
        r"|(?:^|[\s_-])(?:gate|gateway|gated|barrier|piano)(?:[\s_-]|$)|piano-|tp-(?:modal|container)|meter(?:ed|ing)?(?:[\s_-]|$)"
        r"|subscri(?:ber|ption)-?(?:only|wall|gate|lock|box)|subscribe-?(?:wall|gate)|premium-?(?:lock|wall|gate)"
        r"|member(?:s|ship)?-?(?:gate|wall|only|lock)|upgrade-cta|(?:^|[\s_-])(?:un)?lock(?:ed)?(?:[\s_-]|$)|abo-?(?:wall|gate)"
        r"|plus-?(?:wall|gate)|teaser-?(?:fade|end)|fade-?out|pw-(?:container|overlay|box)|login-?wall"
        r"|purchase-?wall|article-?(?:gate|wall|lock)|restricted(?:[\s_-]|$)"
    ),
    "offer": re.compile(
        r"(?:^|[\s_-])offers?(?:[\s_-]|$)|upsell|subscribe-?(?:box|block|cta)|subscription-?box|(?:premium|plus|abo|member(?:s|ship)?|purchase)-?(?:box|block|layer|cta|teaser)"
        r"|sales-?(?:pane|box|wall)|(?:^|[\s_-])(?:muro|sperre|schranke)(?:[\s_-]|$)"
    ),
    "dialog": re.compile(r"modal|overlay|dialog|pop-?up|lightbox|interstitial"),
    "missing": re.compile(
        r"not-?found|(?:^|[\s_-])(?:error|page|e|p|err|status)?-?404(?:[\s_-]|$)|error-?(?:page|content|code|message|title|description|body|wrap|container)"
        r"|page-?error|missing-?page|(?:^|[\s_-])error(?:[\s_-]|$)"
    ),
    "broken": re.compile(r"wp-die|maintenance|offline|down-?(?:page|time)|server-?error|error-?50\d|(?:^|[\s_-])50\d(?:[\s_-]|$)|under-?construction"),
    "login": re.compile(r"(?:^|[\s_-])(?:auth|log-?in|sign-?in|sign-?up|register|registration|account)(?:[\s_-]|$)|login-?(?:box|form|page|card)|uyelik"),
    "waiting": re.compile(r"skeleton|spinner|loader|loading|placeholder|shimmer|preload"),
}  # fmt: skip
# Every name of a zone holds one of these: to look for them first is many times cheaper.
_HINTS = {
    "consent": (
        "sp_message", "onetrust", "optanon", "didomi", "usercentrics", "cmp", "truste", "cookie", "consent", "iubenda", "osano", "gdpr",
        "privacy", "pur", "payor", "pay-or", "contentpass",
    ),
    "lock": (
        "wall", "pay", "paid", "gate", "barrier", "piano", "tp-", "meter", "subscri", "premium", "member", "upgrade", "upsell", "lock",
        "abo", "plus", "offer", "fade", "teaser-end", "teaserend", "pw-", "purchase", "restrict",
    ),
    "offer": ("offer", "upsell", "subscri", "box", "block", "cta", "layer", "teaser", "sales", "muro", "sperre", "schranke"),
    "dialog": ("modal", "overlay", "dialog", "pop", "lightbox", "interstitial"),
    "missing": ("found", "404", "error", "missing"),
    "broken": ("wp-die", "maintenance", "offline", "down", "error", "50", "construct"),
    "login": ("auth", "log", "sign", "regist", "account", "uyelik"),
    "waiting": ("skeleton", "spinner", "load", "placeholder", "shimmer"),
    "side": (
        "nav", "menu", "masthead", "sidebar", "rail", "footer", "breadcrumb", "colophon", "topbar", "copyright", "skip", "pag", "comment",
    ),
}  # fmt: skip
_END = re.compile(r"[.!?…。！？।؟][\"'”’»）)」』]*$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./]\d{1,2}[./]\d{2}")
_WIDE = re.compile("[\u2e80-\uffff]")
_HREFS = {
    "login": re.compile(
        r"/(?:[\w-]+/)?(?:log-?in|sign-?in|anmeld|connexion|konto|account|acceso|accedi|inloggen|zaloguj|prihlas|giris)", re.IGNORECASE
    ),
    "offer": re.compile(
        r"/(?:[\w-]+/)?(?:abo|abonn|subscri|offer|plans?\b|pay\b|premium|vip\b|predplat|prenumer|suscri|abbon|assin|pur\b|membership|join\b|support)",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """``size``: letters, those of scripts without spaces counted for what they say; ``linked``: characters that are links; ``zones``: what it
    stands in; ``part``: the nearest tag that is no inline one; ``card``: in the announcement of another story."""

    text: str
    size: int
    linked: int
    zones: frozenset[str]
    part: str
    card: bool
    classes: str

    @property
    def leads_away(self) -> bool:
        return self.linked > 0.6 * len(self.text)

    @property
    def is_prose(self) -> bool:
        return (
            not self.leads_away
            and self.part not in ("button", "label", "h1", "h2", "h3")
            and (self.size >= SENTENCE or (self.size >= HEADLINE and _END.search(self.text) is not None))
        )


@dataclass(slots=True)
class Shape:
    """``lines``: of the main part (not the menu, the foot, the comments); ``silent``: what stands in noscript. ``password``, ``asked``:
    fields for a password, for an address or a number; ``buttons``: their labels; ``hrefs``: "home", "login", "offer" that the main part
    leads to, ``lock``: those from within a gate; ``cards``: other stories announced; ``dated``: a date that is no card's; ``bare``: the whole page leads
    nowhere, as no page of a site does."""

    lines: list[Line] = field(default_factory=list)
    silent: str = ""
    password: bool = False
    asked: bool = False
    buttons: list[str] = field(default_factory=list)
    hrefs: set[str] = field(default_factory=set)
    cards: int = 0
    links: int = 0
    dated: bool = False
    zones: set[str] = field(default_factory=set)
    bare: bool = False

    def prose(self, *but: str) -> int:
        """Letters of the sentences outside links and cards and these zones."""
        return sum(line.size for line in self.lines if not line.card and line.is_prose and not line.zones.intersection(but))

    def own(self, text: str) -> int:
        """Letters of a body's sentences that stand neither in a card nor in what is built for something else than text."""
        other = {line.text for line in self.lines if line.card or line.leads_away or line.zones}
        cards = " ".join(line.text for line in self.lines if line.card)
        return sum(weight(said) for said in pieces(text) if said not in other and said not in cards and is_sentence(said))

    def said(self, zone: str = "") -> str:
        """The lines of the main part, or of a zone, outside cards."""
        return "\n".join(line.text for line in self.lines if not line.card and (not zone or zone in line.zones))


def weight(text: str) -> int:
    """How much a text says, in letters of an alphabet: a Chinese or Korean character counts two and a half."""
    return len(text) if text.isascii() else int(len(text) + 1.5 * len(_WIDE.findall(text)))


def pieces(text: str) -> list[str]:
    """The lines of a body, cells of tables apart."""
    return [said for said in re.split(r"\n|\s*\\?\|\s*", text) if said]


def is_sentence(said: str) -> bool:
    """Whether a line of a body is prose: long, or ended as a sentence is."""
    size = weight(said)
    return size >= PARAGRAPH and (size > 2 * PARAGRAPH or _END.search(said) is not None)


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
    if zone == "lock" and node.find(".//h1") is not None:
        return False
    size = 0
    for said in node.itertext():
        size += weight(said.strip())
        if size > LARGEST.get(zone, 3 * CARD):
            return False
    return True


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
        said = list(self.page.said)
        for zone, pattern in ZONES.items() if self.all_zones else [(zone, ZONES[zone]) for zone in ("lock", "offer")]:
            for node in self._called(said, zone, pattern):
                if node.tag not in ("html", "body", "h1", "input") and _fits(node, zone):
                    self.zone_of[node].add(zone)
        self.side = set(self._called(said, "side", SIDE))
        self._read(self.body, self.body, frozenset(), linked=False, depth=0)
        self._end(self.body, frozenset())
        self.found.bare = sum(1 for _ in islice(self.page.tree.iter("a"), BARE + 1)) <= BARE
        cards = self._cards()
        self.found.cards = len(cards)
        for text, linked, zones, node in self.raw[:MOST_LINES]:
            inside = bool(cards) and any(up in cards for up in (node, *node.iterancestors()))
            part = node.tag if isinstance(node.tag, str) else ""
            line = Line(text, weight(text), linked, zones, part, inside, (node.get("class") or "").lower())
            self.found.lines.append(line)
            if (
                not inside
                and len(text) < 90
                and "©" not in text
                and "(c)" not in text.lower()
                and _YEAR.search(text)
                and not line.leads_away
            ):
                self.found.dated = True
        self.found.dated = self.found.dated or any(
            not any(up in cards or up in self.side for up in node.iterancestors()) for node in self.page.times
        )
        return self.found

    def _called(self, said: list[str], zone: str, pattern: re.Pattern[str]) -> Iterator[HtmlElement]:
        """Elements of which a name fits."""
        whole = "\n".join(said)
        starts = [0, *accumulate(len(about) + 1 for about in said)]
        places: set[int] = set()
        for hint in _HINTS[zone]:
            at = whole.find(hint)
            while at >= 0:
                place = bisect_right(starts, at) - 1
                places.add(place)
                at = whole.find(hint, starts[place + 1])
        for place in sorted(places):
            if pattern.search(said[place]):
                yield from (self.page.named[number] for number in self.page.said[said[place]])

    def _cards(self) -> set[HtmlElement]:
        """What announces another story: the largest element around its headline that holds no other."""
        count: dict[HtmlElement, int] = defaultdict(int)
        for head in self.heads.values():
            for up in (head, *head.iterancestors()):
                count[up] += 1
        if len(self.heads) < FEW:
            return set(self.heads.values())
        cards: set[HtmlElement] = set()
        for head in self.heads.values():
            node = head
            while (up := node.getparent()) is not None and count[up] == 1 and up.tag != "body":
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
                self._field(child, zones)
            elif not self._is_frame(child, zones):
                inner = zones | self.zone_of[child] if child in self.zone_of else zones
                if inner is not zones:
                    self.found.zones |= inner
                if tag == "a":
                    self._link(child, inner)
                if tag in ("button", "form", "dialog") or child.get("role") in ("dialog", "alertdialog"):
                    inner = inner | {"form" if tag == "form" else "dialog" if tag != "button" else "button"}
                    if tag == "button":
                        self.found.buttons.append(" ".join("".join(child.itertext()).split())[:80])
                if tag in _INLINE:
                    self._read(child, block, inner, linked=linked or tag == "a", depth=depth + 1)
                else:
                    self._end(block, zones)
                    self._read(child, child, inner, linked=linked, depth=depth + 1)
                    self._end(child, inner)
            self._say(child.tail, linked=linked)

    def _is_frame(self, node: HtmlElement, zones: frozenset[str]) -> bool:
        if node.tag in _FRAME or node.get("role") in _ROLES or node in self.side:
            return node not in self.zone_of and node.find(".//h1") is None
        if node.tag == "aside":
            return node not in self.zone_of
        return node.tag == "header" and node.find(".//nav") is not None

    def _field(self, node: HtmlElement, zones: frozenset[str]) -> None:
        kind = (node.get("type") or "text").lower()
        if kind == "password":
            self.found.password = True
        elif kind in ("email", "tel") or "username" in (node.get("autocomplete") or "") or node.get("data-members-email") is not None:
            self.found.asked = True
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
        if said and path in ("/", "") and not (parts and parts.query) and (not parts or not parts.netloc or parts.netloc in self.page.url):
            self.found.hrefs.add("home")
        for name, pattern in _HREFS.items():
            if pattern.match(path):
                self.found.hrefs.add(name)
                return
        if weight(said) >= HEADLINE and not zones & {"form", "lock", "consent", "login"}:
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
