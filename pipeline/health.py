"""How a source fares, and what is remembered of it after each poll: when it is due, what was learned, its health. Pure rules.

Failures weigh by what they say of the source: a host that is down comes back, an address that is gone does not. The wait after a failure
grows up to ``PROBE``, so that a site that was down for a day is met again within the hour at less than thirty requests; only
when it has been away for days it grows on, to a day. A host's own wish (Retry-After) and its rest come before all that.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from pipeline import intervals, moves
from pipeline.errors import Disallowed, Forbidden, Gone, GoneForGood, ItemError, RedirectTrouble, Refused, TimedOut
from pipeline.intervals import Bounds, Yield
from pipeline.model import Endings, Health, Response, Source, SourceState, Validators

RETRIED = timedelta(minutes=5)  # the first wait after a failure is at least this
GROWTH = 1.8
PROBE = timedelta(minutes=58)  # the longest wait while a source is away for less than
AWAY = timedelta(days=3)  # so long; then it doubles with each day, up to
LONGEST = timedelta(hours=24)
# what a failure weighs (after rss-fetcher of Media Cloud, where failures count 1, 0.5 or 0.25 by what can be expected of the next try)
TROUBLE, DOUBT, SETTLED = 1.0, 0.5, 3.0
FAILING = 2.0  # weights in a row: one lost answer is no news
SLOW = 10.0  # seconds, in the mean of the last answers
SLOW_SHARE = 0.3  # of the latest answer in that mean
TIMED_OUT = 30.0  # seconds that an answer took at least that never came (fetch.Policy)
WALLED = 0.5  # of the latest articles
WALLED_FROM = 10
SILENT_FROM = 5  # entries that it must have brought before
SILENT_EXPECTED = 12.0  # entries that were to be expected since the last one: by chance alone once in 160,000 times (e^-12),
SILENT_LEAST = timedelta(hours=12)  # but outlets are no chance: they close early


# ── after a poll ──────────────────────────────────────────────────────────────────────────────────


def answered(
    source: Source, state: SourceState, brought: Yield, now: datetime, bounds: Bounds, *, response: Response | None, endings: Endings
) -> SourceState:
    """What is remembered after a poll that was answered. ``state``: with what the answer itself changed; ``endings``: of its articles."""
    if response is not None:
        state = moves.followed(source, state, response, now)
    learned = intervals.learn(state.learned, brought, now)
    if response is not None and response.took:
        learned = replace(learned, took=learned.took + SLOW_SHARE * (response.took - learned.took))
    length, due = intervals.next_look(source, learned, now, bounds, response)
    state = replace(state, learned=learned, interval=length, due_at=due, failures=0, last_polled=now, last_ok=now, last_error=None)
    return judged(state, *_fares(source, state, now, endings), now)


def failed(source: Source, state: SourceState, error: ItemError, now: datetime, bounds: Bounds) -> SourceState:
    """What is remembered after a poll that failed. When the host rests and was not asked at all, that is no further failure."""
    reason = f"{error.reason}: {error.message}"
    if not error.asked:
        due = now + max(error.after or timedelta(0), bounds.fastest)
        return replace(state, due_at=due, failures=max(state.failures, 1), last_polled=now, last_error=reason)
    failures = state.failures + 1
    learned = state.learned
    if learned is not None and isinstance(error, TimedOut):
        learned = replace(learned, took=learned.took + SLOW_SHARE * (max(TIMED_OUT, learned.took) - learned.took))
    due = now + max(pause(source, state, error, now, failures), error.after or timedelta(0))
    state = replace(state, learned=learned, due_at=due, failures=failures, last_polled=now, last_error=reason)
    if weight(error) * failures < FAILING:
        return state
    health: Health = "disallowed" if isinstance(error, Disallowed) else "failing"
    if state.health == "moved" and health == "failing":  # it is gone, and a person was told where to
        return state
    if state.moved_to:  # that fails: its own address is asked again
        state = replace(state, moved_to=None, validators=Validators(), body_digest=None)
    return judged(state, health, reason, now)


def weight(error: ItemError) -> float:
    """What one failure weighs against the hope that the next try goes well."""
    if isinstance(error, GoneForGood | Disallowed | Refused):
        return SETTLED
    if isinstance(error, Gone | Forbidden | RedirectTrouble) or error.reason in ("unreadable", "not-a-feed", "not-a-sitemap"):
        return DOUBT
    return TROUBLE


def pause(source: Source, state: SourceState, error: ItemError, now: datetime, failures: int) -> timedelta:
    """How long a source rests after so many failures in a row."""
    usual = max(source.every or state.interval or intervals.FIRST, RETRIED)
    most = max(_longest(state, error, now), min(usual, LONGEST))
    grown = usual * GROWTH ** min(weight(error) * (failures - 1), 12.0)
    return min(intervals.jittered(grown, source.name, now), most)


def _longest(state: SourceState, error: ItemError, now: datetime) -> timedelta:
    if weight(error) >= SETTLED:
        return LONGEST
    began = state.last_ok or (state.health_since if state.health == "failing" else None)
    days = (now - began - AWAY) / timedelta(days=1) if began else 0.0
    return PROBE if days <= 0 else min(PROBE * 2 ** min(days, 12.0), LONGEST)


def judged(state: SourceState, health: Health, why: str, now: datetime) -> SourceState:
    """With its health: since now, when it is another than before."""
    since = state.health_since if state.health == health and state.health_since else now
    return replace(state, health=health, health_since=since, health_why=why)


# ── how an answering source fares ─────────────────────────────────────────────────────────────────


def _fares(source: Source, state: SourceState, now: datetime, endings: Endings) -> tuple[Health, str]:
    learned = state.learned
    if url := moves.elsewhere(source, state):
        return "moved", f"it leads for good to {url}, which is another outlet's: if that is what you want, make it the source's url"
    if learned is None:
        return "ok", "it answers"
    ended = max(round(learned.met), learned.shown, endings.walled + endings.disallowed)
    if ended >= WALLED_FROM and endings.disallowed > WALLED * ended:
        return "disallowed", f"robots.txt forbids {endings.disallowed} of its latest {ended} pages"
    if ended >= WALLED_FROM and endings.walled > WALLED * ended:
        return "walled", f"{endings.walled} of its latest {ended} pages are behind a wall"
    if _silent(source, state, now):
        since = learned.fresh_at or learned.at
        return "silent", f"nothing new since {since:%Y-%m-%d %H:%M} UTC, where {learned.quiet:.0f} entries were to be expected"
    if learned.took > SLOW:
        return "slow", f"its answers take {learned.took:.0f} s"
    return "ok", "it answers"


def _silent(source: Source, state: SourceState, now: datetime) -> bool:
    """Whether it yields nothing where it used to."""
    learned = state.learned
    if learned is None or learned.fresh_at is None or source.kind in ("url", "files", "warc"):
        return False
    enough = learned.seen + sum(learned.counts) >= SILENT_FROM
    return enough and learned.quiet >= SILENT_EXPECTED and now - learned.fresh_at >= SILENT_LEAST
