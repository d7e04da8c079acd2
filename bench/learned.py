"""What a page of a known outlet costs, and how right it is, against a first page: CPU of the same pages of one paper of our own making.

    python bench/learned.py [--pages 30] [--rounds 5]

Three ways: a first page (nothing is known of the outlet), one that is learned from (the outlet is known, nothing of its pages), a known one
(after its first pages, in the order in which they come). The paper has two designs, neither of which says in words what is what, and
changes to a third. Each figure is the median of ``rounds``, in the same process, alternating.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time

from machine import machine  # which puts tests/ on the path
from papers import Sheet, sheet
from storing import NOW, response

from pipeline.app import read_page
from pipeline.extract import body, read, warm_up
from pipeline.habits import learned
from pipeline.model import Article, Hints, Outlet, Profile
from pipeline.repeated import counted_of

EXACT, SEARCHES, CHEAPER = 0.95, 0.25, 0.9
STORIES = 5  # as store/sentences.py learns a sentence


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--pages", type=int, default=30)
    words.add_argument("--rounds", type=int, default=5)
    asked = words.parse_args()
    warm_up()
    print(machine())
    missed = False
    print(f"{'design':<22}{'way':<10}{'CPU ms':>8}{'ratio':>7}{'searches':>10}{'body exact':>12}{'title':>7}{'authors':>9}")
    for name, designs in (("two designs", ("old", "old", "feature")), ("after the redesign", ("new",))):
        before = [sheet(number, designs[number % len(designs)]) for number in range(20)]
        profile = taught(before)
        pages = [sheet(100 + number, designs[number % len(designs)]) for number in range(asked.pages)]
        first = None
        for way, outlet in (
            ("first", None),
            ("learning", Outlet(domain="tideway.example")),
            ("known", Outlet(domain="tideway.example", profile=profile)),
        ):
            cost, searches, articles = measured(pages, outlet, asked.rounds)
            first = first or cost
            share = [
                sum(one.text == page.text for one, page in zip(articles, pages, strict=True)) / len(pages),
                sum(one.title == page.title for one, page in zip(articles, pages, strict=True)) / len(pages),
                sum(one.authors == (page.author,) for one, page in zip(articles, pages, strict=True)) / len(pages),
            ]
            missed = missed or (way == "known" and (share[0] < EXACT or searches > SEARCHES * len(pages) or cost > CHEAPER * first))
            print(
                f"{name:<22}{way:<10}{1000 * cost:>8.2f}{cost / first:>7.2f}{searches / len(pages):>10.2f}"
                f"{share[0]:>12.2f}{share[1]:>7.2f}{share[2]:>9.2f}"
            )
    told = f"body exact >= {EXACT}, searches <= {SEARCHES}, CPU <= {CHEAPER} of a first page"
    print(f"bars, of known pages: {told}: {'missed' if missed else 'met'}")
    return 1 if missed else 0


def taught(pages: list[Sheet]) -> Profile:
    """What these pages teach, each a story of its own."""
    profile, counts = Profile(), dict[int, int]()
    for page in pages:
        got = read_page(response(page.url, body=page.body), Hints(), Outlet(domain="tideway.example", profile=profile))
        assert got.layout is not None
        for one in {*counted_of(got.article.text), *got.layout.repeated}:
            counts[one] = counts.get(one, 0) + 1
        profile = learned(profile, got.layout, NOW)
        known = frozenset(one.to_bytes(8, "big", signed=True).hex() for one, stories in counts.items() if stories >= STORIES)
        profile = Profile(**{name: getattr(profile, name) for name in Profile.__slots__ if name != "repeated"}, repeated=known)
    return profile


def measured(pages: list[Sheet], outlet: Outlet | None, rounds: int) -> tuple[float, int, list[Article]]:
    """CPU seconds a page, how often a body was searched for by the second extractor, and what was read."""
    responses = [response(page.url, body=page.body) for page in pages]
    asked = [0]
    searching = body._trafilatura

    def counted(tree: object, *, fast: bool) -> str:
        asked[0] += 1
        return searching(tree, fast=fast)  # type: ignore[arg-type]

    body._trafilatura = counted
    try:
        articles = [read(one, Hints(), outlet)[0] for one in responses]
    finally:
        body._trafilatura = searching
    spent = []
    for _ in range(rounds):
        began = time.process_time()
        for one in responses:
            read(one, Hints(), outlet)
        spent.append((time.process_time() - began) / len(pages))
    return statistics.median(spent), asked[0], articles


if __name__ == "__main__":
    sys.exit(main())
