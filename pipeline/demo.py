"""The demo: the built-in press on loopback, the main job on it, and whether each article was found to be what it was made to be."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from pipeline import render
from pipeline.app import App
from pipeline.lines import Line, dump
from pipeline.model import Outcome, Relation, Source, SourceKind, Status
from pipeline.press import Made, Press
from pipeline.rounds import Round, one_shot

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.store import Store

NAME = "wirewatch-demo.sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One article of the press: made to be, found to be. ``found`` None: it is not in the database."""

    made: Made
    article_id: int | None
    found: Relation | None
    coverage: float = 0.0

    @property
    def right(self) -> bool:
        """Is it stored, and does it relate to its seed as it was made to?"""
        return self.found is not None and self.found.value == self.made.made_to_be

    @property
    def beyond(self) -> bool:
        """Is it a translation that is stored, and nothing was found of it, because the extra that knows other languages is not there?"""
        from pipeline.match import languages

        missed = not self.right and self.found is Relation.DISTINCT and (self.made.way or "").startswith("translation")
        return missed and not languages.available()


def demonstrate(db: str | None, *, keep: bool, json: bool = False) -> int:
    """``demo``, on the shipped seeds. → 0, or 1 on a mismatch. ``db``: of one's own, never emptied. Raises ConfigError, StoreError."""
    from pipeline.config import load, packaged
    from pipeline.store.engine import shown

    config = load(packaged("config"))
    url = db or _fresh(keep=keep)
    with Press.start(config.seeds) as press:
        outlets = len({feed.outlet for feed in press.sources})
        where = f"on 127.0.0.1:{press.port}; database: {shown(url)}"
        render.note(f"the press: {outlets} invented outlets, {len(press.sources)} sources, {where}")
        asyncio.run(_run(for_press(config, url, press), json=json))
        made, unreadable = press.made(), press.unreadable()
    checked, taken = _compared(url, made, unreadable)
    if json:
        for one in checked:
            render.line(dump(_line(one)))
    else:
        _tell(checked, taken, len(unreadable), url)
    return 1 if taken or any(not one.right and not one.beyond for one in checked) else 0


def _fresh(*, keep: bool) -> str:
    path = Path(NAME).resolve()
    if not keep:
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{path}{suffix}").unlink()
    return f"sqlite:///{path}"


def for_press(config: Config, url: str, press: Press) -> Config:
    """The shipped configuration, but for where the news comes from."""
    from datetime import timedelta

    from pipeline.config.settings import Database

    fetch = config.fetch.model_copy(
        update={
            "delay": timedelta(0),
            "proxy": "",
            "allow_private": ("127.0.0.0/8",),
            "resolve": {"*": f"127.0.0.1:{press.port}"},
        }
    )
    kinds = {kind: kind for kind in get_args(SourceKind)}
    sources = tuple(Source(name=feed.name, kind=kinds[feed.kind], url=feed.url) for feed in press.sources)
    return replace(config, database=Database(url=url), fetch=fetch, sources=sources)


async def _run(config: Config, *, json: bool) -> None:
    with render.Progress() as progress:
        round_ = Round(
            report=progress.around((lambda _: None) if json else _say), polled=progress.around(render.poll), waiting=progress.waiting
        )
        async with App.open(config) as app:
            await one_shot(app, (), round_)
    if not json:
        render.summary(round_.counts)


def _say(ended: Outcome) -> None:
    """What was stored is told below, outlet by outlet; a line for what was not."""
    if ended.status not in (Status.NEW, Status.UPDATED, Status.DUPLICATE):
        render.outcome(ended)


def _compared(url: str, made: Sequence[Made], unreadable: Sequence[Made]) -> tuple[list[Checked], list[Checked]]:
    """What the press made, and what cannot be read but was stored nevertheless."""
    from pipeline.store import Store

    store = Store.open(url, write=False)
    try:
        checked = [_check(store, article) for article in made]
        return checked, [one for one in (_check(store, article) for article in unreadable) if one.article_id is not None]
    finally:
        store.close()


def _line(one: Checked) -> Line:
    made = one.made
    about = {"url": made.url, "outlet": made.outlet, "seed": made.seed, "way": made.way, "article": one.article_id}
    found = one.found.value if one.found else None
    return {**about, "made_to_be": made.made_to_be, "found": found, "coverage": round(one.coverage, 4), "right": one.right}


def _tell(checked: Sequence[Checked], taken: Sequence[Checked], unreadable: int, url: str) -> None:
    from pipeline.store.engine import shown

    about = sorted((one for one in checked if one.made.seed), key=lambda one: -Relation(one.made.made_to_be).strength)
    _by_outlet(checked)
    for seed, count in Counter(one.made.seed for one in about).items():
        render.line(f"\nWho ran {seed} ({count} articles)\n")
        render.line(f"    {'made to be':<11}{'found to be':<12}{'how much':>9}   {'outlet':<26}how it was changed")
        for one in about:
            if one.made.seed == seed:
                mark = "✓" if one.right else "○" if one.beyond else "✗"
                render.checked(mark, one.made.made_to_be, one.found, one.coverage, one.made.outlet, one.made.way or "")
    others = [one for one in checked if not one.made.seed]
    wrong = [one for one in checked if not one.right and not one.beyond]
    beyond = sum(one.beyond for one in checked)
    render.line(
        f"\nbeside them {len(others)} other articles, {sum(one.right for one in others)} of them found to be distinct from every seed"
    )
    for one in wrong:
        if not one.made.seed:
            render.line(f"  ✗ {one.made.url}: made to be {one.made.made_to_be}, found to be {one.found or 'missing'}")
    render.line(f"{unreadable} pages cannot be read (gone, or behind a wall), {unreadable - len(taken)} of them were kept out")
    for one in taken:
        render.line(f"  ✗ {one.made.url}: {one.made.trouble}, yet stored as article {one.article_id}")
    right = sum(one.right for one in checked)
    render.line(f"\n{right} of {len(checked)} articles were found to be what they were made to be.")
    if beyond:
        from pipeline.match.languages import EXTRA

        render.line(f"○ {beyond} are translations: without the extra for languages they are found to be distinct. To find them: {EXTRA}")
    path = shown(url.removeprefix("sqlite:///"))
    render.line(f"\nThe database is {path}. Look into it:\n")
    for words in ("story", "latest", "search summit", "show 3", "status"):
        render.line(f"    wirewatch --db {path} {words}")


def _by_outlet(checked: Sequence[Checked]) -> None:
    """What came in, a line an outlet."""
    render.line("\nWhat came in\n")
    for outlet in dict.fromkeys(one.made.outlet for one in checked):
        mine = [one for one in checked if one.made.outlet == outlet]
        stored = sum(one.found is not None for one in mine)
        runs: Counter[Relation | None] = Counter(one.found for one in mine if one.made.seed and one.found not in (None, Relation.DISTINCT))
        told = ", ".join(f"{runs[relation]} {relation.value}" for relation in Relation if runs[relation])
        render.line(f"    {stored:>3} of {len(mine):>3}  {outlet:<26}{told}".rstrip())


def _check(store: Store, made: Made) -> Checked:
    """What the database says of it: its strongest relation to its own seed, or to any when it was made from none."""
    from pipeline import urls
    from pipeline.store import read

    known = store.known(urls.keys(made.url))
    if known is None:
        return Checked(made=made, article_id=None, found=None)
    found = read.to_seeds(store, known.article_id)
    of_seed = [match for name, match in found if made.seed in (None, name)]
    if not of_seed:
        return Checked(made=made, article_id=known.article_id, found=Relation.DISTINCT)
    best = max(of_seed, key=lambda match: match.relation.strength)
    return Checked(made=made, article_id=known.article_id, found=best.relation, coverage=best.coverage)
