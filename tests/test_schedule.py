"""The daemon's schedule, driven by hand: nobody waits for a slow host, two never ask the same, and clocks may be set."""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import signal
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from loopback import Loopback, Reply, hits
from stories import invented, page, rss
from storing import fresh

from pipeline.app import App
from pipeline.clock import SimulatedClock
from pipeline.config import Config, load
from pipeline.daemon import BEAT, Supervisor, run
from pipeline.errors import StoreError
from pipeline.model import Runner
from pipeline.rounds import Round, one_shot
from pipeline.schedule import Schedule
from pipeline.store import read

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
PAPERS = tuple(f"paper{number}.example" for number in range(4))


def configured(folder: Path, web: Loopback, papers: tuple[str, ...] = PAPERS, more: str = 'every = "10m"') -> Config:
    """A feed for each paper, without entries until it is given some."""
    (folder / "seeds").mkdir(exist_ok=True)
    fetch = f'[fetch]\ndelay = "0s"\nallow_private = ["127.0.0.0/8"]\nresolve = {{"*" = "{web.address}"}}\n'
    text = f'seeds = "{folder}/seeds"\n{fetch}[database]\nurl = "{fresh(folder)}"\n[extract]\nworkers = 1\n'
    (folder / "wirewatch.toml").write_text(text, encoding="utf-8")
    entries = [f'[[source]]\nname = "{name}"\nkind = "feed"\nurl = "http://{name}/rss"\n{more}\n' for name in papers]
    (folder / "sources.toml").write_text("\n".join(entries), encoding="utf-8")
    for name in papers:
        web.feed(f"http://{name}/rss", rss(f"http://{name}/rss", []))
    return load(folder, environ={})


def stories(web: Loopback, host: str, count: int) -> list[str]:
    """Puts so many articles on a paper's site and into its feed."""
    urls = [f"http://{host}/2026/02/27/some-long-headline-here-{number}" for number in range(count)]
    for number, url in enumerate(urls):
        web.page(url, page(invented(number), url))
    web.feed(f"http://{host}/rss", rss(f"http://{host}/rss", [(url, "Headline") for url in urls]))
    return urls


class Held(threading.Event):
    """Holds an answer back until it is set. ``met``: somebody waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.met = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.met.set()
        return super().wait(timeout)

    async def begun(self) -> bool:
        return await asyncio.to_thread(self.met.wait, 30)


@asynccontextmanager
async def daemons(config: Config, clock: SimulatedClock, count: int) -> AsyncIterator[list[Schedule]]:
    """So many on one database."""
    async with AsyncExitStack() as stack:
        apps = [await stack.enter_async_context(App.open(config, clock=clock)) for _ in range(count)]
        yield [Schedule(app) for app in apps]


def polls(web: Loopback) -> Counter[str]:
    return Counter(hit.host for hit in web.log() if hit.path == "/rss")


async def seen(web: Loopback, urls: set[str]) -> bool:
    """Waits, on another thread, until all of these were asked for."""
    return await asyncio.to_thread(web.wait, lambda log: urls <= {hit.url for hit in log}, 30)


# ── nobody waits for a slow host ──────────────────────────────────────────────────────────────────


def test_a_host_that_does_not_answer_delays_nobody(tmp_path: Path, web: Loopback) -> None:
    config = configured(tmp_path, web)
    urls = stories(web, PAPERS[1], 3)
    let_go = Held()
    web.reply(f"http://{PAPERS[0]}/robots.txt", Reply(status=404, hold=let_go))

    async def watch() -> tuple[int, int]:
        clock = SimulatedClock(START)
        async with App.open(config, clock=clock) as app:
            schedule = Schedule(app)
            wake = await schedule.tick(clock.now())
            assert wake <= START + timedelta(minutes=1)
            assert await let_go.begun()
            assert await seen(web, {*urls, *(f"http://{name}/rss" for name in PAPERS[1:])})
            held = schedule.in_flight, app.busy
            let_go.set()
            await schedule.settled()
            assert (schedule.in_flight, app.busy) == (0, 0)
            return held

    in_flight, busy = asyncio.run(watch())
    assert in_flight >= 1
    assert busy >= 1
    assert polls(web) - Counter(PAPERS[:1]) == Counter(PAPERS[1:])


def test_one_hosts_backlog_does_not_stand_before_the_others(tmp_path: Path, web: Loopback) -> None:
    config = configured(tmp_path, web, PAPERS[:2])
    many, few = stories(web, PAPERS[0], 30), stories(web, PAPERS[1], 1)

    async def watch() -> None:
        clock = SimulatedClock(START)
        async with App.open(config, clock=clock) as app:
            schedule = Schedule(app)
            await schedule.tick(clock.now())
            await schedule.settled()
            assert read.status(app.store, clock.now()).articles == 31

    asyncio.run(watch())
    asked = [hit.url for hit in web.log() if hit.url in {*many, *few}]
    assert len(asked) == 31
    assert asked.index(few[0]) < 16


@pytest.mark.parametrize("what", ["article", pytest.param("feed", marks=pytest.mark.long)])
def test_what_is_stopped_in_the_middle_is_given_back_at_once(tmp_path: Path, web: Loopback, what: str) -> None:
    config = configured(tmp_path, web, PAPERS[:1])
    (url,) = stories(web, PAPERS[0], 1)
    let_go = Held()
    web.reply(url if what == "article" else f"http://{PAPERS[0]}/rss", Reply(body=b"", hold=let_go))

    async def watch() -> None:
        clock = SimulatedClock(START)
        async with App.open(config, clock=clock) as app:
            schedule = Schedule(app)
            await schedule.tick(clock.now())
            assert await let_go.begun()
            assert (app.store.due(START), app.store.waiting(START, limit=9)) == ([], [])
            await schedule.stop(0.05)
            assert schedule.in_flight == 0
            assert app.store.due(START) == ([PAPERS[0]] if what == "feed" else [])
            assert [one for _, one in app.store.waiting(START, limit=9)] == ([url] if what == "article" else [])
            let_go.set()

    asyncio.run(watch())


@pytest.mark.parametrize("what", ["claim_sources", "claim_pages"])
def test_what_is_being_claimed_when_it_is_told_to_end_is_given_back(tmp_path: Path, web: Loopback, what: str) -> None:
    config = configured(tmp_path, web, PAPERS[:1])
    (url,) = stories(web, PAPERS[0], 1)

    async def watch() -> None:
        clock, claimed, go_on = SimulatedClock(START), asyncio.Event(), asyncio.Event()
        async with App.open(config, clock=clock) as app:
            if what == "claim_pages":
                await app.flow.poll(config.sources[0])
            write = app.flow.writing

            async def slowly(call: Callable[..., Any], *args: Any, **more: Any) -> Any:
                """As ever, but the answer to a claim is late."""
                answer = await write(call, *args, **more)
                if call == getattr(app.store, what):
                    claimed.set()
                    await go_on.wait()
                return answer

            schedule = Schedule(app)
            app.flow.writing = slowly  # type: ignore[assignment]
            turn = asyncio.ensure_future(schedule.tick(clock.now()))
            await claimed.wait()
            stopping = asyncio.ensure_future(schedule.stop())
            for _ in range(9):
                await asyncio.sleep(0)
            assert not stopping.done()
            go_on.set()
            await stopping
            turn.cancel()  # as a daemon does that ends
            await asyncio.gather(turn, return_exceptions=True)
            assert app.store.due(START) == ([PAPERS[0]] if what == "claim_sources" else [])
            assert [one for _, one in app.store.waiting(START, limit=9)] == ([] if what == "claim_sources" else [url])
        assert [hit.url for hit in web.log() if hit.url == url] == []

    asyncio.run(watch())


def test_a_daemon_that_was_told_to_end_begins_nothing_more_while_it_ends(tmp_path: Path, web: Loopback) -> None:
    config = configured(tmp_path, web, PAPERS[:1])
    urls = stories(web, PAPERS[0], 5)
    let_go = Held()
    web.reply(urls[0], Reply(status=404, hold=let_go))

    async def watch() -> tuple[int, list[str]]:
        clock, begun, beats, ending = SimulatedClock(datetime(2090, 3, 1, 12, tzinfo=UTC)), [], asyncio.Queue[None](), asyncio.Event()
        async with App.open(config, clock=clock) as app:
            heard = Supervisor(started=lambda: begun.append(True), ticked=lambda: beats.put_nowait(None), stopping=ending.set)
            daemon = asyncio.ensure_future(run(app, Round(), supervisor=heard))
            assert await let_go.begun()
            await beats.get()
            os.kill(os.getpid(), signal.SIGTERM)
            await ending.wait()
            clock.advance(BEAT)
            await beats.get()  # it looks at the lease while what is in flight ends
            let_go.set()
            assert await daemon is signal.SIGTERM
            return len(begun), [one for _, one in app.store.waiting(clock.now(), limit=9)]

    begun, waiting = asyncio.run(watch())
    assert begun == 1
    asked = {hit.url for hit in web.log()}
    assert [url for url in waiting if url in asked] == []  # no page is asked for that is not taken to its end
    assert {*waiting, *asked} >= set(urls)


@pytest.mark.long
def test_a_store_that_fails_ends_it(tmp_path: Path, web: Loopback) -> None:
    config = configured(tmp_path, web)
    stories(web, PAPERS[0], 1)

    async def watch() -> None:
        clock = SimulatedClock(START)
        async with App.open(config, clock=clock) as app:
            schedule = Schedule(app)
            with app.store.writing() as conn:
                conn.exec_driver_sql("DROP TABLE sighting")
            await schedule.tick(clock.now())
            with pytest.raises(StoreError):
                await schedule.settled()
            assert schedule.broken.is_set()
            with pytest.raises(StoreError):
                await schedule.tick(clock.now())
            await schedule.stop()

    asyncio.run(watch())


@pytest.mark.long
def test_nothing_in_memory_grows_with_what_is_stored(tmp_path: Path, web: Loopback) -> None:
    config = configured(tmp_path, web, PAPERS[:2])
    passing = {"Article", "Candidate", "Outcome", "Pending", "Read", "Record", "Response", "Stored", "Suspects"}

    def alive() -> Counter[str]:
        gc.collect()
        kinds = (type(one) for one in gc.get_objects())
        return Counter(kind.__name__ for kind in kinds if kind.__module__ == "pipeline.model" and kind.__name__ in passing)

    async def watch() -> list[Counter[str]]:
        clock, counts = SimulatedClock(START), []
        async with App.open(config, clock=clock) as app:
            schedule = Schedule(app)
            for number in range(1, 5):
                for name in PAPERS[:2]:
                    stories(web, name, 8 * number)
                await schedule.tick(clock.now())
                await schedule.settled()
                assert schedule.in_flight == 0
                counts.append(alive())
                clock.advance(10 * MINUTE)
            assert read.status(app.store, clock.now()).articles == 64
        return counts

    counts = asyncio.run(watch())
    assert sum(counts[-1].values()) <= sum(counts[1].values()) + 4, counts


# ── several on one database ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("count", [2, pytest.param(8, marks=pytest.mark.long)])
def test_several_ask_each_source_once_a_period_and_take_each_article_once(tmp_path: Path, web: Loopback, count: int) -> None:
    config = configured(tmp_path, web)
    urls = [url for name in PAPERS for url in stories(web, name, 2)]

    async def watch() -> None:
        clock = SimulatedClock(START)
        async with daemons(config, clock, count) as schedules:
            for _ in range(3):
                await asyncio.gather(*(one.tick(clock.now()) for one in schedules))
                await asyncio.gather(*(one.settled() for one in schedules))
                clock.advance(10 * MINUTE)

    asyncio.run(watch())
    assert polls(web) == dict.fromkeys(PAPERS, 3)
    # once when it came out, and once more, twenty minutes later, to see whether it was edited
    assert Counter(hit.url for hit in web.log() if hit.url in urls) == dict.fromkeys(urls, 2)


def test_a_single_run_beside_a_daemon_leaves_alone_what_that_is_at(tmp_path: Path, web: Loopback) -> None:
    config = configured(tmp_path, web, PAPERS[:2])
    let_go = Held()
    web.reply(f"http://{PAPERS[0]}/rss", Reply(body=rss(f"http://{PAPERS[0]}/rss", []).encode(), kind="application/rss+xml", hold=let_go))

    async def watch() -> None:
        clock = SimulatedClock(START)
        async with daemons(config, clock, 2) as (daemon, _), App.open(config, clock=clock) as app:
            other = elsewhere(app)
            app.store.hold(other)
            await daemon.tick(clock.now())
            assert await let_go.begun()
            await one_shot(app, (), Round())
            assert polls(web)[PAPERS[1]] >= 1
            let_go.set()
            await daemon.settled()
            assert polls(web)[PAPERS[0]] == 1
            app.store.claim_sources([PAPERS[0]], clock.now(), any_time=True)
            await one_shot(app, (), Round())
            assert polls(web)[PAPERS[0]] == 1
            await one_shot(app, PAPERS[:1], Round())  # a person named it
            assert polls(web)[PAPERS[0]] == 2
            app.store.claim_sources([PAPERS[0]], clock.now(), any_time=True)
            app.store.let_go(other)  # now nobody is there to mean it
            await one_shot(app, (), Round())
            assert polls(web)[PAPERS[0]] == 3

    asyncio.run(watch())


def elsewhere(app: App) -> Runner:
    """A daemon elsewhere that holds the lease."""
    return Runner(name="daemon", holder="x", place="elsewhere:1", since=app.clock.now(), until=app.clock.now() + timedelta(minutes=1))


# ── clocks that are set ───────────────────────────────────────────────────────────────────────────


def gaps(moments: list[float]) -> list[float]:
    return [later - earlier for earlier, later in itertools.pairwise(moments)]


@pytest.mark.parametrize(
    "jump", [2 * HOUR, -30 * DAY, pytest.param(-2 * HOUR, marks=pytest.mark.long), pytest.param(30 * DAY, marks=pytest.mark.long)]
)
def test_no_gap_and_no_burst_when_the_clock_is_set(tmp_path: Path, web: Loopback, jump: float) -> None:
    config = configured(tmp_path, web)
    asked: dict[str, list[float]] = {name: [] for name in PAPERS}

    async def watch() -> None:
        clock = SimulatedClock(START)
        async with App.open(config, clock=clock) as app:
            schedule = Schedule(app)
            while clock.monotonic() < 40 * MINUTE:
                before = polls(web)
                wake = await schedule.tick(clock.now())
                await schedule.settled()
                for name, times in (polls(web) - before).items():
                    asked[name] += [clock.monotonic()] * times
                if clock.monotonic() == 15 * MINUTE:
                    clock.jump(jump)
                clock.advance(MINUTE if wake - clock.now() > timedelta(minutes=1) else min(60.0, max(1.0, 60.0 - clock.monotonic() % 60)))

    asyncio.run(watch())
    for name, moments in asked.items():
        assert 4 <= len(moments) <= 5, (name, moments)
        assert max(gaps(moments)) <= 20 * MINUTE, (name, moments)
        assert min(gaps(moments)) >= 9 * MINUTE, (name, moments)


@pytest.mark.long
def test_a_clock_that_was_set_back_while_nobody_ran_is_noticed_at_the_start(tmp_path: Path, web: Loopback) -> None:
    config = configured(tmp_path, web)

    async def once(now: datetime) -> None:
        clock = SimulatedClock(now)
        async with App.open(config, clock=clock) as app:
            schedule = Schedule(app)
            for _ in range(2):
                await schedule.tick(clock.now())
                await schedule.settled()
                clock.advance(10 * MINUTE)

    asyncio.run(once(START))
    assert polls(web) == dict.fromkeys(PAPERS, 2)
    asyncio.run(once(START - timedelta(days=30)))
    assert polls(web) == dict.fromkeys(PAPERS, 3)


# ── another configuration ─────────────────────────────────────────────────────────────────────────


def test_another_configuration_takes_effect_and_what_is_remembered_stays(tmp_path: Path, web: Loopback) -> None:
    config = configured(tmp_path, web)
    web.feed("http://new.example/rss", rss("http://new.example/rss", []))

    async def watch() -> None:
        clock = SimulatedClock(START)
        async with App.open(config, clock=clock) as app:
            schedule = Schedule(app)
            await schedule.tick(clock.now())
            await schedule.settled()
            first, second, *others = config.sources
            changed = replace(second, language="en")
            new = replace(first, name="new", url="http://new.example/rss")
            await app.renew(replace(config, sources=(changed, *others, new)))
            web.clear_log()
            clock.advance(1)
            await schedule.tick(clock.now())
            await schedule.settled()
            assert polls(web) == {second.name: 1, "new.example": 1}
            assert [hit.status for hit in hits(web.log(), host=second.name, path="/rss")] == [304]
            web.clear_log()
            clock.advance(10 * MINUTE)
            await schedule.tick(clock.now())
            await schedule.settled()
            assert set(polls(web)) == {second.name, *(one.name for one in others), "new.example"}

    asyncio.run(watch())


def test_what_an_old_address_answers_after_a_source_got_another_is_forgotten(tmp_path: Path, web: Loopback) -> None:
    config = configured(tmp_path, web, PAPERS[:1])
    web.feed("http://new.example/rss", rss("http://new.example/rss", []))
    let_go = Held()
    web.first(f"http://{PAPERS[0]}/rss", Reply(body=rss("x", []).encode(), kind="application/rss+xml", hold=let_go))

    async def watch() -> None:
        clock = SimulatedClock(START)
        async with App.open(config, clock=clock) as app:
            schedule = Schedule(app)
            await schedule.tick(clock.now())
            assert await let_go.begun()
            await app.renew(replace(config, sources=(replace(config.sources[0], url="http://new.example/rss"),)))
            let_go.set()
            await schedule.settled()
            clock.advance(1)
            await schedule.tick(clock.now())
            await schedule.settled()
            assert polls(web) == {PAPERS[0]: 1, "new.example": 1}
            assert not [hit for hit in hits(web.log(), host="new.example", path="/rss") if hit.conditional]

    asyncio.run(watch())
