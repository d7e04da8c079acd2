"""What is told of what happens; and when a digest is due. Pure: no database, no clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import cron
from pipeline.model import Article, Happening, HealthChange, Instant, Match, Relation, Rule, SeedMatch
from pipeline.rules import alerts

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ARTICLE = Article(
    url="https://baltic.example/ferry",
    title="Ferry stopped",
    text="The ferry was stopped.\nDivers found cracks.",
    outlet="baltic.example",
    language="en-GB",
    published=Instant.of(NOW - timedelta(minutes=5)),
)


def related(seed: str = "saltholm", relation: Relation = Relation.COPY, coverage: float = 0.98, **more: Any) -> SeedMatch:
    match = Match(other=1, relation=relation, coverage=coverage, other_coverage=0.9, why="the same words", **more)
    return SeedMatch(seed=seed, title=f"Story of {seed}", match=match, published=Instant.of(NOW - timedelta(minutes=19)))


def came(*matches: SeedMatch, article: Article = ARTICLE, **more: Any) -> Happening:
    told: dict[str, Any] = {"event": "new", "mark": "new:7", "story": "7", "at": NOW, "source": "baltic", "article_id": 7, "version_id": 9}
    return Happening(**told | {"article": article, "matches": matches} | more)


def edited(*matches: SeedMatch, before: Happening, article: Article = ARTICLE, change: str | None = None) -> Happening:
    return came(*matches, article=article, event="version", mark="version:12", version_id=12, before=before, change=change)


def rule(**more: Any) -> Rule:
    return Rule(**{"name": "mine", "events": ("new",), "to": ("desk",)} | more)


def told(one: Rule, happened: Happening) -> list[str]:
    return [made.event for made in alerts([one], happened)]


# ── what is heard ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "heard"),
    [
        (rule(seeds=("*",)), ["match:saltholm:7"]),
        (rule(seeds=("saltholm",)), ["match:saltholm:7"]),
        (rule(seeds=("other",)), []),
        (rule(seeds=("*",), relations=(Relation.EXCERPT,)), []),
        (rule(seeds=("*",), relations=(Relation.EXCERPT, Relation.COPY)), ["match:saltholm:7"]),
        (rule(keywords="ferry cracks"), ["new:7"]),
        (rule(keywords="ferry NOT cracks"), []),
        (rule(seeds=("*",), keywords="cracks"), ["match:saltholm:7"]),
        (rule(seeds=("*",), keywords="submarine"), []),
        (rule(outlets=("baltic.example",)), ["new:7"]),
        (rule(outlets=("other.example",)), []),
        (rule(languages=("en",)), ["new:7"]),
        (rule(languages=("EN-gb",)), ["new:7"]),
        (rule(languages=("de", "e")), []),
        (rule(sources=("baltic",)), ["new:7"]),
        (rule(sources=("other",)), []),
        (rule(within=timedelta(minutes=10)), ["new:7"]),
        (rule(within=timedelta(minutes=4)), []),
        (rule(events=("version",), seeds=("*",)), []),
        (rule(events=("health",)), []),
    ],
)
def test_what_is_given_has_to_hold_together(one: Rule, heard: list[str]) -> None:
    assert told(one, came(related())) == heard


def test_what_is_only_related_or_was_only_counted_is_not_told_unless_asked_for() -> None:
    everything = rule(seeds=("*",))
    assert told(everything, came(related(relation=Relation.RELATED))) == []
    assert told(rule(seeds=("*",), relations=(Relation.RELATED,)), came(related(relation=Relation.RELATED))) == ["match:saltholm:7"]
    assert told(everything, came(related(aligned=False))) == []


def test_each_seed_is_an_event_and_each_target_is_told() -> None:
    both = list(alerts([rule(seeds=("*",), to=("desk", "me"))], came(related("a", coverage=0.5), related("b"))))
    assert [(one.event, one.target) for one in both] == [
        *(("match:b:7", "desk"), ("match:b:7", "me")),
        *(("match:a:7", "desk"), ("match:a:7", "me")),
    ]
    assert len({one.key for one in both}) == 4


def test_a_new_version_tells_only_what_was_not_so_before() -> None:
    copy, words = rule(seeds=("*",)), rule(keywords="cracks")
    assert told(copy, edited(related(), before=came(related()))) == []
    assert told(copy, edited(related(), before=came())) == ["match:saltholm:7"]
    assert told(copy, edited(related(), related("b"), before=came(related()))) == ["match:b:7"]
    assert told(copy, edited(related(), before=came(related(relation=Relation.RELATED)))) == ["match:saltholm:7"]
    short = came(article=Article(url=ARTICLE.url, title=ARTICLE.title, text="The ferry was stopped.", outlet=ARTICLE.outlet))
    assert told(words, edited(before=short)) == ["new:7"]
    assert told(words, edited(before=came())) == []


def test_edits_are_told_by_their_class_also_when_they_take_the_copy_away() -> None:
    copies = rule(events=("version",), seeds=("*",), changes=("correction", "rewrite"))
    assert told(copies, edited(related(), before=came(related()), change="correction")) == ["version:12"]
    assert told(copies, edited(related(), before=came(related()), change="figures")) == []
    assert told(copies, edited(before=came(related()), change="rewrite")) == ["version:12"]
    assert told(copies, edited(before=came(), change="rewrite")) == []
    assert told(rule(events=("new", "version"), seeds=("*",)), edited(related(), before=came())) == ["match:saltholm:7", "version:12"]


def test_withdrawals_and_health() -> None:
    gone = came(related(), event="withdrawn", mark="withdrawn:7:then", why="410 Gone")
    assert told(rule(events=("withdrawn",), seeds=("saltholm",)), gone) == ["withdrawn:7:then"]
    assert told(rule(seeds=("saltholm",)), gone) == []
    ill = Happening(
        event="health",
        mark="health:baltic:then",
        at=NOW,
        source="baltic",
        health=HealthChange(source="baltic", was="ok", health="silent", since=NOW, why=""),
    )
    assert told(rule(events=("health",)), ill) == ["health:baltic:then"]
    assert told(rule(events=("health",), states=("failing",)), ill) == []
    assert told(rule(events=("health",), sources=("other",)), ill) == []
    assert told(rule(seeds=("*",)), ill) == []
    well = HealthChange(source="baltic", was=None, health="ok", since=NOW, why="")
    assert told(rule(events=("health",)), replace(ill, health=well)) == []  # that a new source is well is no news
    assert told(rule(events=("health",)), replace(ill, health=replace(well, was="failing"))) == ["health:baltic:then"]


def test_the_same_happening_gives_the_same_names_and_keys() -> None:
    one, same = (list(alerts([rule(seeds=("*",))], came(related()))) for _ in range(2))
    assert one == same
    later = list(alerts([rule(seeds=("*",))], came(related(), at=NOW + timedelta(seconds=1))))
    assert later[0].event == one[0].event
    assert later[0].key != one[0].key  # another database, or a database made anew, is another sender


def test_facts_say_what_a_message_needs() -> None:
    match = related(new_sentences=("One.", "Two.", "Three.", "Four."), figures_changed=(("3", "4"),))
    (made,) = alerts([rule(seeds=("*",), keywords="cracks")], came(match, outlet_name="Baltic Herald"))
    facts = made.facts
    assert (facts["outlet_name"], facts["relation"], facts["coverage"], facts["seconds_after"]) == ("Baltic Herald", "copy", 0.98, 840)
    assert facts["new_sentences"] == ["One.", "Two.", "Three."]
    assert facts["figures_changed"] == [["3", "4"]]
    assert facts["snippet"] == "Divers found cracks."
    assert "credit" not in facts


# ── digests ───────────────────────────────────────────────────────────────────────────────────────


def test_a_digest_is_due_at_the_next_moment_of_its_cron_expression() -> None:
    (made,) = alerts([rule(keywords="ferry", digest="0 8 * * *", zone="Europe/Vilnius")], came())
    assert made.due_at == made.digest == datetime(2026, 3, 3, 6, tzinfo=UTC)
    (now,) = alerts([rule(keywords="ferry")], came())
    assert (now.due_at, now.digest) == (NOW, None)


@pytest.mark.parametrize(
    ("zone", "expression", "start", "days"),
    [
        ("Europe/Vilnius", "30 3 * * *", datetime(2026, 10, 23, tzinfo=UTC), 5),  # 03:30 comes twice on the 25th
        ("Europe/Vilnius", "30 3 * * *", datetime(2026, 3, 27, tzinfo=UTC), 5),  # and not at all on 29 March
        ("Europe/Berlin", "30 2 * * *", datetime(2026, 10, 23, tzinfo=UTC), 5),
        ("Europe/Berlin", "30 2 * * *", datetime(2026, 3, 27, tzinfo=UTC), 5),
        ("America/New_York", "30 1 * * *", datetime(2026, 10, 30, tzinfo=UTC), 5),
        ("America/New_York", "30 2 * * *", datetime(2026, 3, 6, tzinfo=UTC), 5),
        ("Australia/Lord_Howe", "45 1 * * *", datetime(2026, 4, 2, 14, tzinfo=UTC), 5),  # half an hour
    ],
)
def test_a_digest_comes_once_each_day_also_when_clocks_change(zone: str, expression: str, start: datetime, days: int) -> None:
    local, moment = ZoneInfo(zone), start
    seen = []
    for _ in range(days):
        moment = cron.upcoming(expression, zone, moment)
        seen.append(moment.astimezone(local).date())
    assert seen == [seen[0] + timedelta(days=count) for count in range(days)]


def test_the_second_half_past_three_of_the_night_is_passed_over() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert cron.upcoming("30 3 * * *", "Europe/Vilnius", first - timedelta(minutes=1)) == first
    for minutes in (0, 1, 30, 59, 60, 61, 89):  # also asked in the hour that comes twice
        again = cron.upcoming("30 3 * * *", "Europe/Vilnius", first + timedelta(minutes=minutes))
        assert again == datetime(2026, 10, 26, 1, 30, tzinfo=UTC), minutes


def test_what_the_spring_night_leaves_out_is_due_as_soon_as_it_is_over() -> None:
    assert cron.upcoming("30 3 * * *", "Europe/Vilnius", datetime(2026, 3, 28, 12, tzinfo=UTC)) == datetime(2026, 3, 29, 1, tzinfo=UTC)


@given(
    st.integers(0, 15 * 365 * 86_400).map(lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)),
    st.sampled_from(["0 8 * * *", "30 2 * * *", "*/15 * * * *", "0 9 * * MON-FRI", "0 0 1 * *"]),
    st.sampled_from(["UTC", "Europe/Vilnius", "America/New_York", "Asia/Kathmandu"]),
)
@settings(max_examples=100, deadline=None)
def test_the_next_moment_is_later_and_the_same_from_anywhere_before_it(now: datetime, expression: str, zone: str) -> None:
    moment = cron.upcoming(expression, zone, now)
    assert moment > now
    assert moment.tzinfo is UTC
    assert cron.upcoming(expression, zone, moment - timedelta(seconds=1)) == moment
