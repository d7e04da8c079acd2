"""What is read of the press's pages is what the press says it made, field by field, and what is no article is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.errors import NotAnArticle
from pipeline.extract import extract
from pipeline.model import Article
from pipeline.press import Press
from pipeline.urls import keys
from tests.reading import FIELDS, Reading, asked, readings, table

# The least share of pages on which a field must come out as made, over all outlets and for each of them.
BARS = {"title": 1.0, "published": 1.0, "paragraphs": 0.95, "authors": 0.95}
OUTLET_BARS = {"paragraphs": 0.8, "whole": 0.9}


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press.start() as running:
        yield running


@pytest.fixture(scope="module")
def found(press: Press) -> list[Reading]:
    return readings(press)


def test_every_outlet_is_read(press: Press, found: list[Reading]) -> None:
    assert {one.made.outlet for one in found} == {made.outlet for made in press.made()}
    assert [str(one.got) for one in found if isinstance(one.got, NotAnArticle)] == []


@pytest.mark.parametrize("field", FIELDS)
def test_pages_are_read_as_they_were_made(found: list[Reading], field: str) -> None:
    shares, printed = table(found)
    assert shares["all"][field] >= BARS.get(field, 0.98), f"\n{printed}"
    low = {outlet: row[field] for outlet, row in shares.items() if row[field] < OUTLET_BARS.get(field, 0.95)}
    assert low == {}, f"\n{printed}"


def test_the_moscow_times_style_paper_is_read_to_the_letter_at_every_address(found: list[Reading]) -> None:
    """Its page, AMP, the print form, what infinite scroll loads, and with tracking parameters."""
    mine = [one for one in found if one.made.outlet == "themoskvatimes.example"]
    kinds = {kind: [one for one in mine if kind in one.url] for kind in ("?amp=1", "/pdf", "/all/", "?utm_")}
    assert all(len(ones) > 10 for ones in kinds.values())
    assert [(one.url, field) for one in mine for field, right in one.right.items() if not right] == []
    for one in mine:
        assert isinstance(one.got, Article)
        assert "/all/" in one.url or set(keys(one.got.url)) & set(keys(one.made.url)), "a fragment does not say whose it is"
        assert (one.got.section or "").casefold() == one.made.section.casefold()
        assert one.got.kind == one.made.kind
        changed = one.made.modified != one.made.published
        assert not changed or (one.got.modified and one.got.modified.at == one.made.modified), one.url


def test_what_cannot_be_read_is_no_article(press: Press) -> None:
    """Soft 404s and questions for consent answer 200 at the article's own address."""
    kinds = {"consent": "consent", "soft-404": "not-found", "gone": "not-found"}
    told: dict[str, set[str]] = {}
    for made in press.unreadable():
        for url in (made.url, *made.aliases):
            if (response := asked(press, url)) is not None:
                with pytest.raises(NotAnArticle) as caught:
                    extract(response)
                assert caught.value.reason == kinds[made.trouble or ""], url
                told.setdefault(caught.value.reason, set()).add(url)
    assert len(told["consent"]) >= 4, "the walls that answer 200"
    assert told["not-found"]
