"""Every page of the press, read, and held field by field against what it was made to say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pipeline.errors import NotAnArticle
from pipeline.extract import extract
from pipeline.model import Article, Response
from pipeline.press import Made, Press
from tests.pressing import get

FETCHED = datetime(2024, 5, 4, 12, tzinfo=UTC)
FIELDS = ("title", "paragraphs", "authors", "published", "credit", "dateline", "caption", "section", "language", "name", "kind", "whole")
_LANGUAGES = {"zarechny-vestnik.example": "ru", "jiangwan-wanbao.example": "zh"}


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
    found = []
    for made in press.made():
        for url in (made.url, *made.aliases):
            if (response := asked(press, url)) is not None:
                found.append(read(made, response))
    return found


def read(made: Made, response: Response) -> Reading:
    try:
        got = extract(response)
    except NotAnArticle as error:
        return Reading(url=response.url, made=made, got=error, right=dict.fromkeys(FIELDS, False))
    return Reading(url=response.url, made=made, got=got, right=_right(made, got))


def _right(made: Made, got: Article) -> dict[str, bool]:
    lines, wanted = got.text.split("\n"), list(made.paragraphs)
    if made.dateline and lines[0].startswith(made.dateline):
        lines[0] = lines[0].removeprefix(made.dateline).lstrip(" —–-")
    if made.completeness != "full":  # a wall shows how it begins
        wanted = wanted[: len(lines)]
    return {
        "title": got.title == made.title,
        "paragraphs": lines == wanted,
        "authors": got.authors == made.authors,
        "published": got.published is not None and _when(got, made),
        "credit": got.credit == made.credit,
        "dateline": got.dateline == made.dateline,
        "caption": not made.caption or made.caption not in got.text,
        "section": got.section is None or got.section.casefold() == made.section.casefold(),
        "language": got.language == _LANGUAGES.get(made.outlet, "en"),
        "name": got.outlet_name is None or got.outlet_name == made.outlet_name,
        "kind": got.kind == made.kind,
        "whole": got.completeness == made.completeness,
    }


def _when(got: Article, made: Made) -> bool:
    """The instant as exactly as the page says it: to the second, the minute, or its day."""
    assert got.published is not None
    said, true = got.published.at, made.published
    if got.published.precision == "day":
        return said.date() == true.astimezone(UTC).date()
    return abs((said - true).total_seconds()) < (60 if got.published.precision == "minute" else 1)


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


def host(one: Reading) -> str:
    return urlsplit(one.url).netloc
