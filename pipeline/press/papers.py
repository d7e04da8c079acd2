"""The outlets of the press: who they are and where they stand. All names are invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One paper. ``domain``: its registrable domain; ``host``: where its pages stand; ``also``: further hosts of its own.

    ``feeds``: (source name, path, style). ``weak``: it marks its ETags as weak and compresses.
    """

    key: str
    kind: str
    name: str
    domain: str
    host: str
    city: str
    feeds: tuple[tuple[str, str, str], ...]
    also: tuple[str, ...] = ()
    weak: bool = True


OUTLETS = (
    Outlet(
        key="moskva",
        kind="moskva",
        name="The Moskva Times",
        domain="themoskvatimes.example",
        host="www.themoskvatimes.example",
        also=("static.themoskvatimes.example",),
        city="Kastrava",
        feeds=(
            ("moskva-times", "/rss/news", "section"),
            ("moskva-times-opinion", "/rss/opinion", "section"),
            ("moskva-times-all", "/rss/all", "all"),
            ("moskva-times-telegram", "/rss/telegram", "amp"),
        ),
    ),
    Outlet(
        key="wire",
        kind="wire",
        name="Allied Fieldwire",
        domain="alliedfieldwire.example",
        host="www.alliedfieldwire.example",
        city="Rivergate",
        feeds=(("allied-fieldwire", "/feeds/latest.xml", "rss"),),
        weak=False,
    ),
    Outlet(
        key="ledger",
        kind="regional",
        name="Harbor Ledger",
        domain="harborledger.example",
        host="harborledger.example",
        city="Harbor Falls",
        feeds=(("harbor-ledger", "/feed/", "rss-content"),),
    ),
    Outlet(
        key="courier",
        kind="regional",
        name="Wend Valley Courier",
        domain="wendcourier.example",
        host="www.wendcourier.example",
        city="Upper Wend",
        feeds=(("wend-courier", "/feed/atom/", "atom"),),
    ),
    Outlet(
        key="tribune",
        kind="regional",
        name="Lindholm Tribune",
        domain="lindholmtribune.test",
        host="www.lindholmtribune.test",
        city="Lindholm",
        feeds=(("lindholm-tribune", "/feed/", "rss-summary"),),
    ),
    Outlet(
        key="quay",
        kind="regional",
        name="Quarry Bay Post",
        domain="quarrybaypost.test",
        host="quarrybaypost.test",
        city="Quarry Bay",
        feeds=(("quarry-bay-post", "/feed/atom/", "atom-content"),),
    ),
    Outlet(
        key="walled",
        kind="walled",
        name="Dispatch Review",
        domain="dispatchreview.example",
        host="www.dispatchreview.example",
        city="Westmarch",
        feeds=(("dispatch-review", "/feed.json", "json"),),
    ),
    Outlet(
        key="metro",
        kind="metro",
        name="Metro Daily",
        domain="metrodaily.test",
        host="www.metrodaily.test",
        also=("m.metrodaily.test",),
        city="Tidewell",
        feeds=(("metro-daily", "/index.rdf", "rdf"),),
        weak=False,
    ),
)
REGIONAL = ("ledger", "courier", "tribune", "quay")


def outlet_by_key(key: str) -> Outlet:
    """The outlet of that key. Raises KeyError."""
    return {outlet.key: outlet for outlet in OUTLETS}[key]


def outlet_of_host(host: str) -> Outlet | None:
    """Whose host that is; None for a host of nobody."""
    return next((outlet for outlet in OUTLETS if host in (outlet.host, outlet.domain, f"www.{outlet.domain}", *outlet.also)), None)
