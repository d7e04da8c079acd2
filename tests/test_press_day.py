"""The generated world of the press: what it publishes, when, and how its servers behave. The bench of a simulated day judges by it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pressing import get

from pipeline.press import Press
from pipeline.press.day.world import Day


@pytest.fixture(scope="module")
def running() -> Iterator[Press]:
    with Press.start(world="day", outlets=32, hours=6, pace=3) as press:
        yield press


@pytest.fixture
def press(running: Press) -> Press:
    running.set_clock(running.start_time)
    running.clear_log()
    return running


@pytest.fixture(scope="module")
def truth(running: Press) -> dict[str, Any]:
    return running.day()


def paper(truth: dict[str, Any], trouble: str) -> dict[str, Any]:
    return next(one for one in truth["papers"] if one["trouble"] == trouble)


def body(page: bytes) -> list[str]:
    """The paragraphs of an article, as they stand in its page."""
    return re.findall(r"<p>(.*?)</p>", page.decode())


def headline(page: bytes) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page.decode())
    assert found
    return found[1]


def test_the_process_is_as_it_is_stated() -> None:
    day = Day(300, hours=24)
    rows = [one for one in day.truth()["articles"] if day.start <= datetime.fromisoformat(one["published"]) < day.end]
    assert 4_500 < len(rows) < 8_000
    edits = sum(len(one["edits"]) for one in rows if not one["live"])
    assert 0.1 * len(rows) < edits < 0.18 * len(rows)
    assert 20 < sum(one["withdrawn"] is not None for one in rows) < 70
    by_paper = sorted(Counter(one["host"] for one in rows).values(), reverse=True)
    assert sum(by_paper[:30]) > 0.35 * len(rows), "a tenth of the papers publish more than a third"
    assert by_paper[150] < 12, "most publish a few a day"


def test_nights_and_weekends_are_quiet() -> None:
    day = Day(100, hours=7 * 24)
    days, hours = Counter[int](), Counter[int]()
    for name, host in day.hosts.items():
        for story in host.stories:
            at = story.published + timedelta(hours=day.hosts[name].paper.zone)
            days[at.weekday()] += story.published >= day.start
            hours[at.hour] += 1
    assert 2.5 * days[5] < 2 * days[2]
    assert hours[3] * 3 < hours[11]


def test_the_same_number_makes_the_same_world(press: Press, truth: dict[str, Any]) -> None:
    assert Day(32, hours=6, pace=3).truth() == truth
    assert Day(32, hours=6, pace=3, number=1).truth() != truth
    with Press.start(world="day", outlets=32, hours=6, pace=3) as again:
        for url in [feed.url for feed in press.sources[:5]] + [one["url"] for one in truth["articles"][:40:8]]:
            assert get(press, url)[1] == get(again, url)[1]


def test_an_article_stands_in_its_feed_as_long_as_the_truth_says(press: Press, truth: dict[str, Any]) -> None:
    fast = paper(truth, "fast")
    mine = [one for one in truth["articles"] if one["host"] == fast["host"]]
    one = next(one for one in mine if one["published"] > press.start_time.isoformat() and one["until"] and not one["withdrawn"])
    since, until = datetime.fromisoformat(one["published"]), datetime.fromisoformat(one["until"])
    for moment, there in ((since - timedelta(seconds=1), False), (since, True), (until - timedelta(seconds=1), True), (until, False)):
        press.set_clock(moment)
        assert (one["url"] in get(press, fast["feed"])[1].decode()) is there, moment
    press.set_clock(since - timedelta(seconds=1))
    assert get(press, one["url"])[0].status == 404


def test_each_edit_changes_what_its_class_says(press: Press, truth: dict[str, Any]) -> None:
    seen = set()
    down = {one["host"] for one in truth["papers"] if one["outages"]}
    for one in truth["articles"]:
        for at, kind in [] if one["host"] in down else one["edits"]:
            press.set_clock(datetime.fromisoformat(at) - timedelta(seconds=1))
            before = get(press, one["url"])[1]
            press.set_clock(datetime.fromisoformat(at))
            after = get(press, one["url"])[1]
            old, new, retitled = body(before), body(after), headline(before) != headline(after)
            gone, come = set(old) - set(new), set(new) - set(old)
            match kind:
                case "headline":
                    assert retitled
                    assert old == new
                case "figures":
                    assert (len(gone), len(come), retitled) == (1, 1, False)
                    assert re.sub(r"[\d.,]+", "", gone.pop()) == re.sub(r"[\d.,]+", "", come.pop())
                case "correction":
                    assert new[-1].startswith("Correction:")
                case "addition" | "live":
                    assert (len(gone), retitled) == (0, False)
                    assert come
                case "cut":
                    assert (len(come), retitled) == (0, False)
                    assert gone
                case _:
                    assert len(come) > 0.5 * len(new)
            seen.add(kind)
    assert {"headline", "figures", "addition", "live"} <= seen


def test_what_stands_beside_an_article_is_no_edit(press: Press, truth: dict[str, Any]) -> None:
    noisy = {one["host"] for one in truth["papers"] if one["noises"] and one["validators"] == "etag" and not one["outages"]}
    quiet = {one["host"] for one in truth["papers"] if not one["noises"] and one["validators"] == "etag" and not one["outages"]}
    found = {}
    for hosts in (noisy, quiet):
        one = next(
            one for one in truth["articles"] if one["host"] in hosts and not one["edits"] and not one["closed"] and not one["withdrawn"]
        )
        press.set_clock(press.start_time)
        first, page = get(press, one["url"])
        press.advance(3 * 3600)
        again, later = get(press, one["url"], If_None_Match=first.headers["ETag"])
        found[hosts is noisy] = again.status
        if hosts is noisy:
            assert page != later
            assert body(page) == body(later)
    assert found == {True: 200, False: 304}


def test_servers_that_are_down_say_so_as_they_do(press: Press, truth: dict[str, Any]) -> None:
    for trouble, status, after in (("down-retry-after", 503, "900"), ("down-503", 503, None), ("down-429", 429, "600")):
        one = paper(truth, trouble)
        press.set_clock(datetime.fromisoformat(one["outages"][0]["since"]))
        answer = get(press, one["feed"])[0]
        assert (answer.status, answer.headers["Retry-After"]) == (status, after)
        press.set_clock(datetime.fromisoformat(one["outages"][0]["until"]))
        assert get(press, one["feed"])[0].status == 200
    one = paper(truth, "down-hangs-up")
    press.set_clock(datetime.fromisoformat(one["outages"][0]["since"]))
    with pytest.raises(ConnectionError):
        get(press, one["feed"])
    assert press.log()[-1].status == 0
    one = paper(truth, "robots-down")
    press.set_clock(press.start_time)
    assert get(press, f"http://{one['host']}/robots.txt")[0].status == 503


def test_feeds_that_moved_or_died_say_where_they_are(press: Press, truth: dict[str, Any]) -> None:
    moved, died = paper(truth, "moved"), paper(truth, "died")
    assert get(press, moved["feed"])[0].status == get(press, died["feed"])[0].status == 200
    assert get(press, moved["new_feed"])[0].status == 404
    press.set_clock(datetime.fromisoformat(moved["moved"][0]))
    answer = get(press, moved["feed"])[0]
    assert (answer.status, answer.headers["Location"]) == (301, moved["new_feed"])
    assert press.log()[-1].answered["location"] == moved["new_feed"]
    press.set_clock(datetime.fromisoformat(died["moved"][0]))
    assert get(press, died["feed"])[0].status == 410
    front = get(press, f"http://{died['host']}/")[1].decode()
    assert died["new_feed"].removeprefix(f"http://{died['host']}") in front
    assert get(press, died["new_feed"])[0].status == 200


def test_a_withdrawn_article_is_gone(press: Press, truth: dict[str, Any]) -> None:
    down = {one["host"] for one in truth["papers"] if one["outages"]}
    one = next(one for one in truth["articles"] if one["withdrawn"] and one["host"] not in down)
    press.set_clock(datetime.fromisoformat(one["withdrawn"]) - timedelta(seconds=1))
    assert get(press, one["url"])[0].status == 200
    press.advance(1)
    assert get(press, one["url"])[0].status in (404, 410)
