"""Verdicts that words decided: which articles are related to a seed. They are given again when the archive's words are learned anew.

That it is owed is kept with what was learned, in one transaction, as a task: whatever kills it, the next run goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from pipeline.model import Match, Rejudged, Relation, Stored, Task, Vocabulary
from pipeline.store import encode, tasks
from pipeline.store.archive import replace_verdicts, stored
from pipeline.store.known import versions
from pipeline.store.schema import article, body, relation, version
from pipeline.store.verdicts import MACHINE

if TYPE_CHECKING:
    from pipeline.store import Store

ANEW: Final = "words learned"
NEWEST: Final = 500
"""Verdicts that are given again at most: a bound, not measured. What is older is left to ``rematch``."""

_SEED: Final = article.alias("seed")
_DECIDED: Final = (
    sa.select(relation)
    .join(article, sa.and_(article.c.id == relation.c.article_id, article.c.latest_id == relation.c.version_id))
    .join(_SEED, sa.and_(_SEED.c.id == relation.c.other_article_id, _SEED.c.latest_id == relation.c.other_id))
    .join(version, version.c.id == relation.c.version_id)
    .join(body, body.c.id == version.c.body_id)
    .where(
        relation.c.judge == MACHINE, relation.c.relation == Relation.RELATED.value, relation.c.aligned,
        _SEED.c.seed.is_not(None), _SEED.c.active, body.c.kept.is_(None),
        sa.func.coalesce(article.c.seed, "") == "",  # its index must not be used: it would lead to every article
    )
)  # fmt: skip
_FROM: Final = _DECIDED.with_only_columns(relation.c.id).order_by(relation.c.id.desc()).limit(NEWEST)
_AFTER: Final = _DECIDED.where(relation.c.id > sa.bindparam("cursor")).order_by(relation.c.id)
_STANDS: Final = sa.select(relation.c.id).where(
    relation.c.version_id == sa.bindparam("judged"), relation.c.other_id == sa.bindparam("seed"), relation.c.judge == MACHINE
)


def owe(conn: sa.Connection, words: Vocabulary, now: datetime) -> None:
    """The newest such verdicts are to be given again, by these words; what is owed by earlier ones is not any more."""
    newest = conn.execute(_FROM).scalars().all()
    task = tasks.begin(conn, ANEW, _asked(words), bounds={}, total=len(newest), now=now)
    if newest:
        tasks.advance(conn, task.name, cursor=newest[-1] - 1, done=0, now=now)


class RelatedToSeeds:
    """The same database. Every writing call is one transaction. Raises StoreError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def owed(self, words: Vocabulary) -> Task | None:
        """The task that these words began, while it is not done."""
        with self._store.reading() as conn:
            return tasks.standing(conn, ANEW, _asked(words))

    def related(self, cursor: int, limit: int) -> tuple[int, tuple[tuple[Stored, Stored], ...]] | None:
        """How far the next verdicts reach, and of each the version judged and the seed; None at the end. Those on texts in two languages
        are left out: no words decided them."""
        with self._store.reading() as conn:
            rows = conn.execute(_AFTER.limit(limit), {"cursor": cursor}).mappings().all()
            if not rows:
                return None
            pairs = [(row["version_id"], row["other_id"]) for row in rows if not encode.match(row, row["other_id"]).translated]
            asked = sorted({one for pair in pairs for one in pair})
            # it was worth comparing word by word before, and is now
            texts = {one.id: one for one in stored(conn, versions().where(version.c.id.in_(asked)), shared=1)}
        found = [(texts[one], texts[seed]) for one, seed in pairs if one in texts and seed in texts]
        return rows[-1]["id"], tuple((one, seed) for one, seed in found if not _abroad(one.article.language, seed.article.language))

    def put_right(
        self, words: Vocabulary, cursor: int, verdicts: Sequence[tuple[Stored, Stored, Sequence[Match] | None]], now: datetime
    ) -> tuple[Rejudged, ...] | None:
        """Verdicts on pairs in the place of those that were given, which go into the history where they were others (None: it could not be
        judged, and what was said stays). → what came out otherwise; None, and nothing is written, when it is not owed any more or somebody
        else has been here meanwhile."""
        told: list[Rejudged] = []
        with self._store.writing() as conn:
            owed = tasks.standing(conn, ANEW, _asked(words))
            if owed is None or not tasks.advance(conn, ANEW, cursor=cursor, done=len(verdicts), now=now):
                return None
            for judged, seed, matches in verdicts:
                # it may have been purged meanwhile
                if matches is not None and conn.execute(_STANDS, {"judged": judged.id, "seed": seed.id}).first():
                    told += replace_verdicts(conn, judged, matches, now, only=seed.id)
            tasks.count(conn, ANEW, len(told))
        return tuple(told)

    def done(self, words: Vocabulary) -> None:
        """Nothing is owed to these words any more."""
        with self._store.writing() as conn:
            if tasks.standing(conn, ANEW, _asked(words)) is not None:
                tasks.end(conn, ANEW)


def _abroad(one: str | None, other: str | None) -> bool:
    return bool(one and other) and one != other


def _asked(words: Vocabulary) -> Mapping[str, str | None]:
    return {"articles": str(words.articles)}
