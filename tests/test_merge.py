"""Articles whose address follows the headline: met first where it is now, or first where it was, it is one article with its versions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from conftest import BOTH_LONG
from stories import Story, page, rss
from test_recheck import FEED, HOUR, MINUTE, MORE, STORIES, Paper, longer, paper, url, watched

from pipeline.model import Status
from pipeline.rounds import Round, one_shot
from pipeline.store import check, read
from pipeline.store.rows import Filters

NEW = "http://paper.example/2026/eleven-hurt-as-ferry-runs-onto-rocks"


@pytest.fixture(params=BOTH_LONG)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def moves(it: Paper, story: Story) -> None:
    """Article 1 stands under another address from now on, as ``story``; the one it had leads there. The feed has the new one."""
    it.web.page(NEW, page(story, NEW, site="The Paper"))
    it.web.page(url(1), "", status=301, headers={"Location": NEW})
    it.web.feed(FEED, rss(FEED, [(NEW, story.title), (url(2), STORIES[2].title)]))


def seen(it: Paper) -> dict[int, str]:
    """Every article that is stored."""
    return {one.article_id: one.url for one in read.latest(it.app.store, Filters())}


def told(store_url: str, home: Path, story: Callable[[Paper], Awaitable[None]], **more: object) -> None:
    with paper(home, store_url, numbers=(1, 2)) as (web, where):
        watched(web, where, story, **more)  # type: ignore[arg-type]
    assert check.check(store_url, lambda *_: None).problems == ()


def test_met_first_where_it_is_now_it_is_one_article(tmp_path: Path, store_url: str) -> None:
    async def story(it: Paper) -> None:
        it.clock.advance(60)
        moves(it, longer(1, MORE).but(title="Eleven hurt as ferry runs onto rocks"))
        await one_shot(it.app, (), Round())
        assert len(seen(it)) == 3, "nobody knows as yet that two of them are one"
        ended = await it.later(3 * HOUR)
        assert [(one.status, one.url) for one in ended] == [(Status.UPDATED, url(1))]
        assert ended[0].reason == f"moved: the same article as {NEW}"
        shown = read.show(it.app.store, NEW)
        assert [one.number for one in shown.versions] == [2, 1]
        assert [one.change for one in shown.versions] == ["addition", None]
        assert shown.listed.title == "Eleven hurt as ferry runs onto rocks"
        assert shown.listed == read.show(it.app.store, url(1)).listed
        assert {one.url for one in shown.sightings} == {url(1), NEW}
        assert shown.relations == (), "none within one article"
        assert len(seen(it)) == 2
        assert [one.article_id for one in read.search(it.app.store, "harbour master", Filters())].count(shown.listed.article_id) == 1
        it.web.clear_log()
        assert await it.later(24 * HOUR, 30 * MINUTE) == []
        assert it.asked(1) == 0, "it is looked at where it is now"
        it.web.page(NEW, page(longer(1, MORE, "All of them were back in the harbour by night."), NEW, site="The Paper"))
        assert [one.status for one in await it.later(24 * HOUR, 30 * MINUTE)] == [Status.UPDATED]
        assert len(read.show(it.app.store, url(1)).versions) == 3

    told(store_url, tmp_path, story)


def test_an_address_alone_that_changed_makes_no_version(tmp_path: Path, store_url: str) -> None:
    async def story(it: Paper) -> None:
        it.clock.advance(60)
        moves(it, STORIES[1])
        await one_shot(it.app, (), Round())
        assert len(seen(it)) == 3
        assert await it.later(3 * HOUR) == []
        assert len(seen(it)) == 2
        shown = read.show(it.app.store, NEW)
        assert [one.number for one in shown.versions] == [1]
        assert {one.url for one in shown.sightings} == {url(1), NEW}
        await one_shot(it.app, (), Round())
        assert len(seen(it)) == 2

    told(store_url, tmp_path, story)


def test_what_leads_to_another_story_is_withdrawn_not_that_story(tmp_path: Path, store_url: str) -> None:
    async def story(it: Paper) -> None:
        it.web.page(url(1), "", status=301, headers={"Location": url(2)})
        ended = await it.later(30 * HOUR, 30 * MINUTE)
        assert [one.url for one in ended if one.reason.startswith("withdrawn")] == [url(1)]
        assert len(seen(it)) == 2
        assert [len(it.versions(number)) for number in (1, 2)] == [1, 1]

    told(store_url, tmp_path, story)


def test_verdicts_on_others_go_with_it(tmp_path: Path, store_url: str) -> None:
    copied = "http://other.example/2026/ferry"

    async def story(it: Paper) -> None:
        it.web.page(copied, page(longer(1, MORE), copied, site="Other"))
        it.clock.advance(60)
        moves(it, longer(1, MORE))
        await one_shot(it.app, (), Round())
        it.clock.advance(60)
        await one_shot(it.app, (copied,), Round())
        before = read.show(it.app.store, copied).relations
        assert {str(one.match.relation) for one in before} == {"copy", "identical"}
        await it.later(3 * HOUR)
        (after,) = read.show(it.app.store, copied).relations
        assert str(after.match.relation) == "identical", "with its latest version"
        assert after.other == read.show(it.app.store, url(1)).listed

    told(store_url, tmp_path, story)
