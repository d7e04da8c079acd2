"""What the tests of the whole share: a scripted web on loopback, and an installation of the product that watches it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from loopback import Hit, Loopback
from product import Done, Product
from stories import LIGHTHOUSE, LOCAL, OPENING, REVISED, Story, atom, invented, page, rss

PAPER, WIRE = "http://paper.example/feed.xml", "http://wire.example/atom.xml"
GONE = "http://paper.example/2026/withdrawn-a99"
UNRELATED = invented(1)
# address → the story that stands there
PAPER_STORIES = {
    "http://paper.example/2026/opening-a1": OPENING.but(title="Old weather books <script>alert(1)</script> turn up"),
    "http://paper.example/2026/local-a2": LOCAL,
    "http://paper.example/2026/unrelated-a3": UNRELATED,
}
WIRE_STORIES = {
    "http://wire.example/story/lighthouse": LIGHTHOUSE.but(title="Lost weather records found in lighthouse", author="Wire desk"),
    "http://wire.example/story/lighthouse-update": REVISED,
    "http://wire.example/story/other": invented(2),
}


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as served:
        yield served


@pytest.fixture
def product(web: Loopback, tmp_path: Path) -> Product:
    """An installation without sources, for which every host is the scripted web."""
    return Product(tmp_path, resolve={"*": web.address})


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """Two outlets, six articles and a withdrawn one, ingested twice. ``kept``: the tables after each run."""

    web: Loopback
    product: Product
    first: Done
    second: Done
    first_log: list[Hit]
    second_log: list[Hit]
    kept: list[dict[str, list[dict[str, object]]]]


def serve_news(web: Loopback) -> None:
    """Puts the newsroom's pages and feeds on the web."""
    for site, feed, make, stories in (("The Paper", PAPER, rss, PAPER_STORIES), ("The Wire", WIRE, atom, WIRE_STORIES)):
        for url, story in stories.items():
            web.page(url, page(story, url, site=site))
        items = [(url, story.title) for url, story in stories.items()]
        web.feed(feed, make(feed, items + ([(GONE, "Withdrawn")] if feed == PAPER else []), title=site))


def watch_for(product: Product, story: Story = LIGHTHOUSE) -> None:
    """Makes a story the seed "lighthouse"."""
    product.seed(
        "lighthouse",
        title=story.title,
        text=story.text,
        url="http://origin.example/2026/03/01/lighthouse-records-a7",
        published=story.published,
        authors=[story.author],
    )


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with Loopback() as web:
        serve_news(web)
        home = tmp_path_factory.mktemp("newsroom")
        product = Product(home, [("paper", "feed", PAPER), ("wire", "feed", WIRE)], resolve={"*": web.address})
        watch_for(product)
        runs, logs, kept = [], [], []
        for _ in range(2):
            web.clear_log()
            runs.append(product("ingest", "--json"))
            logs.append(web.log())
            kept.append({what: product.export(what) for what in ("articles", "versions", "sightings", "relations", "outcomes")})
        yield Newsroom(web=web, product=product, first=runs[0], second=runs[1], first_log=logs[0], second_log=logs[1], kept=kept)
