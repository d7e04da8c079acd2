"""The outlets of the press: who they are and where they stand. All names are invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One paper. ``domain``: its registrable domain; ``host``: where its pages stand; ``also``: further hosts of its own.

    ``feeds``: (source name, path, style); ``listed``: (source name, kind, address) of what lists its stories and is no feed. ``weak``: it
    marks its ETags as weak and compresses. ``coding``: of its pages. ``desk``: it prints unrelated local news in English.
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
    listed: tuple[tuple[str, str, str], ...] = ()
    language: str = "en"
    coding: str = "utf-8"
    desk: bool = True


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
        listed=(("moskva-times-sitemap", "sitemap", "http://static.themoskvatimes.example/sitemap/sitemap.xml"),),
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
    Outlet(
        key="meridian",
        kind="arc",
        name="The Meridian Standard",
        domain="meridianstandard.example",
        host="www.meridianstandard.example",
        city="Castelmonte",
        feeds=(),
        listed=(
            ("meridian-news", "sitemap", "http://www.meridianstandard.example/arc/outboundfeeds/news-sitemap/?outputType=xml"),
            ("meridian-archive", "sitemap", "http://www.meridianstandard.example/arc/outboundfeeds/sitemap-index/?outputType=xml"),
            ("meridian-world", "page", "http://www.meridianstandard.example/world/"),
        ),
    ),
    Outlet(
        key="bulletin",
        kind="bare",
        name="Upper Tarn Bulletin On-Line",
        domain="uppertarnbulletin.test",
        host="www.uppertarnbulletin.test",
        city="Lower Tarn",
        feeds=(),
        listed=(("tarn-bulletin", "page", "http://www.uppertarnbulletin.test/news.htm"),),
        weak=False,
        coding="cp1252",
    ),
    Outlet(
        key="vestnik",
        kind="cyrillic",
        name="Заречный вестник",
        domain="zarechny-vestnik.example",
        host="www.zarechny-vestnik.example",
        city="Заречье",
        feeds=(("zarechny-vestnik", "/rss.xml", "rss"),),
        language="ru",
        coding="windows-1251",
        desk=False,
    ),
    Outlet(
        key="wanbao",
        kind="chinese",
        name="江湾晚报",
        domain="jiangwan-wanbao.example",
        host="www.jiangwan-wanbao.example",
        city="江湾",
        feeds=(("jiangwan-wanbao", "/rss/news.xml", "rss"),),
        language="zh",
        coding="gb18030",
        desk=False,
    ),
    Outlet(
        key="blog",
        kind="blog",
        name="Notes from the Harbour Wall",
        domain="harbourwall.example",
        host="harbourwall.example",
        city="Penmarrow",
        feeds=(("harbour-wall", "/atom.xml", "atom-content"),),
        weak=False,
    ),
    Outlet(
        key="bundle",
        kind="bundle",
        name="Morning Bundle",
        domain="morningbundle.example",
        host="www.morningbundle.example",
        also=("news.morningbundle.example",),
        city="Grantley",
        feeds=(("morning-bundle", "/rss", "rss"),),
        listed=(("bundle-headlines", "feed", "http://news.morningbundle.example/rss/search?q=headlines&hl=en"),),
        desk=False,
    ),
    Outlet(
        key="continental",
        kind="consent",
        name="The Continental",
        domain="thecontinental.test",
        host="www.thecontinental.test",
        also=("consent.thecontinental.test",),
        city="Langdorf",
        feeds=(("continental", "/feeds/all.rss", "rss"),),
        listed=(("continental-sitemap", "sitemap", "http://www.thecontinental.test/sitemaps/articles.xml.gz"),),
    ),
    Outlet(
        key="swift",
        kind="ampfirst",
        name="Swiftline",
        domain="swiftline.example",
        host="www.swiftline.example",
        also=("amp.swiftline.example",),
        city="Norrvik",
        feeds=(("swiftline", "/feed.rss", "rss"),),
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
