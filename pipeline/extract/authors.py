"""Authors as people: all of them, and nobody else.

JSON-LD and meta often name only the first (facts on The Moscow Times), so a printed byline that holds the same person and more is the
better witness. Agencies employ people and are none: they go to the credit line, and are the author only where they sign alone. The
publisher goes nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.extract import bylines, credit, names, structured, titles
from pipeline.extract.page import Page, content, line

METAS = (
    "parsely-author",
    "sailthru.author",
    "author",
    "byl",
    "article:author_name",
    "articleauthor",
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


def authors(page: Page, byline_xpath: str | None = None) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """The people, or the agency that signs alone; where they were found; and everything that was said (for the credit line)."""
    site = outlet(page)
    ruled = [content(node) for node in page.tree.xpath(byline_xpath)] if byline_xpath else []
    said: list[tuple[str, list[str]]] = [("site", ruled)] if ruled else []
    stated = _resolved(page)
    persons = [name for value in stated for name in _names(value, organizations=False)][:MAX_AUTHORS]
    said.append(("json-ld", persons))
    said += [("meta", texts) for texts in _in_metas(page)]
    said.append(("microdata", [content(node) or node.get("content") or "" for node in bylines.marked(page)]))
    beside, printed = bylines.known(page)
    if not beside:
        beside, printed = bylines.beside(page, site)
    said.append(("byline", beside))
    said.append(("feed", list(page.hints.authors)))
    said.append(("json-ld", [name for value in stated for name in _names(value, organizations=True)][:MAX_AUTHORS]))
    said = [(where, texts if where in {"byline", "microdata"} else [line(text) for text in texts]) for where, texts in said]
    raw = (*(text for _, texts in said for text in texts), *printed)
    own = {name.replace(" ", "") for name in _self_named(page, persons)}
    site = {name for name in site if name.replace(" ", "") not in own}
    found = [(where, names.people(texts, site)) for where, texts in said]
    found = [(where, named) for where, named in found if named]
    if not found:
        return *_signed_alone(said, site), raw
    where, chosen = found[0] if found[0][0] == "site" else _agreed(found)
    if not any(names.is_person(name) for name in chosen):  # a desk and the agency it edits: both are stated
        wires = [name for witness, texts in said if witness == where != "feed" for text in texts for name in credit.signers(text, site)]
        chosen = tuple(dict.fromkeys((*wires, *chosen)))
    return chosen[:MAX_AUTHORS], where, raw


def outlet(page: Page) -> set[str]:
    """Folded names of the outlet."""
    return {titles.fold(name) for name in (*titles.names(page), *_publishers(page), page.domain, page.domain.split(".", 1)[0])} - {""}


def _signed_alone(said: list[tuple[str, list[str]]], site: set[str]) -> tuple[tuple[str, ...], str]:
    """Of a page that names nobody the agency it says wrote it, in the words of the first witness; never the outlet itself.

    The feed is no witness: what is read again is told of a credit as if the feed had said it."""
    for where, texts in said:
        if where != "feed" and (named := tuple(dict.fromkeys(name for text in texts for name in credit.signers(text, site)))):
            return named[:MAX_AUTHORS], where
    return (), ""


def _publishers(page: Page) -> list[str]:
    """Whom the head names as the publisher, without an address behind the name."""
    return [name.partition(" (")[0] for key in ("publisher", "dc.publisher", "dcterms.publisher") for name in page.metas.get(key, ())]


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


def _self_named(page: Page, persons: list[str]) -> set[str]:
    """Names of the site that are its author's own: stated as the author, a name as people have it, and no organization is called so."""
    bodies = {
        titles.fold(name)
        for thing in page.things
        for value in (thing if any("Organization" in kind for kind in structured.types(thing)) else None, thing.get("publisher"))
        for name in structured.strings(value)
        if not (isinstance(value, dict) and "Person" in structured.types(value))
    }
    labelled = (name for pair in _labelled(page) for name in pair)
    said = [
        name for name in (*persons, *page.metas.get("author", ()), *labelled) if names.is_person(name) and not names.NO_PERSON.search(name)
    ]
    return {titles.fold(name) for name in said} - bodies


def _usable(text: str) -> bool:
    return bool(text) and not text.startswith("http")


def _in_metas(page: Page) -> Iterator[list[str]]:
    """What the metas say that name somebody, each by itself, then the label pairs of social cards ("Written by": "Anna Person")."""
    for name in METAS:
        if any(_usable(value) for value in page.metas.get(name, ())):
            yield list(page.metas[name])
    yield from _labelled(page)


def _labelled(page: Page) -> Iterator[list[str]]:
    for number in ("1", "2"):
        if _LABEL.match(page.meta(f"twitter:label{number}") or ""):
            yield list(page.metas.get(f"twitter:data{number}", ()))


def _names(value: Any, *, organizations: bool) -> Iterable[str]:
    """Names in a JSON-LD author: texts, persons, lists of them; or the organizations among them."""
    for part in value if isinstance(value, list) else [value]:
        kinds = structured.types(part) if isinstance(part, dict) else ()
        if ("Person" not in kinds and any("Organization" in kind for kind in kinds)) == organizations:
            yield from structured.strings(part)
