"""Feeds that move and feeds that die, through the flow: what is asked, and what is remembered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from loopback import Loopback, Reply
from stories import invented, page, rss
from watches import Watch

from pipeline import moves

SITE, OTHER = "http://www.nevatimes.example", "http://www.otherpaper.example"
OLD, NEW = f"{SITE}/old.xml", f"{SITE}/new.xml"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def watch(tmp_path: Path, web: Loopback) -> Watch:
    watch = Watch(tmp_path, web)
    watch.source("feed", OLD)
    return watch


def feed(web: Loopback, url: str, *numbers: int) -> None:
    items = []
    for number in numbers:
        story = invented(number)
        items.append((web.page(f"{SITE}/2026/02/27/some-long-headline-here-a{number}", page(story, f"{SITE}/a{number}")), story.title))
    web.feed(url, rss(url, items, title="Neva Times"))


def moved(web: Loopback, url: str, to: str, status: int = 301) -> None:
    web.reply(url, Reply(status=status, headers={"Location": to}, etag=False))


def asked(watch: Watch) -> list[list[str]]:
    """The feeds that were asked for, round by round."""
    return [[path for path in paths if path.endswith(".xml")] for paths in watch.history]


@pytest.mark.parametrize("status", [301, pytest.param(308, marks=pytest.mark.long)])
def test_a_feed_that_moved_for_good_is_followed_when_it_said_so_twice(watch: Watch, web: Loopback, status: int) -> None:
    feed(web, NEW, 1, 2)
    moved(web, OLD, NEW, status)
    watch.rounds(4, HOUR)
    assert asked(watch) == [["/old.xml", "/new.xml"], ["/old.xml", "/new.xml"], ["/new.xml"], ["/new.xml"]]
    state = watch.state()
    assert (state.moved_to, state.health) == (NEW, "ok")
    assert [hit.status for hit in web.log() if hit.path == "/new.xml"] == [304]
    watch.rounds(2, 4 * DAY)  # a week after, its own address is looked at again
    assert asked(watch) == [["/new.xml"], ["/old.xml", "/new.xml"]]
    assert watch.state().moved_to == NEW


@pytest.mark.long
def test_what_moves_for_now_or_once_is_not(watch: Watch, web: Loopback) -> None:
    feed(web, NEW, 1, 2)
    moved(web, OLD, NEW, 302)
    watch.rounds(3, HOUR)
    assert watch.state().moved_to is None
    moved(web, OLD, NEW)
    watch.rounds(1, HOUR)
    feed(web, OLD, 1, 2)
    watch.rounds(1, HOUR)
    moved(web, OLD, NEW)
    watch.rounds(1, HOUR)
    assert watch.state().moved_to is None


@pytest.mark.long
def test_a_feed_that_is_back_at_its_own_address_is_asked_there(watch: Watch, web: Loopback) -> None:
    feed(web, NEW, 1)
    moved(web, OLD, NEW)
    watch.rounds(3, HOUR)
    assert watch.state().moved_to == NEW
    feed(web, OLD, 1, 2)
    watch.rounds(2, 4 * DAY)
    assert watch.state().moved_to is None
    watch.rounds(1, HOUR)
    assert asked(watch) == [["/old.xml"]]


@pytest.mark.long
def test_another_outlet_is_told_of_and_not_followed(watch: Watch, web: Loopback) -> None:
    there = f"{OTHER}/rss.xml"
    feed(web, there, 1)
    moved(web, OLD, there)
    watch.rounds(3, HOUR)
    state = watch.state()
    assert (state.moved_to, state.health) == (None, "moved")
    assert there in (state.health_why or "")
    assert asked(watch)[-1] == ["/old.xml", "/rss.xml"]


@pytest.mark.long
def test_a_feed_that_is_gone_for_good_is_searched_for_at_once(watch: Watch, web: Loopback) -> None:
    feed(web, OLD, 1)
    watch.rounds(1, HOUR)
    web.reply(OLD, Reply(status=410, etag=False))
    feed(web, NEW, 1, 2)
    web.page(f"{SITE}/", f'<html><head><link rel="alternate" type="application/rss+xml" href="{NEW}"></head><body>News</body></html>')
    watch.rounds(1, HOUR)
    assert watch.state().moved_to == NEW
    ended, _ = watch.rounds(1, HOUR)[0]
    assert [outcome.status.value for outcome in ended] == ["new"]
    assert asked(watch) == [["/new.xml"]]
    assert watch.state().health == "ok"


@pytest.mark.long
def test_what_is_not_there_is_searched_for_after_days_and_once_a_day(watch: Watch, web: Loopback) -> None:
    feed(web, OLD, 1)
    watch.rounds(1, HOUR)
    web.page(OLD, "<html><body>Not here any more</body></html>", status=404, etag=False)
    watch.rounds(5, HOUR)
    assert "/" not in [path for paths in watch.history for path in paths]
    watch.rounds(9, DAY / 2)
    searched = ["/" in paths for paths in watch.history]
    assert searched[:5] == [False] * 5
    assert 1 <= sum(searched) <= 3
    state = watch.state()
    assert (state.moved_to, state.health) == (None, "failing")


@pytest.mark.long
def test_a_search_that_leads_to_another_outlet_is_told_of(watch: Watch, web: Loopback) -> None:
    feed(web, OLD, 1)
    watch.rounds(1, HOUR)
    web.reply(OLD, Reply(status=410, etag=False))
    there = f"{OTHER}/rss.xml"
    feed(web, there, 1)
    web.page(f"{SITE}/", f'<html><head><link rel="alternate" type="application/rss+xml" href="{there}"></head><body>News</body></html>')
    watch.rounds(1, HOUR)
    state = watch.state()
    assert (state.moved_to, state.health) == (None, "moved")
    assert there in (state.health_why or "")
    watch.rounds(1, DAY / 2)
    assert watch.state().health == "moved"
    assert "/" not in watch.history[0]


def test_a_site_that_is_asked_for_its_robots_cannot_move(watch: Watch) -> None:
    watch.source("sitemap", f"{SITE}/")
    assert not moves.can_move(watch.config.sources[0])
