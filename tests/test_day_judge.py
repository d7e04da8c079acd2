"""The judge of a simulated day, judged: it sees what a daemon must not do. And the day itself, small."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.press import Seen

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "bench"))

from day_judge import Day  # noqa: E402  # found through the line above

START = datetime(2026, 3, 4, tzinfo=UTC)
HOST = "outlet001.example"
PAPER = {"host": HOST, "feed": f"http://{HOST}/rss", "new_feed": f"http://{HOST}/rss/latest.xml", "moved": None, "trouble": "", "rate": 9.0,
    "validators": "etag", "crawl_delay": 0, "noises": [], "entries": 20, "outages": []}  # fmt: skip


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def seen(minutes: float, path: str, status: int = 200, connections: int = 1, page: str = "1", **answered: str) -> Seen:
    return Seen(
        host=HOST, path=path, method="GET", status=status, headers={}, press_time=at(minutes), at=0.0, connection=1,
        open=connections, size=1, page=page, answered={name.replace("_", "-"): value for name, value in answered.items()},
    )  # fmt: skip


Article = Mapping[str, object]


def article(published: float, *, until: float | None = None, edits: tuple[tuple[float, str], ...] = ()) -> Article:
    return {
        "url": f"http://{HOST}/news/a{published:g}", "host": HOST, "published": at(published).isoformat(),
        "until": at(until).isoformat() if until is not None else None, "live": False, "closed": False,
        "edits": [[at(minutes).isoformat(), kind] for minutes, kind in edits], "withdrawn": None,
    }  # fmt: skip


Judge = Callable[..., Day]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    def made(
        articles: list[Article],
        versions: dict[float, list[tuple[float, str | None]]],
        log: Sequence[Seen] = (),
        outages: Sequence[object] = (),
    ) -> Day:
        file = tmp_path / f"{len(list(tmp_path.iterdir()))}.sqlite"
        with sqlite3.connect(file) as base:
            base.execute("CREATE TABLE article (id INTEGER, url TEXT, seed TEXT, withdrawn_at TEXT)")
            base.execute("CREATE TABLE version (article_id INTEGER, number INTEGER, fetched_at TEXT, change TEXT)")
            for number, (published, rows) in enumerate(versions.items()):
                base.execute("INSERT INTO article VALUES (?, ?, NULL, NULL)", (number, f"http://{HOST}/news/a{published:g}"))
                for place, (fetched, kind) in enumerate(rows):
                    when = at(fetched).replace(tzinfo=None).isoformat(" ")
                    base.execute("INSERT INTO version VALUES (?, ?, ?, ?)", (number, place + 1, when, kind))
        truth = {"papers": [PAPER | {"outages": list(outages)}], "articles": articles}
        return Day(truth, log, file, START, at(600), at(660))

    return made


def test_what_was_missed_is_missing_and_what_fell_off_too_soon_is_not_asked_for(judge: Judge) -> None:
    day = judge([article(10), article(20), article(30, until=45)], {10: [(14, None)]})
    eligible = day.eligible()
    assert [one.url[-3:] for one in eligible if not one.rows] == ["a20"]
    assert day.delays(eligible) == [4.0]
    others, lost = day.fixed(eligible, 10.0)
    assert len(others) == 2
    assert lost == 0


def test_while_a_feed_is_down_nothing_can_be_seen_in_it(judge: Judge) -> None:
    outage = {"since": at(5).isoformat(), "until": at(65).isoformat(), "status": 503, "path": None}
    day = judge([article(10), article(20, until=80)], {10: [(70, None)]}, outages=[outage])
    assert [one.url[-3:] for one in day.eligible()] == ["a10"]
    assert day.delays(day.eligible()) == [5.0]


def test_every_breach_is_seen(judge: Judge) -> None:
    log = [
        seen(0, "/rss"),  # before robots.txt
        seen(1, "/robots.txt"),
        seen(1.01, "/rss"),  # 0.6 s later
        seen(2, "/premium/a"),  # disallowed
        seen(3, "/rss", 503, retry_after="600"),
        seen(9, "/rss"),  # before the ten minutes are over
        seen(20, "/rss", connections=2),
        seen(21, "/rss"),
    ]
    found = judge([], {}, log).breaches(2.0)
    assert {name: len(rows) for name, rows in found.items()} == {"delay": 1, "robots": 2, "retry-after": 1, "concurrency": 1}
    polite = [seen(0, "/robots.txt"), *(seen(minutes, "/rss") for minutes in range(1, 9))]
    assert not any(judge([], {}, polite).breaches(2.0).values())


def test_what_is_unchanged_is_to_be_answered_304(judge: Judge) -> None:
    tag = {"etag": "x"}
    log = [seen(0, "/rss", **tag), seen(5, "/rss", 304, **tag), seen(9, "/rss", 200, **tag), seen(12, "/rss", 200, page="2", **tag)]
    assert judge([], {}, log).unchanged(feeds=True) == (2, 1)


def test_versions_are_held_against_the_edits(judge: Judge) -> None:
    articles = [
        article(10, edits=((60, "figures"),)),
        article(20, edits=((60, "cut"), (200, "headline"))),
        article(30),
        article(40, edits=((45, "cut"),)),  # before it was stored
        article(50, edits=((100, "cut"),)),
    ]
    versions: dict[float, list[tuple[float, str | None]]] = {
        10: [(12, None), (75, "figures")],
        20: [(22, None), (210, "headline")],
        30: [(32, None), (90, "cut")],
        40: [(46, None)],
        50: [(52, None)],
    }
    edited = judge(articles, versions).edited()
    assert (edited.due, edited.single, edited.merged, len(edited.missed), len(edited.without)) == (4, 1, 2, 1, 1)
    assert edited.late == [15.0]
    assert edited.classed == {("figures", "figures"): 1}


@pytest.mark.long
def test_a_small_simulated_day() -> None:
    ran = subprocess.run(
        [sys.executable, ROOT / "bench" / "simulated_day.py", "--small"], capture_output=True, text=True, timeout=600, check=False
    )
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-3000:]
