"""What is learned of an outlet's pages: its pages come out cleaner and cheaper, a new design is noticed, and nothing is hidden by what was
learned of the old one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from judging import Judge, flow
from papers import Sheet, sheet
from storing import NOW, response

from pipeline.app import read_page
from pipeline.extract import place
from pipeline.extract.page import read as parsed
from pipeline.habits import AFFIXES, GONE, MOST, PLACES, learned
from pipeline.model import Candidate, Hints, Layout, Outlet, Profile, Read, Response, Status
from pipeline.store import Store, purge
from pipeline.store import read as door
from pipeline.store.rows import Wanted
from pipeline.watching import telling

PAPER = "tideway.example"


# ── the rules ─────────────────────────────────────────────────────────────────────────────────────


def after(*layouts: Layout, profile: Profile | None = None) -> Profile:
    known = profile or Profile()
    for layout in layouts:
        known = learned(known, layout, NOW)
    return known


def test_a_place_is_relied_on_after_some_stories_and_forgotten_when_it_is_met_no_more() -> None:
    one, other = Layout(container="div.a", byline="p.by"), Layout(container="div.b", byline="p.who")
    assert after(*[one] * (PLACES - 1)).containers == ()
    known = after(*[one] * PLACES)
    assert (known.containers, known.byline) == (("div.a",), "p.by")
    both = after(*[one, other] * PLACES)
    assert set(both.containers) == {"div.a", "div.b"}, "two designs at a time"
    assert after(*[other] * GONE, profile=known).containers == ("div.b",)


def test_a_place_that_held_too_little_is_relied_on_no_more_after_a_few() -> None:
    known = after(*[Layout(container="div.a")] * MOST)
    refuted = [Layout(container="div.b", refuted="div.a")]
    assert "div.a" in after(*refuted, profile=known).containers
    assert after(*refuted * 3, profile=known).containers == ("div.b",)


def test_an_affix_stands_in_most_titles_of_different_stories() -> None:
    assert after(*[Layout(affixes=("the ledger",))] * (AFFIXES - 1)).title_affix is None
    assert after(*[Layout(affixes=(f"story {number}", "the ledger")) for number in range(AFFIXES)]).title_affix == "the ledger"
    running = [Layout(affixes=("harbour war",)), Layout(), Layout()] * AFFIXES
    assert after(*running).title_affix is None


def test_what_brings_nothing_new_changes_nothing_so_that_nothing_is_written() -> None:
    layout = Layout(container="div.a", byline="p.by", affixes=("the ledger",))
    known = after(*[layout] * MOST)
    assert learned(known, layout, NOW + timedelta(hours=3)) == known
    assert learned(known, layout, NOW + timedelta(days=2)).bodies[0].seen == NOW + timedelta(days=2)


def test_what_is_remembered_is_bounded() -> None:
    known = after(*[Layout(container=f"div.c{number}", affixes=(f"end {number}", f"front {number}")) for number in range(100)])
    assert max(len(known.bodies), len(known.affixes)) < 10


# ── places ────────────────────────────────────────────────────────────────────────────────────────


def tree(html: str) -> object:
    return parsed(response("http://tideway.example/", body=html.encode()), Hints(), None).tree


def test_a_place_is_found_again_whatever_is_numbered_and_only_when_there_is_one() -> None:
    page = tree("<main><div id=post-4711 class='story x99812'><p>One</p></div><div class=other></div></main>")
    told = place.path(page, page.find(".//p").getparent())  # type: ignore[attr-defined, arg-type]
    assert told == "div.story"
    again = tree("<div class=wide><div class='story x55555' id=post-12345>Two</div></div>")
    assert place.find(again, told).text == "Two"  # type: ignore[arg-type, union-attr]
    assert place.find(tree("<div class=story>1</div><div class=story>2</div>"), told) is None  # type: ignore[arg-type]
    assert place.find(tree("<p>nothing</p>"), told) is None  # type: ignore[arg-type]


# ── pages of a known outlet ───────────────────────────────────────────────────────────────────────


def known(*containers: str) -> Outlet:
    return Outlet(domain=PAPER, profile=Profile(containers=containers, pages=9))


def extracted(page: Sheet, outlet: Outlet | None) -> Read:
    return read_page(response(page.url, body=page.body), Hints(), outlet)


def test_a_container_that_holds_a_part_of_the_body_hides_nothing_and_is_reported() -> None:
    for number in range(4):
        page = sheet(number, "new")
        read = extracted(page, known("div.kq2"))
        assert read.article.text == page.text
        assert read.layout is not None
        assert read.layout.refuted == "div.kq2"


def test_more_prose_right_beside_the_container_is_not_hidden() -> None:
    page = sheet(3, "new")
    html = page.body.replace(b'class="nx2"', b"class=kq2x").replace(
        b"<div class=kq2><p>", b"<div class=kq2><p>" + b"Word after word. " * 200
    )
    read = read_page(response(page.url, body=html), Hints(), known("div.kq2"))
    assert all(one in read.article.text for one in page.text.split("\n")[1:])


def test_without_an_outlet_nothing_is_looked_for() -> None:
    assert extracted(sheet(1, "old"), None).layout is None


# ── through the flow and the store ────────────────────────────────────────────────────────────────


@dataclass
class Reader(Judge):
    reads: list[Read] = field(default_factory=list)

    async def read(self, response: Response, hints: Hints, outlet: Outlet | None) -> Read:
        self.reads.append(read_page(response, hints, outlet))
        return self.reads[-1]


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


def take(store: Store, page: Sheet, stages: Reader) -> Status:
    candidate = Candidate(url=page.url, source="given", seen_at=NOW, response=response(page.url, body=page.body))
    return asyncio.run(flow(store, stages).take_in_hand(candidate)).status


def profile(store: Store) -> Profile:
    found = store.outlet(PAPER)
    assert found is not None
    return found.profile


def test_a_story_told_again_teaches_nothing(store: Store) -> None:
    first = sheet(1, "old")
    for number in range(PLACES + 2):
        take(store, replace(first, url=f"http://{PAPER}/again-{number}"), Reader())
    assert (profile(store).pages, profile(store).containers, profile(store).title_affix) == (0, (), None)


def test_a_purge_leaves_no_piece_of_a_headline_in_what_was_learned(store: Store) -> None:
    for number in range(3):
        take(store, sheet(number, "old"), Reader())
    assert [one.pages for one in profile(store).affixes] == [2, 1], "one is a headline that was taken for an affix"
    purge.purge(store, Wanted(urls=frozenset({sheet(1, "old").url})))
    assert profile(store).affixes == ()


@pytest.mark.long
def test_thirty_pages_of_two_designs_and_a_redesign(store: Store) -> None:
    right: dict[str, list[bool]] = {"text": [], "title": [], "author": []}
    costs = []
    for number in range(46):
        page = sheet(number, "new" if number >= 30 else "old" if number % 3 else "feature")
        stages = Reader()
        assert take(store, page, stages) is Status.NEW
        costs.append((layout := stages.reads[-1].layout) is None or layout.searched)
        article = stages.reads[-1].article
        right["text"].append(article.text == page.text)
        right["title"].append(article.title == page.title)
        right["author"].append(article.authors == (page.author,))
        assert take(store, page, Reader()) is Status.UNCHANGED
    # cleaner: the first pages are read wrong, those of a known outlet right, in both designs and after the change
    assert not any(right["text"][:5])
    assert all(right["text"][14:])
    assert not any(right["title"][:5])
    assert all(right["title"][6:])
    assert all(right["author"][6:30])
    assert all(right["author"][36:])
    # cheaper: the search that every first page needs is left out but for the pages that are checked
    assert sum(costs[:5]) == 5
    assert sum(costs[14:30]) <= 16 // 4
    assert sum(costs[34:]) <= 12 // 3
    # unlearned: the old container held one paragraph, and is relied on no more
    known = profile(store)
    assert known.containers == ("div.nxa",)
    assert known.byline == "div.nx1"
    assert known.title_affix == "news from the quay"
    # what was read with less knowledge came out cleaner the second time, and is no edit
    assert len(list(door.export(store, "versions"))) == 46


def test_source_check_says_what_is_relied_on(capsys: pytest.CaptureFixture[str]) -> None:
    met = [Layout(container="div.a", byline="p.by", affixes=("the ledger", "one alone"))]
    known = after(*met, *[Layout(container="div.a", byline="p.by", affixes=("the ledger",))] * (AFFIXES - 1))
    telling.learned(Outlet(domain=PAPER, profile=replace(known, repeated=frozenset({"ab", "cd"}))))
    told = capsys.readouterr().out
    assert "title affix: the ledger (4 pages, since 2026-03-01, last 2026-03-01)" in told
    assert "body stands in: div.a" in told
    assert "byline stands in: p.by" in told
    assert "2 sentences" in told
    assert "one alone" not in told
    telling.learned(Outlet(domain=PAPER, profile=after(*met)))
    assert capsys.readouterr().out == ""
