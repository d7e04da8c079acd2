"""Long work over what is stored (judging again, extracting again), so that it goes on where it stopped: a row while it is not done.

Inside the caller's transaction: how far a task is and what it did up to there are kept together, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from pipeline.model import Task
from pipeline.store.schema import task

_NAMED: Final = task.c.name == sa.bindparam("named")
_FOUND: Final = sa.select(task).where(_NAMED)
_ENDED: Final = sa.delete(task).where(_NAMED)


def standing(conn: sa.Connection, name: str, asked: Mapping[str, str | None]) -> Task | None:
    """The task of this name that was asked in these very words and is not done; else None."""
    row = conn.execute(_FOUND, {"named": name}).mappings().first()
    if row is None or row["asked"]["words"] != dict(asked):
        return None
    figures = {figure: row[figure] for figure in ("name", "cursor", "total", "done", "changed", "started_at")}
    return Task(**figures, asked=row["asked"]["words"], bounds=row["asked"]["bounds"])


def begin(
    conn: sa.Connection, name: str, asked: Mapping[str, str | None], *, bounds: Mapping[str, str | int | None], total: int, now: datetime
) -> Task:
    """A new task in the place of whatever was there of this name. ``asked``: a person's words, by which it is known again; ``bounds``: what
    they came to mean when it began ("7d" is another moment tomorrow); ``total``: how much there is to do."""
    end(conn, name)
    figures = {"name": name, "cursor": 0, "total": total, "done": 0, "changed": 0, "started_at": now}
    conn.execute(sa.insert(task), {**figures, "asked": {"words": dict(asked), "bounds": dict(bounds)}, "updated_at": now})
    return Task(name=name, asked=asked, bounds=bounds, cursor=0, total=total, done=0, changed=0, started_at=now)


def advance(conn: sa.Connection, name: str, *, cursor: int, done: int, now: datetime) -> bool:
    """Everything up to ``cursor`` is done: ``done`` more. → False when somebody ended the task, or is as far already: then what was done
    must not be kept. Asked before anything is written, so that of two who do the same one waits here, and stops."""
    more = {"cursor": cursor, "done": task.c.done + done, "updated_at": now}
    return conn.execute(sa.update(task).where(task.c.name == name, task.c.cursor < cursor).values(more)).rowcount > 0


def count(conn: sa.Connection, name: str, changed: int) -> None:
    """So many came out otherwise than before."""
    conn.execute(sa.update(task).where(task.c.name == name).values(changed=task.c.changed + changed))


def end(conn: sa.Connection, name: str) -> None:
    """It is done: nothing is left of it."""
    conn.execute(_ENDED, {"named": name})
