"""Bylines as pages print them: microdata, places called a byline, links to a person's page, a line that begins with "By"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.extract import credit, moments, names, titles
from pipeline.extract.page import Page, content, line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PLACE = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author|writer|autor|auteur|contributor|verfasser|redakteur|journalist)(?:s|en|in|es|enzeile)?(?:[\s_-]|$)"
    r"|author-?name|byline|author",
)
_NOT_PLACE = re.compile(
    r"bio|box|image|img|photo|avatar|social|follow|comment|desc|about|related|count|link-?list|role|title|job|popup|caption|categor|rubri",
)


def marked(page: Page) -> list[HtmlElement]:
    """Authors in microdata and RDFa: of a Person the name alone."""
    found: list[HtmlElement] = []
    for node in [node for name in ("author", "dc:creator", "dcterms:creator") for node in page.props.get(name, ())][:6]:
        if _is_elsewhere(page, node):
            continue
        named = node.xpath('.//*[@itemprop="name" or @property="name" or @property="schema:name" or @property="foaf:name"]')
        found.extend(named[:1] or [node])
    return found


def _is_elsewhere(page: Page, node: HtmlElement) -> bool:
    """In a list of other stories, a sidebar or comments. What holds the heading too is the page's frame, whatever it is called."""
    frame = {up for head in page.heads[:2] for up in head.iterancestors()}
    contact = False  # <address> is the contact of the article around it (HTML, §4.3.10), wherever a design puts it
    for up in node.iterancestors():
        contact = contact or up.tag == "address"
        if up in frame or up.tag in {"body", "html"}:
            return False
        about = f"{up.get('class') or ''} {up.get('id') or ''}".lower()
        if (up.tag in {"aside", "nav"} and not contact) or _ELSEWHERE.search(about):
            return up.tag not in {"article", "main"}
    return False


_ELSEWHERE = re.compile(
    r"comment|related|(?<!one-)(?<!has-)(?<!with-)(?<!no-)(?<!:)sidebar|recommend|teaser|site-footer|page-footer|most-?(?:read|popular)|newsletter"
)
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


_NO_BYLINE_TAGS = {
    "body",
    "html",
    "article",
    "main",
    "nav",
    "form",
    "input",
    "textarea",
    "label",
    "button",
    "select",
    "script",
    "style",
    "img",
}


def _is_byline(said: str) -> bool:
    named = names.split(said)
    return bool(named) and all(names.is_person(name) for name in named)


def beside(page: Page, site: set[str]) -> tuple[list[str], list[str]]:
    """The first place of the page that is called a byline or an author and holds names; else links to a person's page; else "By …".

    The names, and that place's text, whole and part by part.
    """
    for node in (*page.called(_PLACE, but=_NOT_PLACE), *page.tree.xpath('.//a[@rel="author"]')):
        if node.tag in _NO_BYLINE_TAGS or _is_elsewhere(page, node):
            continue
        pieces = _pieces(node) if sum(1 for _ in node.iter()) < 60 else ""
        if names.is_site(titles.fold(names.without_opener(pieces)), site):  # the outlet signs: who signs further down wrote something else
            return [], [content(node)]
        if said := _persons(pieces):
            return _siblings(node, said), [content(node), *(line(part) for part in node.itertext())]
    for link in page.tree.iter("a"):
        if _PERSON_LINK.search(link.get("href") or "") and names.is_person(said := content(link)) and not _is_elsewhere(page, link):
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
    """Second authors stand beside the first, in an element of the same class, or in a link marked alike."""
    found = [said]
    parent = node.getparent()
    for other in parent if parent is not None else ():
        if (
            other is not node
            and (node.get("class") or node.get("rel"))
            and other.tag == node.tag
            and other.get("class") == node.get("class")
            and other.get("rel") == node.get("rel")
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
        if (persons or (len(said) < 60 and credit.of_byline((said,)))) and not _is_elsewhere(page, node):
            return ["\n".join(named)] if persons else [], [said]
    return [], []
