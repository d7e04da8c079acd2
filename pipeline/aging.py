"""How often a stored article is looked at again as it ages. Pure rules; the store keeps what they decide.

The wait is as long as what is known stands already: a quarter of an hour after it came in, then at half an hour, an hour, two, four … of
age; after an edit it begins anew, for an edited article is soon edited again (facts/peers: diffengine's rule, due when time since the check
is the age).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pipeline.model import Instant

JITTER: Final = 0.15  # the share of a wait that may be taken off, so that what came in together is not asked for together
OLD: Final = timedelta(days=1)  # published so long before it was met, it ages from then; a day's difference is often an error
WATCHED: Final = frozenset(("feed", "sitemap", "page"))  # kinds of sources whose articles are looked at again; an address is polled itself
CONFIRMED: Final = timedelta(minutes=15)  # a page that is still missing so long after is withdrawn
CONFIRMED_GONE: Final = timedelta(minutes=5)  # the same, where the server says that it will not come back (410)
GROWING: Final = 3  # additions in a row …
OF_LATE: Final = timedelta(hours=3)  # … so close together: it grows like a live blog


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``first``: the shortest wait; ``days``: since what is known stands, after which nobody looks any more; None: never.
    ``live``: how often a live blog gets a new version at most."""

    first: timedelta = timedelta(minutes=15)
    days: timedelta | None = timedelta(days=30)
    live: timedelta = timedelta(hours=1)


def stands_since(seen: datetime, changed: datetime | None, published: Instant | None) -> datetime:
    """From when on an article ages. ``seen``: when it came in; ``changed``: when it was last found edited."""
    if changed is not None:
        return changed
    if published is None:
        return seen
    stated = published.at + (timedelta(days=1) if published.precision == "day" else timedelta(0))
    return stated if stated < seen - OLD else seen


def next_look(plan: Plan, since: datetime, now: datetime, url: str) -> datetime | None:
    """When an article that stands since then is looked at next; None: not any more. ``url``: spreads what came in together."""
    if plan.days is None:
        return None
    chance = zlib.crc32(url.encode("utf-8", "surrogatepass")) / 2**32
    age = now - since if since - now < plan.first else OLD  # from the future: the clock was set back since
    at = now + max(plan.first, age) * (1 - JITTER * chance)
    return at if at - since <= plan.days else None
