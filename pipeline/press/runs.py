"""Which outlet runs a seed in which way. Every row of the facts' table of transformations but translation, for every seed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from random import Random

from pipeline.press import changes, companions
from pipeline.press.papers import REGIONAL, Outlet, outlet_by_key
from pipeline.press.seeds import Seed, Text
from pipeline.press.writing import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """What a version is changed into. ``at``: minutes after the press starts; ``moved``: the address follows the headline."""

    at: int
    way: str
    relation: str
    text: Text
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One outlet's version. ``after``: minutes from when the story broke; ``late``: minutes after the press starts, instead.

    ``merged``: the text that a merger is the other parent of; ``trouble``: why the page cannot be read; ``withdrawn``: minutes after the
    press starts, and how.
    """

    way: str
    relation: str
    outlet: str
    after: int
    text: Text
    late: int | None = None
    completeness: str = "full"
    merged: Text | None = None
    later: tuple[Later, ...] = ()
    trouble: str | None = None
    withdrawn: tuple[int, str] | None = None


def runs_of(seed: Seed, turn: int, desk: Desk, chance: Random) -> list[Run]:
    """Every version of one seed. ``turn``: which seed it is; the regional papers change roles with it."""
    papers = [outlet_by_key(REGIONAL[(place + turn) % len(REGIONAL)]) for place in range(len(REGIONAL))]
    plan = [
        *_straight(seed, papers),
        *_revised(seed, papers),
        *_cut(seed, papers),
        *_mixed(seed, papers, desk, chance),
        *_beside(seed, desk, turn),
    ]
    return [run for run in plan if run is not None]


def own_text(seed: Seed) -> Text:
    """The seed as its own paper has it."""
    return Text(
        title=seed.title,
        paragraphs=seed.paragraphs,
        authors=seed.authors,
        credit=seed.credit,
        caption=seed.caption,
        caption_credit=seed.caption_credit,
        dateline=seed.dateline,
        section="news",
        tags=changes.names(seed)[:4],
        place=changes.place(seed) or "",
    )


def _straight(seed: Seed, papers: list[Outlet]) -> list[Run]:
    own, chance = own_text(seed), Random(f"straight {seed.name}")  # noqa: S311 - invented news, not secrets
    retitled = replace(own, title=changes.headline(seed))
    wire = replace(own, paragraphs=changes.house_style(own.paragraphs), dateline=dateline(seed), authors=())
    pasted = list(changes.house_style(own.paragraphs))
    for at, name in ((4, own.tags[0]), (9, own.tags[1])):
        pasted.insert(min(at, len(pasted)), f"Related article: What we know about {name} so far")
    typeset = tuple(changes.ligatures(changes.curly(line)) for line in own.paragraphs)
    return [
        Run(way="original", relation="identical", outlet="moskva", after=0, text=own),
        Run(way="headline", relation="identical", outlet="metro", after=31, text=retitled),
        Run(way="typography", relation="identical", outlet=papers[0].key, after=44, text=replace(retitled, paragraphs=typeset)),
        Run(
            way="mojibake",
            relation="identical",
            outlet=papers[3].key,
            after=58,
            text=replace(own, paragraphs=tuple(map(changes.mojibake, own.paragraphs))),
        ),
        Run(way="dateline", relation="copy", outlet="wire", after=12, text=wire),
        Run(
            way="spelling",
            relation="copy",
            outlet=papers[1].key,
            after=71,
            text=replace(own, title=changes.respelled(own.title), paragraphs=spelled(own.paragraphs)),
        ),
        Run(way="related-lines", relation="copy", outlet=papers[2].key, after=83, text=replace(own, paragraphs=tuple(pasted))),
        Run(
            way="reordered",
            relation="copy",
            outlet=papers[2].key,
            after=140,
            text=replace(retitled, paragraphs=changes.reordered(own.paragraphs, chance)),
        ),
        Run(
            way="late-spelling",
            relation="copy",
            outlet=papers[0].key,
            after=0,
            late=75,
            text=replace(retitled, paragraphs=spelled(own.paragraphs)),
        ),
    ]


def dateline(seed: Seed) -> str:
    """Not the seed's own: with the day, when that has none; the agency stays the seed's."""
    place = (changes.place(seed) or "LONDON").upper()
    day = f", {seed.published:%B} {seed.published.day}" if seed.dateline else ""
    return f"{place}{day} ({seed.credit or 'AFW'})"


def spelled(paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """British, or another house style where there is nothing to spell."""
    british = tuple(map(changes.respelled, paragraphs))
    return british if british != paragraphs else changes.house_style(paragraphs)


def _revised(seed: Seed, papers: list[Outlet]) -> list[Run]:
    own = own_text(seed)
    figures, changed = changes.new_figures(own.paragraphs)
    few, corrected = changes.new_figures(own.paragraphs, most=1)
    old, new = (corrected or [("one", "another")])[0]
    note = f"Correction: An earlier version of this story gave a figure as {old}. It should have been {new}. The text has been amended."
    who = own.tags
    top = (
        f"The account below adds what became known about {who[0]} after the first dispatches, and replaces all earlier versions.",
        f"Aides to {who[1]} would not comment on the additions, which an official with knowledge of them called overdue.",
    )
    later, _ = changes.new_figures(figures)
    placed = dateline(seed)
    thru = replace(own, title=f"{seed.title} (2nd lead)", paragraphs=(*top, *figures[: len(figures) * 5 // 6]), dateline=placed, authors=())
    again = replace(thru, title=f"{seed.title} (3rd lead)", paragraphs=(*top[:1], *later))
    return (
        [
            Run(
                way="figures",
                relation="revision",
                outlet="wire",
                after=190,
                text=replace(own, paragraphs=figures, dateline=placed, authors=()),
            ),
            Run(way="write-thru", relation="revision", outlet="wire", after=260, text=thru),
            Run(way="correction", relation="revision", outlet=papers[1].key, after=300, text=replace(own, paragraphs=(*few, note))),
            Run(way="late-write-thru", relation="revision", outlet="wire", after=0, late=35, text=again),
        ]
        if changed
        else []
    )


def _cut(seed: Seed, papers: list[Outlet]) -> list[Run]:
    own = own_text(seed)
    short = replace(own, paragraphs=changes.first_share(own.paragraphs, 0.36))
    walled = replace(own, paragraphs=changes.stub(own.paragraphs))
    return [
        Run(way="first-paragraphs", relation="excerpt", outlet=papers[3].key, after=97, text=short),
        Run(way="paywall-stub", relation="excerpt", outlet="walled", after=66, text=walled, completeness="truncated"),
    ]


def _mixed(seed: Seed, papers: list[Outlet], desk: Desk, chance: Random) -> list[Run]:
    own = own_text(seed)
    lead = desk.lead(papers[0].city, changes.names(seed)[:2], 5)
    local = replace(
        own,
        title=f"In {papers[0].city}, Eyes on {own.tags[0]}",
        paragraphs=(*lead, *changes.first_share(own.paragraphs, 0.62)),
        authors=("Staff reporter",),
        dateline=None,
    )
    other = desk.story(section="news", credit="AFW", authors=0)
    half = changes.first_share(own.paragraphs, 0.45)
    merged = replace(
        own, title=f"World in Brief: {own.tags[0]}; {other.title}", paragraphs=(*half, *other.paragraphs[: len(other.paragraphs) * 3 // 4])
    )
    host = desk.story(section="news")
    inside = replace(host, paragraphs=(*host.paragraphs[:4], *changes.middle(own.paragraphs), *host.paragraphs[4:]))
    light = replace(
        own,
        title=changes.headline(seed),
        paragraphs=changes.light_rewrite(own.paragraphs, chance),
        authors=("Web desk",),
        credit=None,
    )
    return [
        Run(way="local-lead", relation="derived", outlet=papers[0].key, after=170, text=local),
        Run(way="merged", relation="derived", outlet=papers[1].key, after=215, text=merged, merged=other),
        Run(way="three-paragraphs", relation="derived", outlet=papers[2].key, after=240, text=inside),
        Run(way="light-rewrite", relation="derived", outlet=papers[3].key, after=275, text=light),
    ]


def _beside(seed: Seed, desk: Desk, turn: int) -> list[Run]:
    own = own_text(seed)
    ours = replace(own, credit=None, authors=("Ottoline Brask",), dateline=None, caption=None, caption_credit=None)
    runs = []
    for way, after, make in (("same-event", 150, companions.same_event), ("day-before", -1200, companions.day_before)):
        title, paragraphs = make(seed)
        text = replace(ours, title=title, paragraphs=tuple(paragraphs))
        runs.append(Run(way=way, relation="related", outlet="moskva", after=after, text=text))
    said = changes.quotes(seed.paragraphs)
    if len(said) >= 2 and sum(len(quote.split()) for quote in said) >= 25:
        text = replace(ours, title=f"In Their Own Words: {own.tags[0]}", paragraphs=tuple(_transcript(said, turn)))
        runs.append(Run(way="quotes-only", relation="related", outlet="walled", after=205, text=text))
    local = desk.story(section="arts")
    caption = replace(local, caption=seed.caption or seed.title, caption_credit=seed.caption_credit or seed.credit)
    return [*runs, Run(way="caption-only", relation="distinct", outlet="metro", after=230, text=caption)]


def _transcript(said: list[str], turn: int) -> list[str]:
    """A page of quotations with sentences of our own between them. ``turn``: no two pages are written in the same words."""
    first, *between, last = _TAPES if turn % 2 == 0 else _NOTES
    lines = [first]
    for number, quote in enumerate(said):
        lines += [between[number % len(between)], f"“{re.sub(r'[,]$', '.', quote)}”"]
    return [*lines, last]


_TAPES = (
    "Our desk has gone through the tapes and sets down here, without summary, what was spoken aloud and by nobody paraphrased.",
    "Recordings were played back on request. From the first of them:",
    "A questioner at the rear pressed the point, and the reply, noted down by three stenographers, ran as follows:",
    "Later in the same session, with the doors open because of the heat, this was taken down:",
    "Microphones picked up one thing more as the panel gathered its papers:",
    "Read into the record at the close, without comment from the chair:",
    "Listeners who want the tapes themselves may apply at the front desk, with a deposit for the headphones.",
)
_NOTES = (
    "Shorthand fills eleven pages of our correspondent's notebook; this is what they hold, minus the coughing and a quarrel over chairs.",
    "On the first page, underlined twice:",
    "Overleaf, in a hurried hand and with the ink run a little:",
    "Further down, beside a sketch of somebody's hat, it goes on:",
    "Then a gap, where the pencil broke, and afterwards:",
    "Squeezed into a margin, as if it had nearly been missed:",
    "Whoever reads shorthand better than we do is invited to correct us; the notebook lies in the window until Friday.",
)
