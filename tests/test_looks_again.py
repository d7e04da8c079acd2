"""A check for robots and an error with status 200 are looked at again, a few times; other walls are not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from judging import Judge, flow
from storing import NOW, response

from pipeline.app import read_article
from pipeline.extract import extract
from pipeline.ingest import MOST_LOOKS
from pipeline.model import Candidate, Hints, Outcome, Outlet, Pending, Read, Response, Status
from pipeline.store import Store

URL = "https://daily.example/news/bridge-opens"
CHECK = b"<title>Just a moment...</title><h1>daily.example</h1><p>Verifying you are human. This may take a few seconds.</p>"
WORKS = b"<title>Daily</title><h1>We will be right back</h1><p>We are down for maintenance. Please try again later.</p>"
WALL = b"<title>Daily</title><h1>Bridge opens</h1><p>Subscribe to keep reading</p><p>Already a subscriber? Log in</p>"


@dataclass
class Reader(Judge):
    async def read(self, response: Response, hints: Hints, outlet: Outlet | None) -> Read:
        return read_article(extract(response, hints, outlet))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


def looked(store: Store, body: bytes, attempts: int | None) -> Outcome:
    """The outcome of a page that was looked at so many times; None: it is in hand, no row waits."""
    candidate = Candidate(url=URL, source="daily", seen_at=NOW, response=response(URL, body=body))
    running = flow(store, Reader())
    if attempts is None:
        return asyncio.run(running.take_in_hand(candidate))
    return asyncio.run(running.take(Pending(id=1, candidate=candidate, due_at=NOW, first_seen=NOW, attempts=attempts)))


@pytest.mark.parametrize(("body", "reason"), [(CHECK, "challenge"), (WORKS, "error-page")])
def test_what_may_pass_is_looked_at_again_and_ends_as_a_wall(store: Store, body: bytes, reason: str) -> None:
    first, last = looked(store, body, 0), looked(store, body, MOST_LOOKS)
    assert (first.status, first.reason.split(":")[0]) == (Status.RETRY, reason)
    assert first.retry_at is not None
    assert first.retry_at > NOW
    assert (last.status, last.reason.split(":")[0], last.retry_at) == (Status.SKIPPED, reason, None)


@pytest.mark.parametrize(("body", "attempts"), [(WALL, 0), (CHECK, None)])
def test_a_paywall_and_a_page_in_hand_stay_as_they_are(store: Store, body: bytes, attempts: int | None) -> None:
    assert looked(store, body, attempts).status is Status.SKIPPED
