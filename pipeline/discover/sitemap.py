"""Sitemaps (https://www.sitemaps.org/protocol.html): of pages, of sitemaps, as text, and the lines of a robots.txt that name them.

lxml reads the XML, one entry at a time and on past what is broken. ultimate-sitemap-parser was tried: one hostile ``lastmod`` ends it, one
bare ``&`` ends its list, it guesses ("2024" becomes a day of that year), and it forgets what an index says of its children.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline import urls
from pipeline.discover import looks
from pipeline.discover.dates import instant
from pipeline.discover.entry import MAX_TAGS, tongue, words
from pipeline.discover.feed import parse as read_feed
from pipeline.errors import DiscoverError
from pipeline.model import Candidate, Child, Found, Hints, Response, Source

MAX_BYTES = 50 * 2**20  # sitemaps.org: of one file, decoded, and
MAX_ENTRIES = 50_000  # at most of its entries
MAX_CHILDREN = 10_000  # an index of a file a day covers 27 years
ALIKE = 5  # so many entries that state one and the same lastmod state when the file was made: nothing of themselves
MAX_REFUSED = 100  # reasons that are told one by one

_ROOTS = ("urlset", "sitemapindex")
_ENTRIES = ("{*}urlset", "{*}sitemapindex", "{*}url", "{*}sitemap")
_START = re.compile(rb"<(?:\w+:)?(?:url|sitemap)[\s>/]")
_ROOT = re.compile(rb"<((?:\w+:)?(?:urlset|sitemapindex))\b[^<>]*>")
_ENTRY = re.compile(rb"<((?:\w+:)?(?:url|sitemap))(?=[\s>])[^<>]{0,1000}>(?>[^<]+|<(?!/\1\s*>|\1[\s>]))*+</\1\s*>")
_END = re.compile(rb"</(?:\w+:)?(?:url|sitemap)\s*>")
_CLOSED = re.compile(rb"</(?:\w+:)?(?:urlset|sitemapindex)\s*>")
_NAMED = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)  # RFC 9309 §2.2.4 leaves it to sitemaps.org


def parse(response: Response, source: Source) -> Found:
    """A sitemap's bytes to candidates (``lastmod`` as the modification, what news sitemaps say as hints), or an index's to ``follow``.

    A feed is taken as the sitemap it may be. Raises DiscoverError for what is none: what it looks like, and what to do.
    """
    body = response.body
    if len(body) > MAX_BYTES:
        raise DiscoverError(
            f"{source.name}: the sitemap has {len(body):,} bytes; {MAX_BYTES:,} are read at most", url=response.url, reason="too-large"
        )
    if response.url.partition("?")[0].endswith("/robots.txt"):
        return _robots(response, source)
    if looks.is_markup(body):
        found = _xml(response, source)
        if found is not None:
            return found
        if looks.is_feed(body):
            return read_feed(response, source)
    else:
        found = _text(response, source)
        if found is not None:
            return found
    raise DiscoverError(
        f"{source.name}: {response.url} is not a sitemap: {looks.like(response)}. Name a sitemap, a sitemap index, or the site "
        "itself, whose robots.txt may name one",
        url=response.url,
        reason="not-a-sitemap",
    )


# ── robots.txt ────────────────────────────────────────────────────────────────────────────────────


def _robots(response: Response, source: Source) -> Found:
    """What robots.txt names, wherever that stands: the site vouches for it."""
    text = response.body.decode("utf-8-sig", "replace")
    named: dict[str, None] = {}
    for line in _NAMED.finditer(text):
        try:
            named[urls.cleaned(urls.join(response.url, line[1]))] = None
        except ValueError:
            continue
    if not named:
        raise DiscoverError(
            f"{source.name}: {response.url} names no sitemap; look for one in a browser (/sitemap.xml, /sitemap_index.xml), or watch a "
            'section page (kind = "page")',
            url=response.url,
            reason="no-sitemap",
        )
    return Found(follow=tuple(Child(url=url) for url in list(named)[:MAX_CHILDREN]))


# ── text ──────────────────────────────────────────────────────────────────────────────────────────


def _text(response: Response, source: Source) -> Found | None:
    """One address a line. None when the first line is none: then it is no sitemap."""
    lines = [line.strip() for line in response.body.decode("utf-8-sig", "replace").splitlines()]
    lines = [line for line in lines if line]
    if not lines or not re.match(r"https?://\S+$", lines[0]):
        return None
    taken = _Taken(response, source)
    for number, line in enumerate(lines[:MAX_ENTRIES], 1):
        if re.match(r"https?://", line):
            taken.page(f"line {number}", line, Hints(language=source.language))
        else:
            taken.refuse(f"line {number}: no address ({line[:80]!r})")
    taken.beyond(len(lines) - MAX_ENTRIES)
    return taken.found()


# ── XML ───────────────────────────────────────────────────────────────────────────────────────────


def _xml(response: Response, source: Source) -> Found | None:
    """None when its root is neither of the two."""
    taken, whole = _Taken(response, source), _closed(response.body)
    root, number, children = _gather(taken, _entries(whole))
    starts = len(_START.findall(response.body))
    if root and number < starts:  # something broken ended it early: each entry by itself, then
        again = _Taken(response, source)
        _, more, others = _gather(again, _piecewise(whole))
        if more > number:
            taken, number, children = again, more, others
    if not root:
        return None
    most = MAX_ENTRIES if root == "urlset" else MAX_CHILDREN
    taken.beyond(number - most)
    if number < starts:
        taken.refuse(f"{starts - number:,} entries are broken")
    return taken.found(tuple(children.values()))


def _closed(body: bytes) -> bytes:
    """The body up to its last entry that ended, when the file breaks off: half an address is another address."""
    if _CLOSED.search(body[-4096:]):
        return body
    ends = [found.end() for found in _END.finditer(body)]
    return body[: ends[-1]] if ends else body


def _gather(taken: _Taken, entries: Iterator[tuple[str, Any]]) -> tuple[str, int, dict[str, Child]]:
    """→ the root's name ("" for another one), how many entries there were, the children of an index."""
    children: dict[str, Child] = {}
    root, number = "", 0
    for name, element in entries:
        if name in _ROOTS:
            root = root or name
            continue
        if name == "url" and root == "urlset":
            number += 1
            if number <= MAX_ENTRIES:
                said = _said(element)
                taken.page(f"entry {number}", said.get("loc", ""), _hints(said, taken.source))
        elif name == "sitemap" and root == "sitemapindex":
            number += 1
            if number <= MAX_CHILDREN:
                _child(taken, children, f"entry {number}", _said(element))
        element.clear()
        while root and element.getprevious() is not None:  # what was read must not fill the memory
            del element.getparent()[0]
    return root, number, children


def _entries(body: bytes) -> Iterator[tuple[str, Any]]:
    """The root when it begins, then each entry when it ends. A file that breaks off gives what stands before."""
    from lxml import etree

    steps = etree.iterparse(
        io.BytesIO(body), events=("start", "end"), tag=_ENTRIES, recover=True, resolve_entities=False, no_network=True, huge_tree=True
    )
    try:
        for event, element in steps:
            name = etree.QName(element).localname
            if (event == "start") == (name in _ROOTS):
                yield name, element
    except etree.XMLSyntaxError:
        return


def _piecewise(body: bytes) -> Iterator[tuple[str, Any]]:
    """The same of a broken file, each entry read as a document of its own."""
    root = _ROOT.search(body)
    pieces = _ENTRY.finditer(body, root.end()) if root else ()
    for number, piece in enumerate(pieces):
        if number > MAX_ENTRIES:
            return
        assert root is not None
        found = list(_entries(root[0] + piece[0] + b"</" + root[1] + b">"))
        yield from found if not number else found[1:]


def _said(element: Any) -> dict[str, str]:
    """Local name → text, of the entry and what stands in it (news:news); the first of a name counts."""
    said: dict[str, str] = {}
    for inner in element.iter("{*}loc", "{*}lastmod", "{*}title", "{*}publication_date", "{*}language", "{*}keywords", "{*}genres"):
        space, _, name = inner.tag.rpartition("}")
        if any(other in space for other in ("sitemap-image", "sitemap-video")):
            continue  # an image's loc and title are not the page's
        text = "".join(inner.itertext()).strip()
        if text:
            said.setdefault(name, text)
    return said


def _hints(said: dict[str, str], source: Source) -> Hints:
    tags = dict.fromkeys(tag for part in said.get("keywords", "")[:4000].split(",") if (tag := words(part)))
    return Hints(
        title=words(said.get("title")),
        published=instant(said.get("publication_date")),
        modified=instant(said.get("lastmod")),
        language=source.language or tongue(said.get("language")),
        tags=tuple(tags)[:MAX_TAGS],
    )


def _child(taken: _Taken, children: dict[str, Child], label: str, said: dict[str, str]) -> None:
    url = taken.address(label, said.get("loc", ""), child=True)
    if url is not None and url != taken.response.url:
        children.setdefault(url, Child(url=url, stated=said.get("lastmod", "")[:60] or None))


# ── what is taken of it ───────────────────────────────────────────────────────────────────────────


class _Taken:
    """Gathers entries: each a candidate once, or refused with its reason."""

    def __init__(self, response: Response, source: Source) -> None:
        self.response, self.source = response, source
        self._own = {urls.outlet(response.url), urls.outlet(source.url), source.outlet} - {None}
        self._pages: dict[str, Candidate] = {}
        self._refused: list[str] = []
        self._untold = 0

    def address(self, label: str, loc: str, *, child: bool = False) -> str | None:
        """``loc`` cleaned; None, and a reason, for what cannot be fetched or belongs to another site.

        A source that a person named may name its children anywhere; a child may not, and pages are of the source's own site
        (sitemaps.org, "Sitemaps & Cross Submits").
        """
        if not loc:
            self.refuse(f"{label}: no address")
            return None
        try:
            url = urls.cleaned(urls.join(self.response.url, loc))
        except ValueError as error:
            self.refuse(f"{label}: {error}")
            return None
        vouched = child and self.response.requested_url == self.source.url
        if not vouched and urls.outlet(url) not in self._own:
            self.refuse(f"{label}: {url[:200]} belongs to another site; if it is the source's own, say so with outlet = …")
            return None
        return url

    def page(self, label: str, loc: str, hints: Hints) -> None:
        """An entry; a front page is none."""
        url = self.address(label, loc)
        if url is None:
            return
        if urls.is_home(url):
            self.refuse(f"{label}: a front page")
            return
        key = urls.keys(url)[0]
        self._pages.setdefault(key, Candidate(url=url, source=self.source.name, seen_at=self.response.fetched_at, hints=hints))

    def refuse(self, reason: str) -> None:
        """Keeps a reason, or counts it when there are many."""
        if len(self._refused) < MAX_REFUSED:
            self._refused.append(reason)
        else:
            self._untold += 1

    def beyond(self, count: int) -> None:
        """So many entries were not looked at."""
        if count > 0:
            self._refused.append(f"{count:,} further entries: not so many are read")

    def found(self, children: tuple[Child, ...] = ()) -> Found:
        """Everything."""
        if self._untold:
            self._refused.append(f"{self._untold:,} more like these")
        pages = tuple(self._pages.values())
        if len(pages) >= ALIKE and len({page.hints.modified for page in pages}) == 1:
            pages = tuple(replace(page, hints=replace(page.hints, modified=None)) for page in pages)
        if len(children) >= ALIKE and len({child.stated for child in children}) == 1:
            children = tuple(Child(url=child.url) for child in children)
        return Found(candidates=pages, follow=children, language=self.source.language, refused=tuple(self._refused))
