"""The product as its users meet it: a process that is given words and prints lines. Nothing of it is imported here."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

# doors.md, "ingest --json"
OUTCOME_KEYS = {"url", "source", "status", "reason", "article", "title", "relation", "to", "coverage", "other_coverage"}
# doors.md, "extract --jsonl"
ARTICLE_KEYS = {
    *("id", "url", "title", "text", "authors", "published", "modified", "language", "outlet", "credit", "dateline", "section", "tags"),
    *("image", "kind", "completeness", "provenance", "extractor"),
}
# doors.md, "match --jsonl"
MATCH_KEYS = {
    *("id", "relation", "coverage", "other_coverage", "coverage_all", "other_coverage_all", "longest_run", "similarity", "passages"),
    *("new_sentences", "figures_changed", "why", "matcher"),
}
# doors.md, "export relations"
RELATION_KEYS = {
    *("article", "url", "other", "other_url", "relation", "coverage", "other_coverage", "similarity", "seed", "judge", "matcher"),
    "made_at",
}
STATUSES = {"new", "updated", "unchanged", "duplicate", "skipped", "retry", "failed"}
RELATIONS = ("identical", "copy", "revision", "excerpt", "derived", "related", "distinct")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a command ended."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its JSON lines."""
        return [json.loads(line) for line in self.out.split("\n") if line]  # never splitlines: U+2028 may stand in a text

    @property
    def said(self) -> str:
        """Everything a person got to read."""
        return self.out + self.err


class Product:
    """An installation of its own in a folder: configuration, seeds, database, and an environment that leads nowhere else.

    ``sources``: (name, kind, url). ``resolve``: host → "address:port", as TOML. ``fetch``, ``top``: more lines for these tables.
    ``url``: of the database; without one it is the SQLite file ``database`` in the folder.
    """

    def __init__(
        self,
        home: Path,
        sources: Sequence[tuple[str, str, str]] = (),
        *,
        resolve: Mapping[str, str] | None = None,
        allow: str = "127.0.0.0/8",
        fetch: str = "",
        top: str = "",
        seeds: Path | None = None,
        url: str | None = None,
    ) -> None:
        self.home = home
        self.config = home / "config"
        self.database = home / "news.sqlite"
        self._url = url
        self.config.mkdir(parents=True, exist_ok=True)
        self.seeds = seeds or home / "seeds"
        self.seeds.mkdir(exist_ok=True)
        self.seed_urls: set[str] = set()
        places = ", ".join(f'"{host}" = "{place}"' for host, place in (resolve or {}).items())
        self.settings(
            f"seeds = {json.dumps(str(self.seeds))}\n{top}\n[fetch]\n"
            f'delay = "0s"\nallow_private = ["{allow}"]\nresolve = {{{places}}}\n{fetch}\n'
        )
        self.sources(sources)

    @property
    def url(self) -> str:
        """The address of its database."""
        return self._url or f"sqlite:///{self.database}"

    def settings(self, text: str) -> None:
        """Writes wirewatch.toml."""
        (self.config / "wirewatch.toml").write_text(text, encoding="utf-8")

    def sources(self, sources: Sequence[tuple[str, str, str]], more: str = "") -> None:
        """Writes sources.toml. ``more``: lines for every source."""
        entries = [f"[[source]]\nname = {json.dumps(n)}\nkind = {json.dumps(k)}\nurl = {json.dumps(u)}\n{more}\n" for n, k, u in sources]
        (self.config / "sources.toml").write_text("\n".join(entries), encoding="utf-8")

    def seed(self, name: str, *, title: str, text: str, url: str, published: str, authors: Sequence[str]) -> None:
        """Adds a story that is watched for: seeds/<name>/{seed.toml, article.txt}. ``text``: paragraphs separated by a newline."""
        self.seed_urls.add(url)
        folder = self.seeds / name
        folder.mkdir(parents=True)
        facts = {"title": title, "url": url, "published": published, "authors": list(authors)}
        (folder / "seed.toml").write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in facts.items()), encoding="utf-8")
        (folder / "article.txt").write_text(text.replace("\n", "\n\n") + "\n", encoding="utf-8")

    def command(self, *words: str | Path) -> list[str]:
        """The words that start it."""
        where = ["--config", str(self.config), "--db", self.url]
        return [sys.executable, "-m", "pipeline", *where, *map(str, words)]

    @property
    def environment(self) -> dict[str, str]:
        """An environment without the machine's settings, proxies and homes."""
        leads_away = ("WIREWATCH_", "XDG_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(leads_away) and "proxy" not in name.lower()}
        return kept | {"HOME": str(self.home), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}

    def __call__(
        self,
        *words: str | Path,
        given: str | None = None,
        expect: int | None = 0,
        environment: Mapping[str, str] | None = None,
        timeout: float = 180,
        prefix: Sequence[str] = (),
    ) -> Done:
        """Runs a command to its end. ``given``: its standard input. ``expect``: the exit code, which is asserted unless None."""
        ran = subprocess.run(
            [*prefix, *self.command(*words)],
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            encoding="utf-8",
            env=self.environment | dict(environment or {}),
            cwd=self.home,
            timeout=timeout,
            check=False,
        )
        done = Done(words=tuple(map(str, words)), code=ran.returncode, out=ran.stdout, err=ran.stderr)
        assert "Traceback (most recent call last)" not in done.said, f"{done.words}\n{done.said}"
        assert expect is None or done.code == expect, f"{done.words}: exit {done.code}, promised {expect}\n{done.said[-6000:]}"
        return done

    def start(self, *words: str | Path, environment: Mapping[str, str] | None = None) -> Running:
        """Starts a command that goes on until it is told to stop."""
        return Running(self, words, environment or {})

    def articles(self) -> list[dict[str, Any]]:
        """The exported articles that came in: not the seeds, which may be listed among them."""
        return [row for row in self.export("articles") if row["url"] not in self.seed_urls]

    def export(self, what: str, *more: str) -> list[dict[str, Any]]:
        """A table as JSON lines."""
        return self("export", what, "--format", "jsonl", *more).rows


class Running:
    """A started process. Leaving its block ends it, if it still runs."""

    def __init__(self, product: Product, words: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        self._files = (product.home / "running.out", product.home / "running.err")
        self._streams = [path.open("wb") for path in self._files]
        self.process = subprocess.Popen(
            product.command(*words),
            stdin=subprocess.DEVNULL,
            stdout=self._streams[0],
            stderr=self._streams[1],
            env=product.environment | dict(environment),
            cwd=product.home,
            start_new_session=True,
        )

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in self._streams:
            stream.close()

    def stop(self, number: signal.Signals = signal.SIGTERM, *, within: float = 10.0) -> int:
        """Sends a signal and waits. Returns the exit code; raises TimeoutExpired when it is not over in time."""
        self.process.send_signal(number)
        return self.process.wait(within)

    @property
    def said(self) -> str:
        """Everything printed so far."""
        return "".join(path.read_text(errors="replace") for path in self._files)


def key(url: str | None) -> str:
    """An address for comparing: without scheme, "www.", fragment and last slash."""
    return (url or "").partition("://")[2].partition("#")[0].removeprefix("www.").rstrip("/")


_LAUNCHER = """
import ctypes, os, sys
if os.geteuid() == 0 and ctypes.CDLL(None, use_errno=True).prctl(24, 1, 0, 0, 0):
    sys.exit(99)
os.execv(sys.argv[1], sys.argv[1:])
"""


def without_overriding() -> list[str]:
    """A prefix for a command that file modes then bind, even as root: CAP_DAC_OVERRIDE (1) leaves its bounding set (Linux, prctl 24)."""
    return [sys.executable, "-c", _LAUNCHER]
