"""Where a source is asked: at its own address, or where it said twice that it moved for good. Pure rules.

Only within its registrable domain: what leads to another outlet is noted, never followed in silence. An address that moved is looked at
again once a week; when what it moved to fails, it is the one that is asked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from pipeline import urls
from pipeline.model import Learned, Response, Source, SourceState, Validators

PROBED = timedelta(days=7)  # how often the configured address is looked at, once another is asked in its place
SEARCHED = timedelta(days=1)  # how often a lost source is searched for
LOST_AFTER = timedelta(days=3)  # a 404 or a page in place of a feed may be an accident for so long
ABSENT = frozenset(("gone", "not-a-feed", "not-a-sitemap"))  # the reasons for which it may be elsewhere
GONE_FOR_GOOD = "answered 410 "  # as replies.trouble words it


def can_move(source: Source) -> bool:
    """Not a site that is asked for its robots.txt, nor a page, which is what it is."""
    return source.kind in ("feed", "sitemap", "page") and not (source.kind == "sitemap" and urls.is_home(source.url))


def probing(state: SourceState, now: datetime) -> bool:
    """Whether it is time to look at the configured address again."""
    at = state.learned.probed_at if state.learned else None
    return state.moved_to is not None and (at is None or now - at >= PROBED)


def followed(source: Source, state: SourceState, response: Response, now: datetime) -> SourceState:
    """What an answer that was read says of where the source is."""
    if not can_move(source):
        return state
    learned = state.learned or Learned(at=now)
    if probing(state, now):
        learned = replace(learned, probed_at=now)
    target = response.moved_to if response.moved_to != response.requested_url else None
    if target is None:
        back = response.requested_url == source.url  # no redirect any more
        return replace(state, learned=replace(learned, told=None), moved_to=None if back else state.moved_to)
    if learned.told == target and at_home(source, target):
        return replace(state, learned=replace(learned, told=None, probed_at=now), moved_to=target)
    return replace(state, learned=replace(learned, told=target))


def at_home(source: Source, url: str) -> bool:
    """Whether an address is of the source's own registrable domain."""
    return urls.outlet(url) == urls.outlet(source.url)


def elsewhere(source: Source, state: SourceState) -> str | None:
    """Another outlet's address to which it leads for good; None when there is none."""
    told = state.learned.told if state.learned else None
    return told if told and not at_home(source, told) else None


def lost(source: Source, state: SourceState, now: datetime) -> bool:
    """Whether a source is to be searched for anew: gone for good, or away for days, and not searched for today."""
    if source.kind not in ("feed", "sitemap") or not can_move(source) or state.health != "failing" or not state.failures:
        return False
    reason = state.last_error or ""
    since = state.health_since or now
    waited = GONE_FOR_GOOD in reason or now - since >= LOST_AFTER
    searched = state.learned.searched_at if state.learned else None
    return reason.partition(":")[0] in ABSENT and waited and (searched is None or now - searched >= SEARCHED)


def found(source: Source, state: SourceState, url: str | None, now: datetime) -> SourceState:
    """After a search. ``url``: where it may be watched now; None: nowhere."""
    state = replace(state, learned=replace(state.learned or Learned(at=now), searched_at=now, told=None))
    if url is None or url == source.url:
        return state
    if not at_home(source, url):
        why = f"it is gone; its home page leads to {url}, which is another outlet's: if that is what you want, make it the source's url"
        return replace(state, health="moved", health_since=now, health_why=why)
    learned = state.learned and replace(state.learned, probed_at=now)
    return replace(state, moved_to=url, learned=learned, due_at=now, body_digest=None, validators=Validators())
