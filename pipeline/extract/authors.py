"""Authors as people: all of them, and nobody else.

JSON-LD and meta often name only the first (facts on The Moscow Times), so a printed byline that holds the same person and more is the better
witness. Agencies are people's employers, not people: they go to the credit line; so does the publisher, to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pipeline.extract import credit, structured, titles
from pipeline.extract.page import Page, content, line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

METAS = (
    "parsely-author", "sailthru.author", "author", "byl", "article:author_name", "dc.creator", "dcterms.creator", "dc.contributor", "dc.creator.personalname",
    "article:author", "og:article:author", "citation_author", "rbauthors", "authors", "cxenseparse:author", "shareaholic:article_author_name", "book:author", "mediator_author",
)  # fmt: skip
MAX_AUTHORS = 20
_BY = re.compile(
    r"^(?:(?:written|posted|published|reported|reviewed|story|words|text|article|review|review) by|by|byline|von|par|por|di|door|av|af|autorin|autor(?:es)?|autore|auteur|author\(?s?\)?|redaktion|texte?|yazan|автор(?:ы)?|текст|作者|文|記者|記事|撰文|oleh|przez|написал)"
    r"(?:\s*[:：●|/]\s*|\s+)", re.IGNORECASE)  # fmt: skip
_BETWEEN = re.compile(
    r"\s*(?:[;|•·●／、，\n]|\s/\s|,\s*(?:and|und|et|y|e|en|og|och|и|та)\s|(?<=\w)\s+(?:and|und|et|y|og|och|i|и|та|ve|with|mit|avec|con)\s+(?=\S+)|\s&\s|,\s+and\s+by\s)\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:\b(?:last\s+)?(?:updated|published|posted|modified|aktualisiert|veröffentlicht|stand|mis à jour|publié|publicado|actualizado|aggiornato|обновлено|опубликовано|am|on)\b\s*:?\s*(?:\d|\w+\s+\d|$).*"
    r"|\b\d{1,2}[./:]\d{2}.*|\b(?:19|20)\d{2}\b.*|\s[-–—|]\s.*|@\w+.*|\(.*|\bfollow\b.*|\bview\b.*|\S+@\S+.*|https?:.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ROLE = re.compile(
    r"^(?:(?:staff|senior|chief|political|foreign|associate|managing|contributing|news|special|freelance|science|business|sports?|technology|health|deputy|web|world|editor(?:ial)?|assistant)\s+)*"
    r"(?:writer|reporter|editor|correspondent|contributor|columnist|staff|author|autor(?:in)?|journalist(?:in)?|redakteur(?:in)?|redaktion|admin|administrator|webmaster|editorial team|"
    r"photographer|guest|unknown|anonymous|none|null|undefined|user|redaktor|корреспондент|редакция|editor-in-chief|bureau chief)s?$",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"https?:|www\.|\.(?:com|de|org|net|co)\b|[<>{}=\[\]]|\d{3}|^\W*$|\b(?:comments?|share|read more|subscribe|minutes?|ago|read)\b|[!?]$",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author|writer|autor|auteur|contributor|verfasser|redakteur|journalist)(?:s|en|in|es)?(?:[\s_-]|$)|author-?name|byline|Author",
    re.IGNORECASE,
)
_NOT_PLACE = re.compile(
    r"bio|box|image|img|photo|avatar|social|follow|comment|date|time|desc|about|related|count|link-?list|role|title|job|popup|caption",
    re.IGNORECASE,
)
_SURNAME_FIRST = re.compile(r"^[^\W\d_]+(?:[-' ][^\W\d_]+)*,\s[^\W\d_][^\W\d_.]*(?:\s[^\W\d_]\.?)?$")


def authors(page: Page, byline_xpath: str | None = None) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """The people, where they were found, and everything that was said (for the credit line)."""
    site = {titles.fold(name) for name in titles.names(page)}
    ruled = [content(node) for node in page.tree.xpath(byline_xpath)] if byline_xpath else []
    said: list[tuple[str, list[str]]] = [("site", ruled)] if ruled else []
    said.append(("json-ld", [name for value in page.stated("author") for name in _names(value)][:MAX_AUTHORS]))
    said.append(("meta", next((list(page.metas[name]) for name in METAS if any(_usable(v) for v in page.metas.get(name, ()))), [])))
    said.append(("microdata", [content(node) or node.get("content") or "" for node in _props(page)]))
    said.append(("byline", _bylines(page)))
    said.append(("feed", list(page.hints.authors)))
    raw = tuple(text for _, texts in said for text in texts)
    found = [(where, people(texts, site)) for where, texts in said]
    found = [(where, named) for where, named in found if named]
    if not found:
        return (), "", raw
    where, chosen = found[0]
    if where != "site":
        for other, named in found[1:]:
            if other in {"byline", "meta", "microdata"} and len(chosen) < len(named) <= 8 and _within(chosen, named):
                where, chosen = other, named
    return chosen[:MAX_AUTHORS], where, raw


def _within(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    return {titles.fold(name) for name in few} <= {titles.fold(name) for name in many}


def _usable(text: str) -> bool:
    return bool(text) and not text.startswith("http")


def _names(value: Any) -> Iterable[str]:
    """Names in a JSON-LD author: texts, persons, lists of them. Organizations are handed on too; ``people`` knows the publisher."""
    parts = value if isinstance(value, list) else [value]
    for part in parts:
        yield from structured.strings(part)


def people(texts: Iterable[str], site: set[str]) -> tuple[str, ...]:
    """The persons in bylines, in order, once each. ``site``: folded names of the outlet, which wrote nothing."""
    found: dict[str, str] = {}
    for text in texts:
        for name in split(line(text)):
            folded = titles.fold(name)
            if folded and not _is_site(folded, site) and credit.agency(name) is None:
                found.setdefault(folded, name)
    return tuple(found.values())


def _is_site(folded: str, site: set[str]) -> bool:
    return folded in site or folded.removesuffix(" staff").removesuffix(" editors").removeprefix("the ") in {
        name.removeprefix("the ") for name in site
    }


def split(text: str) -> list[str]:
    """One byline as names: "By A, B and C for AFP" gives A, B, C and AFP's place is left to the credit line."""
    if len(text) > 300:
        return []
    text = _BY.sub("", _BY.sub("", text).strip()).strip()
    text = credit.without_agency(text)
    if _SURNAME_FIRST.match(text) and len(text.split()) == 2:
        last, _, given = text.partition(", ")
        return [f"{given} {last}"] if given[0].isupper() and last.isupper() else [last, given] if False else _clean([last, given])
    parts = [part for piece in _BETWEEN.split(text) for part in re.split(r"\s*,\s+|(?<=[\u4e00-\u9fff])[,]", piece)]
    return _clean(parts)


def _clean(parts: list[str]) -> list[str]:
    kept: list[str] = []
    for part in parts:
        name = _TAIL.sub("", _BY.sub("", part.strip())).strip(" \t,;:.–—-|/●•·\"“”„'*")
        if part.strip().endswith(".") and re.search(r"\b(?:[A-Z]\.)*[A-Z]$|\b[JS]r$", name):
            name += "."
        if (
            not name
            or len(name) > 60
            or len(name.split()) > 6
            or _NOISE.search(name)
            or (_ROLE.match(name) and kept)
            or not re.search(r"[^\W\d_]{2}", name)
        ):
            continue
        if re.match(r"^(?:M\.?D|Ph\.?D|Jr|Sr|Esq|RN|MBA|MSc|FACLM|III?)\b", name) and kept:
            continue
        if _ROLE.match(name) or re.match(r"^(?:updated|published|in|on|at|the|for)\b", name, re.IGNORECASE) and len(name.split()) < 2:
            continue
        kept.append(name)
    return kept


def _props(page: Page) -> list[HtmlElement]:
    """Microdata authors: of a Person the name alone."""
    found: list[HtmlElement] = []
    for node in page.props.get("author", ())[:6]:
        if _is_elsewhere(node):
            continue
        named = node.xpath('.//*[@itemprop="name"]')
        found.extend(named[:1] or [node])
    return found


def _is_elsewhere(node: HtmlElement) -> bool:
    """In a list of other stories, a sidebar or comments."""
    for up in node.iterancestors():
        about = f"{up.get('class') or ''} {up.get('id') or ''}".lower()
        if up.tag in {"aside", "footer", "nav"} or re.search(r"comment|related|sidebar|recommend|widget|teaser|footer|most-read", about):
            return up.tag not in {"body", "html", "article", "main"}
    return False


def _bylines(page: Page) -> list[str]:
    """What stands in elements that are called a byline or an author; links with rel=author; the first place that has names wins."""
    tree = page.tree
    links = [node for node in tree.xpath('.//*[@rel="author"]')[:6] if not _is_elsewhere(node)]
    if links and (texts := [said for node in links if 2 < len(said := content(node)) < 100]):
        return texts
    outer: HtmlElement | None = None
    texts = []
    for node in tree.xpath(
        ".//*[self::div or self::span or self::p or self::a or self::address or self::li or self::h3 or self::h4 or self::strong or self::em][@class or @id]"
    ):
        about = f"{node.get('class') or ''} {node.get('id') or ''}"
        if not _PLACE.search(about) or _NOT_PLACE.search(about) or _is_elsewhere(node):
            continue
        if outer is not None and (outer in node.iterancestors()):
            continue
        said = content(node)
        if 2 < len(said) < 200 and split(said):
            outer = node
            texts.append(said)
            if len(texts) > 5 or "byline" in about.lower():
                break
    return texts
