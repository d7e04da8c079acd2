"""What the tests of the press share: a seed of their own, and how they ask."""

from __future__ import annotations

import gzip
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from html import unescape
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from pipeline.press import Feed, Made, Press
from pipeline.press.papers import outlet_of_host

START = datetime(2024, 5, 2, 18, 0, tzinfo=UTC)
STORY = """The harbor council of Maren voted on Thursday to close the old lock gates after 14 leaks were counted in one night.

Engineers expect the repair to take 9 weeks and to cost 2.4 million crowns, money that the council does not have.

"We can keep the water out or we can keep the boats moving," lock master Peder Quist said. "We cannot promise both before the winter."

Shipping agents in Maren said that 31 vessels were waiting upstream and that perishable cargo would be lost by the weekend.

A second opinion

Residents of the lower town have asked for a second opinion, which the mayor, Lone Abildgaard, promised to commission in September.

She said the canal had defended the center of Maren for two centuries and deserved better than plywood and prayer.

The national waterways agency organized a similar closure in 2011, when traffic was diverted through Ostrava Sound for most of a year.

"Nobody remembers that summer with any fondness at all," said Quist, who was an apprentice at the time and slept beside the pumps.
"""
FACTS = """title = "Maren Closes Old Lock Gates After Leaks"
url = "http://www.origin.example/2024/05/02/maren-closes-old-lock-gates-a77001"
published = 2024-05-02
authors = ["Birte Krogh"]
credit = "NSB"
caption = "The lower gates at Maren on Thursday."
caption_credit = "Aage Toft / NSB"
"""


def write_seed(folder: Path) -> None:
    """Puts the seed "maren" into a folder of seeds."""
    (folder / "maren").mkdir()
    (folder / "maren" / "seed.toml").write_text(FACTS, encoding="utf-8")
    (folder / "maren" / "article.txt").write_text(STORY, encoding="utf-8")


def get(press: Press, url: str, *, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection("127.0.0.1", press.port, timeout=10)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(
            method, target, headers={"Host": parts.netloc, **{name.replace("_", "-"): value for name, value in headers.items()}}
        )
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def page(press: Press, url: str) -> str:
    """A page as a reader sees its letters: decoded as its outlet codes, entities resolved, white space as one blank."""
    outlet = outlet_of_host(urlsplit(url).netloc)
    assert outlet is not None, url
    return flat(unescape(get(press, url)[1].decode(outlet.coding)))


def flat(text: str) -> str:
    return " ".join(text.split())


def tree(body: bytes) -> ET.Element:
    """XML, whatever Python's parser knows how to decode; a gzipped file too. Raises ParseError for what is not well formed."""
    body = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    declared = re.match(rb'<\?xml[^>]*encoding="([\w-]+)"', body)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):
        body = re.sub(rb"^<\?xml[^>]*\?>", b"", body).decode(declared[1].decode()).encode()
    return ET.fromstring(body)


def named(press: Press, feed: Feed) -> set[str]:
    """Every address that a sitemap or section page leads to, with the sitemaps and pages it goes on to."""
    todo, done, found = [feed.url], set[str](), set[str]()
    while todo:
        at = todo.pop()
        done.add(at)
        response, body = get(press, at)
        assert response.status == 200, at
        if feed.kind == "sitemap":
            root = tree(body)
            places = {(loc.text or "").strip() for loc in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
            following = places if root.tag.endswith("sitemapindex") else set()
            found |= places - following
        else:
            hrefs = re.findall(r'href="([^"]+)"', body.decode("utf-8", "replace"), re.IGNORECASE)
            places = {urljoin(at, unescape(href)) for href in hrefs}
            following = {place for place in places if "?page=" in place or place.endswith("/oldnews.htm")}
            found |= places - following
        todo += following - done - set(todo)
    return found


def of_way(press: Press, way: str) -> Made:
    return next(made for made in press.made() if made.way == way)


def source(press: Press, name: str) -> str:
    return next(feed.url for feed in press.sources if feed.name == name)


def links(body: bytes) -> list[str]:
    return [item.findtext("link", "") for item in ET.fromstring(body).iter("item")]
