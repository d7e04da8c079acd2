"""What a running daemon is told: to read its configuration again, to stand by, to take over. Real processes on loopback."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from conftest import INSTALLED_ON_FILE, PAPER, WIRE, WIRE_STORIES, serve_news
from loopback import Loopback, hits
from product import Product, Running

pytestmark = pytest.mark.long


def says(daemon: Running, web: Loopback, words: str) -> bool:
    """Waits until it has said so."""
    return web.wait(lambda _: words in daemon.said, 0.5) or any(web.wait(lambda _: words in daemon.said, 0.5) for _ in range(120))


def feeds(web: Loopback, url: str) -> int:
    return len([hit for hit in web.log() if hit.url == url])


def test_a_hangup_makes_it_watch_what_is_watched_now(web: Loopback, product: Product) -> None:
    serve_news(web)
    product.sources([("paper", "feed", PAPER)])
    with product.start("run") as daemon:
        assert says(daemon, web, "watching 1 source"), daemon.said
        product.sources([("paper", "feed", PAPER), ("wire", "feed", WIRE)])
        daemon.process.send_signal(signal.SIGHUP)
        assert web.wait(lambda log: {hit.url for hit in log} >= set(WIRE_STORIES)), daemon.said
        assert "watching 2 sources from now on" in daemon.said
        assert feeds(web, PAPER) == 1  # it is not asked again for that
        assert daemon.stop() == 0


@INSTALLED_ON_FILE
def test_a_file_that_cannot_be_used_changes_nothing_and_says_what_to_mend(web: Loopback, product: Product) -> None:
    serve_news(web)
    product.sources([("paper", "feed", PAPER)])
    with product.start("run") as daemon:
        assert says(daemon, web, "watching 1 source"), daemon.said
        product.sources([("wire", "feed", WIRE)], more='evry = "5m"')
        daemon.process.send_signal(signal.SIGHUP)
        assert says(daemon, web, "the configuration stays as it was"), daemon.said
        assert all(word in daemon.said for word in ("sources.toml", "evry", "every"))
        assert not hits(web.log(), host="wire.example")
        product.sources([("wire", "feed", WIRE)])
        daemon.process.send_signal(signal.SIGHUP)
        assert says(daemon, web, "watching 1 source from now on"), daemon.said
        assert web.wait(lambda log: {hit.url for hit in log} >= set(WIRE_STORIES)), daemon.said
        assert daemon.stop() == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_second_daemon_says_who_runs_and_takes_over(web: Loopback, product: Product, tmp_path: Path, how: signal.Signals) -> None:
    serve_news(web)
    product.sources([("paper", "feed", PAPER)])
    beside = Product(tmp_path / "beside", [("paper", "feed", PAPER)], resolve={"*": web.address}, url=product.url)
    with product.start("run") as first:
        assert says(first, web, "watching 1 source"), first.said
        with beside.start("run") as second:
            assert says(second, web, f":{first.process.pid} runs on this database"), second.said
            assert "watching" not in second.said
            first.process.send_signal(how)
            first.process.wait(20)
            assert says(second, web, "watching 1 source"), second.said
            assert second.stop() == 0
    assert feeds(web, PAPER) <= (1 if how is signal.SIGTERM else 2)  # killed before it had written down what it asked
