"""Who else runs a seed, and how: the outlets whose templates are of another kind. Every way that the facts' table names, once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from pipeline.press import changes, companions
from pipeline.press.papers import outlet_by_key
from pipeline.press.runs import Later, Run, dateline, own_text, spelled
from pipeline.press.seeds import Seed, Text
from pipeline.press.writing import Desk


def reprints_of(seed: Seed, desk: Desk, chance: Random) -> list[Run]:
    """Every version of one seed at these outlets."""
    return [
        *_standard(seed, desk),
        *_bulletin(seed, desk, chance),
        *_blog(seed, desk),
        _bundle(seed, desk),
        *_continental(seed, chance),
        *_swift(seed, desk),
        *_translated(seed),
    ]


def bundled(dispatches: Sequence[Text]) -> Text:
    """Several agencies' stories on one page, each under its own heading and credit."""
    lines, headings = [], []
    for text in dispatches:
        heading = f"{text.title} ({text.credit})" if text.credit else text.title
        headings.append(heading)
        lines += [heading, *text.paragraphs]
    first, *rest = dispatches
    return Text(
        title=f"The Bundle: {first.title}; and {len(rest)} more from the wires",
        paragraphs=tuple(lines),
        section="briefing",
        tags=("Briefing", *(text.place for text in dispatches if text.place)),
        headings=tuple(headings),
    )


def _standard(seed: Seed, desk: Desk) -> list[Run]:
    """The Meridian Standard: its own headlines, a paywall, corrections at the foot, a later edition with new figures."""
    own, who = own_text(seed), changes.names(seed)
    british = replace(own, title=changes.respelled(changes.headline(seed)), paragraphs=spelled(own.paragraphs))
    retitled = replace(own, title=f"{who[0]} and {who[1]}: what is known")
    more, changed = changes.new_figures(british.paragraphs)
    few, corrected = changes.new_figures(own.paragraphs, most=1)
    stub = replace(own, paragraphs=changes.stub(own.paragraphs))
    margin = desk.story(section="business")
    runs = [
        Run(way="arc-headline", relation="identical", outlet="meridian", after=26, text=retitled, later=(
            Later(at=20, way="arc-headline-again", relation="identical", text=replace(own, title=f"What we know about {who[0]}")),
        )),
        Run(way="arc-spelling", relation="copy", outlet="meridian", after=52, text=british, later=(
            *((Later(at=40, way="arc-figures", relation="revision", text=replace(british, paragraphs=more)),) if changed else ()),
        )),
        Run(way="arc-stub", relation="excerpt", outlet="meridian", after=77, text=stub, completeness="truncated"),
        Run(way="arc-teaser", relation="distinct", outlet="meridian", after=118, text=replace(margin, teaser=own.summary)),
        Run(way="arc-withdrawn", relation="copy", outlet="meridian", after=133, withdrawn=(70, "withdrawn-410"),
            text=replace(own, paragraphs=changes.house_style(own.paragraphs), dateline=dateline(seed), authors=())),
    ]  # fmt: skip
    if corrected:
        old, new = corrected[0]
        note = f"This article was amended to correct a figure. An earlier version said {old}; the figure is {new}."
        text = replace(own, paragraphs=(*few, note))
        runs.append(Run(way="arc-correction", relation="revision", outlet="meridian", after=310, text=text))
    explained = companions.written(seed, "explainer")
    if explained:
        text = replace(own, title=explained[0], paragraphs=tuple(explained[1]), credit=None, authors=("Dunstan Averill",), dateline=None)
        runs.append(Run(way="arc-explainer", relation="related", outlet="meridian", after=225, text=replace(text, caption=None)))
    return runs


def _bulletin(seed: Seed, desk: Desk, chance: Random) -> list[Run]:
    """The Bulletin: typed in by hand from the wire, cut to what fits, sometimes with the valley's own view on top."""
    own, city = own_text(seed), outlet_by_key("bulletin").city
    typed = replace(own, paragraphs=changes.house_style(own.paragraphs), dateline=dateline(seed), authors=(), caption=None)
    lead = desk.lead(city, changes.names(seed)[:2], 3)
    topped = replace(typed, title=f"{city} Looks On: {own.tags[0]}", paragraphs=(*lead, *typed.paragraphs), dateline=None)
    figures, changed = changes.new_figures(own.paragraphs)
    short = changes.first_share(own.paragraphs, 0.3)
    shuffled = changes.reordered(own.paragraphs, chance)
    local = desk.lead(city, changes.names(seed)[1:3], 3)
    half = changes.first_share(own.paragraphs, 0.5)
    below = replace(typed, title=f"The Valley and {own.tags[1]}", paragraphs=(*local, *half), authors=("Bulletin staff",), dateline=None)
    runs = [
        Run(way="typed-in", relation="copy", outlet="bulletin", after=110, text=typed, later=(
            Later(at=80, way="typed-in-topped", relation="derived", text=topped),
        )),
        Run(way="typed-short", relation="excerpt", outlet="bulletin", after=125, text=replace(own, paragraphs=short, caption=None)),
        Run(way="typed-reordered", relation="copy", outlet="bulletin", after=152, text=replace(own, paragraphs=shuffled, caption=None)),
        Run(way="typed-local-lead", relation="derived", outlet="bulletin", after=257, text=below),
    ]  # fmt: skip
    if changed:
        text = replace(own, paragraphs=figures, authors=(), caption=None)
        runs.append(Run(way="typed-figures", relation="revision", outlet="bulletin", after=236, text=text))
    return runs


def _blog(seed: Seed, desk: Desk) -> list[Run]:
    """The blog: long passages quoted with its own words around them, voices alone, somebody's post about it under another subject."""
    own, (city, who) = own_text(seed), (outlet_by_key("blog").city, changes.names(seed)[:2])
    ours = replace(own, authors=("Harbour Wall",), credit=None, dateline=None, caption=None, caption_credit=None)
    said = changes.middle(own.paragraphs, 4)
    words, end = desk.lead(city, who, 4, "v"), desk.lead(city, who, 1, "w")
    lines = (*words[:2], *said[:2], *words[2:], *said[2:], *end)
    runs = [
        Run(way="blog-quotes", relation="derived", outlet="blog", after=148,
            text=replace(ours, title=f"Reading the fine print on {who[0]}", paragraphs=lines, quoted=said)),
    ]  # fmt: skip
    voices = [f"“{quote.rstrip(',')}”" for quote in changes.quotes(own.paragraphs)]
    if len(voices) >= 2 and sum(len(voice.split()) for voice in voices) >= 25:
        words = desk.lead(city, who, 4, "v")
        spoken = [line for place, voice in enumerate(voices) for line in (*words[1:][place : place + 1], voice)]
        text = replace(
            ours, title=f"Let them speak: {who[1]}", paragraphs=(*words[:1], *spoken, *desk.lead(city, who, 1, "w")), quoted=tuple(voices)
        )
        runs.append(Run(way="blog-voices", relation="related", outlet="blog", after=212, text=text))
    other = desk.story(section="arts")
    posted = replace(other, authors=("Harbour Wall",), caption=None, post=f"{own.title} — {own.summary}")
    return [*runs, Run(way="blog-embed", relation="distinct", outlet="blog", after=262, text=posted)]


def _bundle(seed: Seed, desk: Desk) -> Run:
    """The aggregator: the seed's upper part among two other dispatches."""
    own = own_text(seed)
    part = replace(own, paragraphs=changes.first_share(own.paragraphs, 0.5), credit=own.credit or "AFW")
    printed = desk.story(section="news", credit="AFW", authors=0)
    third = desk.story(section="climate", credit="CDN", authors=0)
    text = bundled((replace(printed, paragraphs=printed.paragraphs[:5]), part, third))
    return Run(way="bundle", relation="derived", outlet="bundle", after=195, text=text, merged=printed)


def _continental(seed: Seed, chance: Random) -> list[Run]:
    """The Continental: whole pages under a consent layer, one behind a wall, one rewritten by hand."""
    own = own_text(seed)
    curly = replace(own, title=changes.curly(own.title), paragraphs=tuple(map(changes.curly, own.paragraphs)))
    placed = replace(own, paragraphs=spelled(own.paragraphs), dateline=dateline(seed), authors=("Our foreign desk",))
    few, corrected = changes.new_figures(placed.paragraphs, most=2)
    note = "Correction: figures in an earlier version of this report were wrong and have been put right."
    mended = replace(placed, title=f"{placed.title} (corrected)", paragraphs=(note, *few))
    hand = companions.written(seed, "rewrite")
    rewritten = tuple(hand[1]) if hand else changes.light_rewrite(own.paragraphs, chance)
    return [
        Run(way="overlay", relation="identical", outlet="continental", after=49, text=curly),
        Run(way="overlay-dateline", relation="copy", outlet="continental", after=64, text=placed, later=(
            *((Later(at=65, way="overlay-correction", relation="revision", text=mended, moved=True),) if corrected else ()),
        )),
        Run(way="consent", relation="copy", outlet="continental", after=88, trouble="consent",
            text=replace(own, paragraphs=changes.house_style(own.paragraphs), title=f"Background: {own.title}")),
        Run(way="rewritten-by-hand", relation="derived", outlet="continental", after=182,
            text=replace(own, title=hand[0] if hand else changes.headline(seed), paragraphs=rewritten, authors=("J. Rettig",), credit=None,
                         dateline=None)),
    ]  # fmt: skip


def _swift(seed: Seed, desk: Desk) -> list[Run]:
    """Swiftline: AMP pages in its feed; short forms, the agency's new version, a passage in a story of its own."""
    own, who = own_text(seed), changes.names(seed)
    brief = replace(own, title=f"{who[0]}: the story so far", paragraphs=changes.first_share(own.paragraphs, 0.2))
    figures, changed = changes.new_figures(own.paragraphs, most=4)
    added = desk.lead(own.place or "London", who[:2], 2, "u")
    thru = (*figures[:2], *added[:1], *figures[2:6], *added[1:], *figures[6 : len(figures) * 7 // 8])
    host, captioned = desk.story(section="business"), desk.story(section="sport")
    inside = replace(host, paragraphs=(*host.paragraphs[:3], *changes.middle(own.paragraphs), *host.paragraphs[3:]))
    runs = [
        Run(way="amp", relation="identical", outlet="swift", after=38, text=own, later=(
            Later(at=55, way="amp-cut", relation="excerpt", text=replace(own, paragraphs=changes.first_share(own.paragraphs, 0.4))),
        )),
        Run(way="amp-brief", relation="excerpt", outlet="swift", after=104, text=brief),
        Run(way="amp-passage", relation="derived", outlet="swift", after=246, text=inside),
        Run(way="amp-caption", relation="distinct", outlet="swift", after=272,
            text=replace(captioned, caption=seed.caption or seed.title, caption_credit=seed.caption_credit or seed.credit)),
    ]  # fmt: skip
    if changed:
        text = replace(own, title=f"UPDATE 1: {own.title}", paragraphs=thru, dateline=dateline(seed), authors=())
        runs.append(Run(way="amp-write-thru", relation="revision", outlet="swift", after=282, text=text))
    return runs


def _translated(seed: Seed) -> list[Run]:
    """Translations by hand, of the seeds that have one."""
    runs = []
    for outlet, language, after, writer in (("vestnik", "ru", 128, "Отдел новостей"), ("wanbao", "zh", 161, "国际部")):
        found = companions.written(seed, language)
        if found:
            text = replace(own_text(seed), title=found[0], paragraphs=tuple(found[1]), authors=(writer,), dateline=None, caption=None)
            text = replace(text, tags=(), caption_credit=None, section={"ru": "мир", "zh": "国际"}[language])
            runs.append(Run(way=f"translation-{language}", relation="related", outlet=outlet, after=after, text=text))
    return runs
