"""The flow and the daemon against the press: once, again, over hours, and after trouble. Its own clock moves with the press's."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import BOTH_LONG

from pipeline.app import App
from pipeline.clock import SimulatedClock
from pipeline.config import Config, load
from pipeline.model import Outcome, Status
from pipeline.press import Press
from pipeline.rounds import Round, one_shot
from pipeline.schedule import LONGEST_SLEEP, Schedule
from pipeline.store import read

START = datetime(2024, 3, 4, 12, tzinfo=UTC)
SEEDS = Path(__file__).resolve().parent.parent / "seeds"


@pytest.fixture
def press() -> Iterator[Press]:
    with Press.start(SEEDS, START) as running:
        yield running


@pytest.fixture(params=BOTH_LONG)
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database; the quick tests meet the flow on PostgreSQL in the doors' newsroom."""
    return str(request.param)


@pytest.fixture
def home(tmp_path: Path, store_url: str) -> Path:
    """A folder for a configuration, with the address of its database in it."""
    (tmp_path / "url").write_text(store_url, encoding="utf-8")
    return tmp_path


def configured(tmp_path: Path, press: Press, more: str = "", seeds: Path = SEEDS) -> Config:
    """Everything the press offers, on a new database."""
    place = f'{{"*" = "127.0.0.1:{press.port}"}}'
    fetch = f'[fetch]\ndelay = "0s"\nallow_private = ["127.0.0.0/8"]\nresolve = {place}\n'
    settings = f'seeds = "{seeds}"\n{fetch}[database]\nurl = "{(tmp_path / "url").read_text()}"\n'
    (tmp_path / "wirewatch.toml").write_text(settings + more, encoding="utf-8")
    sources = (f'[[source]]\nname = "{feed.name}"\nkind = "{feed.kind}"\nurl = "{feed.url}"\nevery = "5m"\n' for feed in press.sources)
    (tmp_path / "sources.toml").write_text("\n".join(sources), encoding="utf-8")
    return load(tmp_path, environ={})


def ingest(config: Config, now: datetime) -> list[Outcome]:
    """One round of everything."""

    async def once() -> list[Outcome]:
        ended: list[Outcome] = []
        async with App.open(config, clock=SimulatedClock(now)) as app:
            await one_shot(app, (), Round(report=ended.append))
        return ended

    return asyncio.run(once())


def counts(app: App) -> tuple[int, int, int, int]:
    now = read.status(app.store, app.clock.now())
    return now.articles, now.versions, now.relations, now.sightings


@pytest.mark.long
def test_a_second_round_asks_for_nothing_that_is_there(home: Path, press: Press) -> None:
    config = configured(home, press)
    first = ingest(config, START)
    press.clear_log()
    second = ingest(config, START + timedelta(minutes=10))

    feeds = {feed.url for feed in press.sources}
    asked = [seen for seen in press.log() if not seen.path.startswith("/robots.txt")]
    assert len(first) > 100
    assert [outcome for outcome in second if outcome.status is not Status.UNCHANGED] == []
    assert {seen.url for seen in asked if seen.status == 304} >= feeds
    assert [seen.url for seen in asked if seen.url not in feeds and not {"if-none-match", "if-modified-since"} & set(seen.headers)] == []


@pytest.mark.long
def test_what_failed_is_pending_and_taken_by_the_next_round(home: Path, press: Press) -> None:
    config = configured(home, press)
    unlucky = [made.url for made in press.made()][::9][:10]
    for url in unlucky:
        press.fail(url, status=503, times=1)
    first = ingest(config, START)
    second = ingest(config, START + timedelta(minutes=1))

    assert {outcome.reason.split(":")[0] for outcome in first if outcome.status is Status.RETRY} == {"throttled"}
    assert not [outcome for outcome in second if outcome.status in (Status.RETRY, Status.FAILED)]
    assert {outcome.status for outcome in second} <= {Status.NEW, Status.DUPLICATE, Status.UNCHANGED}


@pytest.mark.long
def test_the_daemon_stores_everything_once_as_the_hours_pass(home: Path, press: Press) -> None:
    config = configured(home, press)

    async def watch() -> tuple[set[str], tuple[int, int, int, int], tuple[int, int, int, int]]:
        clock = SimulatedClock(START)
        async with App.open(config, clock=clock) as app:
            schedule = Schedule(app)
            while clock.now() < START + timedelta(minutes=40):
                wake = await schedule.tick(clock.now())
                await schedule.settled()
                assert clock.now() <= wake <= clock.now() + LONGEST_SLEEP
                step = max((wake - clock.now()).total_seconds(), 1.0)
                clock.advance(step)
                press.advance(step)
            await schedule.tick(clock.now())
            await schedule.settled()
            before = counts(app)
            clock.advance(300)
            await schedule.tick(clock.now())
            await schedule.settled()
            missing = {made.url for made in press.made() if read.find(app.store, made.url) is None}
            return missing, before, counts(app)

    missing, before, after = asyncio.run(watch())
    late = {made.url for made in press.made() if made.published > START + timedelta(minutes=30)}
    assert missing <= late
    assert before[:2] == after[:2]


@pytest.mark.long
def test_a_source_that_cannot_be_read_is_asked_less_and_less(home: Path, press: Press) -> None:
    config = configured(home, press)
    broken = press.sources[0]
    press.fail(broken.url, status=500, times=1000)

    async def watch() -> None:
        clock = SimulatedClock(START)
        async with App.open(config, clock=clock) as app:
            schedule = Schedule(app)
            for _ in range(24):
                await schedule.tick(clock.now())
                await schedule.settled()
                clock.advance(300)

    asyncio.run(watch())
    asked = [seen for seen in press.log() if seen.url == broken.url]
    assert 4 <= len(asked) <= 6  # of 24 ticks, five minutes apart: 0, 5, 15, 35, 75 minutes


@pytest.mark.long
def test_an_identical_text_can_be_kept_as_a_sighting_only(home: Path, press: Press) -> None:
    ended = ingest(configured(home, press, '[dedup]\nkeep = "first"\n'), START)
    duplicates = [outcome for outcome in ended if outcome.status is Status.DUPLICATE]
    firsts = {outcome.article_id for outcome in ended if outcome.status is Status.NEW}
    assert duplicates
    assert {outcome.article_id for outcome in duplicates} <= firsts


@pytest.mark.long
def test_a_seed_that_comes_later_is_compared_with_what_is_stored(home: Path, press: Press) -> None:
    nothing = home / "none"
    nothing.mkdir()
    ingest(configured(home, press, seeds=nothing), START)
    config = configured(home, press)

    async def found() -> dict[str, set[str]]:
        async with App.open(config, clock=SimulatedClock(START)) as app:
            return {str(story.about.seed): {told.relation.value for told in story.told} for story in read.stories(app.store)}

    stories = asyncio.run(found())
    assert set(stories) == {"saltholm-ferry", "ukraine-security-commitments"}
    assert all({"identical", "copy", "excerpt", "revision", "derived"} <= relations for relations in stories.values())
