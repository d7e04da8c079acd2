"""Bylines as pages print them: microdata, places called a byline, links to a person's page, a line that begins with "By"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.extract import credit, moments, names, place, titles
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
    frame = page.around
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
    r"^(?i:(?:written |story |text |words |posted |published )?by|von|par|por|di|av|door|текст|автор"
    r"|autor(?:in|en|in/autor|[:*]in)?|auteur|author|texte?)"
    r"\s*:?(?:\s+(?=[^\W\d_a-zà-ÿа-я])|$)"
)
_ALONE = re.compile(
    r"^(?:(?:written |posted |published )?by|von|autor(?:in|en|in/autor|[:*]in)?|auteur|author|texte?|par|por)\s*:?$", re.IGNORECASE
)


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


def known(page: Page) -> tuple[list[str], list[str]]:
    """The same as ``beside``, from the place in which this outlet prints who wrote a story."""
    node = place.find(page.tree, page.profile.byline) if page.profile.byline else None
    said = _persons(_pieces(node)) if node is not None else ""
    return ([said], [content(node)]) if node is not None and said else ([], [])


def beside(page: Page, site: set[str]) -> tuple[list[str], list[str]]:
    """The first place of the page that is called a byline or an author and holds names; else links to a person's page; else "By …".

    The names, and that place's text, whole and part by part.
    """
    links = list(page.tree.iter("a"))
    wire: tuple[list[str], list[str]] = ([], [])  # an agency signs: unless somebody else does further on
    for node in (*page.called(_PLACE, but=_NOT_PLACE), *(link for link in links if link.get("rel") == "author")):
        if node.tag in _NO_BYLINE_TAGS or _is_elsewhere(page, node):
            continue
        pieces = _pieces(node) if sum(1 for _ in node.iter()) < 60 else ""
        if names.is_site(titles.fold(names.without_opener(pieces)), site):  # the outlet signs: who signs further down wrote something else
            return _opening(page), [content(node)]
        if said := _persons(pieces):
            return _siblings(node, said), [content(node), *(line(part) for part in node.itertext())]
        if pieces and not wire[0] and credit.signers(pieces, site):
            wire = [pieces], [content(node)]
    for link in links:
        if _PERSON_LINK.search(link.get("href") or "") and names.is_person(said := content(link)) and not _is_elsewhere(page, link):
            return [said], [said]
    if under := _under_heading(page):
        return under, []
    return _printed(page) if not wire[0] else wire


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
    """The line under or over the headline that holds a name and a date: "Anna Person | March 3, 2024"."""
    heading = page.heads[0] if page.heads else None
    for above in (heading, heading.getparent()) if heading is not None else ():
        for beside_ in (above.getnext(), _after(above.getnext()), _after(_after(above.getnext())), above.getprevious()):
            said = content(beside_) if beside_ is not None and sum(1 for _ in beside_.iter()) < 20 else ""
            if not 8 < len(said) < 160 or not moments.instant(said):
                continue
            parts = re.split(r"\s+[|·•–—]\s+", said)
            persons = [part for part in parts if (named := names.split(part)) and all(names.is_person(name) for name in named)]
            if len(parts) > 1 and persons:
                return persons[:1]
    return []


def _after(node: HtmlElement | None) -> HtmlElement | None:
    return node.getnext() if node is not None else None


def _opening(page: Page) -> list[str]:
    """A first paragraph that is names and nothing else, with the story behind it: papers print it that sign everything themselves above."""
    seen = False
    for tries, node in enumerate(page.tree.iter("h1", "p")):
        seen = seen or node is page.heads[0] if page.heads else False
        if not seen or node.tag == "h1":
            continue
        said = content(node)
        if len(said) > 200 or tries > 200:
            break
        named = [name for part in said.split("/") for name in names.split(part)] if 5 < len(said) < 60 else []
        after = node.getnext()
        body = after is not None and after.tag == "p" and len(content(after)) > 80
        if body and named and all(names.is_person(name) and len(name.split()) > 1 for name in named) and not re.search(r"[:：]", said):
            return ["\n".join(named)]
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
            said = line(node.tail) or (content(after) if after is not None else "")
        named = names.split(said) if len(said) < 120 else []
        persons = bool(named) and all(names.is_person(name) for name in named)
        if (persons or (len(said) < 60 and credit.of_byline((said,)))) and not _is_elsewhere(page, node):
            return ["\n".join(named)] if persons else [said] if credit.signers(said, ()) else [], [said]
    return [], []
