"""The doors' queries: what came in, full text, one article, a story, exports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from conftest import BOTH, made
from databases import raw
from hypothesis import given, settings
from hypothesis import strategies as st
from storing import MINUTE, NOW, ended, offered, poll, read, saved, words

from pipeline.errors import InputError
from pipeline.model import Instant, Match, Relation, Seed, Source, SourceState, Status
from pipeline.store import Store, search
from pipeline.store import read as door
from pipeline.store.read import Filters

A, B, C = "https://one.example/a", "https://two.example/b", "https://three.example/c"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


def found(store: Store, query: str, **filters: object) -> list[str]:
    return [row.url for row in door.search(store, query, Filters(**filters))]  # type: ignore[arg-type]  # whatever a test names


def planted(store: Store) -> int:
    page = read(A, words(1))
    seed = Seed(name="story", title="The seed", text=words(1), url="https://origin.example/story")
    return store.plant(seed, page, page.fingerprint.shingles, NOW).id


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────


def test_latest_is_newest_first_and_narrowed_by_every_filter(store: Store) -> None:
    seed = planted(store)
    day = Instant.day(2026, 2, 1)
    saved(store, read(A, words(1), language="en", published=day), matches=(Match(other=seed, relation=Relation.COPY, coverage=0.9),))
    saved(store, read(B, words(2), language="fi"))
    rows = door.latest(store, Filters())
    assert [(row.url, row.relation, row.to) for row in rows] == [(B, None, None), (A, Relation.COPY, "story")]
    cases: list[tuple[dict[str, object], list[str]]] = [
        ({"limit": 1}, [B]),
        ({"outlet": "one.example"}, [A]),
        ({"language": "fi"}, [B]),
        ({"relation": Relation.COPY}, [A]),
        ({"relation": Relation.EXCERPT}, []),
        ({"since": NOW - MINUTE}, [B]),
        ({"until": NOW - MINUTE}, [A]),
        ({"since": day.at, "until": NOW + MINUTE}, [B, A]),
    ]
    for filters, urls in cases:
        assert [row.url for row in door.latest(store, Filters(**filters))] == urls, filters  # type: ignore[arg-type]


def test_search_finds_words_of_the_latest_version_only(store: Store) -> None:
    saved(store, read(A, "The old ferry was withdrawn.", title="Ferry"))
    saved(store, read(B, "A bridge is better than a ferry, they say, and the ferry stays."))
    assert found(store, "ferry") == [A, B]  # the headline counts for more
    assert found(store, "withdrawn") == [A]
    saved(store, read(A, "The new tunnel was opened.", title="Tunnel"))
    assert found(store, "withdrawn") == []
    assert found(store, "tunnel") == [A]
    assert found(store, "ferry", outlet="one.example") == []


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Le sommet de l'OTAN s'ouvre", "l'otan"),
        ("Le café fermé", "cafe ferme"),
        ("In ZÜRICH", "zürich"),
        ("北约峰会今天开幕", "峰会"),
        ("北约峰会今天开幕", "北约峰会"),
        ("Саммит НАТО открылся", "нато"),
        ('He said "never again" twice', '"never again"'),
        ("on monday", "-monday"),
        ("a stray quote", 'stray "quote'),
        ("it rose 3.8 percent", "3.8"),
    ],
)
def test_search_understands(store: Store, text: str, query: str) -> None:
    saved(store, read(A, text))
    saved(store, read(B, "something else altogether"))
    assert found(store, query) == [A]


def test_search_leaves_out_what_is_excluded(store: Store) -> None:
    saved(store, read(A, "the summit opened on monday"))
    saved(store, read(B, "the summit opened on friday"))
    assert found(store, "summit -monday") == [B]
    assert found(store, '"on friday" summit') == [B]
    assert found(store, '"summit friday"') == []


def test_a_snippet_shows_the_place(store: Store) -> None:
    saved(store, read(A, words(1) + " the lighthouse at Söderskär " + words(2)))
    (row,) = door.search(store, "soderskar", Filters())
    assert row.snippet is not None
    assert "Söderskär" in row.snippet
    assert row.snippet.startswith("…")
    assert len(row.snippet) < 300


@pytest.fixture(scope="module", params=BOTH)
def stocked(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Store]:
    with made(str(request.param), tmp_path_factory.mktemp("stocked"), request) as url:
        opened = Store.open(url)
        saved(opened, read(A, words(1) + " NEAR OR AND NOT title body 北约峰会"))
        yield opened
        opened.close()


@settings(max_examples=150, deadline=None)
@given(query=st.text() | st.text(alphabet="\"-*()^:+{}NEARORANDT' \\北约title\0", max_size=30))
def test_no_query_breaks_the_search(query: str, stocked: Store) -> None:
    door.search(stocked, query, Filters())


ALIKE = (
    "the summit opened on monday in Vilnius", "the summit: opened on friday; 3.8 percent of G7's budget", "l'OTAN à Zürich, café fermé",
    "北约峰会今天开幕", "峰会在东京都开幕 NATO", "Саммит НАТО открылся в понедельник", "he said never again and then again, never", "",
)  # fmt: skip
PIECES = [
    "summit", "the", "monday", "friday", "vilnius", "3.8", "8", "g7", "l'otan", "otan", "zürich", "zurich", "cafe", "峰会", "北约",
    "东京都", "会", "北", "开", "НАТО", "саммит", "never", "again", "never again", "again never", "opened on", "O'", "“", "-", '"',
]  # fmt: skip


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[list[Store]]:
    """The same articles in a database of each kind; titles are other articles' texts."""
    with ExitStack() as stack:
        stores = []
        for kind in BOTH:
            stores.append(Store.open(stack.enter_context(made(kind, tmp_path_factory.mktemp("alike"), request))))
            stack.callback(stores[-1].close)
            for number, text in enumerate(ALIKE):
                saved(stores[-1], read(f"{A}{number}", text, title=ALIKE[number - 3] if number % 2 else "A headline"))
        yield stores


@settings(max_examples=200, deadline=None)
@given(
    asked=st.lists(
        st.builds(lambda minus, piece, quoted: f'{minus}"{piece}"' if quoted else minus + piece,
                  st.sampled_from(["", "", "-"]), st.sampled_from(PIECES), st.booleans()), max_size=4)
)  # fmt: skip
def test_both_databases_give_the_same_answers(asked: list[str], alike: list[Store]) -> None:
    one, other = (set(found(store, " ".join(asked), limit=99)) for store in alike)
    assert one == other


def test_a_query_of_thousands_of_words_is_answered(store: Store) -> None:
    saved(store, read(A, words(1)))
    assert found(store, words(1, 5_000)) == [A]
    assert found(store, " ".join(f"-{word}" for word in words(2, 5_000).split())) == []


@given(title=st.lists(st.text("ab1é北", min_size=1)), body=st.lists(st.text("ab1é北", min_size=1)))
def test_a_vector_names_each_word_once_with_its_places(title: list[str], body: list[str]) -> None:
    made = search.vector(" ".join(title), " ".join(body))
    told = dict(part.split(":") for part in made.split(" ") if part)
    assert set(told) == {f"'{word}'" for word in title + body}
    assert sum(len(places.split(",")) for places in told.values()) == len(title) + len(body)
    assert sum(places.count("A") for places in told.values()) == len(title)


# ── one article, a story ──────────────────────────────────────────────────────────────────────────


def test_an_article_is_found_by_number_address_alias_or_name(store: Store) -> None:
    planted(store)
    saved(store, read(A, words(2)))
    assert [door.find(store, what) for what in ("2", A, "story", "1", "urn:wirewatch:seed:story")] == [2, 2, 1, 1, 1]
    nothing = ["99", "9" * 30, "none", "https://", "http://[", "https://nowhere.example/", ""]
    assert [door.find(store, what) for what in nothing] == [None] * len(nothing)
    with pytest.raises(InputError, match="99"):
        door.show(store, "99")


def test_show_tells_relations_in_both_directions(store: Store) -> None:
    saved(store, read(A, words(1)))
    saved(store, read(B, words(1) + " more"), copies=True)
    (mine,) = door.show(store, B).relations
    (theirs,) = door.show(store, A).relations
    assert (mine.other.url, mine.reverse, mine.match.other) == (A, False, 1)
    assert (theirs.other.url, theirs.reverse, theirs.judge) == (B, True, "machine")
    assert mine.match == theirs.match


def test_a_story_tells_who_ran_it_in_the_order_of_time(store: Store) -> None:
    seed = planted(store)

    def verdict(relation: Relation, **more: object) -> tuple[Match, ...]:
        return (Match(other=seed, relation=relation, coverage=0.9, other_coverage=0.4, **more),)  # type: ignore[arg-type]

    def published(hour: int) -> Instant:
        return Instant.of(datetime(2026, 2, 1, hour, tzinfo=UTC))

    saved(store, read(A, words(1) + " a", published=published(9)), matches=verdict(Relation.COPY))
    saved(store, read(B, words(1) + " b", published=published(8)), matches=verdict(Relation.EXCERPT, new_sentences=("New.",)))
    saved(store, read(C, words(3)), matches=verdict(Relation.DISTINCT))
    (story,) = door.stories(store)
    assert (story.about.seed, story.origin_url) == ("story", "https://origin.example/story")
    told = [(one.article.url, one.relation, one.coverage, one.new_sentences) for one in story.told]
    assert told == [(B, Relation.EXCERPT, 0.9, ("New.",)), (A, Relation.COPY, 0.9, ())]
    assert door.story(store, "story") == story
    turned = door.stories(store, B)[0].told  # from the article's side there is nobody but the seed
    assert turned == ()


def test_a_story_says_what_the_others_are_whichever_came_first(store: Store) -> None:
    first = saved(store, read(A, words(1)))
    turned = {"other_relation": Relation.EXCERPT, "other_why": "All of it stands there."}
    held = Match(other=first.version_id or 0, relation=Relation.DERIVED, coverage=0.3, other_coverage=0.9, why="Holds it.", **turned)
    later = saved(store, read(B, words(2)), matches=(held,))
    (of_first,) = door.story(store, str(first.article_id)).told
    assert (of_first.article.url, of_first.relation, of_first.coverage, of_first.why) == (B, Relation.DERIVED, 0.3, "Holds it.")
    (of_later,) = door.story(store, str(later.article_id)).told
    assert (of_later.article.url, of_later.relation, of_later.coverage) == (A, Relation.EXCERPT, 0.9)
    assert of_later.why == "All of it stands there."


def test_the_latest_versions_verdict_holds(store: Store) -> None:
    seed = planted(store)
    saved(store, read(A, words(1)), matches=(Match(other=seed, relation=Relation.COPY),))
    saved(store, read(A, words(1) + " 14"), matches=(Match(other=seed, relation=Relation.REVISION),))
    assert [one.relation for one in door.story(store, "story").told] == [Relation.REVISION]
    assert [row["relation"] for row in door.export(store, "relations")] == ["revision"]
    assert door.latest(store, Filters(relation=Relation.COPY)) == ()


# ── exports and status ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("what", list(door.EXPORTS))
def test_exported_rows_are_json_and_can_be_cited(store: Store, what: str) -> None:
    seed = planted(store)
    saved(store, read(A, words(1)), matches=(Match(other=seed, relation=Relation.COPY, passages=()),))
    saved(store, read(A, words(1) + " more"))
    rows = list(door.export(store, what))
    assert [len(rows), *{tuple(row) for row in rows}] == [2 if what in ("versions", "outcomes") else 1, door.EXPORTS[what]]
    for row in rows:
        assert json.loads(json.dumps(row)) == row
        assert all(row[name] for name in ("version", "digest", "fetched_at", "software"))
    assert list(door.export(store, what, NOW + MINUTE)) == []
    assert len(list(door.export(store, what, NOW))) == len(rows)


def test_an_exported_relation_names_where_the_seed_was_published(store: Store) -> None:
    seed = planted(store)
    saved(store, read(A, words(1)), matches=(Match(other=seed, relation=Relation.COPY, aligned=False),))
    (row,) = door.export(store, "relations")
    assert (row["url"], row["other_url"], row["seed"], row["aligned"]) == (A, "https://origin.example/story", True, False)


def test_a_persons_verdict_stands_beside_the_machines_and_holds(store: Store, store_url: str) -> None:
    seed = planted(store)
    saved(store, read(A, words(1)), matches=(Match(other=seed, relation=Relation.COPY),))
    with raw(store_url) as conn:
        columns = [column["name"] for column in sa.inspect(conn).get_columns("relation")]
        names = ", ".join(name for name in columns if name not in ("id", "judge", "relation"))
        conn.exec_driver_sql(f"INSERT INTO relation (judge, relation, {names}) SELECT 'person', 'derived', {names} FROM relation")
    assert sorted(row["judge"] for row in door.export(store, "relations")) == ["machine", "person"]
    assert [(one.relation, one.judge) for one in door.story(store, "story").told] == [(Relation.DERIVED, "person")]


def test_status_counts_what_waits_and_what_fails(store: Store) -> None:
    store.watch([Source(name="feed", kind="feed", url="https://one.example/feed")], NOW)
    poll(store, offered(A), offered(B))
    first, second = store.pending(NOW, limit=9)
    saved(store, read(A, words(1)), pending=first.id)
    store.settle(ended(B, Status.RETRY, retry_at=NOW + timedelta(hours=1)), second.id)
    store.record_poll("feed", replace(store.state("feed"), failures=2, last_error="server: 500"), (), NOW)
    told = door.status(store, NOW)
    assert (told.articles, told.pending, told.pending_due, told.oldest_pending) == (1, 1, 0, NOW)
    assert told.failing == ("feed",)
    assert told.outcomes == (("new", 1),)
    assert told.size > 0
    (line,) = told.sources
    assert (line.pending, line.articles, line.last_error) == (1, 1, "server: 500")
    store.record_poll("feed", SourceState(), (), NOW)
    assert door.status(store, NOW).failing == ()
