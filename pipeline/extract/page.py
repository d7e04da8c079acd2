"""One page, parsed once: the tree and what one walk over it gathers for everybody."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from pipeline import text as words
from pipeline import urls
from pipeline.extract import decode, structured
from pipeline.extract.structured import Thing
from pipeline.model import Hints, Outlet, Profile, Response

if TYPE_CHECKING:
    from lxml.html import HtmlElement


APART = "\n\n"
"""Between what several classes and ids say: two breaks, one of which may be taken for the end of what stands before, the other for the
beginning of what comes next."""
_BLANK = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_MARKUP = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,300}|!--.*?--)>", re.DOTALL)


# A line over (or under) the headline, printed inside the heading: a topic, a dateline, a subtitle.
_KICKER = re.compile(
    r"kicker|over-?line|overtitle|topline|eyebrow|dachzeile|roof|spitzmarke|topic|sub-?(?:title|head|line)|section|categor|label"
    r"|byline|date|author|badge|antetitulo|volanta|hidden|sr-only|screen-reader|supertitle|intro|dossier|rubri|flag|tag\b|preline"
    r"|pre-?title|surtitre",
    re.IGNORECASE,
)


def line(text: str | None) -> str:
    """One line of plain text: blanks joined, markup that was escaped into it, terminal escapes and control characters gone."""
    if not text:
        return ""
    if "&" in text:
        import html

        text = html.unescape(text)
    if "<" in text:
        text = _MARKUP.sub(" ", text)
    if text.isascii() and (simple := " ".join(text.split())).isprintable():  # most lines: nothing in them to take out
        return simple
    return _BLANK.sub(" ", words.plain(text)).strip()


def content(element: HtmlElement) -> str:
    """The text of an element in one line; of scripts and styles nothing."""
    if element.find(".//script") is None and element.find(".//style") is None:
        return line("".join(element.itertext()))
    return line("".join(part for part in _visible(element)))


def _visible(element: HtmlElement) -> Iterator[str]:
    for node in element.iter():
        if node.tag not in {"script", "style", "noscript", "template"} and isinstance(node.tag, str):
            yield node.text or ""
        if node is not element:
            yield node.tail or ""


@dataclass(slots=True, kw_only=True)
class Page:
    """``metas``: name, property, itemprop or http-equiv in lower case → contents. ``things``: JSON-LD objects; ``articles``: those of them
    that are the article, the one that says so best first. ``props``: microdata and RDFa → elements. ``site``: names of the outlet.
    """

    url: str
    tree: HtmlElement
    fetched_at: datetime
    headers: tuple[tuple[str, str], ...] = ()
    hints: Hints = field(default_factory=Hints)
    outlet: Outlet | None = None
    metas: dict[str, list[str]] = field(default_factory=dict)
    links: list[tuple[str, str, str]] = field(default_factory=list)  # rel, href, type
    things: list[Thing] = field(default_factory=list)
    articles: list[Thing] = field(default_factory=list)
    head_title: str = ""
    headings: list[str] = field(default_factory=list)
    heads: list[HtmlElement] = field(default_factory=list)  # the elements of these
    around: set[HtmlElement] = field(default_factory=set)  # what holds the first two of them
    times: list[HtmlElement] = field(default_factory=list)
    props: dict[str, list[HtmlElement]] = field(default_factory=dict)
    base: str = ""
    named: list[HtmlElement] = field(default_factory=list)  # elements with a class or an id
    said: dict[str, list[int]] = field(default_factory=dict)  # what these say, in lower case (patterns need not ignore it), and which
    joined: str = ""  # all that, with breaks before, between and behind
    starts: list[int] = field(default_factory=list)  # where each begins in it, and the end
    scripts: int = 0
    container: str = ""  # the place of the body (``place``), where it was found out
    refuted: str = ""  # a learned container that held too little
    searched: bool = False  # the body was looked for in the general way
    repeated: tuple[int, ...] = ()  # sentences that were left out, as the outlet repeats them

    def called(self, pattern: re.Pattern[str], but: re.Pattern[str] | None = None) -> Iterator[HtmlElement]:
        """Elements whose class or id fits the one pattern and not the other, in the page's order."""
        fitting: list[int] = []
        for about, places in self._saying(pattern):
            if pattern.search(about) and not (but and but.search(about)):
                fitting += places
        return (self.named[place] for place in sorted(fitting))

    def _saying(self, pattern: re.Pattern[str]) -> Iterator[tuple[str, list[int]]]:
        """What may fit of what classes and ids say: one search in all of it is many times cheaper than one in each."""
        told, at = list(self.said.items()), 0
        while found := pattern.search(self.joined, at):
            first = found.start() + self.joined[found.start()].isspace()
            place = bisect_right(self.starts, first) - 1
            if 0 <= place < len(told):
                yield told[place]
            at = self.starts[place + 1] - 1

    def says(self, words: tuple[str, ...]) -> bool:
        """Whether a class or id of the page holds one of these words."""
        return any(word in self.joined for word in words)

    @property
    def profile(self) -> Profile:
        """What was learned of the outlet."""
        return self.outlet.profile if self.outlet else Profile()

    @property
    def domain(self) -> str:
        return urls.outlet(self.url or self.base) or ""

    def meta(self, *names: str) -> str | None:
        """The first value of the first of these that has one."""
        return next((value for name in names for value in self.metas.get(name, ()) if value), None)

    def stated(self, key: str) -> Iterator[Any]:
        """The values of a property in the article's JSON-LD, in order of trust; where it says nothing, in that of the page around it."""
        found = [thing[key] for thing in self.articles if thing.get(key)]
        return iter(found or [thing[key] for thing in self.things if thing.get(key) and structured.is_page(thing)])

    def link(self, rel: str) -> str | None:
        return next((href for name, href, _ in self.links if rel in name.split()), None)


def read(response: Response, hints: Hints, outlet: Outlet | None) -> Page:
    """Decodes, parses, gathers. Raises NotAnArticle("empty")."""
    tree = decode.tree_of(decode.utf8_of(response.body, response.header("content-type")))
    page = Page(url=response.url, tree=tree, fetched_at=response.fetched_at, headers=response.headers, hints=hints, outlet=outlet)
    blocks: list[str] = []
    for node in tree.iter("meta", "link", "script", "title", "h1", "time", "base"):
        _GATHER[node.tag](page, node, blocks)
    page.around = {up for head in page.heads[:2] for up in head.iterancestors()}
    _note(page)
    page.things = structured.things(blocks)
    page.articles = _ranked(page)
    return page


def _note(page: Page) -> None:
    """Elements with a class or an id, and microdata and RDFa: each walk over a tree costs, so the page is gone through once."""
    body, props = page.tree.find("body"), page.props
    for part in page.tree.iterchildren("*"):
        for node in part.iter("*") if part.tag != "body" else ():
            if node.get("itemprop") or (node.get("property") and node.tag != "meta"):
                _prop(props, node)
    said, named = page.said, page.named
    for node in body.iter("*") if body is not None else ():
        get = node.get
        classes, identity = get("class"), get("id")
        if (classes or identity) and node is not body:
            said.setdefault(f"{classes or ''} {identity or ''}".lower(), []).append(len(named))
            named.append(node)
        if get("itemprop") or (get("property") and node.tag != "meta"):
            _prop(props, node)
    starts = accumulate((len(about) + len(APART) for about in said), initial=len(APART))
    page.joined, page.starts = APART.join(("", *said, "")), list(starts)


def _prop(props: dict[str, list[HtmlElement]], node: HtmlElement) -> None:
    for name in (node.get("itemprop") or node.get("property") or "").split():
        props.setdefault(name.removeprefix("schema:"), []).append(node)


def _meta(page: Page, node: HtmlElement, _blocks: list[str]) -> None:
    content_ = line(node.get("content") or node.get("value"))
    if not content_:
        return
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        if name := (node.get(attribute) or "").strip().lower():
            page.metas.setdefault(name, []).append(content_)


def _link(page: Page, node: HtmlElement, _blocks: list[str]) -> None:
    if href := (node.get("href") or "").strip():
        page.links.append(((node.get("rel") or "").lower(), href, (node.get("type") or "").lower()))


def _script(page: Page, node: HtmlElement, blocks: list[str]) -> None:
    page.scripts += 1
    if "ld+json" in (node.get("type") or "").lower() and node.text:
        blocks.append(node.text)


def _title(page: Page, node: HtmlElement, _blocks: list[str]) -> None:
    if not page.head_title and not any(up.tag == "svg" for up in node.iterancestors()):
        page.head_title = content(node)


def _h1(page: Page, node: HtmlElement, _blocks: list[str]) -> None:
    if len(page.headings) >= 8:
        return
    kickers = [
        child
        for child in node.iterdescendants("span", "small", "div", "a", "strong", "em", "p")
        if _KICKER.search(child.get("class") or "")
    ]
    said = content(node)
    rest = said
    for kicker in kickers:
        rest = line(rest.replace(content(kicker), " ", 1))
    if rest or said:
        page.headings.append(rest if len(rest) > 10 else said)
        page.heads.append(node)


def _time(page: Page, node: HtmlElement, _blocks: list[str]) -> None:
    if len(page.times) < 50:
        page.times.append(node)


def _base(page: Page, node: HtmlElement, _blocks: list[str]) -> None:
    page.base = page.base or (node.get("href") or "")


_GATHER = {"meta": _meta, "link": _link, "script": _script, "title": _title, "h1": _h1, "time": _time, "base": _base}


def _ranked(page: Page) -> list[Thing]:
    """The article's objects: those that name this page's address or heading first; others only when none does."""
    found = [thing for thing in page.things if structured.is_article(thing)]
    if len(found) < 2:
        return found or [thing for thing in page.things if "VideoObject" in structured.types(thing)][:1]
    here = {urls.keys(address)[:1] for address in (page.url, page.link("canonical") or "") if address}
    named = {said.casefold() for said in (*page.headings[:2], page.meta("og:title") or "") if said}

    def rank(thing: Thing) -> int:
        addresses = (structured.address(thing.get(key)) for key in ("url", "mainEntityOfPage", "@id"))
        mine = any(urls.keys(address)[:1] in here for address in addresses if address and urls.keys(address))
        return -2 * mine - (line(structured.first(thing.get("headline"))).casefold() in named)

    ordered = sorted(found, key=rank)
    return [thing for thing in ordered if rank(thing) < 0] or ordered[:1]
