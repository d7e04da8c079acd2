"""The commands with which a person looks closer and puts right: ``diff``, ``judge``, ``purge``. Words in, the rooms asked, lines out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline import render
from pipeline.errors import InputError
from pipeline.model import Match, Relation, Stored
from pipeline.store import read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from pipeline.config import Config
    from pipeline.store import Store


def diff(config: Config, store: Store, what: str, first: str | None, second: str | None, other: str | None, *, json: bool) -> None:
    """``diff ID [A] [B]``: two versions of an article; ``diff ID OTHER``, ``--with OTHER``: two articles. A number is a version's, unless
    it comes with ``--with``. Raises InputError."""
    if other is None and first is not None and not _is_number(first):
        other, first = first, second
    if other is not None:
        if first is not None:
            raise InputError(f"{first}: one article is compared with one other; versions are compared by `wirewatch diff {what} A B`")
        _two_articles(config, store, what, other, json=json)
        return
    if second is not None and not _is_number(second):
        raise InputError(f"{second}: a version's number is expected, as in `wirewatch diff {what} 1 2`")
    from pipeline import differences
    from pipeline.match.changes import changes

    old, new = read.two_versions(store, what, int(first) if first else None, int(second) if second else None)
    about = read.show(store, what, config.groups).listed
    differences.versions(about, old, new, changes(old.article, new.article), json=json)


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 10


def _two_articles(config: Config, store: Store, what: str, other: str, *, json: bool) -> None:
    from pipeline import differences
    from pipeline.match.changes import apart

    found = read.pair(store, what, other, config.groups)
    if not_kept := [one for one in (found.this, found.that) if one.kept != "full"]:
        if found.match is None:
            raise InputError(f"{not_kept[0].article.url}: its text is not kept, and nothing was found to be alike when it came in")
        differences.pair(found, (), (), json=json)
        return
    if found.match is None or not found.match.aligned:
        found = replace(found, match=_compared(found.this, found.that))
    assert found.match is not None
    here = apart(found.this.article.text, [(one.start, one.end) for one in found.match.passages])
    there = apart(found.that.article.text, [(one.other_start, one.other_end) for one in found.match.passages])
    differences.pair(found, here, there, json=json)


def _compared(this: Stored, that: Stored) -> Match:
    from pipeline.app import compare

    return compare(this.article, that.article, this.repeated, that.repeated)


# ── a person's word ───────────────────────────────────────────────────────────────────────────────


def judge(store: Store, what: str, other: str, relation: Relation, note: str | None, now: datetime, *, json: bool) -> None:
    """``judge ID OTHER RELATION``. The figures and passages are the machine's, worked out for the latest texts. Raises InputError."""
    from pipeline.shown import judged

    found = read.pair(store, what, other)
    if found.mine.seed is not None and found.theirs.seed is None:
        raise InputError(
            f"{what} is a seed, which articles are judged against: write `wirewatch judge {found.theirs.article_id} {what} {relation}`"
        )
    this, that = (store.version(one.version_id) for one in (found.mine, found.theirs))
    assert this is not None
    assert that is not None
    kept = this.kept == that.kept == "full"
    machine = _compared(this, that) if kept or found.match is None else replace(found.match, aligned=True)  # as it was counted
    back = machine.other_relation or _compared(that, this).relation
    turned = None if back is Relation.DISTINCT else back
    said = replace(machine, relation=relation, other_relation=turned, why=note or "")
    store.judge(found.mine.article_id, found.theirs.article_id, said, note, now)
    judged(read.pair(store, what, other), machine.relation, json=json)


def withdraw(store: Store, what: str, other: str, *, json: bool) -> None:
    """``judge ID OTHER --withdraw``. Raises InputError when nobody has judged the two."""
    from pipeline.shown import judged

    found = read.pair(store, what, other)
    if not store.withdraw(found.mine.article_id, found.theirs.article_id):
        raise InputError(f"{what} and {other}: no person has judged these two, so there is nothing to take back")
    judged(read.pair(store, what, other), None, json=json)


# ── forgetting ────────────────────────────────────────────────────────────────────────────────────


def purge(
    config: Config,
    store: Store,
    pages: Sequence[str],
    outlet: str | None,
    before: datetime | None,
    *,
    sure: Callable[[str], bool],
    dry: bool,
    json: bool,
) -> None:
    """``purge``. ``sure``: asks the person, unless told beforehand. Raises InputError without any filter."""
    from pipeline import ledgers
    from pipeline.store import purge as forgetting

    wanted = read.Wanted(
        urls=frozenset(pages), outlets=read.outlets_called(store, outlet, config.groups) if outlet else None, before=before
    )
    if not wanted:
        raise InputError("say what is to be forgotten: --url URL, --outlet DOMAIN or --before DATE (all that are given must hold)")
    plan = forgetting.plan(store, wanted)
    if dry or not plan:
        if outlet and not plan and (meant := read.nearest_outlet(store, outlet, config.groups)):
            render.note(f"{outlet}: no such outlet or group is stored; did you mean {meant!r}?")
        ledgers.purged(plan, done=False, clean=dry or store.tidy(anew=False), json=json)
        return
    if not json:
        ledgers.going(plan)
    if not sure("Forget this for good?"):
        render.note("Nothing was forgotten.")
        return
    gone = forgetting.purge(store, wanted)
    ledgers.purged(gone, done=True, clean=store.tidy(), json=json)
