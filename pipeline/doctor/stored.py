"""The clock, the database, the disk, and how the sources fare."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pipeline import ledgers, render
from pipeline.doctor.check import SKEW, Check
from pipeline.errors import StoreError

if TYPE_CHECKING:
    from pipeline.store.rows import StoreStatus

NOT_BEFORE: Final = 2024  # a clock that says less was never set
FEW_DAYS: Final = 30  # that the disk lasts
FAILURES: Final = 3  # in a row, after which a source's trouble will not pass by itself


def clock(now: datetime) -> Iterator[Check]:
    """Whether the time can be true."""
    if now.year < NOT_BEFORE:
        yield Check(name="clock", state="wrong", said=f"the clock says {now:%Y-%m-%d}", mend="set the clock of this machine")
    else:
        yield Check(name="clock", state="ok", said=f"{now:%Y-%m-%d %H:%M} UTC")


def database(url: str, now: datetime) -> Iterator[Check]:
    """Whether it can be read and written, and what is in it."""
    from pipeline.store import Store, read
    from pipeline.store import engine as opening
    from pipeline.store import status as condition

    yield from _sqlite(*condition.sqlite_facts())
    try:
        barred = condition.writable(url)
        if barred:
            yield Check(
                name="database",
                state="wrong",
                said=f"{opening.shown(url)}: {barred}",
                mend="change its rights, or name another with --db",
                code=3,
            )
        if not opening.exists(url):
            yield Check(name="database", state="note", said=f"{opening.shown(url)}: not there yet", mend="wirewatch ingest makes it")
            return
        store = Store.open(url, create=False, write=False)
    except StoreError as error:
        yield Check(name="database", state="wrong", said=str(error), code=3)
        return
    try:
        if hurt := condition.damage(store):
            mend = "put back a backup, or save what can be read with sqlite3's .recover"
            yield Check(name="database", state="wrong", said=f"{opening.shown(url)} is damaged: {hurt}", mend=mend, code=3)
        found, foreign = read.status(store, now), read.foreign(store)
    except StoreError as error:
        yield Check(name="database", state="wrong", said=str(error), code=3)
        return
    finally:
        store.close()
    yield Check(
        name="database",
        state="ok",
        said=f"{opening.shown(url)}: {ledgers.size(found.size)}, schema {found.schema}, {found.articles} articles",
    )
    yield from _languages(foreign)
    few = found.days_left is not None and found.days_left < FEW_DAYS
    mend = "make room, keep pages for fewer [raw] days, or wirewatch purge --before DATE" if few else ""
    yield Check(name="disk", state="wrong" if few else "ok", said=ledgers.room(found), mend=mend)
    if found.youngest is not None and found.youngest > now + SKEW:
        said = f"the youngest text was fetched at {found.youngest:%Y-%m-%d %H:%M} UTC, which is still to come"
        yield Check(name="clock", state="wrong", said=said, mend="the clock of this machine was set back, or was wrong then: set it right")
    yield from _sources(found)


def _sqlite(version: str, full_text: bool) -> Iterator[Check]:
    if full_text:
        yield Check(name="sqlite", state="ok", said=f"{version} with full text")
    else:
        yield Check(name="sqlite", state="wrong", said=f"{version} without FTS5", mend="use a Python whose SQLite has FTS5", code=3)


def _languages(foreign: int) -> Iterator[Check]:
    from pipeline.match import languages

    if languages.available():
        yield Check(name="languages", state="ok", said="translations of a seed are found (the extra for languages is there)")
    elif foreign:
        said = f"{render.counted(foreign, 'article')} of the newest are in other languages than the seeds, and not compared with them"
        yield Check(name="languages", state="note", said=said, mend=languages.EXTRA)


def _sources(found: StoreStatus) -> Iterator[Check]:
    active = [source for source in found.sources if source.active]
    fine = [source for source in active if source.last_ok and not source.failures and not source.silent]
    if fine:
        yield Check(name="sources", state="ok", said=f"{render.counted(len(fine), 'source')} of {len(active)} answered and yielded")
    never = [source.name for source in active if not source.last_polled]
    if never:
        yield Check(name="sources", state="note", said=f"never asked: {', '.join(never)}", mend="wirewatch ingest, or wirewatch run")
    for source in active:
        if source.failures:
            said = f"{source.name} failed {source.failures} times in a row: {source.last_error}"
            lasting = source.failures >= FAILURES
            yield Check(name="sources", state="wrong" if lasting else "note", said=said, mend=f"wirewatch source check {source.name}")
        elif source.silent:
            said = f"{source.name} answers, but: {source.health_why}"
            yield Check(name="sources", state="wrong", said=said, mend=f"has its address changed? wirewatch source check {source.name}")
        elif source.health == "moved":
            said = f"{source.name}: {source.health_why}"
            yield Check(name="sources", state="wrong", said=said, mend=f"wirewatch source check {source.name}")
        elif source.ended >= 10 and source.walled * 2 > source.ended:
            said = f"{source.name}: {render.percent(source.walled / source.ended)} of its pages are walled"
            yield Check(name="sources", state="note", said=said, mend="its texts cannot be read; is there another feed?")
