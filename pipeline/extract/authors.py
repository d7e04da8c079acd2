"""Authors as people: all of them, and nobody else.

JSON-LD and meta often name only the first (facts on The Moscow Times), so a printed byline that holds the same person and more is the
better witness. Agencies employ people and are none: they go to the credit line. The publisher goes nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
    "twitter:misc:written by",
)
"""Names of metas, those that are made for machines by the newsroom first."""
MAX_AUTHORS = 20
_LABEL = re.compile(r"written by|by|author|(?:verfasst|geschrieben) von|écrit par|escrito por|scritto da", re.IGNORECASE)
_PLACE = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author|writer|autor|auteur|contributor|verfasser|redakteur|journalist)(?:s|en|in|es|enzeile)?(?:[\s_-]|$)"
    r"|author-?name|byline|author",
)
_NOT_PLACE = re.compile(
    r"bio|box|image|img|photo|avatar|social|follow|comment|desc|about|related|count|link-?list|role|title|job|popup|caption|categor|rubri",
)


def authors(page: Page, byline_xpath: str | None = None) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """The people, where they were found, and everything that was said (for the credit line)."""
    site = {titles.fold(name) for name in (*titles.names(page), page.domain, page.domain.split(".", 1)[0])} - {""}
    ruled = [content(node) for node in page.tree.xpath(byline_xpath)] if byline_xpath else []
    said: list[tuple[str, list[str]]] = [("site", ruled)] if ruled else []
    stated = _resolved(page)
    persons = [name for value in stated for name in _names(value, organizations=False)][:MAX_AUTHORS]
    said.append(("json-ld", persons))
    said += [("meta", texts) for texts in _in_metas(page)]
    said.append(("microdata", [content(node) or node.get("content") or "" for node in _props(page)]))
    beside, printed = _bylines(page, site)
    said.append(("byline", beside))
    said.append(("feed", list(page.hints.authors)))
    said.append(("json-ld", [name for value in stated for name in _names(value, organizations=True)][:MAX_AUTHORS]))
    said = [(where, texts if where in {"byline", "microdata"} else [line(text) for text in texts]) for where, texts in said]
    raw = (*(text for _, texts in said for text in texts), *printed)
    site -= _self_named(page, persons)
    found = [(where, names.people(texts, site)) for where, texts in said]
    found = [(where, named) for where, named in found if named]
    if not found:
        return (), "", raw
    where, chosen = found[0] if found[0][0] == "site" else _agreed(found)
    return chosen[:MAX_AUTHORS], where, raw


def _agreed(found: list[tuple[str, tuple[str, ...]]]) -> tuple[str, tuple[str, ...]]:
    """The first witness, but a meta only when no two others name another alike (a template's meta names its company); then whoever names
    the same people and more, or more of their names."""
    where, chosen = found[0]
    if where == "meta" and len(chosen) == 1 and not any(_share(chosen, named) for _, named in found[1:]):
        alike = [(w, one) for n, (w, one) in enumerate(found) if n and any(w != v and _share(one, other) for v, other in found[n + 1 :])]
        where, chosen = next(((w, one) for w, one in alike if all(names.is_person(name) for name in one)), (where, chosen))
    for other, named in found:
        if len(named) <= 8 and all(names.is_person(name) for name in named) and named != chosen and _within(chosen, named):
            where, chosen = other, named
    return where, chosen


def _share(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    return bool({titles.fold(name) for name in few} & {titles.fold(name) for name in many})


def _within(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    """Whether everybody of the few is among the many, under the same name or a longer one ("Anna" is Anna Person), and these say more."""
    longer = [titles.fold(name) for name in many]
    shorter = [titles.fold(name) for name in few]
    more = len(longer) > len(shorter) or any(" " not in name and name not in longer for name in shorter)
    return more and all(name in longer or (" " not in name and any(other.startswith(f"{name} ") for other in longer)) for name in shorter)


def _resolved(page: Page) -> list[Any]:
    """Authors in JSON-LD; one that is only referred to by ``@id`` is looked up among the page's objects."""
    known = {thing["@id"]: thing for thing in page.things if isinstance(thing.get("@id"), str)}

    def whole(part: Any) -> Any:
        return known.get(part["@id"], part) if isinstance(part, dict) and "name" not in part and isinstance(part.get("@id"), str) else part

    return [[whole(part) for part in (value if isinstance(value, list) else [value])] for value in page.stated("author")]


_NO_PERSON = re.compile(
    r"^(?:the|der|die|das|le|la|les|los|las|el|il|lo|het|de|a|o|an|mon|my|mein)\s"
    r"|\b(?:news\w*|nachrichten|zeitung|tageblatt|post|times|press\w*|journal|blog|magazin\w*|media|online|radio|tv|fm|today|daily|weekly"
    r"|world|business|studio|labs?|group|agentur|agency|verlag|review|report|insider|guide|welt|hoy|hora|diario|gazet\w*|life|digital)\b",
    re.IGNORECASE,
)


def _self_named(page: Page, persons: list[str]) -> set[str]:
    """Names of the site that are its author's own: stated as the author, a name as people have it, and no organization is called so."""
    bodies = {
        titles.fold(name)
        for thing in page.things
        for value in (thing if any("Organization" in kind for kind in structured.types(thing)) else None, thing.get("publisher"))
        for name in structured.strings(value)
        if not (isinstance(value, dict) and "Person" in structured.types(value))
    }
    said = [name for name in (*persons, *page.metas.get("author", ())) if names.is_person(name) and not _NO_PERSON.search(name)]
    return {titles.fold(name) for name in said} - bodies


def _usable(text: str) -> bool:
    return bool(text) and not text.startswith("http")


def _in_metas(page: Page) -> Iterator[list[str]]:
    """What the metas say that name somebody, each by itself, then the label pairs of social cards ("Written by": "Anna Person")."""
    for name in METAS:
        if any(_usable(value) for value in page.metas.get(name, ())):
            yield list(page.metas[name])
    for number in ("1", "2"):
        if _LABEL.match(page.meta(f"twitter:label{number}") or ""):
            yield list(page.metas.get(f"twitter:data{number}", ()))


def _names(value: Any, *, organizations: bool) -> Iterable[str]:
    """Names in a JSON-LD author: texts, persons, lists of them; or the organizations among them."""
    for part in value if isinstance(value, list) else [value]:
        kinds = structured.types(part) if isinstance(part, dict) else ()
        if ("Person" not in kinds and any("Organization" in kind for kind in kinds)) == organizations:
            yield from structured.strings(part)


def _props(page: Page) -> list[HtmlElement]:
    """Microdata authors: of a Person the name alone."""
    found: list[HtmlElement] = []
    for node in page.props.get("author", ())[:6]:
        if _is_elsewhere(page, node):
            continue
        named = node.xpath('.//*[@itemprop="name"]')
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
    r"comment|related|(?<!one-)(?<!has-)(?<!with-)(?<!no-)sidebar|recommend|teaser|site-footer|page-footer|most-?(?:read|popular)|newsletter"
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


def _bylines(page: Page, site: set[str]) -> tuple[list[str], list[str]]:
    """The first place of the page that is called a byline or an author and holds names; else links to a person's page; else "By …".

    The names, and that place's text, whole and part by part.
    """
    links = page.tree.xpath(".//a[@href]")
    marked = [link for link in links if link.get("rel") == "author"]
    for node in (*page.called(_PLACE, but=_NOT_PLACE), *marked):
        if node.tag in _NO_BYLINE_TAGS or _is_elsewhere(page, node):
            continue
        pieces = _pieces(node) if sum(1 for _ in node.iter()) < 60 else ""
        if names.is_site(titles.fold(names.without_opener(pieces)), site):  # the outlet signs: who signs further down wrote something else
            return [], [content(node)]
        if said := _persons(pieces):
            return _siblings(node, said), [content(node), *(line(part) for part in node.itertext())]
    for link in links:
        if _PERSON_LINK.search(link.get("href")) and names.is_person(said := content(link)) and not _is_elsewhere(page, link):
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
