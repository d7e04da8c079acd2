"""What is taken of a source's entries, by address, title, subject and age; and when its parts are asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import choice, parts
from pipeline.model import Candidate, Child, Hints, Instant, Part, Patterns, Source

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def entry(
    url: str = "https://paper.example/world/2026/02/27/talks-in-geneva", title: str = "Talks in Geneva", **hints: object
) -> Candidate:
    return Candidate(url=url, source="s", seen_at=NOW, hints=Hints(title=title, **hints))  # type: ignore[arg-type]  # fields of Hints


def source(**more: object) -> Source:
    return Source(name="s", kind="feed", url="https://paper.example/rss", **more)  # type: ignore[arg-type]  # fields of Source


def kept(candidate: Candidate, **more: object) -> bool:
    return bool(choice.choose([candidate], source(**more), first=True, now=NOW).taken)


@pytest.mark.parametrize(
    ("key", "pattern", "matches"),
    [
        ("url", "/world/*", True),
        ("url", "/worlds/*", False),
        ("url", "*/2026/*", True),
        ("url", "geneva", True),
        ("url", "https://paper.example/world/*", True),
        ("url", r"re:/\d{4}/\d\d/", True),
        ("url", r"re:/sport/", False),
        ("title", "talks*", True),
        ("title", "Talks", True),
        ("title", "talks", True),
        ("title", "*geneva", True),
        ("title", "geneva*", False),
        ("title", "re:^talks in", True),
        ("keyword", "geneva", True),
        ("keyword", "GENÈVA", True),
        ("keyword", "gene", False),
        ("keyword", "gene*", True),
        ("keyword", "talks in", True),
        ("keyword", "world", True),  # of the address
        ("keyword", "Ferry", True),  # of the tags
        ("keyword", "storm surge", True),  # of the description
        ("keyword", "surge storm", False),
    ],
)
def test_patterns(key: str, pattern: str, matches: bool) -> None:
    candidate = entry(description="A storm  surge is feared.", tags=("Ferry",))
    patterns = Patterns(**{key: (pattern,)})
    assert kept(candidate, include=patterns) is matches
    assert kept(candidate, exclude=patterns) is not matches


def test_accents_case_and_scripts_without_blanks() -> None:
    assert kept(entry(title="Über die Brücke"), include=Patterns(keyword=("BRUCKE",)))
    assert kept(entry(title="Мост закрыли"), include=Patterns(keyword=("мост",)))
    assert kept(entry(title="两国同意恢复边境贸易"), include=Patterns(keyword=("边境",)))
    assert not kept(entry(title="Мостовая"), include=Patterns(keyword=("мост",)))


def test_each_key_of_include_must_match_and_any_of_exclude_leaves_out() -> None:
    both = Patterns(url=("/world/*",), keyword=("geneva", "oslo"))
    assert kept(entry(), include=both)
    assert not kept(entry(url="https://paper.example/sport/geneva"), include=both)
    assert not kept(entry(), exclude=Patterns(url=("/sport/*",), keyword=("geneva",)))


@pytest.mark.parametrize(("key", "pattern"), [("url", "re:("), ("keyword", "--"), ("title", "  ")])
def test_a_pattern_that_cannot_be_used_is_told(key: str, pattern: str) -> None:
    assert choice.problem(key, pattern)


@given(st.text(max_size=30), st.text(max_size=60))
def test_any_pattern_that_is_not_refused_can_be_asked(pattern: str, title: str) -> None:
    for key in ("url", "title", "keyword"):
        if not pattern.startswith("re:") and choice.problem(key, pattern) is None:
            kept(entry(title=title), include=Patterns(**{key: (pattern,)}))


def test_other_patterns_have_another_fingerprint() -> None:
    told = {choice.fingerprint(source(**{side: Patterns(title=(word,))})) for side in ("include", "exclude") for word in ("a", "b")}
    assert len(told) == 4
    assert choice.fingerprint(source()) == ""


def test_backfill_counts_from_now_or_from_the_newest_entry() -> None:
    def left(*days: int, backfill: timedelta = 30 * DAY, first: bool = True) -> int:
        offered = [entry(f"https://paper.example/{n}", published=Instant.of(NOW - day * DAY)) for n, day in enumerate(days)]
        return len(choice.choose(offered, source(backfill=backfill), first=first, now=NOW).old)

    assert left(0, 29, 31, 400) == 2
    assert left(1000, 1029, 1031) == 1  # a paper that stopped gives its last month
    assert left(0, 400, first=False) == 0
    undated = choice.choose([entry("https://paper.example/x")], source(backfill=30 * DAY), first=True, now=NOW)
    assert (len(undated.taken), len(choice.choose([entry()], source(backfill=0 * DAY), first=True, now=NOW).old)) == (1, 1)


# ── parts ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "begin", "end"),
    [
        ("/sitemap/2026-3.xml", (2026, 3, 1), (2026, 4, 1)),
        ("/sitemap/2026-12.xml", (2026, 12, 1), (2027, 1, 1)),
        ("/sitemap-202602.xml", (2026, 2, 1), (2026, 3, 1)),
        ("/sitemap_20260228.xml.gz", (2026, 2, 28), (2026, 3, 1)),
        ("/2026/02/28/sitemap.xml", (2026, 2, 28), (2026, 3, 1)),
        ("/sitemap.xml?yyyy=2026&mm=02&dd=03", (2026, 2, 3), (2026, 2, 4)),
        ("/archive/2019/sitemap-2026-02.xml", (2026, 2, 1), (2026, 3, 1)),
        ("/year-2025.xml", (2025, 1, 1), (2026, 1, 1)),
    ],
)
def test_the_time_in_a_name(path: str, begin: tuple[int, int, int], end: tuple[int, int, int]) -> None:
    assert parts.period(f"https://static.paper.example{path}") == (datetime(*begin, tzinfo=UTC), datetime(*end, tzinfo=UTC))


@pytest.mark.parametrize("path", ["/sitemap-12.xml", "/sitemap.xml", "/post-sitemap20261.xml", "/2026-13-45x/"])
def test_no_time_in_a_name(path: str) -> None:
    assert parts.period(f"https://x2024.example{path}") in (None, (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)))


@given(st.text(max_size=80))
def test_any_address_has_a_time_or_none(text: str) -> None:
    span = parts.period(f"https://paper.example/{text}")
    assert span is None or span[0] < span[1]


def site(*numbers: int, stated: str | None = None) -> list[Part]:
    return [Part(url=f"https://p.example/map-{number}.xml", stated=stated) for number in numbers]


def test_the_newest_is_told_by_what_was_found_in_it_or_stands_at_either_end() -> None:
    unknown = site(1, 2, 3, 10)
    assert parts.newest(unknown) == {unknown[0].url, unknown[3].url}
    days = ("2020-01-01", "2026-02-28", "2019-01-01")
    learned = [Part(url=part.url, stated=f"~{day}") for part, day in zip(site(1, 2, 3), days, strict=True)]
    assert parts.newest(learned) == {learned[1].url}
    assert parts.newest(site(1, 2, stated="2026-02-28")) == frozenset()


def test_each_series_has_a_newest_of_its_own() -> None:
    names = ("posts-2026-1", "posts-2026-2", "pages-2019-5", "pages-2019-6")
    found = parts.newest([Part(url=f"https://p.example/{name}.xml") for name in names])
    assert found == {"https://p.example/posts-2026-2.xml", "https://p.example/pages-2019-6.xml"}


def test_rests_grow_and_end_when_something_changed() -> None:
    part, now, rests = Part(url="https://p.example/2020-1.xml"), NOW, []
    for _ in range(9):
        part = parts.asked(part, now, changed=False)
        assert part.due_at is not None
        rests.append((part.due_at - now).days)
        now = part.due_at
    assert rests == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert parts.asked(part, now, changed=True).due_at == now + DAY


def test_what_is_stated_unchanged_is_not_asked() -> None:
    child = Child(url="https://p.example/a.xml", stated="2026-02-28")
    (part,) = parts.listed([child], {}, NOW, None)
    assert part.due_at == NOW
    read = parts.asked(part, NOW, changed=True)
    assert read.due_at is None
    assert parts.listed([child], {child.url: read}, NOW, None) == []
    (changed,) = parts.listed([Child(url=child.url, stated="2026-03-01")], {child.url: read}, NOW, None)
    assert changed.due_at == NOW
