"""What is remembered of a source, to columns and back. Nothing here asks the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from pipeline.model import Learned, SourceState, Validators
from pipeline.store.encode import Row

_PLAIN: Final = ("due_at", "body_digest", "failures", "last_polled", "last_ok", "last_error", "health", "health_since", "health_why",
    "moved_to")  # fmt: skip
_NUMBERS: Final = ("lately", "expected", "seen", "met", "alone", "usual", "quiet", "took")

_MOMENTS: Final = ("fresh_at", "probed_at", "searched_at")


def columns(state: SourceState) -> dict[str, Any]:
    """A source's memory as columns."""
    return {name: getattr(state, name) for name in _PLAIN} | {
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "interval": None if state.interval is None else round(state.interval.total_seconds()),
        "learned": None if state.learned is None else _written(state.learned),
    }


def state(row: Row) -> SourceState:
    """The inverse of ``columns``."""
    return SourceState(
        **{name: row[name] for name in _PLAIN},
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
        interval=None if row["interval"] is None else timedelta(seconds=row["interval"]),
        learned=None if row["learned"] is None else _read(row["learned"]),
    )


def _written(learned: Learned) -> dict[str, Any]:
    """As JSON, without what is nothing."""
    told: dict[str, Any] = {"at": learned.at.isoformat(), "shown": learned.shown, "told": learned.told}
    told |= {name: [round(one, 2) for one in getattr(learned, name)] for name in ("counts", "hours")}
    told |= {name: round(getattr(learned, name), 4) for name in _NUMBERS}
    told["hint"] = learned.hint.total_seconds() if learned.hint is not None else None
    told |= {name: at.isoformat() for name in _MOMENTS if (at := getattr(learned, name))}
    return {name: value for name, value in told.items() if value and (not isinstance(value, list) or any(value))}


def _read(told: dict[str, Any]) -> Learned:
    given: dict[str, Any] = {name: told[name] for name in (*_NUMBERS, "shown", "told") if name in told}
    given |= {name: tuple(told[name]) for name in ("counts", "hours") if name in told}
    given |= {"hint": timedelta(seconds=told["hint"])} if "hint" in told else {}
    given |= {name: datetime.fromisoformat(told[name]) for name in _MOMENTS if name in told}
    return Learned(at=datetime.fromisoformat(told["at"]), **given)
