"""The Moskva Times: addresses, redirects, lists and feeds of a Moscow Times-style paper (facts/moscow-times.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from pipeline.press.outlets.feeds import Entry, entries, feed_reply
from pipeline.press.outlets.moskva_page import article_page, fragment, frame, listing, print_page
from pipeline.press.outlets.page import byline, cdata, esc, found, robots
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply, http_date, moved
from pipeline.press.world import Edition, Story, World

_ARTICLE = re.compile(r"/\d{4}/\d\d/\d\d/[^/]*-a(\d+)(/pdf)?/?$")
_OLD = re.compile(r"/(?:news|articles|photogalleries)/([a-z0-9-]*[a-z-][a-z0-9-]*)$")
_SECTIONS = {
    "news": None, "ukraine-war": None, "opinion": "opinion", "business": "business", "climate": "climate",
    "arts-and-life": "arts", "meanwhile": "sport", "city": "news", "in-depth": "climate",
}  # fmt: skip
_PAGE = 18  # items behind the first page, which has one more
_TTL = 600  # minutes, as that paper says, although it changes every few minutes
_TELEGRAM = 5


def addresses(story: Story, edition: Edition) -> list[str]:
    """The article's address, then the other ones that lead to it."""
    root = f"http://{story.outlet.host}"
    url = f"{root}/{story.day}/{edition.slug}-a{story.number}"
    return [url, f"{url}?amp=1", f"{url}/pdf", f"{root}/all/{story.number}", f"{root}/news/{edition.slug}", f"{url}?{_UTM}"]


_UTM = "utm_source=rss&utm_medium=feed"


def answer(world: World, outlet: Outlet, host: str, path: str, query: Mapping[str, str], now: datetime) -> Reply:
    """Every address of the paper and of its static host."""
    stories = world.of(outlet, now)
    if path == "/robots.txt":
        sitemap = "Sitemap: http://static.themoskvatimes.example/sitemap/sitemap.xml"
        return robots(outlet, "Disallow: /preview/", "Disallow: /search/", "Disallow: *?utm", "Disallow: *&utm", "", sitemap)
    if host.startswith("static."):
        return _sitemap(stories, path, now)
    if path.startswith("/rss/"):
        return _feed(outlet, stories, path.removeprefix("/rss/"), now) or _missing(outlet, stories, now)
    return _article(outlet, stories, path, query, now) or _list(outlet, stories, path, now) or _missing(outlet, stories, now)


def _article(outlet: Outlet, stories: list[Story], path: str, query: Mapping[str, str], now: datetime) -> Reply | None:
    """The trailing a<id> alone selects the article; any other slug or date is sent on to the address that stands."""
    matched = _ARTICLE.match(path)
    part = re.fullmatch(r"/all/(\d+)", path)
    old = _OLD.match(path)
    number = int((matched or part or [0, 0])[1])
    slug = old[1] if old else None
    story = next((one for one in stories if one.number == number or slug in [edition.slug for edition in one.editions]), None)
    if story is None or story.trouble:
        return None
    edition = story.edition(now)
    url = addresses(story, edition)[0]
    if part:
        return found(fragment(story, edition, url), edition)
    print_out = "/pdf" if matched and matched[2] else ""
    if url != f"http://{outlet.host}{path.rstrip('/').removesuffix(print_out)}":
        return moved(url + print_out)
    if print_out:
        return found(print_page(story, edition, url), edition)
    return found(article_page(story, edition, url, _aside(stories, story), amp="amp" in query), edition)


def _aside(stories: list[Story], story: Story) -> list[tuple[str, str, str]]:
    """Address, headline and first words of what was new when the story came out: a page changes only with its own story."""
    older = [one for one in stories if one.published < story.published and not one.trouble][:12]
    return [(addresses(one, one.editions[0])[0], one.editions[0].text.title, one.editions[0].text.summary) for one in older]


def _list(outlet: Outlet, stories: list[Story], path: str, now: datetime) -> Reply | None:
    head, _, rest = path.strip("/").partition("/")
    offset = int(rest) if rest.isdigit() else 0
    readable = [story for story in stories if not story.trouble]
    if path == "/":
        chosen, title = readable[:_PAGE], outlet.name
    elif head in _SECTIONS and (not rest or rest.isdigit()):
        wanted = _SECTIONS[head]
        chosen = [story for story in readable if wanted in (None, story.edition(now).text.section)]
        chosen, title = chosen[offset : offset + _PAGE + (offset == 0)], head.replace("-", " ").title()
    elif head in ("tag", "all-about") and rest:
        chosen = [story for story in readable if rest in [_tag(tag) for tag in story.edition(now).text.tags]]
        title = f"All about {rest.replace('-', ' ')}"
    elif head == "author" and rest:
        chosen = [story for story in readable if rest in [_tag(name) for name in story.edition(now).text.authors]]
        title = rest.replace("-", " ").title()
    else:
        return None
    rows = [(addresses(story, story.edition(now))[0], story.edition(now).text.title, story.edition(now).text.summary) for story in chosen]
    return Reply(body=listing(outlet, title, rows).encode(), max_age=300) if rows or head in _SECTIONS else None


def _missing(outlet: Outlet, stories: list[Story], now: datetime) -> Reply:
    """Rendered through the ordinary view, as that paper does."""
    rows = [(addresses(story, story.edition(now))[0], story.edition(now).text.title, "") for story in stories[:4]]
    inside = (
        '<article class="article article--error"><header class="article__header"><h1>Not found</h1></header>'
        "<p>The page you are looking for does not exist.</p></article>"
    )
    return Reply(status=404, body=frame(outlet, "Not found", "", inside, rows).encode())


def _feed(outlet: Outlet, stories: list[Story], name: str, now: datetime) -> Reply | None:
    if name == "yandex-news":
        return _yandex(outlet, stories, now)
    if name == "all":
        return _rss(outlet, entries(stories, now, lambda story, edition: addresses(story, edition)[5]), name, whole=True)
    if name == "telegram":
        rows = entries([story for story in stories if not story.trouble], now, lambda story, edition: addresses(story, edition)[1])
        return _rss(outlet, rows[:_TELEGRAM], name)
    if name not in _SECTIONS:
        return None
    wanted = _SECTIONS[name]
    chosen = [story for story in stories if (story.kind != "opinion" if wanted is None else story.edition(now).text.section == wanted)]
    # every third link carries tracking parameters, which this paper's own robots.txt disallows
    return _rss(outlet, entries(chosen, now, lambda story, edition: addresses(story, edition)[5 if story.number % 3 == 0 else 0]), name)


def _rss(outlet: Outlet, rows: list[Entry], name: str, *, whole: bool = False) -> Reply:
    items = []
    for story, edition, url in rows:
        text = edition.text
        title = f"{byline(text)}: {text.title}" if whole and story.kind == "opinion" else text.title
        inside = cdata("".join(f"<p>{esc(line)}</p>" for line in text.paragraphs)) if whole else cdata(esc(text.summary))
        author = "<author>news@themoskvatimes.example (The Moskva Times)</author>" if whole else ""
        items.append(
            f"<item>\n<title>\n\t\t{esc(title)}\n\t</title>\n<link>{esc(url)}</link>\n<description>{inside}</description>\n{author}"
            f'<pubDate>{http_date(story.published)}</pubDate>\n<guid isPermaLink="true">{esc(addresses(story, edition)[0])}</guid>\n'
            f'<enclosure url="http://static.themoskvatimes.example/image/{story.number}.jpg" length="68" type="image/jpeg"/>\n</item>'
        )
    feed = (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>{esc(outlet.name)} - {name}</title>\n<link>http://{outlet.host}/</link>\n"
        f'<atom:link href="http://{outlet.host}/rss/{name}" rel="self" type="application/rss+xml"/>\n'
        f"<description>Independent news</description>\n<language>en-us</language>\n<ttl>{_TTL}</ttl>\n"
        + "\n".join(items)
        + "\n</channel>\n</rss>\n"
    )
    return feed_reply(feed, rows, "application/rss+xml; charset=utf-8")


def _yandex(outlet: Outlet, stories: list[Story], now: datetime) -> Reply:
    """Declared and coded as windows-1251, with the full text and all authors in one line."""
    rows = entries(stories, now, lambda story, edition: addresses(story, edition)[0])
    items = "".join(
        f"<item><title>{esc(edition.text.title)}</title><link>{esc(url)}</link><author>{esc(', '.join(edition.text.authors))}</author>"
        f"<pubDate>{http_date(story.published)}</pubDate><yandex:full-text>{esc(chr(10).join(edition.text.paragraphs))}</yandex:full-text></item>"
        for story, edition, url in rows
    )
    text = (
        '<?xml version="1.0" encoding="windows-1251"?><rss xmlns:yandex="http://news.yandex.example" version="2.0"><channel>'
        f"<title>{esc(outlet.name)}</title><link>http://{outlet.host}/</link><description>News</description>{items}</channel></rss>"
    )
    newest = max((edition.at for _, edition, _ in rows), default=None)
    return Reply(body=text.encode("cp1251", "xmlcharrefreplace"), media="application/rss+xml", modified=newest, max_age=300)


def _sitemap(stories: list[Story], path: str, now: datetime) -> Reply:
    """An index, and one file a month whose number is not padded; entries of addresses alone."""
    start = '<?xml version="1.0" encoding="UTF-8"?>\n'
    names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    months: dict[str, list[str]] = {}
    for story in stories:
        year, month, _ = story.day.split("/")
        months.setdefault(f"{year}-{int(month)}", []).append(addresses(story, story.edition(now))[0])
    if path == "/sitemap/sitemap.xml":
        rows = "".join(
            f"<sitemap><loc>http://static.themoskvatimes.example/sitemap/{month}.xml</loc></sitemap>" for month in sorted(months)
        )
        index = f"{start}<sitemapindex {names}>{rows}</sitemapindex>"
        return Reply(body=index.encode(), media="application/xml", modified=max(story.published for story in stories), max_age=300)
    listed = months.get(path.removeprefix("/sitemap/").removesuffix(".xml"))
    if listed is None:
        return Reply(status=404, body=b"not found", media="text/plain")
    rows = "".join(f"<url><loc>{esc(url)}</loc></url>" for url in listed)
    return Reply(body=f"{start}<urlset {names}>{rows}</urlset>".encode(), media="application/xml", max_age=300)


def _tag(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))
