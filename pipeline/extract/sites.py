"""What cannot be learned from a page, one row a site. Each row has a dated golden page under ``tests/golden``.

XPath 1.0. ``drop``: not body; ``byline``: the one place with all authors; ``body``: the container, where the general way misses it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one site prints. ``byline``: XPath of the elements that hold every author; ``drop``: XPaths of what is not the article."""

    byline: str | None = None
    body: str | None = None
    drop: tuple[str, ...] = ()


def _class(*names: str) -> str:
    tests = " or ".join(f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')" for name in names)
    return f".//*[{tests}]"


SITES: dict[str, Rule] = {
    # Facts on The Moscow Times: only the printed byline names all authors; boxes of related stories, asides and banners stand in the body.
    "themoscowtimes.com": Rule(
        byline=_class("byline__author"),
        drop=(
            ".//aside",
            _class(
                "article__block--link",
                "article__block--aside",
                "article__block--article",
                "article__block--newsletter",
                "related-article",
                "banner",
            ),
        ),
    ),
}


def rule(outlet: str | None) -> Rule:
    """The site's row by registrable domain; an empty one for everybody else."""
    return SITES.get(outlet or "", Rule())
