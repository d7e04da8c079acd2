"""What is stored, shown and exported, by the commands that are promised. Written from the promises, before the code was seen."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from conftest import PAPER_STORIES, UNRELATED, WIRE_STORIES, Newsroom
from product import RELATION_KEYS, RELATIONS, STATUSES, key
from stories import LIGHTHOUSE, LOCAL

LIGHTHOUSE_COPY = "http://wire.example/story/lighthouse"


def article_id(newsroom: Newsroom, url: str) -> str:
    return str(next(row["article"] for row in newsroom.first.rows if key(row["url"]) == key(url)))


def test_latest_shows_the_newest_and_its_filters_narrow(newsroom: Newsroom) -> None:
    product = newsroom.product
    everything = product("latest").out
    assert all(story.title.split("<")[0] in everything for story in {**PAPER_STORIES, **WIRE_STORIES}.values())
    assert len(product("latest", "--json").rows) == 6
    assert len(product("latest", "--json", "--outlet", "paper.example").rows) == 3
    assert len(product("latest", "--json", "--limit", "2").rows) == 2
    assert product("latest", "--json", "--since", "2099-01-01").rows == []
    assert product("latest", "--json", "--until", "1999-01-01").rows == []
    assert len(product("latest", "--json", "--language", "en").rows) == 6
    assert product("latest", "--json", "--language", "fi").rows == []
    assert len(product("latest", "--json", "--relation", "excerpt").rows) == 1


def test_search_finds_words_of_title_and_body(newsroom: Newsroom) -> None:
    product = newsroom.product
    assert "Archivist" not in UNRELATED.text
    (row,) = product("search", "Archivist Lindal", "--json").rows
    assert LOCAL.title in json.dumps(row, ensure_ascii=False)
    assert LOCAL.title in product("search", "Vessby").out
    lighthouse = len(product("search", "lighthouse keeper", "--json").rows)
    assert lighthouse >= 3
    assert len(product("search", "lighthouse keeper", "--json", "--limit", "1").rows) == 1
    assert 0 < len(product("search", "lighthouse keeper", "--json", "--outlet", "wire.example").rows) < lighthouse
    assert product("search", "lighthouse", "--json", "--since", "2099-01-01").rows == []
    assert product("search", "qqzzxxyyw", "--json").rows == []


@pytest.mark.long
@pytest.mark.parametrize(
    "query",
    [
        "-monday",
        "l'otan",
        '"unclosed',
        "keeper AND",
        "NEAR(",
        "*",
        "title:",
        "a OR (b",
        "keeper^2",
        "«кavычки» ☃",
        "'; DROP TABLE article; --",
    ],
)
def test_search_survives_any_query(newsroom: Newsroom, query: str) -> None:
    newsroom.product("search", "--json", "--", query)


def test_show_one_article(newsroom: Newsroom) -> None:
    out = newsroom.product("show", article_id(newsroom, LIGHTHOUSE_COPY)).out
    assert WIRE_STORIES[LIGHTHOUSE_COPY].title in out
    assert "wire.example" in out
    assert "lighthouse" in out
    nothing = newsroom.product("show", "999999", expect=2)
    assert "999999" in nothing.err


@pytest.mark.parametrize("by", ["seed", "article"])
def test_story_says_who_ran_it(newsroom: Newsroom, by: str) -> None:
    out = newsroom.product("story", "lighthouse" if by == "seed" else article_id(newsroom, LIGHTHOUSE_COPY)).out
    assert all(word in out for word in ("paper.example", "wire.example", "excerpt", "revision", "derived"))
    assert UNRELATED.title not in out


def test_story_as_a_page_that_is_safe_and_needs_nothing_else(newsroom: Newsroom) -> None:
    path = newsroom.product.home / "story.html"
    newsroom.product("story", "lighthouse", "--html", path)
    text = path.read_text(encoding="utf-8")
    assert LIGHTHOUSE.title in text
    assert "paper.example" in text
    assert "<script>alert(1)" not in text
    assert not re.search(r"""<(?:script|img|link|iframe)[^>]+(?:src|href)=["']?(?:https?:)?//""", text)


def test_story_of_nothing(newsroom: Newsroom) -> None:
    assert "nosuchseed" in newsroom.product("story", "nosuchseed", expect=2).err


@pytest.mark.parametrize(
    "what", ["articles", "relations", *(pytest.param(name, marks=pytest.mark.long) for name in ("sightings", "versions", "outcomes"))]
)
def test_export_gives_the_same_rows_in_both_formats(newsroom: Newsroom, what: str) -> None:
    rows = newsroom.product.export(what)
    assert rows
    table = list(csv.DictReader(io.StringIO(newsroom.product("export", what, "--format", "csv").out)))
    assert len(table) == len(rows)
    assert set(table[0]) == set().union(*rows)
    assert newsroom.product.export(what, "--since", "2099-01-01") == []


def test_export_relations_carries_the_evidence(newsroom: Newsroom) -> None:
    rows = newsroom.product.export("relations")
    assert all(set(row) >= RELATION_KEYS for row in rows)
    assert all(row["relation"] in RELATIONS and row["judge"] == "machine" and isinstance(row["seed"], bool) for row in rows)
    to_seed = {key(row["url"]): row for row in rows if row["seed"]}
    assert to_seed[key(LIGHTHOUSE_COPY)]["other_url"] == "http://origin.example/2026/03/01/lighthouse-records-a7"
    assert to_seed[key("http://paper.example/2026/local-a2")]["relation"] == "derived"


@pytest.mark.parametrize("what", ["articles", "versions"])
def test_export_rows_can_be_cited(newsroom: Newsroom, what: str) -> None:
    for row in newsroom.product.export(what):
        assert all(any(word in name for name in row) for word in ("version", "digest", "fetched", "software")), sorted(row)


def test_export_outcomes_has_one_for_each_candidate(newsroom: Newsroom) -> None:
    rows = newsroom.product.export("outcomes")
    assert {key(row["url"]) for row in rows} == {key(row["url"]) for row in newsroom.first.rows}
    assert all(row["status"] in STATUSES and row["reason"] for row in rows)


def test_status_names_sources_and_counts(newsroom: Newsroom) -> None:
    out = newsroom.product("status").out
    assert "paper" in out
    assert "wire" in out
    assert re.search(r"\b6\b", out)
