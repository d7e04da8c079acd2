"""How much of a text is kept, and for how long: what a source says, and what a page asks for. Pure rules; the store keeps what they leave.

What a text is known and found by (its digests and the hashes of its word runs) is kept in any case; they give no word of it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final, get_args

from pipeline.errors import NotAnArticle
from pipeline.model import Article, Match, Source, Storage

EXCERPT: Final = 300  # characters at most: what a search result or a feed shows of an article


def storage(source: Source | None, article: Article, obeyed: Mapping[str, str]) -> Storage:
    """The least of what the source's owner wants kept and what the page's own directives leave, as ``obeyed`` says of each. Raises
    NotAnArticle where nothing of it is to be taken in."""
    levels: list[Storage] = [source.storage if source else "full"]
    for said in article.opt_outs:
        match obeyed.get(said, "full"):
            case "skip":
                raise NotAnArticle(f"{article.url}: its page says {said}, which [opt_outs] obeys", reason="opt-out")
            case "excerpt":
                levels.append("excerpt")
            case "hashes":
                levels.append("hashes")
    return max(levels, key=get_args(Storage).index)


def left(text: str, storage: Storage) -> str:
    """What is kept of a text: its beginning, up to a whole word, or nothing."""
    if storage == "full":
        return text
    if storage == "hashes":
        return ""
    if len(text) <= EXCERPT:
        return text
    cut = text[:EXCERPT]
    return cut.rsplit(None, 1)[0] if text[EXCERPT : EXCERPT + 1].strip() and len(cut.split()) > 1 else cut.rstrip()


def bare(match: Match) -> Match:
    """A verdict without words of the text: its figures and offsets stay."""
    quoted = "“" in match.why or "“" in match.other_why
    told = f"{match.relation}: {match.coverage:.0%} of its text; the words are not kept." if quoted else match.why
    return replace(match, new_sentences=(), figures_changed=(), why=told, other_why="" if quoted else match.other_why)


def shortest(sources: Iterable[Source]) -> Mapping[str, timedelta]:
    """Name → for how long its articles are kept, of the sources that say so."""
    return {source.name: source.keep for source in sources if source.keep is not None}
