"""Articles, their versions and addresses, and seeds, in the store."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from conftest import BOTH, made
from hypothesis import given, settings
from hypothesis import strategies as st
from storing import MINUTE, NOW, ended, offered, poll, read, response, saved, words

from pipeline import tables
from pipeline.model import Article, Instant, Profile, Seed, SourceState, Status, Validators
from pipeline.page import story_page
from pipeline.store import Store, pages
from pipeline.store import read as door
from pipeline.store.read import Filters
from pipeline.store.schema import raw

A, B, C = "https://one.example/a", "https://two.example/b", "https://three.example/c"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


def counts(store: Store) -> tuple[int, int, int, int, int]:
    """articles, versions, sightings, relations, pending"""
    told = door.status(store, NOW)
    return told.articles, told.versions, told.sightings, told.relations, told.pending


# ── articles ──────────────────────────────────────────────────────────────────────────────────────


def test_new_then_unchanged_then_updated(store: Store) -> None:
    first = saved(store, read(A, words(1)))
    assert (first.status, first.article_id, first.title) == (Status.NEW, 1, "A headline")
    assert saved(store, read(A, words(1))).status is Status.UNCHANGED
    assert counts(store) == (1, 1, 1, 0, 0)
    second = saved(store, read(A, words(1) + " more"))
    assert (second.status, second.article_id) == (Status.UPDATED, first.article_id)
    assert saved(store, read(A, words(1))).status is Status.UPDATED  # back to the first text: a version too
    shown = door.show(store, A)
    assert [version.number for version in shown.versions] == [3, 2, 1]
    assert shown.versions[0].article == shown.versions[2].article == read(A, words(1)).article


def test_an_identical_body_elsewhere_is_a_duplicate_with_an_article_of_its_own(store: Store) -> None:
    saved(store, read(A, words(1)))
    twin = saved(store, read(B, words(1), title="Another headline"), copies=True)
    assert (twin.status, twin.article_id, len(twin.matches)) == (Status.DUPLICATE, 2, 1)
    assert counts(store) == (2, 2, 2, 1, 0)


def test_keep_first_sights_the_first_article(store: Store) -> None:
    saved(store, read(A, words(1)))
    twin = saved(store, read(B, words(1)), keep_first=True)
    assert (twin.status, twin.article_id) == (Status.DUPLICATE, 1)
    assert [one.url for one in door.show(store, "1").sightings] == [A, B]
    assert counts(store) == (1, 1, 2, 0, 0)
    assert poll(store, offered(B)) == 0


def test_a_story_of_which_the_first_is_kept_tells_where_else_it_was_met(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    saved(store, read(A, words(1)))
    copies = [f"https://copy{number}.example/x" for number in range(7)]
    for url in (f"{A}?utm_source=mail", *copies):
        saved(store, read(url, words(1)), keep_first=True)
    assert door.show(store, copies[3]).listed.url == A
    assert door.find(store, "https://copy9.example/x") is None
    found = door.story(store, "1")
    assert [one.url for one in found.met] == copies
    tables.stories([found], json=False)
    said = capsys.readouterr().out
    assert "the same text was met at 7 more outlets: copy0.example, copy1.example, " in said
    assert "Nobody else has run it" in said
    assert "the same text was met" in story_page([found]).lower()


def test_texts_without_words_are_not_each_others_duplicates(store: Store) -> None:
    assert [saved(store, read(url, "")).status for url in (A, B)] == [Status.NEW, Status.NEW]


def test_alias_keys_lead_to_the_article_and_stay_with_their_owner(store: Store) -> None:
    saved(store, read(A, words(1)), keys=(A, "k1"))
    saved(store, read(B, words(2)), keys=(B, "k2"))
    assert saved(store, read(A, words(1)), keys=("k1", "k2", "k3")).article_id == 1
    found = [known.article_id if (known := store.known([key])) else None for key in (A, "k1", "k2", "k3", "k4")]
    assert found == [1, 1, 2, 1, None]
    assert store.known([]) is None
    both = store.known(("nowhere", "k2", "k1"))
    assert both is not None
    assert both.article_id == 2


def test_met_again_keeps_validators_a_304_left_out(store: Store) -> None:
    first = Validators(etag="one", last_modified="then")
    saved(store, read(A, words(1)), response=response(A, validators=first))
    known = store.known([A])
    assert known is not None
    assert (known.validators, known.fetched_at, known.sources) == (first, NOW, frozenset({"feed"}))
    poll(store, offered(A, source="other"), source="other")
    (row,) = store.pending(NOW, limit=9)
    outcome = ended(A, Status.UNCHANGED, source="other", article_id=known.article_id, version_id=known.version_id)
    for _ in range(2):  # the second time another runner has ended it
        store.sight(known, row.candidate, outcome, row.id, Validators(), NOW + MINUTE)
    again = store.known([A])
    assert again is not None
    assert (again.validators, again.fetched_at, again.sources) == (first, NOW + MINUTE, frozenset({"feed", "other"}))
    store.sight(known, row.candidate, outcome, None, Validators(etag="two"), NOW + MINUTE)
    assert (renewed := store.known([A])) is not None
    assert renewed.validators == Validators(etag="two")
    assert [line["status"] for line in door.export(store, "outcomes")] == ["new", "unchanged", "unchanged"]
    assert counts(store) == (1, 1, 2, 0, 0)


def test_an_article_comes_back_as_it_was(store: Store) -> None:
    zone = timezone(timedelta(hours=-3, minutes=-30))
    article = Article(
        url=A, title="Tïtle 東京", text=words(3), authors=("A B", "C"), credit="AP", dateline="OSLO", outlet="one.example",
        outlet_name="One", published=Instant.of(datetime(2026, 2, 1, 23, 5, tzinfo=zone), "minute"),
        modified=Instant.day(2026, 2, 3), language="en",
        section="World", tags=("x", "y"), image="https://one.example/i.jpg", kind="opinion", completeness="truncated",
        opt_outs=("noai",), origin_url=B, provenance={"title": "h1"}, extractor="test 1",
    )  # fmt: skip
    page = read(A, words(3))
    outcome = saved(store, replace(page, article=article))
    assert outcome.version_id is not None
    stored = store.version(outcome.version_id)
    assert stored is not None
    assert stored.article == article
    assert str(stored.article.published) == "2026-02-01T23:05-03:30"
    assert store.version(999) is None
    (row,) = door.export(store, "articles")
    assert (row["published"], row["modified"], row["authors"]) == ("2026-02-01T23:05-03:30", "2026-02-03", ["A B", "C"])


def test_the_pages_bytes_are_kept_only_when_asked_for(store: Store) -> None:
    page = response(A, body=b"<html>" * 1000)
    saved(store, read(A, words(1)), response=page)
    saved(store, read(B, words(2)), response=page, raw_until=NOW + MINUTE)
    kept = [door.show(store, url).versions[0] for url in (A, B)]
    assert [(one.raw_bytes, one.raw_until) for one in kept] == [(0, None), (6000, NOW + MINUTE)]


def test_the_pages_bytes_come_back(store: Store) -> None:
    page = response(A, body=b"<html>\xff\x00" * 999)
    saved(store, read(A, words(1)), response=page, raw_until=NOW + MINUTE)
    with store.reading() as conn:
        row = conn.execute(sa.select(raw.c.coding, raw.c.body)).one()
    assert pages.unpack(row.coding, row.body) == page.body
    assert pages.unpack("zlib", zlib.compress(page.body)) == page.body  # as until now


def test_an_outlet_learns_its_name_and_profile(store: Store) -> None:
    assert store.outlet("one.example") is None
    saved(store, read(A, words(1)))
    saved(store, read(A + "2", words(2), outlet_name="The One"))
    profile = Profile(title_affix=" - The One", repeated=frozenset({"x", "y"}), pages=2)
    store.learn("one.example", profile, NOW)
    known = store.outlet("one.example")
    assert known is not None
    assert (known.name, known.profile) == ("The One", profile)


@pytest.fixture(scope="module", params=BOTH)
def one_store(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Store]:
    with made(str(request.param), tmp_path_factory.mktemp("one_store"), request) as url:
        opened = Store.open(url)
        yield opened
        opened.close()


@settings(max_examples=40, deadline=None)
@given(text=st.text(), title=st.text(), name=st.text())
def test_any_text_can_be_kept(text: str, title: str, name: str, one_store: Store) -> None:
    store = one_store
    hostile = text + "\0\ud800"
    outcome = saved(store, read(A, hostile, title=title, authors=(name + "\udfff",)))
    assert outcome.version_id is not None
    stored = store.version(outcome.version_id)
    assert stored is not None
    assert len(stored.article.text) == len(hostile)  # offsets stay
    assert stored.article.text == "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in hostile)
    door.search(store, text, Filters())


# ── seeds ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_seed_is_planted_once_and_renewed_when_its_text_changes(store: Store) -> None:
    seed = Seed(name="story", title="A headline", text=words(1), url=A, caption="C", note="n")

    def plant(text: str) -> int:
        page = read(A, text)
        return store.plant(seed, page, page.fingerprint.shingles, NOW).id

    assert not store.planted(seed, read(A, words(1)).article)
    first = plant(words(1))
    assert plant(words(1)) == first
    assert store.planted(seed, read(A, words(1)).article)
    assert not store.planted(seed, read(A, words(2)).article)
    assert not store.planted(replace(seed, note="another"), read(A, words(1)).article)
    (stored,) = store.seeds()
    assert (stored.seed, stored.article.url, stored.article.origin_url) == ("story", "urn:wirewatch:seed:story", A)
    assert store.known([A]) is None  # the paper's own article is one of its own
    second = plant(words(2))
    assert second > first
    assert [one.id for one in store.seeds()] == [second]
    assert store.suspects(read(B, words(1)).fingerprint).worth == ()
    assert [one.id for one in store.suspects(read(B, words(2)).fingerprint).worth] == [second]
    store.unplant([])
    assert store.seeds() == ()
    assert not store.planted(seed, read(A, words(2)).article)
    assert store.suspects(read(B, words(2)).fingerprint).worth == ()
    assert plant(words(2)) == second
    assert len(store.seeds()) == 1
    assert counts(store) == (0, 0, 0, 0, 0)


def test_an_article_identical_to_a_seed_is_new(store: Store) -> None:
    page = read(A, words(1))
    store.plant(Seed(name="story", title="A headline", text=words(1)), page, page.fingerprint.shingles, NOW)
    outcome = saved(store, page, copies=True)
    assert outcome.status is Status.NEW
    assert [name for name, _ in door.to_seeds(store, outcome.article_id or 0)] == ["story"]


def test_moments_are_utc_whatever_zone_they_came_in(store: Store) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=9)))
    store.record_poll("feed", SourceState(due_at=local), (), local)
    due = store.state("feed").due_at
    assert due == NOW
    assert due is not None
    assert due.tzinfo is UTC
