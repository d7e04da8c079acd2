"""`seed add`, `seed list`, `seed remove`, as their users meet them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from conftest import PAPER, serve_news, watch_for
from loopback import Loopback, Reply
from product import ROOT, Product
from stories import LIGHTHOUSE, OPENING, invented, page
from test_doors_sources import Fresh

from pipeline.seeds import load

STORY = "http://origin.example/2026/03/01/lighthouse-records-a7"
PASTED = f"""# {LIGHTHOUSE.title}

By {LIGHTHOUSE.author} for AFP

March 1, 2026

{LIGHTHOUSE.text.replace(chr(10), chr(10) * 2)}

Original url:
<{STORY}>
"""


def test_a_page_becomes_a_seed(web: Loopback, product: Product) -> None:
    web.page(STORY, page(LIGHTHOUSE, STORY))
    done = product("seed", "add", STORY)
    (seed,) = load(product.seeds)
    assert (seed.name, seed.title, seed.text, seed.url) == ("lighthouse-records-a7", LIGHTHOUSE.title, LIGHTHOUSE.text, STORY)
    assert (seed.authors, str(seed.published)) == ((LIGHTHOUSE.author,), LIGHTHOUSE.published)
    for shown in (seed.title, LIGHTHOUSE.author, f"{len(LIGHTHOUSE.paragraphs)} paragraphs", str(product.seeds / seed.name), "ingest"):
        assert shown in done.out
    assert " ".join(LIGHTHOUSE.paragraphs[0].split()[:8]) in done.out
    assert " ".join(LIGHTHOUSE.paragraphs[-1].split()[-8:]) in done.out
    assert not product.database.exists()


@pytest.mark.long
def test_a_seed_added_since_the_last_ingest_is_known_to_story(product: Product) -> None:
    story = {"url": STORY, "title": OPENING.title, "text": OPENING.text}
    (product.home / "given.jsonl").write_text(json.dumps(story), encoding="utf-8")
    product("ingest", "given.jsonl")
    (product.home / "pasted.md").write_text(PASTED, encoding="utf-8")
    product("seed", "add", "pasted.md")
    told = product("story", "lighthouse-records-a7").out
    assert LIGHTHOUSE.title in told
    assert "Try: wirewatch ingest" in told
    assert "no article has this number" in product("story", "lighthouse", expect=2).err


@pytest.mark.long
@pytest.mark.parametrize("packed", [False, True])
def test_a_saved_page_becomes_a_seed(product: Product, packed: bool) -> None:
    path = product.home / ("saved.html.gz" if packed else "saved.html")
    body = page(LIGHTHOUSE, STORY).encode()
    path.write_bytes(gzip.compress(body) if packed else body)
    (told,) = product("seed", "add", path, "--name", "records", "--json").rows
    assert (told["action"], told["name"], told["url"], told["text"]) == ("added", "records", STORY, LIGHTHOUSE.text)
    assert told["paragraphs"] == len(LIGHTHOUSE.paragraphs)
    assert [seed.name for seed in load(product.seeds)] == ["records"]


def test_a_pasted_text_becomes_a_seed(product: Product) -> None:
    (product.home / "pasted.md").write_text(PASTED, encoding="utf-8")
    product("seed", "add", "pasted.md")
    (seed,) = load(product.seeds)
    assert (seed.name, seed.credit, seed.authors, seed.url) == ("lighthouse-records-a7", "AFP", (LIGHTHOUSE.author,), STORY)
    assert seed.text == LIGHTHOUSE.text


def test_what_to_check_is_said(product: Product) -> None:
    (product.home / "scrap.txt").write_text("A Title\n\nOne paragraph stands here, and no more.\n")
    (told,) = product("seed", "add", "scrap.txt", "--dry-run", "--json").rows
    assert told["action"] == "none"
    assert load(product.seeds) == ()
    doubts = " ".join(told["check"])
    for word in ("date", "author", "address", "short"):
        assert word in doubts


@pytest.mark.long
@pytest.mark.parametrize(
    ("what", "code", "told"),
    [
        ("http://origin.example/wall", 2, "consent"),
        ("http://origin.example/nothere", 2, "404"),
        ("http://origin.example/busy", 1, "503"),
        ("http://origin.example/paper.pdf", 2, "application/pdf"),
        ("empty.txt", 2, "empty.txt: an article needs a title"),
        ("nothere.txt", 2, "nothere.txt: cannot be read"),
        ("nothere.html", 2, "nothere.html"),
        ("section.html", 2, "not an article"),
    ],
)
def test_what_is_no_article_is_refused(web: Loopback, product: Product, what: str, code: int, told: str) -> None:
    web.page(
        "http://origin.example/wall", "<html><title>Before you continue</title><h1>We value your privacy</h1><p>We use cookies.</html>"
    )
    web.reply("http://origin.example/busy", Reply(status=503))
    web.page("http://origin.example/paper.pdf", b"%PDF-1.7", kind="application/pdf")
    (product.home / "empty.txt").write_text("\n")
    (product.home / "section.html").write_text("<html><head><title>News</title></head><body><p>Hello.</p></body></html>")
    done = product("seed", "add", what, expect=code)
    assert told in done.err
    assert done.out == ""
    assert list(product.seeds.iterdir()) == []


@pytest.mark.long
def test_a_name_is_not_taken_twice_and_a_text_not_watched_twice(product: Product) -> None:
    for file, story in (("one.html", LIGHTHOUSE), ("two.html", OPENING), ("three.html", invented(5))):
        (product.home / file).write_text(page(story, f"http://origin.example/{file}"), encoding="utf-8")
    product("seed", "add", "one.html", "--name", "records")
    before = (product.seeds / "records" / "article.txt").read_bytes()
    assert "choose another --name" in product("seed", "add", "three.html", "--name", "records", expect=2).err
    assert (product.seeds / "records" / "article.txt").read_bytes() == before
    assert 'as "records"' in product("seed", "add", "one.html", "--name", "again").out
    assert "is no name" in product("seed", "add", "two.html", "--name", "../up", expect=2).err
    assert [seed.name for seed in load(product.seeds)] == ["records"]


@pytest.mark.long
def test_a_seed_that_comes_later_is_compared_at_the_next_ingest(web: Loopback, product: Product) -> None:
    serve_news(web)
    product.sources([("paper", "feed", PAPER)])
    product("ingest")
    (product.home / "pasted.md").write_text(PASTED, encoding="utf-8")
    said = product("seed", "add", "pasted.md").out
    assert "next `wirewatch ingest`" in said
    assert "rematch --seed lighthouse-records-a7" in said
    assert [(row["name"], row["articles"]) for row in product("seed", "list", "--json").rows] == [("lighthouse-records-a7", 0)]
    product("ingest")
    assert [row["articles"] for row in product("seed", "list", "--json").rows] == [2]
    story = product("story", "lighthouse-records-a7", "--json")
    assert len(story.rows) == 2
    assert "no longer watched" not in story.err


def test_list_with_and_without_a_database(web: Loopback, product: Product) -> None:
    assert "seed add" in product("seed", "list").out
    watch_for(product)
    (row,) = product("seed", "list", "--json").rows
    assert (row["name"], row["title"], row["published"], row["articles"]) == ("lighthouse", LIGHTHOUSE.title, LIGHTHOUSE.published, None)


@pytest.mark.long
def test_a_removed_seed_is_put_aside_and_what_was_found_stays(web: Loopback, product: Product) -> None:
    serve_news(web)
    product.sources([("paper", "feed", PAPER)])
    watch_for(product)
    product("ingest")
    relations = product.export("relations")
    assert relations
    text = (product.seeds / "lighthouse" / "article.txt").read_bytes()
    (told,) = product("seed", "remove", "lighthouse", "--json").rows
    assert (product.seeds / ".lighthouse" / "article.txt").read_bytes() == text
    assert told["kept"] == str(product.seeds / ".lighthouse")
    assert "no longer watched for: lighthouse" in product("story", "lighthouse").err
    product("ingest")
    assert product.export("relations") == relations
    assert product("story", "--json").rows == []
    watch_for(product)
    product("seed", "remove", "lighthouse")
    assert sorted(place.name for place in product.seeds.iterdir()) == [".lighthouse", ".lighthouse-2"]


def test_an_unknown_seed_brings_the_nearest(product: Product) -> None:
    watch_for(product)
    assert "did you mean 'lighthouse'?" in product("seed", "remove", "lighthose", expect=2).err


def test_the_shipped_seeds_are_not_removed_and_the_first_of_ones_own_replaces_them(web: Loopback, tmp_path: Path) -> None:
    fresh = Fresh(tmp_path, web)
    assert [row["name"] for row in fresh("seed", "list", "--json").rows] == [seed.name for seed in load(ROOT / "seeds")]
    assert "wirewatch init" in fresh("seed", "remove", "saltholm-ferry", expect=2).err
    assert (ROOT / "seeds" / "saltholm-ferry").is_dir()
    web.page(STORY, page(LIGHTHOUSE, STORY))
    done = fresh("seed", "add", STORY)
    assert str(fresh.own / "seeds" / "lighthouse-records-a7") in done.out
    assert "not followed" in done.err
    assert [row["name"] for row in fresh("seed", "list", "--json").rows] == ["lighthouse-records-a7"]
