"""Looked at again where no text is kept, or where a page has become another article's: no flood of versions, no page asked for ever."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import BOTH_LONG
from stories import page
from storing import NOW, read, saved, words
from test_recheck import FEED, HOUR, LIVE, MINUTE, MORE, STORIES, Paper, longer, paper, url, watched

from pipeline.model import Profile, Source
from pipeline.store import Store


@pytest.fixture(params=BOTH_LONG)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def unkept(home: Path) -> None:
    told = f'[[source]]\nname = "paper"\nkind = "feed"\nurl = "{FEED}"\nstorage = "hashes"\n'
    (home / "sources.toml").write_text(told, encoding="utf-8")


def test_a_live_blog_without_text_gets_a_version_an_hour(tmp_path: Path, store_url: str) -> None:
    def blog(number: int) -> str:
        return page(longer(1, f"At {number} o'clock speaker {number} rose and spoke for a while about the pier."), url(1), head=LIVE)

    async def story(it: Paper) -> None:
        for number in range(1, 25):
            it.web.page(url(1), blog(number))
            await it.later(10 * MINUTE, 10 * MINUTE)
        assert 3 <= len(it.versions(1)) <= 6
        assert {one.change for one in it.versions(1)[1:]} == {"live"}

    with paper(tmp_path, store_url) as (web, home):
        unkept(home)
        web.page(url(1), blog(0))
        watched(web, home, story)


def test_a_wall_in_place_of_a_text_that_is_not_kept_is_no_edit(tmp_path: Path, store_url: str) -> None:
    async def story(it: Paper) -> None:
        wall = '<div class="paywall"><p>Subscribe to continue reading this article.</p></div>'
        declared = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
        short = STORIES[1].but(paragraphs=STORIES[1].paragraphs[:1])
        it.web.page(url(1), page(short, url(1), site="The Paper", head=declared, after=wall))
        await it.later(3 * HOUR)
        it.prints(1)
        await it.later(6 * HOUR)
        assert [one.article.completeness for one in it.versions(1)] == ["full"]

    with paper(tmp_path, store_url) as (web, home):
        unkept(home)
        watched(web, home, story)


def test_what_is_learned_of_an_outlet_is_no_edit_of_a_text_that_is_not_kept(tmp_path: Path, store_url: str) -> None:
    from pipeline.repeated import counted_of
    from pipeline.store import sentences as counts

    appeal = "The Paper is read by many who can pay for it and by many more who cannot, so please give what you can today."

    async def story(it: Paper) -> None:
        hashes = [counts._told(one) for one in counted_of(appeal)]
        it.app.store.learn("paper.example", Profile(repeated=frozenset(hashes)), it.clock.now())
        it.prints(1, longer(1, appeal))  # another etag, the same page
        it.web.page(url(1), page(longer(1, appeal), url(1), site="The Paper", head="<!-- -->"))
        assert await it.later(3 * HOUR) == []
        assert len(it.versions(1)) == 1
        it.web.page(url(1), page(longer(1, appeal, MORE), url(1), site="The Paper"))
        assert [one.url for one in await it.later(5 * HOUR)] == [url(1)]

    with paper(tmp_path, store_url) as (web, home):
        unkept(home)
        web.page(url(1), page(longer(1, appeal), url(1), site="The Paper"))
        watched(web, home, story)


def test_an_article_whose_page_is_another_article_now_is_not_asked_for_ever(tmp_path: Path, store_url: str) -> None:
    async def story(it: Paper) -> None:
        it.web.page(url(1), page(STORIES[2], url(2), site="The Paper"))  # it names the other one as its address
        await it.later(48 * HOUR, 10 * MINUTE)
        assert it.asked(1) <= 20  # both articles are looked for there

    with paper(tmp_path, store_url, numbers=(1, 2)) as (web, home):
        watched(web, home, story)


def test_a_source_that_is_away_for_a_while_is_looked_at_again_when_it_is_back(tmp_path: Path, store_url: str) -> None:
    async def story(it: Paper) -> None:
        config = it.app.config
        await it.app.renew(replace(config, sources=()))
        it.prints(1, longer(1, MORE))
        assert await it.later(24 * HOUR, HOUR) == []
        assert it.asked(1) == 0
        await it.app.renew(config)
        assert [one.url for one in await it.later(30 * HOUR, HOUR)] == [url(1)]
        await it.app.renew(replace(config, sources=()))
        await it.later(40 * 24 * HOUR, 8 * HOUR)
        assert it.app.store.next_due(it.clock.now()) is None

    with paper(tmp_path, store_url) as (web, home):
        watched(web, home, story)


def test_one_hosts_many_do_not_hide_the_others(store_url: str) -> None:
    store = Store.open(store_url)
    store.watch([Source(name="feed", kind="feed", url="https://one.example/feed")], NOW)
    for number in range(12):
        saved(store, read(f"https://one.example/{number}", words(number)), recheck_at=NOW + MINUTE)
    saved(store, read("https://two.example/x", words(50)), recheck_at=NOW + 2 * MINUTE)
    later = NOW + HOUR

    def claimed(after: int, **more: set[str]) -> list[str]:
        moment = later + after * MINUTE
        return [one.url for one in store.claim_rechecks(moment, moment + HOUR, limit=1, a_host=3, **more)]

    busy = {"one.example"}
    assert [claimed(0, but=busy), claimed(0, but=busy)] == [[], ["https://two.example/x"]]
    assert [len(claimed(number)) for number in range(1, 14)] == [1] * 12 + [0], "nothing is lost"
    store.close()
