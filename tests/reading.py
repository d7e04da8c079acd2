"""Every page of the press, read, and held field by field against what it was made to say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

from pipeline.errors import NotAnArticle
from pipeline.extract import extract
from pipeline.extract.credit import AGENCIES
from pipeline.model import Article, Instant, Response
from pipeline.press import Made, Press
from pipeline.press.papers import outlet_of_host
from tests.pressing import get

FETCHED = datetime(2024, 5, 4, 12, tzinfo=UTC)
FIELDS = ("title", "paragraphs", "authors", "published", "credit", "dateline", "caption", "section", "language", "name", "kind", "whole")
_NOBODY = {"Staff reporter", "Bulletin staff", "Web desk"}  # a byline without a person: authors are people
_ROLE = "记者 "  # "reporter", before a name
_POINTER = re.compile(r"Related article: |Читайте также: ")  # what a copier pasted along with the text: no body, wherever it stands
_SIGNED = re.compile(r"— .{1,40} \(@\w+\) \w+ \d+, \d{4}$")
_CLOCKS = {"zarechny-vestnik.example": timedelta(hours=3), "jiangwan-wanbao.example": timedelta(hours=8)}  # they print a day of their own
_LANGUAGES = {"zarechny-vestnik.example": "ru", "jiangwan-wanbao.example": "zh"}


def _is_person(name: str, made: Made) -> bool:
    """A desk is nobody, and so is the outlet itself."""
    return name not in _NOBODY and name not in made.outlet_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One page and which of its fields came out as made. ``got``: the article, or why there is none."""

    url: str
    made: Made
    got: Article | NotAnArticle
    right: dict[str, bool]


def asked(press: Press, url: str) -> Response | None:
    """What stands at an address itself; None for a redirect or an error."""
    answer, body = get(press, url)
    if answer.status != 200:
        return None
    headers = tuple((name.lower(), value) for name, value in answer.getheaders())
    return Response(url=url, requested_url=url, headers=headers, body=body, fetched_at=FETCHED)


def readings(press: Press) -> list[Reading]:
    """Every readable article at every address that answers for itself."""
    return [
        read(made, response) for made in press.made() for url in (made.url, *made.aliases) if (response := asked(press, url)) is not None
    ]


def read(made: Made, response: Response) -> Reading:
    try:
        got = extract(response)
    except NotAnArticle as error:
        return Reading(url=response.url, made=made, got=error, right=dict.fromkeys(FIELDS, False))
    return Reading(url=response.url, made=made, got=got, right=_right(made, got, _shown(response)))


def _shown(response: Response) -> str:
    """The page's source: a print form that leaves its byline out cannot be read for it."""
    coding = outlet_of_host(urlsplit(response.url).netloc)
    return unescape(response.body.decode(coding.coding if coding else "utf-8"))


def _right(made: Made, got: Article, shown: str) -> dict[str, bool]:
    lines, wanted = _own(got.text.split("\n")), [said for said in made.paragraphs if not _POINTER.match(said)]
    if made.dateline and lines[0].startswith(made.dateline):  # it is printed before the first paragraph, and stays in the text
        lines[0] = lines[0].removeprefix(made.dateline).lstrip(" —–-")
    whole = lines == wanted
    if made.completeness != "full":  # a wall shows how it begins
        wanted = wanted[: len(lines)]
    credit = made.credit if made.credit and re.search(rf"\b{re.escape(made.credit)}\b", shown) else None
    return {
        "title": got.title == made.title,
        "paragraphs": lines == wanted,
        "authors": got.authors == _signed(made, shown),
        "published": got.published is not None and _when(got.published, made),
        "credit": got.credit == credit or (credit is None and f"({got.credit})" in got.text[:200]),
        "dateline": got.dateline == made.dateline,
        "caption": not made.caption or made.caption not in got.text,
        "section": got.section is None or got.section.casefold() == made.section.casefold(),
        "language": got.language == _LANGUAGES.get(made.outlet, "en"),
        "name": got.outlet_name is None or got.outlet_name == made.outlet_name,
        "kind": got.kind in {made.kind, "news"},
        "whole": got.completeness == made.completeness or (got.completeness == "full" and whole),
    }


def _signed(made: Made, shown: str) -> tuple[str, ...]:
    """The people that the page prints; of a page that prints none the agency that signs there as its byline, if it is a known one."""
    people = tuple(name.removeprefix(_ROLE) for name in made.authors if _is_person(name, made) and name in shown)
    agency = re.escape(made.credit or "")
    alone = rf'>(?:By )?{agency}<|\bBy {agency}\s*[<|\n]|"author":[^\]}}]{{0,80}}"{agency}"|name="author" content="{agency}"'
    return people or ((made.credit,) if made.credit in AGENCIES and not made.authors and re.search(alone, shown) else ())


def _own(lines: list[str]) -> list[str]:
    """Without posts from elsewhere: they are kept as body, signed, and masked by matching."""
    signed = {at for at, said in enumerate(lines) if _SIGNED.match(said)}
    return [said for at, said in enumerate(lines) if at not in signed and at + 1 not in signed]


def _when(said: Instant, made: Made) -> bool:
    """As exactly as the page says it: to the second, the minute, or the day where it is printed."""
    if said.precision == "day":
        return said.at.date() == (made.published + _CLOCKS.get(made.outlet, timedelta(0))).date()
    return abs((said.at - made.published).total_seconds()) < (60 if said.precision == "minute" else 1)


def table(found: Iterable[Reading]) -> tuple[dict[str, dict[str, float]], str]:
    """The share of right pages by outlet and field, "all" last, and the same as a text for people."""
    by_outlet: dict[str, list[Reading]] = defaultdict(list)
    for one in found:
        by_outlet[one.made.outlet].append(one)
        by_outlet["all"].append(one)
    by_outlet["all"] = by_outlet.pop("all", [])
    shares = {
        outlet: {field: sum(one.right[field] for one in ones) / len(ones) for field in FIELDS} for outlet, ones in by_outlet.items() if ones
    }
    rows = [f"{'':28}{'pages':>6}" + "".join(f"{field:>11}" for field in FIELDS)]
    for outlet, ones in by_outlet.items():
        if ones:
            rows.append(f"{outlet:28}{len(ones):6}" + "".join(f"{shares[outlet][field]:11.3f}" for field in FIELDS))
    return shares, "\n".join(rows)
