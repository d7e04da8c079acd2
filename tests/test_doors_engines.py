"""The two engines by themselves: `extract` and `match`, as promised. Written from the promises, before the code was seen."""

from __future__ import annotations

import gzip
import json
import re

from conftest import INSTALLED_ON_FILE, UNRELATED
from loopback import Loopback
from product import ARTICLE_KEYS, MATCH_KEYS, Product, key
from stories import LIGHTHOUSE, LOCAL, OPENING, REVISED, invented, page

pytestmark = INSTALLED_ON_FILE  # they need no database


def test_extract_lines_in_the_order_read(product: Product) -> None:
    stories = [invented(60 + number) for number in range(4)]
    urls = [f"http://lines.example/{number}" for number in range(4)]
    path = product.home / "page.html.gz"
    path.write_bytes(gzip.compress(page(stories[1], urls[1]).encode()))
    lines: list[dict[str, str]] = [
        {"id": "0", "html": page(stories[0], urls[0]), "url": urls[0]},
        {"id": "1", "path": str(path)},
        {"id": "none", "html": "<html><head><title>News</title></head><body><p>Hello.</p></body></html>"},
        {"id": "2", "html": page(stories[2], urls[2]), "url": urls[2]},
        {"id": "3", "html": page(stories[3], urls[3])},
    ]
    rows = product("extract", "--jsonl", given="".join(json.dumps(line) + "\n" for line in lines)).rows
    assert [row["id"] for row in rows] == [line["id"] for line in lines]
    assert set(rows[2]) == {"id", "error"}
    assert set(rows[2]["error"]) >= {"kind", "message"}
    for number, row in zip(range(4), (rows[0], rows[1], rows[3], rows[4]), strict=True):
        story = stories[number]
        assert set(row) == ARTICLE_KEYS
        assert (row["title"], row["authors"], row["text"]) == (story.title, [story.author], story.text)
        assert key(row["url"]) == key(urls[number])
        assert row["published"].startswith(story.published[:16])
        assert (row["language"], row["kind"], row["completeness"]) == ("en", "news", "full")


def test_extract_lines_with_trouble_cost_that_line_alone(product: Product) -> None:
    lines = [
        {"id": "lost", "path": str(product.home / "nothere.html")},
        {"id": "good", "html": page(invented(70), "http://lines.example/70")},
    ]
    done = product("extract", "--jsonl", given="".join(json.dumps(line) + "\n" for line in lines), expect=None)
    lost, good = done.rows
    assert (lost["id"], good["id"]) == ("lost", "good")
    assert "nothere.html" in lost["error"]["message"]
    assert good["title"] == invented(70).title


def test_extract_a_file(product: Product) -> None:
    story = invented(71)
    path = product.home / "page.html"
    path.write_text(page(story, "http://lines.example/71"), encoding="utf-8")
    out = product("extract", path).out
    assert story.title in out
    assert story.paragraphs[-1][:60] in " ".join(out.split())


def test_extract_a_url(web: Loopback, product: Product) -> None:
    story, url = invented(72), "http://one.example/72"
    web.page(url, page(story, url))
    assert story.title in product("extract", url).out


def test_match_lines(product: Product) -> None:
    seed = {"title": LIGHTHOUSE.title, "text": LIGHTHOUSE.text, "outlet": "origin.example", "published": LIGHTHOUSE.published}
    cases = [
        ("same", LIGHTHOUSE, "identical"),
        ("update", REVISED, "revision"),
        ("opening", OPENING, "excerpt"),
        ("lead", LOCAL, "derived"),
        ("other", UNRELATED, "distinct"),
    ]
    lines = [
        {"id": name, "a": seed, "b": {"title": story.title, "text": story.text, "outlet": "other.example"}} for name, story, _ in cases
    ]
    rows = product("match", "--jsonl", given="".join(json.dumps(line) + "\n" for line in lines)).rows
    assert [(row["id"], row["relation"]) for row in rows] == [(name, relation) for name, _, relation in cases]
    for (_, story, relation), row in zip(cases, rows, strict=True):
        assert set(row) >= MATCH_KEYS
        assert row["why"]
        assert row["matcher"]
        for start, end, other_start, other_end in row["passages"]:
            assert 0 <= start < end <= len(story.text)
            assert 0 <= other_start < other_end <= len(LIGHTHOUSE.text)
            if relation != "revision":
                assert words(story.text[start:end]) == words(LIGHTHOUSE.text[other_start:other_end])
    assert rows[0]["coverage"] == rows[0]["other_coverage"] == 1
    assert any("300" in str(old) and "450" in str(new) for old, new in rows[1]["figures_changed"])
    assert any("Archivist" in sentence for sentence in rows[3]["new_sentences"])
    assert rows[4]["passages"] == []


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def test_match_two_files(product: Product) -> None:
    for name, story in (("a.html", LIGHTHOUSE), ("b.html", OPENING)):
        (product.home / name).write_text(page(story, f"http://{name}.example/1"), encoding="utf-8")
    assert "excerpt" in product("match", product.home / "a.html", product.home / "b.html").out
