"""Where a story began, and how that is known: the agency's own page, the credit line, what copies name as their source, who was first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.families import Member, absurd, dated, order, span

By = Literal["page", "credit", "canonical", "first", "seen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who a story comes from. ``name``: an agency or an outlet; ``article``: the stored page it began with, where there is one; ``why``: in
    words, beginning with the name. ``by``: the agency's own page, the credit line, canonical links of copies, the first publication, or (no
    date being credible) the first sight."""

    name: str
    by: By
    why: str
    outlet: str | None = None
    article: int | None = None


# Agencies whose pages carry another name than their credit line: names of outlets or domains, letters and figures only.
_HOMES: Final[dict[str, tuple[str, ...]]] = {
    "AAP": ("australianassociatedpress",),
    "AFP": ("agencefrancepresse",),
    "Anadolu": ("aa", "anadoluajansi"),
    "ANI": ("asiannewsinternational",),
    "AP": ("associatedpress",),
    "APA": ("austriapresseagentur",),
    "dpa": ("deutschepresseagentur",),
    "EFE": ("agenciaefe",),
    "IANS": ("indoasiannewsservice",),
    "Jiji": ("jijipress",),
    "KCNA": ("koreancentralnewsagency",),
    "NTB": ("norsktelegrambyra",),
    "PA": ("pamedia", "pressassociation"),
    "PTI": ("presstrustofindia",),
    "RIA Novosti": ("ria",),
    "UPI": ("unitedpressinternational",),
    "Xinhua": ("xinhuanet",),
    "Yonhap": ("yna", "yonhapnewstv"),
}
_KNOWN: Final = ("ANSA", "Belga", "Interfax", "Kyodo", "Reuters", "Ritzau", "TASS", "Ukrinform", *_HOMES)
"""Agencies whose own page is known as theirs though nobody credits them."""
_SHORT: Final = {home: name for name, homes in _HOMES.items() for home in homes}
_HEAD: Final = re.compile(r"^[^()\n]{0,80}\((?P<name>[^\W\d_][\w .&’'-]{1,24})\)\s*[-–—:]")


def _squashed(name: str) -> str:
    """A name as domains write it: "The Associated Press" → "associatedpress", "apnews" → "ap"."""
    bare = re.sub(r"[\W_]+", "", name.casefold()).removeprefix("the")
    for ending in ("newsagency", "agency", "news"):
        if bare.endswith(ending) and len(bare) > len(ending) + 1:
            return bare.removesuffix(ending)
    return bare


def named(credit: str | None, dateline: str | None, opening: str) -> str | None:
    """The agency that an article names: in its credit line, or in its dateline or at the head of its text ("VILNIUS (AFP) –")."""
    if credit:
        return _SHORT.get(_squashed(credit), credit)
    for place in (f"{dateline} –" if dateline else "", opening.lstrip()):
        if found := _HEAD.match(place):
            return _SHORT.get(_squashed(found["name"]), found["name"])
    return None


def own_page(member: Member, agency: str) -> bool:
    """Whether an article stands on the agency's own pages, by the domain of its outlet or by its name."""
    return bool(_places(member) & _homes(agency))


def _places(member: Member) -> set[str]:
    return {_squashed(part) for part in ((member.outlet or "").split(".")[0], member.outlet_name or "") if part}


def _homes(agency: str) -> set[str]:
    return {_squashed(agency), *_HOMES.get(agency, ())}


def origin(members: Sequence[Member], about: Member, whole: frozenset[int] = frozenset()) -> Origin | None:
    """Of a family: those that share text with the story, and ``about`` (a seed, or one of them). ``whole``: those that hold most of it, of
    which, and of ``about`` itself, the first publication is asked. None when there is nobody."""
    family = sorted((one for one in {one.id: one for one in (*members, about)}.values() if not one.seed), key=lambda one: one.id)
    return _agency(family, about) or _pointed_at(family) or _first(family, about, whole)


def _agency(family: Sequence[Member], about: Member) -> Origin | None:
    when = order(family)
    credited = Counter(one.agency for one in family if one.agency)
    ranked = sorted(credited, key=lambda name: (-credited[name], name))
    places = {one.id: _places(one) for one in family}
    for agency in ranked or _KNOWN:
        homes = _homes(agency)
        pages = [one for one in family if places[one.id] & homes]
        if pages:
            page = min(pages, key=lambda one: when[one.id])
            why = f"{agency}: the agency's own page at {page.outlet} (#{page.id})"
            return Origin(name=agency, by="page", why=why, outlet=page.outlet, article=page.id)
    if ranked and 2 * credited[ranked[0]] > len(family):
        return Origin(name=ranked[0], by="credit", why=f"{ranked[0]}, by the credit line of {credited[ranked[0]]} of {len(family)}")
    if about.seed and about.agency:
        return Origin(name=about.agency, by="credit", why=f"{about.agency}, by the credit line of the seed")
    return None


def _pointed_at(family: Sequence[Member]) -> Origin | None:
    """The outlet that copies name as their source: one that more of them name than any other, and a quarter of those who could."""
    named_ = Counter(one.origin_outlet for one in family if one.origin_outlet and one.origin_outlet != one.outlet)
    ranked = sorted(named_, key=lambda name: (-named_[name], name))
    if not ranked or (len(ranked) > 1 and named_[ranked[0]] == named_[ranked[1]]):
        return None
    outlet, count = ranked[0], named_[ranked[0]]
    others = sum(one.outlet != outlet for one in family)
    if 4 * count < others:
        return None
    when = order(family)
    pages = sorted((one for one in family if one.outlet == outlet), key=lambda one: when[one.id])
    there = f" (#{pages[0].id})" if pages else ""
    why = f"{outlet}{there}, named as the source by the canonical link of {count} of {others}"
    return Origin(name=outlet, by="canonical", why=why, outlet=outlet, article=pages[0].id if pages else None)


def _first(family: Sequence[Member], about: Member, whole: frozenset[int]) -> Origin | None:
    """The earliest credible publication: with a time that was not after the article was first seen and not absurdly before every other's,
    or with a day that was over before the others began. Where no date is credible, who was seen first."""
    asked = [one for one in family if whole and (one.id in whole or one.id == about.id)] or list(family)
    wrong = absurd(family)
    credible = [one for one in asked if one.published is not None and dated(one) and one.id not in wrong]
    spans = {one.id: span(one.published) for one in credible if one.published is not None}
    if about.seed and about.published is not None and about.outlet is not None:
        begun = span(about.published)[1]
        if all(begun <= start for start, _ in spans.values()):
            why = f"{about.outlet}, where the seed was published ({_said(about)}), before all that is stored"
            return Origin(name=about.outlet, by="first", why=why, outlet=about.outlet)
    sure = [
        one for one in credible if not _only_day(one) or all(spans[one.id][1] <= spans[two.id][0] for two in credible if two is not one)
    ]
    if sure:
        first = min(sure, key=lambda one: (spans[one.id][0], one.first_seen, one.id))
        days = any(_only_day(one) and spans[one.id][0] <= spans[first.id][0] < spans[one.id][1] for one in credible if one is not first)
        others = " of those that state the time" if days else ""
        name = first.outlet or f"#{first.id}"
        why = f"{_placed(first)}, the first{others} that published it ({_said(first)})"
        return Origin(name=name, by="first", why=why, outlet=first.outlet, article=first.id)
    if not asked:
        return None
    seen = min(asked, key=lambda one: (one.first_seen, one.id))
    name = seen.outlet or f"#{seen.id}"
    why = f"{_placed(seen)}, where it was first seen ({seen.first_seen:%Y-%m-%d %H:%M}); no date decides who published it first"
    return Origin(name=name, by="seen", why=why, outlet=seen.outlet, article=seen.id)


def _placed(member: Member) -> str:
    return f"{member.outlet} (#{member.id})" if member.outlet else f"#{member.id}"


def _only_day(member: Member) -> bool:
    return member.published is not None and member.published.precision == "day"


def _said(member: Member) -> str:
    assert member.published is not None
    return str(member.published) if _only_day(member) else f"{member.published.at:%Y-%m-%d %H:%M}"
