"""A page's bytes, what a source said of it, and what is known of its outlet → an Article. Pure: no network, no database.

The page is parsed once; one walk gathers what it says of itself; each field is then decided by its own file, in an order of trust, and says
where it came from (``Article.provenance``).
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from pipeline import urls
from pipeline.errors import NotAnArticle
from pipeline.extract import (
    address,
    authors,
    body,
    bylines,
    credit,
    dates,
    language,
    metadata,
    page,
    place,
    signatures,
    sites,
    stems,
    titles,
    wall,
)
from pipeline.extract.page import Page
from pipeline.model import Article, Hints, Layout, Outlet, Response


def _name() -> str:
    try:
        return f"wirewatch-5/trafilatura-{version('trafilatura')}"
    except PackageNotFoundError:  # a copy without its metadata still extracts
        return "wirewatch-5/trafilatura"


EXTRACTOR = _name()


def extract(response: Response, hints: Hints = Hints(), outlet: Outlet | None = None) -> Article:  # noqa: B008  # Hints is frozen
    """The article on a page. ``response.url`` may be "" (a file): then the page's own canonical link names it.

    Raises NotAnArticle, whose ``reason`` is the kind: empty, empty-shell, unreadable, consent, paywall, challenge, not-found, error-page,
    section, login, parked. Nothing else is raised, whatever the bytes.
    """
    return read(response, hints, outlet)[0]


def read(response: Response, hints: Hints = Hints(), outlet: Outlet | None = None) -> tuple[Article, Layout | None]:  # noqa: B008
    """The same, with what was found out of how the page is laid out: of a page of an outlet that is known, to be learned."""
    from lxml import etree

    try:
        said = page.read(response, hints, outlet)
        article = _extract(said)
        return article, _layout(said, article) if outlet is not None else None
    except (ValueError, RecursionError, etree.LxmlError) as error:
        raise NotAnArticle(f"the page cannot be read ({type(error).__name__}: {error})", url=response.url, reason="unreadable") from error


def _layout(said: Page, article: Article) -> Layout:
    """The byline's place is looked for where it is not known yet."""
    byline = said.profile.byline or ""
    if article.authors and not (byline and bylines.known(said)[0]):
        byline = place.of_names(said, article.authors)
    elif not article.authors:
        byline = ""
    return Layout(
        affixes=titles.ends(said, article.title),
        container=said.container,
        byline=byline,
        refuted=said.refuted,
        searched=said.searched,
        repeated=said.repeated,
    )


def warm_up() -> None:
    """Loads and builds what the first page would wait for (libraries, the language model), so that processes forked later share it."""
    import trafilatura  # noqa: F401  # to have it loaded
    from trafilatura.external import jt_stoplist_init

    language.warm_up()
    jt_stoplist_init()
    urls.outlet("https://www.example.org/")
    stems.warm_up()


def _extract(said: Page) -> Article:
    url, url_from, elsewhere = address.address(said)
    domain = urls.outlet(said.url or url) if (said.url or url) else None
    rule = sites.rule(domain)
    shape = wall.before(said)
    title, title_from = titles.title(said)
    people, people_from, printed = authors.authors(said, rule.byline)
    published, published_from = dates.published(said)
    modified, modified_from = dates.modified(said, published)
    section, section_from = metadata.section(said)
    tags, tags_from = metadata.tags(said)
    image, image_from = metadata.image(said)
    text, text_from = body.body(said, rule, title, section)
    text, completeness = wall.after(said, shape, text, title, text_from)
    spoken, spoken_from = language.language(said, text)
    if all(credit.agency(name) for name in people) and (signed := _signed(said, text)):
        people, people_from = signed, "text"
    dateline, wire = credit.dateline(text)
    agency, agency_from = _credit(printed, wire, text)
    people = tuple(name for name in people if name != agency or credit.agency(name))  # one that is known is there as it signs alone
    kind, kind_from = metadata.kind(said, url or said.url, section)
    sources = {
        "url": url_from, "title": title_from, "text": text_from, "authors": people_from,
        "published": published_from, "modified": modified_from,
        "section": section_from, "tags": tags_from, "image": image_from, "language": spoken_from, "credit": agency_from,
        "dateline": "text" if dateline else "", "kind": kind_from,
    }  # fmt: skip
    return Article(
        url=url, title=title, text=text, authors=people, credit=agency, dateline=dateline, outlet=domain,
        outlet_name=metadata.outlet_name(said), published=published, modified=modified, language=spoken, section=section, tags=tags,
        image=image, kind=kind, completeness=completeness, opt_outs=metadata.opt_outs(said), origin_url=address.origin(said, elsewhere),
        provenance={field: where for field, where in sources.items() if where}, extractor=EXTRACTOR,
    )  # fmt: skip


def _signed(said: Page, text: str) -> tuple[str, ...]:
    """The people who sign in the text itself; asked where nothing else names any."""
    others = {page.content(node) for node in said.tree.iter("h2", "h3", "h4", "h5", "h6", "figcaption")}
    others |= {page.line(part) for quote in said.tree.iter("blockquote") for part in quote.itertext()}
    return signatures.of(text, authors.outlet(said), others)


def _credit(printed: tuple[str, ...], wire: str | None, text: str) -> tuple[str | None, str]:
    """The agency: from the byline, the dateline, or a signature at the end."""
    if (name := credit.of_byline(printed)) is not None:
        return name, "byline"
    if wire is not None:
        return wire, "dateline"
    name = credit.signature(text)
    return name, "text" if name else ""
