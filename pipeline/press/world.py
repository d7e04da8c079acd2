"""What is published when. The same seeds, start and number make the same world; the clock only decides how much of it is out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from pipeline.press import abroad, changes
from pipeline.press.papers import OUTLETS, Outlet, outlet_by_key
from pipeline.press.reprints import bundled, reprints_of
from pipeline.press.runs import Run, runs_of
from pipeline.press.seeds import Seed, Text
from pipeline.press.writing import Desk

BACKLOG = 6  # unrelated stories that each outlet has out before the press starts
EVERY = timedelta(seconds=150)  # one more comes out somewhere: 48 in two hours
FEED = 20  # entries of a feed
_BEFORE = timedelta(hours=24)  # how far back the backlog goes
_FRESH = timedelta(hours=48)  # a seed older than this at the start broke, for the press, half a day before the start
_EMPTY_START = datetime(2024, 5, 14, 18, 0, tzinfo=UTC)
_OWN_URL = re.compile(r"/(\d{4}/\d\d/\d\d)/([^/?#]+)-a(\d+)(?:[/?#]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A story as it stands from a moment on. ``made_to_be``, ``way``: where this edition is something else than the story was at first."""

    at: datetime
    text: Text
    slug: str
    made_to_be: str | None = None
    way: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article of one outlet.

    ``trouble``: why its page cannot be read ("gone", "soft-404", "consent", "consent-host"), though feeds list it;
    ``withdrawn``: from when on it is not there any more, and how that shows ("withdrawn-410", "withdrawn-404", "withdrawn-soft").
    """

    outlet: Outlet
    number: int
    editions: tuple[Edition, ...]
    day: str  # YYYY/MM/DD, as addresses carry it
    kind: str = "news"
    completeness: str = "full"
    seed: str | None = None
    made_to_be: str = "distinct"
    way: str | None = None
    parents: tuple[str, ...] = ()
    trouble: str | None = None
    withdrawn: tuple[datetime, str] | None = None

    def trouble_at(self, now: datetime) -> str | None:
        """Why its page cannot be read at that moment."""
        return self.withdrawn[1] if self.withdrawn and self.withdrawn[0] <= now else self.trouble

    @property
    def published(self) -> datetime:
        """When the first edition came out."""
        return self.editions[0].at

    def edition(self, now: datetime) -> Edition:
        """The one that stands at that moment (the first, before any does)."""
        return [edition for edition in self.editions if edition.at <= now or edition is self.editions[0]][-1]


class World:
    """All stories, in the order in which they come out."""

    def __init__(self, seeds: list[Seed], start: datetime | None = None, number: int = 0) -> None:
        """``start``: the moment at which the press opens; without it, twelve hours after the newest seed."""
        newest = max((seed.published for seed in seeds), default=None)
        self.start = start or (newest + timedelta(hours=12) if newest else _EMPTY_START)
        self.seeds = seeds
        self._number = number
        self._desk = Desk(number)
        self._random = Random(f"world {number}")  # noqa: S311 - invented news, not secrets
        self._numbers: dict[str, Iterator[int]] = {outlet.key: _numbers(place) for place, outlet in enumerate(OUTLETS)}
        self._stories: list[Story] = []
        self._stream = 0
        self._make_backlog()
        self._write_abroad()
        for turn, seed in enumerate(seeds):
            self._run(seed, turn)
        self._stories.sort(key=lambda story: (story.published, story.outlet.key, story.number))
        self._moments: list[datetime] = []
        self._extend(self.start + 40 * EVERY)

    def out(self, now: datetime) -> list[Story]:
        """What is published by then, oldest first."""
        self._extend(now)
        return self._stories[: bisect_right(self._stories, now, key=lambda story: story.published)]

    def of(self, outlet: Outlet, now: datetime) -> list[Story]:
        """One outlet's, newest first."""
        return [story for story in reversed(self.out(now)) if story.outlet.key == outlet.key]

    def epoch(self, now: datetime) -> int:
        """How many editions are out: pages change only when this does."""
        self._extend(now)
        return bisect_right(self._moments, now)

    def _make_backlog(self) -> None:
        for place in range(BACKLOG * len(_DESKS)):
            at = self.start - _BEFORE + place * (_BEFORE - timedelta(minutes=5)) / (BACKLOG * len(_DESKS))
            self._stories.append(self._unrelated(place, at.replace(microsecond=0)))
        for turn in range(_OLDER):  # the first of the outlets has boxes of older stories on its pages
            self._stories.append(self._unrelated(len(_DESKS) * (BACKLOG + turn), self.start - _BEFORE - timedelta(hours=2 + turn)))

    def _write_abroad(self) -> None:
        """What is written in other languages stands in files and ends; the aggregator bundles what its agencies sent."""
        for outlet in OUTLETS:
            for turn, text in enumerate(abroad.stories(outlet.language) if outlet.language != "en" else ()):
                at = self.start - _BEFORE + timedelta(hours=5 * turn, minutes=17) if turn < _ABROAD else self.start
                late = timedelta(minutes=30 * (turn - _ABROAD + 1)) if turn >= _ABROAD else timedelta(0)
                self._stories.append(self._story(outlet, text, at + late))
        for turn in range(2):
            dispatches = [self._desk.story(section="news", credit=agency, authors=0) for agency in ("AFW", "NOP", "CDN")]
            at = self.start - timedelta(hours=18 - 12 * turn)
            self._stories.append(self._story(outlet_by_key("bundle"), bundled(dispatches), at))

    def _extend(self, until: datetime) -> None:
        """The endless stream behind the start, made as far as it is asked for."""
        grew = not self._moments
        while (at := self.start + (self._stream + 1) * EVERY) <= until:
            self._insert(self._unrelated(BACKLOG * len(_DESKS) + self._stream, at))
            self._stream += 1
            grew = True
        if grew:
            gone = [story.withdrawn[0] for story in self._stories if story.withdrawn]
            self._moments = sorted([*gone, *(edition.at for story in self._stories for edition in story.editions)])

    def _insert(self, story: Story) -> None:
        self._stories.insert(bisect_right(self._stories, story.published, key=lambda other: other.published), story)

    def _unrelated(self, place: int, at: datetime) -> Story:
        outlet = _DESKS[place % len(_DESKS)]
        turn = place // len(_DESKS)
        opinion = outlet.key == "moskva" and turn % 3 == 2
        agency = "AFW" if outlet.key == "wire" else None
        sections = ("news", "business", "climate", "arts", "sport")
        text = self._desk.story(
            section="opinion" if opinion else sections[(turn + place) % len(sections)],
            credit=agency,
            authors=0 if agency and turn % 2 else 1 + (turn % 4 == 1),
        )
        if agency:
            text = replace(text, dateline=f"{text.place.upper()} (AFW)")
        story = self._story(outlet, text, at, kind="opinion" if opinion else "news")
        if (outlet.key, turn) in _TROUBLE:
            return replace(story, trouble=_TROUBLE[outlet.key, turn])
        if (outlet.key, turn) in _WITHDRAWN:
            after, how = _WITHDRAWN[outlet.key, turn]
            return replace(story, withdrawn=(self.start + timedelta(minutes=after), how))
        if outlet.key == "walled" and turn % 3 == 1:
            short = replace(text, paragraphs=changes.stub(text.paragraphs))
            return replace(story, editions=(replace(story.editions[0], text=short),), completeness="truncated")
        if outlet.key == "moskva" and not opinion and turn % 4 == 0:
            return _edited(story)
        return story

    def _story(self, outlet: Outlet, text: Text, at: datetime, kind: str = "news") -> Story:
        edition = Edition(at=at, text=text, slug=slug(text.title))
        return Story(outlet=outlet, number=next(self._numbers[outlet.key]), editions=(edition,), day=f"{at:%Y/%m/%d}", kind=kind)

    def _run(self, seed: Seed, turn: int) -> None:
        fresh = self.start - _FRESH <= seed.published <= self.start - timedelta(hours=6)
        broke = seed.published if fresh else self.start - timedelta(hours=12) + timedelta(minutes=7 * turn)
        chance = Random(f"runs {self._number} {seed.name}")  # noqa: S311 - invented news, not secrets
        for run in (*runs_of(seed, turn, self._desk, chance), *reprints_of(seed, self._desk, chance)):
            self._stories.append(self._run_story(seed, run, broke))

    def _run_story(self, seed: Seed, run: Run, broke: datetime) -> Story:
        at = broke + timedelta(minutes=run.after) if run.late is None else self.start + timedelta(minutes=run.late)
        story = self._story(outlet_by_key(run.outlet), run.text, at)
        parents = []
        if run.merged is not None:
            parents.append(self._story(outlet_by_key("wire"), replace(run.merged, dateline=f"{run.merged.place.upper()} (AFW)"), broke))
            self._stories.append(parents[0])
        own = _OWN_URL.search(seed.url) if run.way == "original" else None
        if own:
            edition = replace(story.editions[0], slug=own[2])
            story = replace(story, editions=(edition,), number=int(own[3]), day=own[1])
        later = (
            Edition(
                at=self.start + timedelta(minutes=change.at),
                text=change.text,
                slug=slug(change.text.title) if change.moved else story.editions[0].slug,
                made_to_be=change.relation,
                way=change.way,
            )
            for change in run.later
        )
        return replace(
            story,
            editions=(*story.editions, *later),
            trouble=run.trouble,
            withdrawn=(self.start + timedelta(minutes=run.withdrawn[0]), run.withdrawn[1]) if run.withdrawn else None,
            seed=seed.name,
            made_to_be=run.relation,
            way=run.way,
            completeness=run.completeness,
            parents=tuple(f"{parent.outlet.key}:{parent.number}" for parent in parents),
        )


_DESKS = tuple(outlet for outlet in OUTLETS if outlet.desk)
_OLDER = 6
_ABROAD = 5  # stories in another language that are out before the press starts; the others come later
_TROUBLE = {
    ("moskva", 3): "gone",
    ("metro", 3): "soft-404",
    ("walled", 3): "consent",
    ("bulletin", 3): "gone",
    ("continental", 1): "consent",
    ("continental", 3): "consent",
    ("continental", 4): "consent-host",
}
# (outlet, which of its stories): minutes after the start, how
_WITHDRAWN = {
    ("meridian", 2): (70, "withdrawn-410"),
    ("bulletin", 1): (90, "withdrawn-404"),
    ("swift", 2): (100, "withdrawn-soft"),
}


def _edited(story: Story) -> Story:
    """The same story with a paragraph held back at first, and another headline, so another slug, 25 minutes later."""
    first = story.editions[0]
    held = replace(first, text=replace(first.text, paragraphs=first.text.paragraphs[:3] + first.text.paragraphs[4:]))
    title = f"What to Know: {first.text.title}"
    later = Edition(at=first.at + timedelta(minutes=25), text=replace(first.text, title=title), slug=slug(title))
    return replace(story, editions=(held, later))


def _numbers(place: int) -> Iterator[int]:
    number = 82_000 + 10_000 * place
    while True:
        number += 3 + number % 7
        yield number


def slug(title: str) -> str:
    """A headline as addresses carry it."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", title.lower()))
    return "-".join(words[:9]) or "story"
