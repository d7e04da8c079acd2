"""What `story` and `show` print of a family, to the letter: at 80 and 120 columns, wider, and into a pipe."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import shown, tables
from pipeline.families.origin import Origin
from pipeline.model import Instant, Match, Relation
from pipeline.store.rows import Listed, Parent, Story, Told

GOLDEN = Path(__file__).resolve().parent / "golden" / "story"
SIX = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)


class Terminal(io.StringIO):
    """What is printed goes to a terminal."""

    def isatty(self) -> bool:
        return True


def listed(number: int, title: str, outlet: str, minutes: int | None, **more: object) -> Listed:
    published = Instant.day(2026, 3, 1) if minutes is None else Instant.of(SIX + timedelta(minutes=minutes))
    known: dict[str, object] = {"outlet_name": None, "language": "en", "kind": "news", "completeness": "full", "credit": "NOP"}
    known |= {"version_id": number, "authors": (), "versions": 1, "first_seen": SIX + timedelta(minutes=minutes or 90, seconds=40)}
    return Listed(article_id=number, title=title, outlet=outlet, published=published, url=f"https://{outlet}/{number}", **(known | more))  # type: ignore[arg-type]


def told(article: Listed, relation: Relation, shares: tuple[float, float], *parents: Parent, **more: object) -> Told:
    """``shares``: of the seed, of its text."""
    known: dict[str, object] = {
        "new_sentences": (),
        "figures_changed": (),
        "longest_run": 80,
        "why": "",
        "judge": "machine",
        "aligned": True,
    }
    back, coverage = shares
    match = Match(other=1, relation=relation)
    return Told(
        article=article,
        relation=relation,
        coverage=coverage,
        other_coverage=back,
        match=match,
        parents=parents,
        **(known | more),  # type: ignore[arg-type]
    )


def parent(number: int, outlet: str, coverage: float = 1.0, *, within: bool = True) -> Parent:
    url = f"https://{outlet}/{number}"
    return Parent(article_id=number, outlet=outlet, url=url, title="Ferry", coverage=coverage, other_coverage=0.9, within=within)


FIRST = parent(12, "wire.example")
STORY = Story(
    about=listed(1, "Ferry Operator Suspends Saltholm Route After Hull Cracks Found", "", 0, seed="ferry", authors=("Mads Lind",)),
    origin_url="https://wire.example/ferry",
    origin=Origin(name="NOP", by="credit", why="NOP, by the credit line of 4 of 5"),
    told=(
        told(listed(12, "Ferry Operator Suspends Saltholm Route", "wire.example", 4, outlet_name="The Wire"), Relation.IDENTICAL,
             (1.0, 1.0), why="Word for word the seed."),
        told(listed(30, "Report: Ferry operator suspends route", "harborledger.example", 31), Relation.COPY, (0.999, 0.97), FIRST,
             why="97 % of the text stands in the seed, and 99 % of that one here.", figures_changed=(("11", "14"),)),
        told(listed(31, "Ferry: the story so far", "a-very-long-name-of-an-outlet.example", 44), Relation.EXCERPT, (0.04, 1.0), FIRST,
             why="100 % of the text stands in the seed: the first 2 of 27 paragraphs."),
        told(listed(7, "World in Brief: Ferry; Night Train to Stop Again", "quarrybaypost.test", 58), Relation.DERIVED, (0.46, 0.67),
             FIRST, parent(168, "nightly.example", 0.3, within=False),
             why="276 words (67 % of the text) are taken from the seed: the first 11 of 27 paragraphs; adds 10 sentences.",
             new_sentences=("The night train will call at Dunvarra again from spring, ending 34 winters of silence in town.", "b", "c")),
        told(listed(123456, "Two Wires in One", "quarrybaypost.test", 59), Relation.DERIVED, (0.3, 0.3), parent(123450, "wire.example"),
             parent(123451, "nightly.example", within=False)),
        told(listed(40, "On the Quay, a Line of Trucks", "metrodaily.test", 70), Relation.RELATED, (0.0, 0.0),
             why="The same subject as the seed in other words (similarity 0.52).", new_sentences=("Not of a text that it shares.",)),
        told(listed(33, "Ferry\x1b[31m Operator Suspends Route", "bulletin.test", None), Relation.REVISION, (0.98, 0.98), FIRST,
             judge="person", note="read side by side", figures_changed=(("11", "14"), ("3.8", "4.5"), ("2", "3"), ("7", "8"))),
    ),
    beyond=(168, 170),
)  # fmt: skip


def printed(monkeypatch: pytest.MonkeyPatch, columns: int | None, *, as_json: bool = False) -> str:
    out = io.StringIO() if columns is None else Terminal()
    if columns is not None:
        monkeypatch.setenv("COLUMNS", str(columns))
    with redirect_stdout(out):
        tables.stories([STORY], json=as_json)
    return out.getvalue()


@pytest.mark.parametrize("columns", [80, 120, 200, None])
def test_a_story_reads_as_it_was_meant_to(columns: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    out = printed(monkeypatch, columns)
    golden = GOLDEN / f"{columns or 'pipe'}.txt"
    assert out == golden.read_text(encoding="utf-8"), f"if this is meant, write it to {golden.name}"
    assert "\x1b" not in out
    if columns:
        assert max(map(len, out.split("\n"))) <= columns


def test_what_moves_a_verdict_is_told_of_each_kind() -> None:
    related = Match(other=1, relation=Relation.RELATED, similarity=0.414, coverage=0.2)
    told = [related, replace(related, aligned=False), replace(related, relation=Relation.EXCERPT)]
    assert [shown.share(match) for match in told] == ["similarity 0.41", "counted only", "20 %"]


def test_json_carries_parents_origin_and_both_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [json.loads(row) for row in printed(monkeypatch, None, as_json=True).splitlines()]
    merged = rows[3]
    assert [(one["article"], one["within"], one["coverage"]) for one in merged["parents"]] == [(12, True, 1.0), (168, False, 0.3)]
    assert (merged["coverage"], merged["other_coverage"]) == (0.67, 0.46)
    origin = {"name": "NOP", "by": "credit", "why": "NOP, by the credit line of 4 of 5", "outlet": None, "article": None}
    assert [row["story_origin"] for row in rows] == [origin] * len(rows)
    assert rows[0]["parents"] == []


def test_the_story_of_an_article_names_what_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    about = replace(listed(9, "Ferry", "metro.test", 99))
    with redirect_stdout(io.StringIO()) as out:
        tables.stories([replace(STORY, about=about, parents=(FIRST, parent(7, "quarrybaypost.test")))], json=False)
    assert "  #9 ← #12 + #7\n" in out.getvalue()
    assert "of #9 " in out.getvalue()
    assert "not with #9: #168, #170" in out.getvalue()
