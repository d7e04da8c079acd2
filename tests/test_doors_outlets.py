"""One article met in many ways is one article; outlets, their names and groups; and where a page says that it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback import Loopback
from product import Product
from stories import invented, page, rss

STORY = "http://www.harbor.example/2026/03/ferry-stops-a7"
DRESSED = (
    f"{STORY}?utm_source=rss&utm_medium=feed",
    "http://amp.harbor.example/2026/03/ferry-stops-a7",
    "http://www.harbor.example/2026/03/ferry-stops-a7/print",
)
GROUP = '\n[[group]]\nname = "Coast Papers"\noutlets = ["harbor.example", "island.example"]\n'
TAKEN = invented(71)
OTHERS = {f"http://www.{site}.example/2026/ferry": site for site in ("island", "mainland")}


@pytest.fixture(scope="module")
def coast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Three feeds that offer one story of harbor.example under dressed addresses; two papers that took it, one saying from where."""
    with Loopback() as web:
        text = page(TAKEN, STORY, site="Harbor Ledger")
        for url in (STORY, *DRESSED):
            web.page(url, text)
        feeds = []
        for place, url in enumerate(DRESSED):
            feed = f"http://feeds.example/{place}.xml"
            web.feed(feed, rss(feed, [(url, TAKEN.title)]))
            feeds.append((f"feed-{place}", "feed", feed))
        for url, site in OTHERS.items():
            web.page(url, page(TAKEN, STORY if site == "island" else url, site=site.capitalize()))
        web.feed("http://others.example/feed", rss("http://others.example/feed", [(url, TAKEN.title) for url in OTHERS]))
        product = Product(
            tmp_path_factory.mktemp("coast"), [*feeds, ("others", "feed", "http://others.example/feed")], resolve={"*": web.address}
        )
        file = product.config / "sources.toml"
        file.write_text(file.read_text(encoding="utf-8") + GROUP, encoding="utf-8")
        product("ingest")
        product("ingest", *DRESSED)
        yield product


def articles(coast: Product) -> dict[str, int]:
    return {row["outlet"]: row["article"] for row in coast("latest", "--json").rows}


@pytest.mark.long
def test_one_article_through_three_feeds_and_many_addresses_is_one_article(coast: Product) -> None:
    rows = coast("latest", "--json").rows
    assert sorted(row["outlet"] for row in rows) == ["harbor.example", "island.example", "mainland.example"]
    assert [row["versions"] for row in rows] == [1, 1, 1]
    (shown,) = coast("show", DRESSED[1], "--json").rows
    assert {met["source"] for met in shown["sightings"]} == {"feed-0", "feed-1", "feed-2", "command line"}
    assert shown["url"] == STORY
    for url in (STORY, *DRESSED):
        assert coast("show", url, "--json").rows[0]["article"] == shown["article"]


@pytest.mark.long
def test_a_canonical_link_to_another_outlet_merges_nothing_and_is_shown_as_evidence(coast: Product) -> None:
    own = articles(coast)
    (copy,) = coast("show", str(own["island.example"]), "--json").rows
    assert (copy["origin_url"], copy["origin"]) == (STORY, own["harbor.example"])
    assert f"says that it comes from #{own['harbor.example']} {STORY}" in coast("show", str(own["island.example"])).out
    (original,) = coast("show", str(own["harbor.example"]), "--json").rows
    assert original["origin"] is None
    origins = {related["other"]: related["origin"] for related in original["relations"]}
    assert origins == {own["island.example"]: own["harbor.example"], own["mainland.example"]: None}
    assert coast("show", str(own["harbor.example"])).out.count("It says that it comes from here.") == 1
    for which in ("harbor.example", "mainland.example"):
        told = {row["outlet"]: row for row in coast("story", str(own[which]), "--json").rows}
        assert told["island.example"]["origin"] == own["harbor.example"]
        assert told["island.example"]["relation"] == "identical"
    assert f"says that it comes from #{own['harbor.example']}" in coast("story", str(own["mainland.example"])).out


@pytest.mark.long
def test_outlets_have_names_and_belong_to_groups(coast: Product) -> None:
    own = articles(coast)
    rows = {row["outlet"]: row for row in coast("latest", "--json").rows}
    assert {outlet: (row["outlet_name"], row["group"]) for outlet, row in rows.items()} == {
        "harbor.example": ("Harbor Ledger", "Coast Papers"),
        "island.example": ("Island", "Coast Papers"),
        "mainland.example": ("Mainland", None),
    }
    assert "harbor.example · Harbor Ledger · Coast Papers" in coast("show", str(own["harbor.example"])).out
    assert "2 articles of 2 outlets in 1 group" in coast("story", str(own["mainland.example"])).out
    assert "2 articles of 2 outlets\n" in coast("story", str(own["harbor.example"])).out


@pytest.mark.parametrize(
    ("outlet", "found"),
    [
        ("Coast Papers", 2),
        ("coast papers", 2),
        ("harbor.example", 1),
        ("Harbor Ledger", 1),
        ("www.mainland.example", 1),
        ("harbour.example", 0),
    ],
)
def test_an_outlet_may_be_called_by_domain_name_or_group(coast: Product, outlet: str, found: int) -> None:
    for command in (("latest",), ("search", *TAKEN.title.split()[:2])):
        done = coast(*command, "--outlet", outlet, "--json")
        assert len(done.rows) == found
        assert ("did you mean 'harbor.example'" in done.err) == (not found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[group]]\nname = "A"\noutlet = ["a.example"]\n', "did you mean 'outlets'"),
        ('[[group]]\nname = "A"\noutlets = ["not a domain"]\n', "group A.outlets"),
        (
            '[[group]]\nname = "A"\noutlets = ["a.example"]\n[[group]]\nname = "B"\noutlets = ["www.a.example"]\n',
            "a.example is in the group 'A'",
        ),
        ('[[group]]\nname = "A"\noutlets = ["a.example"]\n[[group]]\nname = "A"\noutlets = ["b.example"]\n', "two groups are called 'A'"),
        ('[[gruop]]\nname = "A"\n', "did you mean 'group'"),
    ],
)
def test_groups_that_cannot_be_used(product: Product, text: str, said: str) -> None:
    (product.config / "sources.toml").write_text(text, encoding="utf-8")
    done = product("latest", expect=2)
    assert said in done.err
    assert str(Path("config") / "sources.toml") in done.err
