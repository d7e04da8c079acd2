"""Who runs: one daemon a database, whatever the clocks do; and whether anybody else is at work."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from storing import fresh

from pipeline.clock import SimulatedClock
from pipeline.lease import Lease, here
from pipeline.store import Store

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = 3600.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(fresh(tmp_path))
    yield opened
    opened.close()


async def at_once(function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    return function(*args, **kwargs)


class Machine:
    """A daemon that only holds the lease, on a machine with a clock of its own."""

    def __init__(self, store: Store, name: str, *, pid: int = 1, clock: SimulatedClock | None = None) -> None:
        self.clock = clock or SimulatedClock(START)
        self.lease = Lease(store=store, reading=at_once, writing=at_once, clock=self.clock, place=f"{name}:{pid}", holder=name)

    def take(self) -> bool:
        return asyncio.run(self.lease.take())


def live(seconds: float, *machines: Machine) -> dict[str, int]:
    """So many seconds go by for all of them; each looks every five. → how many looks found each holding it; "both": more than one."""
    held = dict.fromkeys([one.lease.holder for one in machines], 0) | {"both": 0}
    for _ in range(int(seconds / 5)):
        for one in machines:
            one.clock.advance(5)
        holding = [one.lease.holder for one in machines if one.take()]
        for holder in holding:
            held[holder] += 1
        held["both"] += sum(one.lease.held for one in machines) > 1
    return held


def test_the_second_stands_by_and_knows_who_runs(store: Store) -> None:
    first, second = Machine(store, "a"), Machine(store, "b")
    assert (first.take(), second.take()) == (True, False)
    assert second.lease.by is not None
    assert second.lease.by.place == "a:1"
    assert live(600, first, second) == {"a": 120, "b": 0, "both": 0}


def test_it_takes_over_within_ninety_seconds_of_the_holders_death(store: Store) -> None:
    first, second = Machine(store, "a"), Machine(store, "b")
    first.take()
    second.take()
    live(300, first, second)
    held = live(120, second)
    assert 120 / 5 - held["b"] <= 90 / 5


def test_whoever_lets_go_is_followed_at_once(store: Store) -> None:
    first, second = Machine(store, "a"), Machine(store, "b")
    first.take()
    asyncio.run(first.lease.let_go())
    assert second.take()
    assert not first.take()


@pytest.mark.parametrize("jump", [2 * HOUR, -2 * HOUR, 720 * HOUR, -720 * HOUR])
@pytest.mark.parametrize("whose", ["both", "holder", "other"])
def test_a_clock_that_is_set_costs_nobody_the_lease_for_good_and_lets_no_two_go_on(store: Store, jump: float, whose: str) -> None:
    first, second = Machine(store, "a"), Machine(store, "b")
    first.take()
    second.take()
    live(60, first, second)
    for machine, word in ((first, "holder"), (second, "other")):
        if whose in ("both", word):
            machine.clock.jump(jump)
    held = live(600, first, second)
    assert held["a"] + held["b"] >= 110  # of 120
    assert held["both"] <= 4  # twenty seconds, until the holder renews and sees that he does not hold it
    assert live(600, first, second)["both"] == 0
    survivor = first if first.lease.held else second
    assert live(120, second if survivor is first else first)[("b" if survivor is first else "a")] >= 4  # and it is taken over as ever


def test_a_process_of_this_machine_that_is_no_more_is_not_waited_for(store: Store) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    host = here().rpartition(":")[0]
    first, second = Machine(store, host, pid=gone.pid), Machine(store, host, pid=1)
    second.lease.holder = "another"
    first.take()
    assert asyncio.run(second.lease.others()) == []
    assert second.take()


def test_a_living_one_is_another_and_an_old_row_is_nobody(store: Store) -> None:
    first, second = Machine(store, "a"), Machine(store, "b")
    first.take()
    assert [one.place for one in asyncio.run(second.lease.others())] == ["a:1"]
    second.clock.advance(61)
    assert asyncio.run(second.lease.others()) == []
