"""Stored articles looked at again, as the hours pass on a clock that is moved: edits become versions, what is gone is marked, nothing else
happens. The scripted web's own log tells how much was asked."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from conftest import BOTH_LONG
from fetching import START
from loopback import Loopback, Reply
from stories import Story, invented, page, rss

from pipeline import recheck, shown, tables
from pipeline.app import App
from pipeline.clock import SimulatedClock
from pipeline.config import load
from pipeline.model import Outcome, Status
from pipeline.rounds import Round, one_shot
from pipeline.store import read
from pipeline.store.rows import Listed, Version

FEED = "http://paper.example/feed.xml"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MORE = "Two more boats were sent out at noon, the harbour master said, and both of them came back empty in the evening."


def url(number: int) -> str:
    return f"http://paper.example/2026/story-a{number}"


STORIES = {number: invented(number) for number in range(1, 8)}
LIVE = """<script type="application/ld+json">{"@context": "https://schema.org", "@type": "LiveBlogPosting", "headline": "Live"}</script>"""


def longer(number: int, *paragraphs: str) -> Story:
    return STORIES[number].but(paragraphs=(*STORIES[number].paragraphs, *paragraphs))


@pytest.fixture(params=BOTH_LONG)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass
class Paper:
    """A paper with a feed, and what is watched of it."""

    web: Loopback
    app: App
    clock: SimulatedClock
    ended: list[Outcome] = field(default_factory=list)

    def prints(self, number: int, story: Story | None = None, **more: object) -> None:
        """A page as it stands from now on; ``more``: of its reply."""
        self.web.page(url(number), page(story or STORIES[number], url(number), site="The Paper"), **more)

    async def later(self, length: timedelta, step: timedelta = 5 * MINUTE) -> list[Outcome]:
        """Time passes, and what is due is looked at. → what was told of."""
        before = len(self.ended)
        until = self.clock.now() + length
        while self.clock.now() < until:
            self.clock.advance(step.total_seconds())
            await recheck.due(self.app, self.clock.now(), Round(report=self.ended.append))
        return self.ended[before:]

    def shown(self, number: int) -> Listed:
        return read.show(self.app.store, url(number)).listed

    def versions(self, number: int) -> list[Version]:
        """The first one first."""
        return list(reversed(read.show(self.app.store, url(number)).versions))

    def asked(self, number: int) -> int:
        return sum(hit.url == url(number) for hit in self.web.log())


@contextmanager
def paper(tmp_path: Path, store_url: str, settings: str = "", numbers: tuple[int, ...] = (1,)) -> Iterator[tuple[Loopback, Path]]:
    with Loopback() as web:
        fetch = f'[fetch]\ndelay = "0s"\nallow_private = ["127.0.0.0/8"]\nresolve = {{"*" = "{web.address}"}}\n'
        (tmp_path / "seeds").mkdir()
        told = f'seeds = "{tmp_path / "seeds"}"\n{fetch}[database]\nurl = "{store_url}"\n[extract]\nworkers = 1\n{settings}'
        (tmp_path / "wirewatch.toml").write_text(told, encoding="utf-8")
        (tmp_path / "sources.toml").write_text(f'[[source]]\nname = "paper"\nkind = "feed"\nurl = "{FEED}"\n', encoding="utf-8")
        web.feed(FEED, rss(FEED, [(url(number), STORIES[number].title) for number in numbers], title="The Paper"))
        for number in numbers:
            web.page(url(number), page(STORIES[number], url(number), site="The Paper"))
        yield web, tmp_path


def watched(web: Loopback, home: Path, story: object, start: datetime = START) -> None:
    """Takes the paper in, and lets the story of a test happen: an async function of the paper."""

    async def go() -> None:
        clock = SimulatedClock(start)
        async with App.open(load(home, environ={}), clock=clock) as app:
            await one_shot(app, (), Round())
            web.clear_log()
            await story(Paper(web, app, clock))  # type: ignore[operator]  # of one argument

    asyncio.run(go())


def test_an_edit_becomes_one_version_of_its_class_and_a_counter_none(tmp_path: Path, store_url: str) -> None:
    async def story(it: Paper) -> None:
        assert await it.later(HOUR) == []
        it.prints(1, longer(1, MORE))
        it.prints(2, STORIES[2].but(title="Another headline over the same story"))
        it.prints(3, longer(3, "12 comments"))
        told = await it.later(2 * HOUR)
        assert sorted((one.url, one.status) for one in told) == [(url(1), Status.UPDATED), (url(2), Status.UPDATED)]
        assert [one.change for one in it.versions(1)] == [None, "addition"]
        assert [one.change for one in it.versions(2)] == [None, "headline"]
        assert [one.change for one in it.versions(3)] == [None]
        it.prints(3, longer(3, "340 comments"))
        # soon again after the edit
        it.web.clear_log()
        it.prints(1, longer(1, MORE, "Correction: an earlier version of this story had one boat too few."))
        assert [one.url for one in await it.later(HOUR)] == [url(1)]
        assert [one.change for one in it.versions(1)] == [None, "addition", "correction"]
        assert await it.later(24 * HOUR, HOUR) == []
        assert len(it.versions(3)) == 1

    with paper(tmp_path, store_url, numbers=(1, 2, 3)) as (web, home):
        watched(web, home, story)


def test_few_are_asked_and_unchanged_ones_answer_304(tmp_path: Path, store_url: str) -> None:
    async def story(it: Paper) -> None:
        assert await it.later(24 * HOUR) == []
        assert 5 <= it.asked(1) <= 8
        assert {(hit.status, hit.conditional) for hit in it.web.log() if hit.url == url(1)} == {(304, True)}
        before = it.asked(1)
        assert await it.later(60 * 24 * HOUR, 6 * HOUR) == []
        assert it.asked(1) - before <= 6
        assert await it.app.flow.reading(it.app.store.next_due, it.clock.now()) is None
        outcomes = list(read.export(it.app.store, "outcomes"))
        assert len(outcomes) == 1  # a look that found nothing is no outcome

    with paper(tmp_path, store_url) as (web, home):
        watched(web, home, story)


def test_what_is_gone_is_marked_once_it_is_sure_and_unmarked_when_it_is_back(tmp_path: Path, store_url: str) -> None:
    gone, for_good, soft, wall, once = 1, 2, 3, 4, 5

    async def story(it: Paper) -> None:
        await it.later(HOUR)
        it.web.reply(url(gone), Reply(status=404, etag=False))
        it.web.reply(url(for_good), Reply(status=410, etag=False))
        it.web.page(url(soft), "<html><title>Page not found</title><h1>404</h1><p>The page you asked for could not be found.</p></html>")
        it.web.page(url(wall), "<title>Just a moment...</title><h1>paper.example</h1><p>Verifying you are human.</p>", status=403)
        it.web.first(url(once), Reply(status=404, etag=False))
        told = await it.later(2 * HOUR)
        assert sorted((one.url, one.status, one.reason.split(":")[0]) for one in told) == [
            (url(number), Status.SKIPPED, "withdrawn") for number in (gone, for_good, soft)
        ]
        for number in (gone, for_good, soft):
            row = it.shown(number)
            assert row.withdrawn_at is not None
            assert row.gone_since is not None
            assert row.withdrawn_at - row.gone_since >= (5 if number == for_good else 15) * MINUTE
            assert it.versions(number)[0].article.text  # never deleted
        assert "410" in (it.shown(for_good).withdrawn_why or "")
        assert [it.shown(number).withdrawn_at for number in (wall, once)] == [None, None]
        assert it.shown(once).gone_since is None
        assert await it.later(2 * HOUR) == []  # told once

        it.prints(gone)
        back = await it.later(6 * HOUR)
        assert [(one.url, one.status, one.reason.split(":")[0]) for one in back] == [(url(gone), Status.UNCHANGED, "back")]
        assert it.shown(gone).withdrawn_at is None
        assert (it.shown(gone).withdrawn_why or "").startswith("from 2026")
        assert it.shown(soft).withdrawn_at is not None

    with paper(tmp_path, store_url, numbers=(gone, for_good, soft, wall, once)) as (web, home):
        watched(web, home, story)


def test_a_live_blog_gets_a_version_an_hour_and_its_last_state(tmp_path: Path, store_url: str) -> None:
    def entry(number: int) -> str:
        return f"At {number} o'clock the council's speaker number {number} rose and spoke for a while about the pier and its price."

    def blog(entries: int) -> str:
        lines = [entry(number) for number in range(entries, 0, -1)]
        story = STORIES[1].but(paragraphs=(*lines, *STORIES[1].paragraphs))
        return page(story, url(1), site="The Paper", head=LIVE)

    async def story(it: Paper) -> None:
        for number in range(1, 37):
            it.web.page(url(1), blog(number))
            await it.later(5 * MINUTE)
        await it.later(12 * HOUR)
        versions = it.versions(1)
        assert 3 <= len(versions) <= 6
        assert {one.change for one in versions[1:]} <= {"live", "addition"}
        assert entry(36) in versions[-1].article.text
        gaps = [after.fetched_at - before.fetched_at for before, after in itertools.pairwise(versions)]
        assert all(gap >= timedelta(minutes=50) for gap in gaps)

    with paper(tmp_path, store_url) as (web, home):
        web.page(url(1), blog(0))
        watched(web, home, story)


def test_nothing_is_looked_at_again_where_nobody_wants_it(tmp_path: Path, store_url: str) -> None:
    async def story(it: Paper) -> None:
        assert await it.later(24 * HOUR, HOUR) == []
        assert it.web.log() == []

    with paper(tmp_path, store_url, "[recheck]\ndays = 0\n") as (web, home):
        watched(web, home, story)


def test_the_command_looks_at_what_is_due_of_what_was_named(tmp_path: Path, store_url: str) -> None:
    async def story(it: Paper) -> None:
        it.prints(1, longer(1, MORE))
        it.clock.advance(HOUR.total_seconds())
        ended: list[Outcome] = []
        await one_shot(it.app, ("paper",), Round(report=ended.append))
        assert [(one.url, one.status) for one in ended] == [(url(1), Status.UPDATED)]

    with paper(tmp_path, store_url) as (web, home):
        watched(web, home, story)


@pytest.mark.long
@pytest.mark.parametrize("jump", [-30, -1, 1])
def test_a_clock_that_is_set_makes_no_burst_and_no_gap(tmp_path: Path, store_url: str, jump: int) -> None:
    async def story(it: Paper) -> None:
        await it.later(4 * HOUR)
        was = it.clock.now()
        it.clock.jump(jump * 24 * 3600.0)
        it.app.store.clock_set(was, it.clock.now())
        it.web.clear_log()
        it.prints(1, longer(1, MORE))
        assert await it.later(5 * MINUTE) == []
        assert it.asked(1) == 0
        assert [one.url for one in await it.later(30 * HOUR, 30 * MINUTE)] == [url(1)]
        assert it.asked(1) <= 12

    with paper(tmp_path, store_url) as (web, home):
        watched(web, home, story)


def test_edits_and_withdrawals_are_shown(tmp_path: Path, store_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    async def story(it: Paper) -> None:
        it.prints(1, longer(1, MORE))
        await it.later(HOUR)
        it.web.reply(url(1), Reply(status=410, etag=False))
        await it.later(2 * HOUR)
        capsys.readouterr()
        told = read.show(it.app.store, url(1))
        shown.article(told, json=False)
        tables.listing([told.listed], json=False, empty="")
        said = capsys.readouterr().out
        assert f"addition +{len(MORE.split())} −0" in said
        assert said.count("withdrawn, seen 2026-03-01 ") == 2
        assert "410 Gone" in said
        shown.article(told, json=True)
        tables.listing([told.listed], json=True, empty="")
        first, second = map(json.loads, capsys.readouterr().out.splitlines())
        assert [one["change"] for one in first["versions"]] == ["addition", None]
        assert first["withdrawn_at"]
        assert first["withdrawn_at"] == second["withdrawn_at"]

    with paper(tmp_path, store_url) as (web, home):
        watched(web, home, story)
