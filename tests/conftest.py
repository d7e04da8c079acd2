"""What the tests of the whole share: databases of both kinds, a scripted web on loopback, and an installation that watches it.

Every test of the store, and every test of a door, runs on both databases: on SQLite with ``make test``, on PostgreSQL there too where
that is quick, with ``make test-long`` where it is not. A test that means one kind only says so: ``@ON_FILE``, ``@ON_SERVER``, and
``@INSTALLED_ON_FILE`` where it uses ``product``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from databases import NoServer, Server
from loopback import Hit, Loopback
from product import Done, Product
from stories import LIGHTHOUSE, LOCAL, OPENING, REVISED, Story, atom, invented, page, rss
from storing import fresh

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


BOTH = ("sqlite", "postgresql")
BOTH_LONG = ("sqlite", pytest.param("postgresql", marks=pytest.mark.long))
ON_FILE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_SERVER = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
INSTALLED_ON_FILE = pytest.mark.parametrize("product", ["sqlite"], indirect=True)


# ── databases ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL of this session's (of each worker's). Where none can be started a test is skipped and says so; with CI=true it fails."""
    try:
        running = Server()
    except NoServer as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))
    yield running
    running.stop()


@contextmanager
def made(kind: str, folder: Path, request: pytest.FixtureRequest, *, tables: bool = True) -> Iterator[str]:
    """The address of a new database of a kind, for as long as the block lasts: with our tables, or with nothing at all."""
    if kind == "sqlite":
        yield fresh(folder) if tables else f"sqlite:///{folder / 'news.db'}"
        return
    server = request.getfixturevalue("server")
    url = server.made(tables=tables)
    yield url
    server.drop(url)


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database a test runs on."""
    return str(request.param)


@pytest.fixture
def store_url(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a new database with our tables, empty."""
    with made(database, tmp_path, request) as url:
        yield url


# ── an installation ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as served:
        yield served


@pytest.fixture(params=BOTH_LONG)
def product(web: Loopback, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Product]:
    """An installation without sources, for which every host is the scripted web. On a file, there is no database yet."""
    with made(str(request.param), tmp_path, request, tables=False) as url:
        yield Product(tmp_path, resolve={"*": web.address}, url=url if "postgresql" in url else None)


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


@pytest.fixture(scope="session", params=BOTH_LONG)
def newsroom(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Newsroom]:
    home = tmp_path_factory.mktemp("newsroom")
    with Loopback() as web, made(str(request.param), home, request, tables=False) as url:
        serve_news(web)
        sources = [("paper", "feed", PAPER), ("wire", "feed", WIRE)]
        product = Product(home, sources, resolve={"*": web.address}, url=url)
        watch_for(product)
        runs, logs, kept = [], [], []
        for _ in range(2):
            web.clear_log()
            runs.append(product("ingest", "--json"))
            logs.append(web.log())
            kept.append({what: product.export(what) for what in ("articles", "versions", "sightings", "relations", "outcomes")})
        yield Newsroom(web=web, product=product, first=runs[0], second=runs[1], first_log=logs[0], second_log=logs[1], kept=kept)
