"""In which order articles arrive decides nothing: what was judged before the archive's words were learned is judged again by them."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from databases import contents, raw
from judging import Judge, flow, rematch
from storing import MINUTE, NOW, fresh, read, saved
from test_match_related import beat

from pipeline.app import App, as_article
from pipeline.clock import SimulatedClock
from pipeline.config import Config, load
from pipeline.errors import StoreError
from pipeline.match import compare, full, learn
from pipeline.match.vocabulary import heard
from pipeline.model import Article, Candidate, Match, Rejudged, Relation, Seed
from pipeline.rejudge import BATCH, SETTLED
from pipeline.rounds import Round, one_shot
from pipeline.schedule import Schedule
from pipeline.store import Store, purge
from pipeline.store import read as door
from pipeline.store.related import NEWEST, RelatedToSeeds
from pipeline.store.rows import Wanted

SUBJECTS = (500, 501)  # of the seeds, both on the beat that all others are on
TELLERS = 3  # who tell of the same in words of their own
AT = NOW + 10 * MINUTE  # when it is judged anew
Verdicts = dict[tuple[str, str], str]


def short(article: Article) -> Article:
    return replace(article, text=" ".join(article.text.split()[:100]), language="en")


OTHERS = [short(beat(number, 0)) for number in range(104)]
RELATED = [short(beat(subject, teller)) for subject in SUBJECTS for teller in range(1, 1 + TELLERS)]


def named(subject: int) -> str:
    return f"urn:wirewatch:seed:seed-{subject}"


def come(store: Store, articles: Sequence[Article]) -> None:
    """The seeds are planted, and articles come in one after the other."""

    async def all_of_them() -> None:
        taking = flow(store, Judge())
        for subject in SUBJECTS:
            told = beat(subject, 0)
            seed = Seed(name=f"seed-{subject}", title=told.title, text=told.text, language="en")
            await taking.plant(seed, as_article(seed), full)
        for one in articles:
            await taking.take_in_hand(Candidate(url=one.url, source="given", seen_at=NOW, article=one))

    asyncio.run(all_of_them())


def anew(store: Store, stages: Judge | None = None, now: datetime = AT, *, settled: bool = False) -> Sequence[Rejudged]:
    return asyncio.run(flow(store, stages or Judge(), now).anew(RelatedToSeeds(store)).run(settled=settled))


def verdicts(store: Store) -> Verdicts:
    rows = door.export(store, "relations")
    return {(row["url"], row["other_url"]): row["relation"] for row in rows if row["other_url"].startswith("urn:")}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which words were learned after most was judged."""
    folder = tmp_path_factory.mktemp("filled") / "a"
    folder.mkdir()
    store = Store.open(fresh(folder))
    come(store, OTHERS)
    store.close()
    return folder / "news.db"


@pytest.fixture
def url(filled: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(filled, tmp_path / 'copied.db')}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url)
    yield opened
    opened.close()


def tasks(url: str) -> int:
    with raw(url) as conn:
        return len(conn.exec_driver_sql("SELECT * FROM task").all())


# ── what decides ──────────────────────────────────────────────────────────────────────────────────


def test_an_archive_only_takes_away() -> None:
    words = learn([(one.title, one.text) for one in OTHERS], len(OTHERS))
    for one in (*OTHERS[:20], *RELATED):
        looks, told = (compare(one, beat(500, 0), vocabulary=what).similarity for what in (None, words))
        assert 0 <= told <= looks <= 1
    assert heard(0.4, 0.4) == heard(0.4, 0.35) == 0.4, "a little less takes nothing away"
    assert heard(0.4, 0.17) == pytest.approx(0.2)


# ── in any order ──────────────────────────────────────────────────────────────────────────────────


def in_order(articles: Sequence[Article], folder: Path) -> tuple[Verdicts, int, Verdicts]:
    """→ the verdicts as they were given at first, how many came out otherwise, and the verdicts then."""
    folder.mkdir()
    store = Store.open(fresh(folder))
    try:
        come(store, articles)
        return verdicts(store), len(anew(store)), verdicts(store)
    finally:
        store.close()


def test_in_whatever_order_articles_arrive_the_verdicts_are_the_same(tmp_path: Path) -> None:
    articles, told = OTHERS + RELATED, []
    for number in range(3):
        early, changed, late = in_order(random.Random(number).sample(articles, len(articles)), tmp_path / str(number))
        assert changed > len(OTHERS), "most came before anything was learned"
        assert late.items() < early.items(), "an archive only takes away"
        told.append(late)
    own = {(one.url, named(SUBJECTS[place // TELLERS])): "related" for place, one in enumerate(RELATED)}
    assert told == [own] * 3


def test_a_verdict_that_changed_stays_in_the_history_and_a_rematch_finds_nothing_more(store_url: str) -> None:
    store = Store.open(store_url)
    try:
        come(store, OTHERS)
        early = verdicts(store)
        changed = anew(store)
        assert {(one.url, f"urn:wirewatch:seed:{one.seed}") for one in changed} == set(early)
        assert {(one.was and one.was.relation, one.now) for one in changed} == {(Relation.RELATED, None)}
        (past, *_) = door.show(store, changed[0].url).former
        assert (past.match.relation, past.made_at, past.until) == (Relation.RELATED, NOW, AT)
        before = contents(store_url)
        assert (anew(store), tasks(store_url), contents(store_url)) == ((), 0, before)
        assert [one for one in rematch(store).changed if one.seed] == []
    finally:
        store.close()


def test_a_persons_verdict_stays(store: Store) -> None:
    (pair, *_) = verdicts(store)
    shown = door.show(store, pair[0])
    (given,) = [one for one in shown.relations if one.other.url == pair[1]]
    store.judge(shown.listed.article_id, given.other.article_id, replace(given.match, relation=Relation.DERIVED), "read it", NOW)
    anew(store)
    assert verdicts(store) == {pair: "derived"}


def test_the_newest_are_judged_and_no_more(store_url: str) -> None:
    store = Store.open(store_url)
    try:
        come(store, ())
        for number in range(NEWEST + 3):
            match = Match(other=store.seeds()[0].id, relation=Relation.RELATED, coverage=0.0)
            saved(store, read(f"https://one.example/{number}", f"story {number} of many"), matches=(match,))
        saved(store, read("https://one.example/abroad", "eine Geschichte", language="de"), matches=(match,))
        words = learn([(one.title, one.text) for one in OTHERS], len(OTHERS))
        store.keep_vocabulary(words, NOW)
        owed = RelatedToSeeds(store).owed(words)
        assert owed is not None
        assert owed.total == NEWEST
        last, pairs = RelatedToSeeds(store).related(owed.cursor, NEWEST) or (0, ())
        assert [one.article.url for one, _ in pairs] == [f"https://one.example/{number}" for number in range(4, NEWEST + 3)]
        assert RelatedToSeeds(store).related(last, BATCH) is None, "words decide nothing between two languages"
    finally:
        store.close()


# ── who does it ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def config(url: str, tmp_path: Path) -> Config:
    """With the seeds of the filled database, and no source."""
    for subject in SUBJECTS:
        told = beat(subject, 0)
        (folder := tmp_path / "seeds" / f"seed-{subject}").mkdir(parents=True)
        (folder / "seed.toml").write_text(f'title = "{told.title}"\nlanguage = "en"\n', encoding="utf-8")
        (folder / "article.txt").write_text(told.text, encoding="utf-8")
    text = f'seeds = "{tmp_path}/seeds"\n[database]\nurl = "{url}"\n[extract]\nworkers = 1\n'
    (tmp_path / "wirewatch.toml").write_text(text, encoding="utf-8")
    (tmp_path / "sources.toml").write_text("", encoding="utf-8")
    return load(tmp_path, environ={})


def test_a_run_does_it_at_its_end(config: Config) -> None:
    async def run() -> None:
        async with App.open(config, clock=SimulatedClock(AT)) as app:
            assert verdicts(app.store)
            await one_shot(app, (), Round())
            assert verdicts(app.store) == {}

    asyncio.run(run())


def test_the_daemon_does_it_at_a_tick(config: Config) -> None:
    async def run() -> None:
        async with App.open(config, clock=SimulatedClock(AT)) as app:
            assert verdicts(app.store)
            schedule = Schedule(app)
            await schedule.tick(AT)
            await schedule.settled()
            assert verdicts(app.store) == {}

    asyncio.run(run())


# ── trouble ───────────────────────────────────────────────────────────────────────────────────────


def test_what_cannot_be_judged_keeps_what_was_said_of_it(store: Store) -> None:
    ((hard, _), *_) = early = verdicts(store)
    anew(store, Judge(refuse=hard))
    assert set(verdicts(store)) == {pair for pair in early if pair[0] == hard}


def test_it_goes_on_where_it_stopped(store: Store, url: str) -> None:
    early = len(verdicts(store))
    with pytest.raises(StoreError):
        anew(store, Judge(stop_at=BATCH + 2))
    assert (len(verdicts(store)), tasks(url)) == (early - BATCH, 1)
    again = Judge()
    assert len(anew(store, again)) == len(again.judged) == early - BATCH
    assert (verdicts(store), tasks(url)) == ({}, 0)


def test_beside_what_is_in_flight_it_waits_a_minute(store: Store) -> None:
    assert anew(store, now=NOW + SETTLED - timedelta(seconds=1), settled=True) == ()
    assert anew(store, now=NOW + SETTLED, settled=True)


def test_only_what_is_stored_and_watched_for_is_judged(store: Store) -> None:
    words = store.vocabulary()
    assert words is not None
    store.unplant([f"seed-{SUBJECTS[0]}"])
    ((gone, _), *_) = verdicts(store)
    purge.purge(store, Wanted(urls=frozenset({gone})))
    assert anew(store) == (), "what was learned went with the text"
    store.keep_vocabulary(words, NOW)
    told = anew(store)
    assert {one.seed for one in told} == {f"seed-{SUBJECTS[0]}"}
    assert gone not in {one.url for one in told}
    assert {other for _, other in verdicts(store)} == {named(SUBJECTS[1])}


def test_of_two_who_do_the_same_one_stops(store: Store) -> None:
    words = store.vocabulary()
    assert words is not None
    assert RelatedToSeeds(store).put_right(words, 10**6, (), AT) == ()
    assert RelatedToSeeds(store).put_right(words, 10**6, (), AT) is None
    assert RelatedToSeeds(store).put_right(replace(words, articles=200), 10**7, (), AT) is None, "other words owe it"
