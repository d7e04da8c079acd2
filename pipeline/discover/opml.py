"""OPML: other readers' lists of feeds, read and written (OPML 2.0, http://opml.org/spec2.opml). What can be read of a broken one is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipeline import urls
from pipeline.discover.entry import words
from pipeline.discover.find import plain_scheme
from pipeline.errors import InputError
from pipeline.model import Source
from pipeline.text import plain

MAX_BYTES = 20 * 2**20
MAX_ENTRIES = 10_000

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]*\bencoding\s*=\s*[\"']([\w.:-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A feed of a list. ``folder``: where it stood, "News / Local"."""

    url: str
    title: str | None = None
    folder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a list holds. ``refused``: entries that are no feeds to us, each with its reason."""

    title: str | None = None
    feeds: tuple[Listed, ...] = ()
    refused: tuple[str, ...] = ()


def read(body: bytes, name: str = "the list") -> Outline:
    """An OPML file's bytes → its feeds, in its order, each address once. Raises InputError when it holds no outline at all."""
    import listparser

    if len(body) > MAX_BYTES:
        raise InputError(f"{name}: has {len(body):,} bytes; {MAX_BYTES:,} are read at most")
    text = _decoded(body)
    if not re.search(r"<outline\b", text, re.IGNORECASE):
        look = "it is empty" if not text.strip() else "there is no <outline> in it"
        raise InputError(f"{name}: is no OPML ({look}); export the list of feeds from your reader once more")
    # as bytes: handed a text that begins with an address, listparser would fetch it; as ASCII: it guesses at any other encoding
    parsed = listparser.parse(text.encode("ascii", "xmlcharrefreplace"))
    feeds: dict[str, Listed] = {}
    refused = list(_passed_over(text))
    for each in parsed.get("feeds", [])[:MAX_ENTRIES]:
        title = words(each.get("title"), 200)
        label = title or "untitled"
        try:
            url = urls.cleaned(plain_scheme(each.get("url") or ""))
        except ValueError as error:
            refused.append(f"{label}: {error}")
            continue
        if url in feeds:
            refused.append(f"{label}: {url} stands in the list twice")
            continue
        folder = next((" / ".join(part for part in path if part) for path in each.get("categories") or () if path), None)
        feeds[url] = Listed(url=url, title=title, folder=words(folder, 200))
    if (more := len(parsed.get("feeds", [])) - MAX_ENTRIES) > 0:
        refused.append(f"{more:,} further entries: {MAX_ENTRIES:,} are read at most")
    return Outline(title=words((parsed.get("meta") or {}).get("title"), 200), feeds=tuple(feeds.values()), refused=tuple(refused))


def write(sources: Iterable[Source], title: str) -> str:
    """Sources as OPML 2.0; each is named as it is here."""
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = plain(title)
    body = etree.SubElement(root, "body")
    for source in sources:
        told: dict[str, str] = {"type": "rss", "text": source.name, "title": source.name, "xmlUrl": source.url}
        if source.language:
            told["language"] = source.language
        etree.SubElement(body, "outline", {key: plain(value) for key, value in told.items()})
    xml: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return xml.decode()


def _decoded(body: bytes) -> str:
    """As text, without the declaration that names its old encoding and what XML cannot hold."""
    encoding = next((name for mark, name in _MARKS if body.startswith(mark)), None)
    declared = _DECLARED.match(body)
    for name in (encoding, declared[1].decode() if declared else None, "utf-8"):
        try:
            text = body.decode(name, "strict" if name != "utf-8" else "replace") if name else None
        except (LookupError, ValueError):
            continue
        if text is not None:
            return plain(re.sub(r"\A\s*<\?xml[^>]*\?>", "", text.removeprefix("\ufeff")))
    return ""


def _passed_over(text: str) -> Iterable[str]:
    """Entries that listparser passes over in silence: those without a feed's address that are no folders, and what stands there twice."""
    from lxml import html

    try:
        tree: Any = html.document_fromstring(text)
    except (ValueError, html.etree.LxmlError):
        return
    met: set[str] = set()
    for outline in tree.iter("outline"):
        title = words(outline.get("text") or outline.get("title"), 200) or "untitled"
        address = (outline.get("xmlurl") or "").strip()
        if address in met:
            yield f"{title}: {address[:300]} stands in the list twice"
        elif address:
            met.add(address)
        elif outline.get("type") or not len(outline):
            page = outline.get("htmlurl")
            yield f"{title}: no address of a feed" + (f"; try `wirewatch source add {page[:300]}`" if page else "")
