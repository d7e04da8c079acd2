"""When a cron expression is due next, in a time zone.

The night on which clocks are set back, 02:30 comes twice: it is due once. The night on which they are set forward it does not come: then it
is due as soon as that hour is over, as Debian's cron does. Pure.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FIELDS = 5  # minute, hour, day, month, weekday


def upcoming(expression: str, zone: str, after: datetime) -> datetime:
    """The next moment, later than ``after`` (aware). → aware UTC. Raises ValueError for what is no expression or no zone."""
    from cronsim import CronSim

    # asked in the second of two equal hours it names moments of the first one, which are over
    moments = (found.astimezone(UTC) for found in CronSim(expression, after.astimezone(_zone(zone))))
    return next(moment for moment in moments if moment > after)


def problem(expression: str) -> str | None:
    """What is wrong with an expression; None: nothing."""
    from cronsim import CronSim, CronSimError

    if len(expression.split()) != FIELDS:
        return f'{expression!r} has not the five fields of cron: write "0 8 * * *" (minute, hour, day, month, weekday)'
    try:
        next(CronSim(expression, datetime(2000, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        return f'{expression!r} is no cron expression ({str(error)[:1].lower() + str(error)[1:]}): write "0 8 * * *"'
    except StopIteration:
        return f"{expression!r} is never due"
    return None


def is_zone(name: str) -> bool:
    """Whether there is such a time zone ("Europe/Vilnius")."""
    try:
        _zone(name)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone") from error
