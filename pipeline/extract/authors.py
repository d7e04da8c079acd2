"""Authors as people: all of them, and nobody else.

JSON-LD and meta often name only the first (facts on The Moscow Times), so a printed byline that holds the same person and more is the
better witness. Agencies employ people and are none: they go to the credit line. The publisher goes nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pipeline.extract import credit, moments, names, structured, titles
from pipeline.extract.page import Page, content, line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

METAS = (
    "parsely-author",
    "sailthru.author",
    "author",
    "byl",
    "article:author_name",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "dc.creator.personalname",
    "article:author",
    "og:article:author",
    "citation_author",
    "rbauthors",
    "authors",
    "cxenseparse:author",
    "shareaholic:article_author_name",
    "book:author",
    "mediator_author",
)
"""Names of metas, those that are made for machines by the newsroom first."""
MAX_AUTHORS = 20
_PLACE = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author|writer|autor|auteur|contributor|verfasser|redakteur|journalist)(?:s|en|in|es)?(?:[\s_-]|$)"
    r"|author-?name|byline|author",
)
_NOT_PLACE = re.compile(
    r"bio|box|image|img|photo|avatar|social|follow|comment|date|time|desc|about|related|count|link-?list|role|title|job|popup|caption",
)


def authors(page: Page, byline_xpath: str | None = None) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """The people, where they were found, and everything that was said (for the credit line)."""
    site = {titles.fold(name) for name in (*titles.names(page), page.domain, page.domain.split(".", 1)[0])} - {""}
    ruled = [content(node) for node in page.tree.xpath(byline_xpath)] if byline_xpath else []
    said: list[tuple[str, list[str]]] = [("site", ruled)] if ruled else []
    said.append(("json-ld", [name for value in page.stated("author") for name in _names(value, organizations=False)][:MAX_AUTHORS]))
    said.append(("meta", _in_metas(page)))
    said.append(("microdata", [content(node) or node.get("content") or "" for node in _props(page)]))
    beside, printed = _bylines(page)
    said.append(("byline", beside))
    said.append(("feed", list(page.hints.authors)))
    said.append(("json-ld", [name for value in page.stated("author") for name in _names(value, organizations=True)][:MAX_AUTHORS]))
    said = [(where, texts if where in {"byline", "microdata"} else [line(text) for text in texts]) for where, texts in said]
    raw = (*(text for _, texts in said for text in texts), *printed)
    found = [(where, names.people(texts, site)) for where, texts in said]
    found = [(where, named) for where, named in found if named]
    if not found:
        return (), "", raw
    where, chosen = found[0]
    if where != "site":
        for other, named in found[1:]:
            if (
                other in {"byline", "meta"}
                and len(chosen) < len(named) <= 8
                and _within(chosen, named)
                and all(names.is_person(name) for name in named)
            ):
                where, chosen = other, named
    return chosen[:MAX_AUTHORS], where, raw


def _within(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    return {titles.fold(name) for name in few} <= {titles.fold(name) for name in many}


def _usable(text: str) -> bool:
    return bool(text) and not text.startswith("http")


def _in_metas(page: Page) -> list[str]:
    """The first meta that names somebody, then the label pairs of social cards ("Written by": "Anna Person")."""
    found = next((list(page.metas[name]) for name in METAS if any(_usable(value) for value in page.metas.get(name, ()))), [])
    if not found:
        for number in ("1", "2"):
            if re.match(
                r"written by|by|author|verfasst von|geschrieben von|écrit par|escrito por|scritto da",
                page.meta(f"twitter:label{number}") or "",
                re.IGNORECASE,
            ):
                found = list(page.metas.get(f"twitter:data{number}", ()))
    return found


def _names(value: Any, *, organizations: bool) -> Iterable[str]:
    """Names in a JSON-LD author: texts, persons, lists of them; or the organizations among them."""
    for part in value if isinstance(value, list) else [value]:
        kinds = structured.types(part) if isinstance(part, dict) else ()
        if any("Organization" in kind for kind in kinds) == organizations:
            yield from structured.strings(part)


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
        if up.tag in {"aside", "nav"} or re.search(
            r"comment|related|sidebar|recommend|teaser|site-footer|page-footer|most-?(?:read|popular)|newsletter", about
        ):
            return up.tag not in {"body", "html", "article", "main"}
    return False


_PERSON_LINK = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|people|by|staff|journalists?|contributors?|redakteure?|profiles?|columnists?"
    r"|reporters?|personas?)/[^/?#]+",
    re.IGNORECASE,
)
_GLUE = re.compile(r"(?i)\n(and|und|et|y|e|&|,)\n")
_OPENER = re.compile(
    r"^(?i:(?:written |story |text |words |posted |published )?by|von|par|por|di|av|door|текст|автор)\s*:?(?:\s+(?=[^\W\d_a-zà-ÿа-я])|$)"
)
_ALONE = re.compile(r"^(?:(?:written |posted |published )?by|von|autor(?:in)?|author|par|por)\s*:?$", re.IGNORECASE)


def _pieces(node: HtmlElement) -> str:
    """A byline's text with its parts kept apart: a name in a link, a role in a span, a date beside them."""
    linked = [
        said for link in node.iter("a") if _PERSON_LINK.search(link.get("href") or "") and (said := content(link)) and _is_byline(said)
    ]
    if linked:
        return "\n".join(dict.fromkeys(linked))
    parts = [said for part in node.itertext() if (said := line(part))]
    return _GLUE.sub(r" \1 ", "\n".join(parts))


_BYLINE_TAGS = {"div", "span", "p", "a", "address", "li", "ul", "h3", "h4", "strong", "em", "section", "header"}


def _is_byline(said: str) -> bool:
    named = names.split(said)
    return bool(named) and all(names.is_person(name) for name in named)


def _bylines(page: Page) -> tuple[list[str], list[str]]:
    """The first place of the page that is called a byline or an author and holds names; else links to a person's page; else "By …".

    The names, and that place's text, whole and part by part.
    """
    links = page.tree.xpath(".//a[@href]")
    marked = [link for link in links if link.get("rel") == "author"]
    for node in (*page.called(_PLACE, but=_NOT_PLACE), *marked):
        if node.tag not in _BYLINE_TAGS or _is_elsewhere(node):
            continue
        said = _persons(_pieces(node)) if sum(1 for _ in node.iter()) < 60 else ""
        if said:
            return _siblings(node, said), [content(node), *(line(part) for part in node.itertext())]
    for link in links:
        if _PERSON_LINK.search(link.get("href")) and names.is_person(said := content(link)) and not _is_elsewhere(link):
            return [said], [said]
    return (under, []) if (under := _under_heading(page)) else _printed(page)


def _persons(said: str) -> str:
    """Of several pieces those that are people; a single one is believed as it is."""
    named = names.split(said) if 2 < len(said) < 300 else []
    persons = [name for name in named if names.is_person(name)]
    if persons:
        return "\n".join(persons)
    return named[0] if len(named) == 1 and not names.JOB.search(named[0]) else ""


def _siblings(node: HtmlElement, said: str) -> list[str]:
    """Second authors stand beside the first, in an element of the same class."""
    found = [said]
    parent = node.getparent()
    for other in parent if parent is not None else ():
        if (
            other is not node
            and other.tag == node.tag
            and other.get("class") == node.get("class")
            and len(found) < 8
            and (more := _persons(_pieces(other)))
        ):
            found.append(more)
    return found


def _under_heading(page: Page) -> list[str]:
    """The line under the headline that holds a name and a date: "Anna Person | March 3, 2024"."""
    heading = page.tree.find(".//h1")
    for place in (heading, heading.getparent()) if heading is not None else ():
        after = place.getnext() if place is not None else None
        for _ in range(3):
            if after is None:
                break
            said = content(after) if sum(1 for _ in after.iter()) < 20 else ""
            if 8 < len(said) < 160 and moments.instant(said):
                front = re.split(r"\s+[|·•–—]\s+", said)[0]
                named = names.split(front)
                return [front] if named and front != said and all(names.is_person(name) for name in named) else []
            after = after.getnext()
    return []


def _printed(page: Page) -> tuple[list[str], list[str]]:
    """A short line that begins "By Anna Person", or an element that says "Written by" with the name behind it: names, and the line.

    "By AFP" and "By the newsroom for AFP" name nobody and credit an agency.
    """
    for node in page.tree.iter("p", "span", "div", "em", "i", "strong", "b", "small", "h4", "h5", "h6", "a", "li"):
        start = (node.text or "").strip()
        if len(start) > 100 or len(node) > 5 or not _OPENER.match(start):
            continue
        said = content(node)
        if _ALONE.match(said):
            after = node.getnext()
            said = content(after) if after is not None else line(node.tail)
        named = names.split(said) if len(said) < 120 else []
        persons = bool(named) and all(names.is_person(name) for name in named)
        if (persons or (len(said) < 60 and credit.of_byline((said,)))) and not _is_elsewhere(node):
            return ["\n".join(named)] if persons else [], [said]
    return [], []
