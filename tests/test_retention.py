"""How much of a text is kept and for how long: rules, flow and store. On both databases where one is there."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import Loopback
from stories import LIGHTHOUSE, page, rss
from storing import MINUTE, NOW, read, saved, words

from pipeline import rounds, upkeep
from pipeline.app import App
from pipeline.clock import SimulatedClock
from pipeline.config import load
from pipeline.errors import NotAnArticle
from pipeline.model import Article, HostMemory, Outcome, Relation, Source
from pipeline.retention import EXCERPT, left, storage
from pipeline.rounds import Round, one_shot
from pipeline.store import Store
from pipeline.store import read as door
from pipeline.store.archive import Archive
from pipeline.store.expiry import ARTICLES
from pipeline.store.rows import Filters

A, B = "https://one.example/a", "https://two.example/b"
TEXT = "\n".join(LIGHTHOUSE.paragraphs)


def article(*opt_outs: str) -> Article:
    return Article(url=A, title="A headline", text="words", opt_outs=opt_outs)


# ── the rules ─────────────────────────────────────────────────────────────────────────────────────


def test_the_least_of_what_is_said_is_kept() -> None:
    source = Source(name="one", kind="feed", url=A, storage="excerpt")
    assert storage(None, article(), {}) == "full"
    assert storage(None, article("noai"), {"noai": "full"}) == "full"
    assert storage(source, article(), {}) == "excerpt"
    assert storage(source, article("noai", "noarchive"), {"noarchive": "hashes", "noai": "excerpt"}) == "hashes"
    assert storage(source, article("noai"), {"noai": "full"}) == "excerpt"
    with pytest.raises(NotAnArticle, match="noai") as refused:
        storage(source, article("noai"), {"noai": "skip"})
    assert refused.value.reason == "opt-out"


@given(st.text())
def test_an_excerpt_is_a_beginning_and_short(text: str) -> None:
    kept = left(text, "excerpt")
    assert text.startswith(kept)
    assert len(kept) <= EXCERPT
    assert len(text) > EXCERPT or kept == text
    assert (left(text, "full"), left(text, "hashes")) == (text, "")


def test_an_excerpt_ends_with_a_whole_word() -> None:
    kept = left("lighthouse " * 100, "excerpt")
    assert set(kept.split()) == {"lighthouse"}
    assert len(kept) > EXCERPT - 12


# ── through the flow ──────────────────────────────────────────────────────────────────────────────


def configured(folder: Path, url: str, sources: str, settings: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "seeds").mkdir(exist_ok=True)
    (folder / "wirewatch.toml").write_text(f'seeds = "seeds"\n[database]\nurl = "{url}"\n{settings}', encoding="utf-8")
    (folder / "sources.toml").write_text(sources, encoding="utf-8")
    return folder


def files(folder: Path, name: str, *articles: dict[str, Any], more: str = "") -> str:
    """A source of kind "files" with these articles."""
    path = folder / f"{name}.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in articles), encoding="utf-8")
    return f'[[source]]\nname = "{name}"\nkind = "files"\nurl = "{path.name}"\n{more}\n'


def ingest(folder: Path, *, later: timedelta = timedelta(0)) -> list[Outcome]:
    ended: list[Outcome] = []

    async def once() -> None:
        async with App.open(load(folder, environ={}), clock=SimulatedClock(NOW + later)) as app:
            await one_shot(app, (), Round(report=ended.append))

    asyncio.run(once())
    return ended


@pytest.mark.parametrize("mode", [pytest.param("excerpt", marks=pytest.mark.long), "hashes"])
def test_a_text_that_is_not_kept_is_still_found(tmp_path: Path, store_url: str, mode: str) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    first = files(folder, "first", {"url": A, "title": "Light again", "text": TEXT}, more=f'storage = "{mode}"')
    configured(folder, store_url, first)
    ingest(folder)
    copied = files(folder, "second", {"url": B, "title": "Another headline", "text": f"{TEXT}\nThe council meets again next week."})
    configured(folder, store_url, first + copied)
    ingest(folder)
    store = Store.open(store_url)
    shown = door.show(store, A)
    text = shown.versions[0].article.text
    assert text == left(TEXT, mode)  # type: ignore[arg-type]  # the parameter is one of the two words
    assert shown.versions[0].kept == mode
    (related,) = shown.relations
    assert (related.other.url, str(related.match.relation), related.match.aligned) == (B, "copy", False)
    assert related.match.coverage > 0.85
    assert "not kept" in related.match.why
    last = TEXT.split()[-1].strip(".")
    assert [one.url for one in door.search(store, last, Filters())] == [B]
    assert Archive(store).after(0, {"since": None, "upto": 99}, 9)[0].article.url == B  # there is nothing to judge the first by
    store.close()


def test_a_text_that_is_not_kept_is_not_called_distinct(tmp_path: Path, store_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "home"
    both = ""
    folder.mkdir()
    for url in (A, B):
        both += files(folder, url[8:11], {"url": url, "title": url, "text": TEXT}, more='storage = "hashes"' if url == A else "")
    config = load(configured(folder, store_url, both), environ={})
    ingest(folder)
    changed = {"url": A, "title": "Light", "text": TEXT.replace("lighthouse", "beacon", 1)}
    files(folder, A[8:11], changed)
    ingest(folder)
    store = Store.open(store_url)
    capsys.readouterr()
    upkeep.diff(config, store, A, None, None, B, json=False)
    said = capsys.readouterr().out
    assert "distinct" not in said
    assert "only in" not in said
    assert "0 % of" not in said
    upkeep.diff(config, store, A, None, None, None, json=False)
    assert ": rewrite" in capsys.readouterr().out
    upkeep.judge(store, A, B, Relation.DERIVED, None, NOW, json=False)
    (related,) = [one for one in door.show(store, A).relations if one.judge == "person"]
    assert related.match.coverage > 0.5
    store.close()


def test_of_what_is_not_kept_no_word_is_in_the_database(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    path = tmp_path / "news.db"
    own = "Nobody had expected the quizzical pomegranate. It costs 4,711 crowns."
    both = files(folder, "open", {"url": B, "title": "Light", "text": TEXT})
    both += files(folder, "shut", {"url": A, "title": "Again", "text": f"{TEXT}\n{own}"}, more='storage = "hashes"')
    configured(folder, f"sqlite:///{path}", both)
    ingest(folder)
    held = b"".join(one.read_bytes() for one in tmp_path.glob("news.db*"))
    assert b"Nobody had expected" not in held
    assert b"pomegranate" not in held
    assert b"4,711" not in held
    assert LIGHTHOUSE.paragraphs[0][:40].encode() in held


@pytest.mark.long
def test_an_opt_out_is_obeyed_as_configured(tmp_path: Path, store_url: str) -> None:
    html = f'<html><head><meta name="robots" content="noai"><link rel="canonical" href="{A}"></head><body><article><h1>Light</h1>'
    html += "".join(f"<p>{one}</p>" for one in LIGHTHOUSE.paragraphs) + "</article></body></html>"
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "pages").mkdir()
    (folder / "pages" / "one.html").write_text(html, encoding="utf-8")
    source = '[[source]]\nname = "pages"\nkind = "files"\nurl = "pages"\n'
    configured(folder, store_url, source, '[opt_outs]\nnoai = "skip"\n')
    assert [(str(one.status), one.reason.partition(":")[0]) for one in ingest(folder)] == [("skipped", "opt-out")]
    configured(folder, store_url, source, '[opt_outs]\nnoai = "hashes"\n')
    ingest(folder)
    store = Store.open(store_url)
    shown = door.show(store, A)
    assert (shown.versions[0].article.text, shown.versions[0].article.opt_outs) == ("", ("noai",))
    assert shown.versions[0].raw_bytes == 0
    store.close()


# ── time ──────────────────────────────────────────────────────────────────────────────────────────

DAY = timedelta(days=1)


def left_in(store: Store) -> list[str]:
    return sorted(one.url for one in door.latest(store, Filters(limit=99)))


def test_what_is_kept_for_some_days_goes_after_them(store_url: str) -> None:
    store = Store.open(store_url)
    for number, source in enumerate(("short", "short", "long", "ever")):
        saved(store, read(f"https://one.example/{number}", words(number)), source=source)
    both = read("https://one.example/both", words(9))
    saved(store, both, source="short")
    saved(store, both, source="long")
    kept = {"short": 2 * DAY, "long": 5 * DAY}
    store.expire(NOW + DAY, kept)
    assert len(left_in(store)) == 5
    store.expire(NOW + 3 * DAY, kept)
    assert left_in(store) == ["https://one.example/2", "https://one.example/3", "https://one.example/both"]
    store.expire(NOW + 6 * DAY, kept)
    assert left_in(store) == ["https://one.example/3"]
    store.expire(NOW + 600 * DAY)
    assert left_in(store) == ["https://one.example/3"]
    store.close()


def test_a_source_that_still_lists_what_has_gone_does_not_bring_it_back(tmp_path: Path, web: Loopback) -> None:
    web.page(A.replace("https", "http"), page(LIGHTHOUSE, A))
    web.feed("http://one.example/feed", rss("http://one.example/feed", [(A.replace("https", "http"), "Light")]))
    source = '[[source]]\nname = "one"\nkind = "feed"\nurl = "http://one.example/feed"\nkeep = "2d"\n'
    fetch = f'[fetch]\ndelay = "0s"\nallow_private = ["127.0.0.0/8"]\nresolve = {{"*" = "{web.address}"}}\n'
    folder = configured(tmp_path / "home", f"sqlite:///{tmp_path}/news.db", source, fetch)
    assert [str(one.status) for one in ingest(folder)] == ["new"]
    assert ingest(folder, later=3 * DAY) == []
    store = Store.open(f"sqlite:///{tmp_path}/news.db")
    assert left_in(store) == []
    assert ingest(folder, later=4 * DAY) == []
    for number in (5, 6):  # described otherwise, it is still what was forgotten
        told = [(A.replace("https", "http"), f"Light, seen {number} times")]
        web.feed("http://one.example/feed", rss("http://one.example/feed", told))
        assert ingest(folder, later=number * DAY) == []
    assert left_in(store) == []
    store.close()


def test_the_daemon_forgets_articles_once_an_hour_and_those_that_wait_at_once(tmp_path: Path) -> None:
    source = '[[source]]\nname = "short"\nkind = "feed"\nurl = "http://one.example/feed"\nkeep = "2d"\n'
    folder = configured(tmp_path / "home", f"sqlite:///{tmp_path}/news.db", source)

    async def days() -> list[int]:
        clock, left_ = SimulatedClock(NOW), list[int]()
        async with App.open(load(folder, environ={}), clock=clock) as app:
            for number in range(ARTICLES + 2):
                saved(
                    app.store,
                    read(f"https://one.example/{number}", words(number)),
                    source="short",
                    now=NOW + number // (ARTICLES + 1) * 5 * MINUTE,
                )
            clock.advance((2 * DAY + MINUTE).total_seconds())
            for _ in range(66):
                await rounds.expire(app, clock.now(), Round())
                left_.append(len(left_in(app.store)))
                clock.advance(60)
        return left_

    assert asyncio.run(days()) == [2] + [1] * 60 + [0] * 5


def test_hosts_that_are_owed_nothing_go_without_pages_to_go(store_url: str) -> None:
    store = Store.open(store_url)
    store.keep_hosts([HostMemory(name="one.example", at=NOW)])
    store.expire(NOW + 29 * DAY)
    assert store.host("one.example")
    store.expire(NOW + 31 * DAY)
    assert store.host("one.example") is None
    store.close()
