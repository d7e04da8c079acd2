"""What the tests of the press share: a seed of their own, and how they ask."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.press import Made, Press

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


def of_way(press: Press, way: str) -> Made:
    return next(made for made in press.made() if made.way == way)


def source(press: Press, name: str) -> str:
    return next(feed.url for feed in press.sources if feed.name == name)


def links(body: bytes) -> list[str]:
    return [item.findtext("link", "") for item in ET.fromstring(body).iter("item")]
