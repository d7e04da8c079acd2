"""One article with all that is known of it, and what is said of two. For people, or as JSON lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.lines import Line, dump, match_line, parent_line, when
from pipeline.model import Match, Relation
from pipeline.render import RELATIONS, cut, line, percent, wrapped
from pipeline.store.rows import Listed, Pair, Parent, Past, Related, Shown, Sighting, Version
from pipeline.tables import comes_from, listed_line, moment, withdrawn
from pipeline.text import plain

NOT_KEPT = {
    "excerpt": "Only the beginning of the text is kept, as its source or its page wants it:",
    "hashes": "The text is not kept, as its source or its page wants it; copies of it are found all the same.",
}


def article(shown: Shown, *, json: bool) -> None:
    """One article with sightings, versions and relations, then its text."""
    if json:
        line(dump(shown_line(shown)))
        return
    row, latest = shown.listed, shown.versions[0]
    line(f"#{row.article_id}  {plain(row.title)}")
    fields = {
        "url": row.url,
        "outlet": (row.outlet or "") + (f" · {row.outlet_name}" if row.outlet_name else "") + (f" · {row.group}" if row.group else ""),
        "authors": ", ".join(row.authors),
        "credit": row.credit,
        "published": when(row.published),
        "modified": when(latest.article.modified),
        "language": row.language,
        "kind": f"{row.kind}, {row.completeness}",
        "opt-outs": ", ".join(latest.article.opt_outs),
        "first seen": moment(row.first_seen),
        "withdrawn": withdrawn(row) or row.withdrawn_why,
    }
    for name, value in fields.items():
        if value:
            stood = latest.article.provenance.get(name)
            line(f"  {name:<11}{plain(value)}" + (f"   [{stood}]" if stood else ""))
    if origin := comes_from(row):
        line(f"  {'origin':<11}{origin}   [{latest.article.provenance.get('origin_url', 'page')}]")
    _section("came from", [_parent(one) for one in shown.parents])
    _section("is the parent of", [f"#{one.article_id} {one.outlet or ''}  {moment(one.published)}  {one.title}" for one in shown.children])
    _section("relations", [_relation(related, row) for related in shown.relations])
    _section("said before", [_past(past) for past in shown.former])
    seen = [f"{moment(met.first_seen)} … {moment(met.last_seen)}  {plain(met.source)}  {plain(met.url)}" for met in shown.sightings]
    _section("sightings", seen)
    _section("the way there", [" → ".join(map(plain, met.chain)) for met in shown.sightings if met.chain])
    said = _edits(shown.versions)
    kept = [
        f"{one.number}  {moment(one.fetched_at)}  {said[one.id]}{one.words} words  {one.body_digest[:12]}  {cut(one.article.title, 70)}"
        for one in shown.versions
    ]
    _section("versions", kept)
    line("")
    if latest.kept != "full":
        line(NOT_KEPT[latest.kept] + "\n")
    for paragraph in latest.article.text.split("\n"):
        line("\n".join(wrapped(plain(paragraph), 0)) + "\n")


def _edits(versions: Sequence[Version]) -> dict[int, str]:
    """Version → what kind of edit it was and how much of it: "addition +35 −0  "."""
    from pipeline.match.edits import edited

    told, before = dict.fromkeys((one.id for one in versions), ""), None
    for one in sorted(versions, key=lambda version: version.fetched_at):
        if before is not None and one.change is not None:
            found = edited(before.article, one.article)
            told[one.id] = f"{one.change}{f' +{found.added} −{found.removed}' if found.added or found.removed else ''}  "
        before = one
    return told


def _section(name: str, rows: Iterable[str]) -> None:
    for number, row in enumerate(rows):
        if not number:
            line(f"\n  {name}")
        for place, part in enumerate(wrapped(plain(row), 6)):
            line((" " * 6 if place else " " * 4) + part)


def _parent(parent: Parent) -> str:
    share = f"{percent(parent.coverage)} of this text stands there, {percent(parent.other_coverage)} of that one here"
    return f"#{parent.article_id} {parent.outlet or ''}  {parent.title}  ({share})"


def _relation(related: Related, this: Listed) -> str:
    """A sentence that is right from either side: "a copy of #3 paper.example. …", "#5 wire.example is an excerpt of this. …"."""
    other, name = related.other, _name(related.other)
    told = RELATIONS[related.match.relation]
    said = "" if related.judge == "machine" else f" (said by a {related.judge}{': ' + plain(related.note) if related.note else ''})"
    why_ = related.match.why if related.judge == "machine" else ""
    verdict = f"{name} is {told} this" if related.reverse else f"{told} {name}"
    origin = "It says that it comes from here." if other.origin == this.article_id else ""
    return " ".join(part for part in (f"{verdict}{said}.", why_, origin) if part)


def _name(other: Listed) -> str:
    return other.seed or f"#{other.article_id} {other.outlet or ''}".strip()


def _past(past: Past) -> str:
    """ "until 2026-03-02 09:30: a copy of #3 paper.example (87 %), cascade/4"."""
    told, name = RELATIONS[past.match.relation], _name(past.other)
    verdict = f"{name} was {told} this" if past.reverse else f"{told} {name}"
    return f"until {moment(past.until)}: {verdict} ({share(past.match)}), {past.match.matcher or 'no matcher'}"


def share(match: Match) -> str:
    """What moves a verdict: the share of the text; of what is related the similarity, or that nobody compared it."""
    if match.relation is not Relation.RELATED:
        return percent(match.coverage)
    return f"similarity {match.similarity:.2f}" if match.aligned else "counted only"


def judged(pair: Pair, machine: Relation | None, *, json: bool) -> None:
    """What is now said of two articles. ``machine``: what the machine says of their latest texts; None: a person's word was taken back."""
    mine, theirs, match = pair.mine, pair.theirs, pair.match
    said = match.relation if match else None
    if json:
        other = {"other": theirs.article_id, "other_url": theirs.url, "seed": theirs.seed, "relation": said, "judge": pair.judge}
        line(dump({"article": mine.article_id, "url": mine.url, **other, "note": pair.note, "machine": machine}))
        return
    verdict = f"#{mine.article_id} is {RELATIONS[said]} {theirs.seed or f'#{theirs.article_id}'}" if said else "nothing is said of the two"
    if machine is None:
        line(f"Taken back. {verdict[:1].upper()}{verdict[1:]}{', says the machine' if said else ''}.")
    else:
        line(f"{verdict}, said by a person. The machine says {machine}.")


def _sighting_line(met: Sighting) -> Line:
    times = {"first_seen": when(met.first_seen), "last_seen": when(met.last_seen)}
    return {"source": met.source, "url": met.url, **times, "chain": list(met.chain)}


def shown_line(shown: Shown) -> Line:
    """Everything known of one article."""
    latest = shown.versions[0]
    return {
        **{key: value for key, value in listed_line(shown.listed).items() if key != "snippet"},
        "text": latest.article.text,
        "kept": latest.kept,
        "provenance": dict(latest.article.provenance),
        "origin_url": latest.article.origin_url,
        "gone_since": when(shown.listed.gone_since),
        "withdrawn_why": shown.listed.withdrawn_why,
        "opt_outs": list(latest.article.opt_outs),
        "keys": list(shown.keys),
        "parents": [parent_line(one) for one in shown.parents],
        "children": [one.article_id for one in shown.children],
        "sightings": [_sighting_line(met) for met in shown.sightings],
        "versions": [
            {
                "version": one.id,
                "number": one.number,
                "change": one.change,
                "title": one.article.title,
                "words": one.words,
                "digest": one.body_digest,
                "fetched_at": when(one.fetched_at),
                "checked_at": when(one.checked_at),
                "software": one.software,
                "raw_bytes": one.raw_bytes,
            }
            for one in shown.versions
        ],
        "relations": [
            {
                "judge": related.judge,
                "note": related.note,
                "made_at": when(related.made_at),
                "origin": related.other.origin,
                **_verdict_line(related),
            }
            for related in shown.relations
        ],
        "former": [{"made_at": when(past.made_at), "until": when(past.until), **_verdict_line(past)} for past in shown.former],
    }


def _verdict_line(one: Related | Past) -> Line:
    return {
        "other": one.other.article_id,
        "other_url": one.other.url,
        "seed": one.other.seed,
        "reverse": one.reverse,
        **match_line(one.match),
        "other_relation": one.match.other_relation.value if one.match.other_relation else None,
        "aligned": one.match.aligned,
    }
