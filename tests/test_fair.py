"""Who may begin next: hosts in turn, so many of each, and who is slow steps aside."""

from __future__ import annotations

from pipeline.fair import SLOW, Fair


class Hand:
    """A clock moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def fair(clock: Hand, *, at_once: int = 4, most: int = 6, a_host: int = 2) -> Fair[str]:
    return Fair(at_once=at_once, most=most, a_host=a_host, monotonic=clock)


def test_one_hosts_thousands_stand_before_nobodys_few() -> None:
    line = fair(Hand())
    for number in range(1000):
        line.put("busy", f"busy {number}")
    line.put("small", "small 0")
    assert line.start() == ["busy 0", "small 0", "busy 1"]
    assert (line.waiting, line.ready) == (998, 0)


def test_a_host_goes_on_when_its_work_is_done_in_the_order_it_came() -> None:
    line = fair(Hand())
    for number in range(4):
        line.put("a", f"a{number}")
    assert line.start() == ["a0", "a1"]
    line.done("a1")
    assert line.start() == ["a2"]
    line.done("a0")
    line.done("a2")
    assert line.start() == ["a3"]
    line.done("a3")
    assert (line.waiting, line.working, bool(line)) == (0, (), False)


def test_nobody_stands_in_line_twice() -> None:
    line = fair(Hand())
    assert line.put("a", "x")
    assert not line.put("a", "x")
    line.start()
    assert not line.put("a", "x")
    line.done("x")
    assert line.put("a", "x")


def test_who_is_slow_steps_aside_up_to_a_bound() -> None:
    clock = Hand()
    line = fair(clock)
    for number in range(9):
        line.put(f"host{number}", f"{number}")
    assert len(line.start()) == 4
    clock.now = SLOW
    assert line.start() == []
    clock.now += 0.1
    assert len(line.start()) == 2  # four more would be quick enough, but six are the most
    line.done("0")
    assert line.start() == ["6"]
    assert line.waiting == 2


def test_what_is_forgotten_is_not_begun() -> None:
    line = fair(Hand())
    line.put("a", "x")
    line.clear()
    assert line.start() == []
    assert line.put("a", "x")
