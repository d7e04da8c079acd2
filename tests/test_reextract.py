"""Stored pages read again by another extractor: what is put right, what stays, and where it goes on when it was stopped."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from databases import contents, raw
from judging import Judge, flow, relations
from stories import invented
from storing import MINUTE, NOW, response

from pipeline.app import read_article
from pipeline.errors import InputError, NotAnArticle, StoreError
from pipeline.extract import EXTRACTOR, extract
from pipeline.ingest import Habits
from pipeline.model import Article, Candidate, Hints, Match, Outlet, Passage, Read, Relation, Reread, Response, Task
from pipeline.reextract import BATCH, Asked, Told
from pipeline.store import Store, check, purge
from pipeline.store import read as door
from pipeline.store.kept import KeptPages
from pipeline.store.rows import Filters, Wanted

NOISE = "Sign up for the harbour letter of the Saltholm Ledger and never miss a tide table again this winter."


def page(number: int, *, noise: str = "", title: str = "") -> bytes:
    story = invented(number)
    paragraphs = "".join(f"<p>{one}</p>" for one in (*story.paragraphs, *([noise] if noise else [])))
    return f"<html lang=en><title>{title or story.title}</title><h1>{story.title}</h1><article>{paragraphs}</article></html>".encode()


@dataclass
class Extractor(Judge):
    """The real stages with an extractor that can be another one: ``turn_page`` makes of an article what it reads."""

    turn_page: Callable[[Article], Article] = lambda article: article
    extracted: list[str] = field(default_factory=list)
    stop_page: int | None = None

    async def read(self, response: Response, hints: Hints, outlet: Outlet | None) -> Read:
        self.extracted.append(response.url)
        if len(self.extracted) == self.stop_page:
            raise StoreError("stopped here")
        return read_article(self.turn_page(extract(response, hints, outlet)))


def older(article: Article) -> Article:
    """The extractor that was there before: it takes an appeal for a paragraph."""
    return replace(article, text=f"{article.text}\n{NOISE}", title=f"{article.title} - Ledger", extractor="older-1")


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


def take(store: Store, url: str, body: bytes, stages: Extractor | None = None, hints: Hints | None = None) -> None:
    running = flow(store, stages or Extractor(turn_page=older))
    running.habits = Habits(raw=MINUTE * 600)
    candidate = Candidate(url=url, source="given", seen_at=NOW, response=response(url, body=body), hints=hints or Hints())
    asyncio.run(running.take_in_hand(candidate))


@dataclass
class Ran:
    task: Task
    changed: list[Reread]
    began: list[Task]
    failed: list[str]


def reextract(store: Store, stages: Extractor | None = None, **asked: object) -> Ran:
    changed: list[Reread] = []
    began: list[Task] = []
    failed: list[str] = []
    told = Told(
        began=began.append, changed=changed.append, at=lambda done, total: None, failed=lambda one, error: failed.append(error.reason)
    )
    words = Asked(extractor=EXTRACTOR, **asked)  # type: ignore[arg-type]
    work = flow(store, stages or Extractor(), NOW + MINUTE).reread(KeptPages(store)).run(words, told)
    return Ran(asyncio.run(work), changed, began, failed)


def found(store: Store, query: str) -> list[str]:
    return sorted(one.url for one in door.search(store, query, Filters()))


def now(store: Store, url: str) -> Article:
    (known,) = [one for one in map(store.version, range(1, 30)) if one and one.article.url == url]
    return known.article


FIRST, SECOND = "http://one.example/a", "http://two.example/b"


def test_what_comes_out_the_same_is_marked_with_the_extractor_and_nothing_else(store: Store, store_url: str) -> None:
    for url in (FIRST, SECOND):
        take(store, url, page(1), Extractor(turn_page=lambda one: replace(one, extractor="older-1")))
    before = contents(store_url)
    ran = reextract(store)
    assert (ran.changed, ran.task.done, ran.task.total) == ([], 2, 2)
    after = contents(store_url)
    assert [row["extractor"] for row in door.export(store, "versions")] == [EXTRACTOR] * 2
    assert {name for name in after if after[name] != before[name]} == {"version"}


def test_a_better_text_replaces_the_old_one_and_is_no_edit(store: Store, store_url: str) -> None:
    take(store, FIRST, page(1))
    take(store, SECOND, page(1), Extractor(turn_page=lambda one: replace(one, text=f"{one.text}\nMore.")))
    assert found(store, "harbour letter") == [FIRST]
    ran = reextract(store)
    assert [(one.now.url, one.fields) for one in ran.changed] == [(FIRST, ("title", "text")), (SECOND, ("text",))]
    assert NOISE in ran.changed[0].was.text
    right = now(store, FIRST)
    assert (right.title, right.text, right.extractor) == (invented(1).title, invented(1).text, EXTRACTOR)
    assert len(door.show(store, FIRST).versions) == 1
    assert found(store, "harbour letter") == []
    assert found(store, invented(1).title) == [FIRST, SECOND]
    assert relations(store) == {(SECOND, FIRST): "identical"}
    with raw(store_url) as conn:
        ((bodies,),) = conn.exec_driver_sql("SELECT count(*) FROM body").all()
    assert bodies == 1, "the two have one text now; the old ones are gone"
    assert check.check(store_url, lambda *_: None).problems == ()


def test_it_is_found_by_its_new_text_and_compared_again_with_what_came_later(store: Store) -> None:
    take(store, FIRST, page(1), Extractor(turn_page=lambda one: replace(one, text=invented(9).text, extractor="older-1")))
    take(store, SECOND, page(1), Extractor())
    take(store, "http://three.example/c", page(9), Extractor())
    assert relations(store) == {("http://three.example/c", FIRST): "identical"}
    reextract(store)
    third = ("http://three.example/c", FIRST)
    assert relations(store) in ({(SECOND, FIRST): "identical"}, {(SECOND, FIRST): "identical", third: "related"})
    assert [one.match.relation for one in door.show(store, FIRST).former] == [Relation.IDENTICAL]
    take(store, "http://four.example/d", page(1), Extractor())
    assert relations(store)["http://four.example/d", FIRST] == "identical"


def test_a_page_is_fetched_again_after_it_and_has_not_changed(store: Store) -> None:
    take(store, FIRST, page(1))
    reextract(store)
    take(store, FIRST, page(1), Extractor())
    assert len(door.show(store, FIRST).versions) == 1


def test_what_only_the_feed_had_said_stays(store: Store) -> None:
    told = Hints(authors=("Ines Marland", "AFP"), tags=("harbour",))
    take(store, FIRST, page(1), Extractor(turn_page=lambda one: replace(one, extractor="older-1")), told)
    before = now(store, FIRST)
    assert (before.authors, before.credit) == (("Ines Marland",), "AFP")
    assert reextract(store).changed == []
    assert now(store, FIRST) == replace(before, extractor=EXTRACTOR)


def test_a_page_that_is_no_article_now_stays_and_is_named(store: Store) -> None:
    def nothing(article: Article) -> Article:
        raise NotAnArticle("a list of stories", reason="section")

    take(store, FIRST, page(1))
    before = now(store, FIRST)
    ran = reextract(store, Extractor(turn_page=nothing))
    assert (ran.failed, ran.task.done, ran.task.changed) == (["section"], 1, 0)
    assert now(store, FIRST) == before


def test_what_a_person_said_stays_without_places_in_the_old_text(store: Store) -> None:
    take(store, FIRST, page(1))
    take(store, SECOND, page(1))
    store.judge(
        2, 1, Match(other=0, relation=Relation.DERIVED, passages=(Passage(start=0, end=9, other_start=0, other_end=9),)), "read", NOW
    )
    reextract(store)
    (said,) = [row for row in door.export(store, "relations") if row["judge"] == "person"]
    assert (said["relation"], said["note"], said["passages"]) == ("derived", "read", [])


def test_it_goes_on_where_it_stopped_and_puts_each_right_once(store: Store, store_url: str) -> None:
    for number in range(BATCH + 3):
        take(store, f"http://outlet{number}.example/", page(number))
    with pytest.raises(StoreError):
        reextract(store, Extractor(stop_page=BATCH + 2))
    assert check.check(store_url, lambda *_: None).problems == ()
    again = Extractor()
    ran = reextract(store, again)
    assert (ran.began[0].done, ran.began[0].changed, len(again.extracted)) == (BATCH, BATCH, 3)
    assert (ran.task.done, ran.task.changed) == (BATCH + 3, BATCH + 3)
    assert all(NOISE not in row["text"] for row in door.export(store, "versions"))
    with raw(store_url) as conn:
        assert conn.exec_driver_sql("SELECT * FROM task").all() == []


def test_only_an_outlet_or_since(store: Store) -> None:
    take(store, FIRST, page(1))
    take(store, SECOND, page(2))
    assert [one.now.url for one in reextract(store, outlet=("two", frozenset({"two.example"}))).changed] == [SECOND]
    assert reextract(store, since=("tomorrow", NOW + 600 * MINUTE)).task.total == 0


def test_texts_that_another_program_put_in_are_found_right_and_forgotten_whole(store: Store, store_url: str) -> None:
    """On SQLite the old terms of such a text cannot be taken out one by one: the index is made anew at the end."""
    take(store, FIRST, page(1))
    take(store, SECOND, page(2))
    with raw(store_url) as conn:
        conn.exec_driver_sql("UPDATE version SET software = 'wirewatch 0.1'")
        conn.commit()
    reextract(store)
    assert found(store, "harbour letter") == []
    assert found(store, invented(1).title) == [FIRST]
    assert {row["software"] for row in door.export(store, "versions")} != {"wirewatch 0.1"}
    purge.purge(store, Wanted(urls=frozenset({FIRST})))
    assert check.check(store_url, lambda *_: None).problems == ()


def test_two_at_a_time_do_not_both_write(store: Store) -> None:
    for number in range(2):
        take(store, f"http://outlet{number}.example/", page(number))

    def other(article: Article) -> Article:
        nonlocal once
        if once:
            once = False
            thread = threading.Thread(target=reextract, args=(store,))
            thread.start()
            thread.join()
        return article

    once = True
    with pytest.raises(InputError, match="another reextract"):
        reextract(store, Extractor(turn_page=other))
    assert all(NOISE not in row["text"] for row in door.export(store, "versions"))
