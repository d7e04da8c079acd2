"""Section pages and front pages of sites without feeds: the links to articles, told from navigation.

Each address that the page links to is weighed by its own shape (a day, a number, words), by where its links stand (a headline, the main
part; a menu, a footer) and by their words. The weights are plain and few on purpose; tests/test_discover_pages.py says how well they do.
Only this page is read: the links to its next pages are neither articles nor followed.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from pipeline import urls
from pipeline.discover import looks
from pipeline.discover.entry import words
from pipeline.errors import DiscoverError
from pipeline.model import Candidate, Found, Hints, Response, Source

MAX_LINKS = 5_000  # of one page; a large front page has 600
LONG = 7  # words; a list of headlines may be marked up as navigation
ENOUGH = 3.0  # an address that weighs so much is an article's

# Segments below which no article stands, in the languages of many sites' templates.
_NEVER_NAMES = """
tag tags topic topics thema themen themes author authors autor autoren auteur auteurs avtor people profile profiles user users member
category categories kategorie rubric rubrics rubrik search suche recherche szukaj poisk buscar login logout signin signup register account
konto compte auth subscribe subscription subscriptions abo abonnement abonnements abonnieren podpiska newsletter newsletters alerts feed
feeds rss atom contact contacts kontakt kontakty about about-us impressum imprint datenschutz privacy privacy-policy cookies cookie-policy
terms legal help hilfe aide faq support jobs careers karriere advertise advertising ads reklama werbung publicite annonces anzeigen
sitemap sponsored sponsor paid partner-content partnercontent advertorial advertorials page seite pages shop store donate contribute
support-us share print email comments comment cart checkout wp-admin wp-json wp-content wp-login.php weather wetter meteo horoscope
horoskop crossword games preview special
"""
_NEVER = frozenset(_NEVER_NAMES.split())
_FILE = re.compile(r"\.(?:pdf|jpe?g|png|gif|webp|svg|mp[34]|zip|xml|rss|atom|json|css|js|docx?|xlsx?|epub|ics)$", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d[-/_.]?(?:0[1-9]|1[0-2]|[1-9](?=[-/_.]))[-/_.]?(?:0[1-9]|[12]\d|3[01]|[1-9](?!\d))(?!\d)")
_DAY_BACKWARDS = re.compile(r"(?<!\d)(?:0[1-9]|[12]\d|3[01])[-_.](?:0[1-9]|1[0-2])[-_.](?:19|20)\d\d(?!\d)")
_SHORT_DAY = re.compile(r"/\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[a-z]?\w{0,3}\.\w+$")
_MONTH = re.compile(r"/(?:19|20)\d\d/(?:0?[1-9]|1[0-2])/[^/]*[^\d/][^/]*/?$")
_CALENDAR = re.compile(r"(?:/(?:19|20)\d\d)(?:/\d{1,2}){0,2}/?$")
_NUMBER = re.compile(r"\d{5,}")
_MIXED = re.compile(r"(?<![a-z0-9])(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{8,}(?![a-z0-9])", re.IGNORECASE)
_ID_PARAMETER = re.compile(
    r"(?:^|&)(?:id|aid|artid|article|article_?id|story|story_?id|nid|newsid|news_?id|p|item|n)=[\w-]*\d{2,}", re.IGNORECASE
)
_PAGED = re.compile(r"(?:^|&)(?:page|p|paged|seite|strona|pagina|offset|start|from|pg)=\d{1,4}(?:&|$)", re.IGNORECASE)
_NEXT = re.compile(r"(?:page|index|seite|list|p)?[-_]?\d{1,4}(?:\.\w{2,5})?", re.IGNORECASE)
_ARTICLES = re.compile(
    r"/(?:articles?|artikel|artykul|story|stories|news|nachrichten|noticias?|content|posts?|statya|stati)\b", re.IGNORECASE
)
_PAID = re.compile(r"(?:sponsored|advertisement|advertorial|promoted|paid|anzeige|реклама|publi|publicité|patrocinado)\b", re.IGNORECASE)

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5"))
_AWAY_NAMES = """
nav navbar navigation menu submenu topmenu mainmenu topbar bar header masthead footer foot bottom sidebar breadcrumb breadcrumbs pagination
pager paging pages social share sharing tags login subscribe cookie consent stopka fuss kopf legal copyright
"""
_AWAY = frozenset(_AWAY_NAMES.split())
_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "menu", "menubar"))
_HEADLINE = frozenset(("headline", "title", "titre", "titel", "hed", "teaser", "card", "story", "item", "entry", "lead", "post"))
_NOISE = re.compile(
    r"^(?:\d{1,2}[:.]\d{2}|\d+|[\W\d_]+"
    r"|(?:continue reading|read more|read on|more|weiterlesen|czytaj dalej|lire la suite|mehr|далее|подробнее)\b.*"
    r"|\d+ comments?|\d+ (?:min|minutes?|hours?|days?) ago)$",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"^(?:\d{1,2}[:.]\d{2}|вчера|сегодня|gestern|heute)\s+|\s*\b\d+ (?:min(?:ute)?s?|hours?|days?) ago$", re.IGNORECASE)
_JOINED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")


@dataclass(slots=True)
class _Link:
    """One address with the best place and the best words among its links."""

    url: str
    place: float = -9.0
    title: str = ""
    headed: bool = False


def parse(response: Response, source: Source) -> Found:
    """The article links of a page, in its order; a link's words are the title's hint.

    Raises DiscoverError for what is no page, and for a page in which none is found (it may be made by a script).
    """
    if looks.is_feed(response.body) or not looks.is_markup(response.body):
        raise DiscoverError(
            f'{source.name}: {response.url} is no page: {looks.like(response)}. A feed is kind = "feed", a sitemap kind = "sitemap"',
            url=response.url,
            reason="not-a-page",
        )
    links = _links(response)
    kin = Counter(_shape(link.url) for link in links if link.place > 0)
    taken = [link for link in links if _weight(link, kin) >= ENOUGH]
    if not taken:
        raise DiscoverError(
            f"{source.name}: none of {len(links)} links of {response.url} looks like an article's; if a script makes its list, look for a "
            "feed or a sitemap of the site",
            url=response.url,
            reason="no-links",
        )
    language = source.language
    return Found(
        candidates=tuple(
            Candidate(
                url=link.url,
                source=source.name,
                seen_at=response.fetched_at,
                hints=Hints(title=words(link.title) if len(link.title) > 3 else None, language=language),
            )
            for link in taken
        ),
        language=language,
    )


# ── the links ─────────────────────────────────────────────────────────────────────────────────────


def _links(response: Response) -> list[_Link]:
    """Every address on this site that could be an article's."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding=_charset(response), huge_tree=True, remove_comments=True)
    try:
        root = html.document_fromstring(response.body, parser=parser)
    except (etree.LxmlError, ValueError):  # nothing in it, or not even a beginning
        return []
    base = next((_joined(response.url, str(tag.get("href"))) for tag in root.iter("base") if tag.get("href")), None) or response.url
    own, here = urls.outlet(response.url), _path(response.url)
    found: dict[str, _Link] = {}
    for number, anchor in enumerate(root.iter("a", "area")):
        href = anchor.get("href")
        if number > MAX_LINKS or not href or href.startswith(("#", "javascript:", "mailto:", "tel:")):
            continue
        url = _joined(base, href)
        if url is None or urls.outlet(url) != own or not _may_be(url, here):
            continue
        key = urls.keys(url)[0]
        link = found.setdefault(key, _Link(url=url))
        _weigh_place(link, anchor)
    return list(found.values())


def _charset(response: Response) -> str | None:
    named = re.search(r"charset=[\"']?([\w-]+)", response.header("content-type") or "", re.IGNORECASE)
    try:
        return codecs.lookup(named[1]).name if named else None
    except LookupError:
        return None


def _joined(base: str, href: str) -> str | None:
    try:
        return urls.cleaned(urls.join(base, href))
    except ValueError:
        return None


def _path(url: str) -> str:
    return unquote(urlsplit(url).path).rstrip("/") or "/"


def _may_be(url: str, here: str) -> bool:
    """Not the page itself, its next pages, a front page, a file, a day's or a month's list, or below what never holds articles."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if urls.is_home(url) or _FILE.search(path) or _CALENDAR.search(path):
        return False
    segments = [segment.lower() for segment in path.split("/") if segment]
    if not _NEVER.isdisjoint(segments) or any(segment.rpartition(".")[0] in _NEVER for segment in segments[-1:]):
        return False
    if path.rstrip("/") == here and not _ID_PARAMETER.search(parts.query):
        return False
    if _PAGED.search(parts.query) and not re.search(r"(?:^|&)(?:id|aid|p)=\d{3,}", parts.query):
        return False
    above = here if not re.search(r"\.\w{2,5}$", here) else here.rpartition("/")[0]
    behind = path.rstrip("/").removeprefix(above.rstrip("/") + "/")
    return not (behind != path.rstrip("/") and _NEXT.fullmatch(behind) and not _NUMBER.search(behind))


# ── what speaks for it ────────────────────────────────────────────────────────────────────────────


def _weigh_place(link: _Link, anchor: Any) -> None:
    """Where a link stands, and its words: the best of all links to an address count."""
    heading = next((inner for inner in anchor.iter(*_HEADINGS)), None)
    text = _text(heading if heading is not None else anchor)
    place, headed = _place(anchor, long=len(text.split()) >= LONG)
    headed = headed or heading is not None
    if _PAID.match(text):
        place = -9.0
    link.place = max(link.place, place + (2.0 if headed else 0.0))
    if not _NOISE.match(text) and (headed, len(text)) > (link.headed, len(link.title)):
        link.title, link.headed = text, headed


def _text(element: Any) -> str:
    text = " ".join(" ".join(element.itertext()).split()) or element.get("title") or ""
    return _CLOCK.sub("", text[:300]).strip()


def _place(anchor: Any, *, long: bool) -> tuple[float, bool]:
    """→ weight of the surroundings, whether in a heading. The nearest that says anything decides. ``long``: menus' words are few."""
    headed, weight = False, 0.0
    for above in _above(anchor):
        name = above.tag if isinstance(above.tag, str) else ""
        told = set(re.split(r"[^a-z]+", f"{above.get('class') or ''} {above.get('id') or ''}".lower()[:400]))
        if name in _HEADINGS:
            headed = True
        if name in ("article", "main"):
            return weight + 1.0, headed
        if name in ("nav", "header") or above.get("role") in _ROLES or name == "footer" or (told & _AWAY and name != "body"):
            return weight - (0.5 if long and name == "nav" else 3.0), headed
        if name == "aside":
            return weight - 1.0, headed
        if not weight and told & _HEADLINE:
            weight = 0.5
    return weight, headed


def _above(anchor: Any) -> Iterator[Any]:
    for number, above in enumerate(anchor.iterancestors()):
        if number > 40:
            return
        yield above


def _weight(link: _Link, kin: Counter[str]) -> float:
    weight = _shape_weight(link.url) + link.place + _words_weight(link)
    if kin[_shape(link.url)] >= 3:
        weight += 0.5
    return weight


def _shape_weight(url: str) -> float:
    """What an address says by itself; one that says nothing (/business) speaks against it."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    segments = [segment for segment in path.split("/") if segment]
    last = re.sub(r"\.\w{2,5}$", "", segments[-1]) if segments else ""
    weight = 0.0
    if _DAY.search(path) or _DAY_BACKWARDS.search(path):
        weight += 3.0
    elif _SHORT_DAY.search(path) or _MONTH.search(path):
        weight += 2.0
    if _NUMBER.search(last) or _ID_PARAMETER.search(parts.query):
        weight += 2.0
    elif _MIXED.search(last):
        weight += 1.5
    if len(segments) > 1 and (last.isdecimal() or _MIXED.fullmatch(last)):
        last = segments[-2]  # /what-it-is-about/90123/
    count = len([word for word in re.split(r"[-_+\s]+", last) if len(word) > 1 or word.isalpha()])
    weight += 3.0 if count >= 5 else 2.0 if count >= 3 else 0.0
    if weight and _ARTICLES.search(path):
        weight += 0.5
    return weight or -2.0


def _words_weight(link: _Link) -> float:
    count = len(_JOINED.findall(link.title)) // 2 if _JOINED.search(link.title) else len(link.title.split())
    if count >= 6:
        return 1.5
    if count >= 4:
        return 1.0
    return 0.0 if count == 3 or link.headed else -1.0


def _shape(url: str) -> str:
    """Its kind: host and folders, numbers and words made alike."""
    parts = urlsplit(url)
    segments = parts.path.strip("/").split("/")
    alike = [re.sub(r"\d+", "#", segment) for segment in segments[:-1]]
    return f"{parts.netloc}/{'/'.join(alike)}/{'-' if '-' in segments[-1] else ''}"
