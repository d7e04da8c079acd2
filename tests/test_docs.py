"""The manuals are true: every example of the cookbook runs and prints what it shows; every command has one; what is linked exists."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from databases import Server
from loopback import Loopback
from product import ROOT, Product

from pipeline import config
from pipeline.press import Press

COOKBOOK, README, MAKEFILE = ROOT / "docs" / "cookbook.md", ROOT / "README.md", ROOT / "Makefile"
MANUALS = [README, *sorted((ROOT / "docs").glob("*.md"))]
BIN = Path(sys.executable).parent
BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<name>\S+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"\bwirewatch(?: --\w+[ =]\S+)* ([a-z]+)\b")
LINK = re.compile(r"\]\((?P<file>[^)#\s]*)(?:#(?P<heading>[^)\s]+))?\)")
LASTING = "wirewatch run"  # goes on until it is told to stop
WATCHED = {"harbor-ledger", "wend-courier", "allied-fieldwire"}  # three of the press's feeds: one example is about the first by name
PATIENCE = 170.0  # seconds for one example
ON_A_SERVER = re.compile(r"^## Keep it in PostgreSQL$.*?(?=^## )", re.MULTILINE | re.DOTALL)  # runs by itself, with a server


@dataclass(slots=True)
class Example:
    """A line to type and the lines that it is said to print; … stands for anything."""

    command: str
    shown: list[str] = field(default_factory=list)

    def missing(self, printed: str) -> list[str]:
        """Shown lines that were not printed. How many blanks stand between words does not matter."""
        lines = [" ".join(line.split()) for line in printed.split("\n")]
        return [shown for shown in self.shown if not any(_pattern(shown).search(line) for line in lines)]


def _pattern(shown: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in " ".join(shown.split()).split("…")))


def examples(text: str) -> list[Example]:
    found: list[Example] = []
    for block in BLOCK.finditer(text):
        if block["kind"] != "console":
            continue
        for line in block["body"].splitlines():
            if line.startswith("$ "):
                found.append(Example(line[2:].partition("  #")[0].rstrip()))
            else:
                found[-1].shown.append(line)
    return found


def named_files(text: str) -> Iterator[tuple[str, str]]:
    """Blocks that show a file: its name and what is in it."""
    return ((block["name"], block["body"]) for block in BLOCK.finditer(text) if block["name"])


class Terminal:
    """A shell in a folder: what is exported stays, as it does for the person who types."""

    def __init__(self, home: Path, environment: dict[str, str]) -> None:
        self._home = home
        self._environment = environment | {"PATH": f"{BIN}{os.pathsep}{environment['PATH']}"}
        self._exported = home / ".exported"
        self._exported.touch()

    def _start(self, script: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["bash", "-o", "pipefail", "-c", f". {self._exported}; {script}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            cwd=self._home,
            env=self._environment,
        )

    def follow(self, example: Example) -> str:
        """Types an example. Returns what is wrong: nothing, or the whole story."""
        lasting = example.command == LASTING
        code, printed = self._type_and_stop(example) if lasting else self._type(example.command)
        missing = example.missing(printed)
        if not code and not missing and "Traceback" not in printed:
            return ""
        return f"$ {example.command}\nexit {code}, not printed: {missing}\n{printed[-3000:]}"

    def _type(self, command: str) -> tuple[int, str]:
        """Runs it to its end → exit code, what was printed."""
        with self._start(f"{command}\ncode=$?; export -p > {self._exported}; exit $code") as process:
            try:
                printed, _ = process.communicate(timeout=PATIENCE)
            finally:
                process.kill()
        return process.returncode, printed

    def _type_and_stop(self, example: Example) -> tuple[int, str]:
        """Runs it until everything shown was printed, then sends SIGTERM → exit code, what was printed."""
        printed, told = "", False
        with self._start(f"exec {example.command}") as process:
            deadline = threading.Timer(PATIENCE, process.kill)
            deadline.start()
            assert process.stdout is not None
            for line in process.stdout:
                printed += line
                if not told and not example.missing(printed):
                    process.send_signal(signal.SIGTERM)
                    told = True
            deadline.cancel()
        return process.returncode, printed


@pytest.mark.long
def test_every_example_of_the_cookbook_runs_and_prints_what_it_shows(tmp_path: Path) -> None:
    text = ON_A_SERVER.sub("", COOKBOOK.read_text(encoding="utf-8"))
    with Press.start(ROOT / "seeds") as press, Loopback() as web:
        web.page("http://mail.strandby.example/2024/05/pier", dict(named_files(text))["page.html"])
        places = {"*": f"127.0.0.1:{press.port}", "mail.strandby.example": web.address}
        sources = [(feed.name, feed.kind, feed.url) for feed in press.sources if feed.name in WATCHED]
        product = Product(tmp_path, sources, resolve=places)
        shutil.copytree(ROOT / "seeds", product.seeds, dirs_exist_ok=True)
        terminal = Terminal(tmp_path, product.environment)
        wrong: list[str] = []
        for block in BLOCK.finditer(text):
            for name, body in named_files(block[0]):
                if Path(name).parent != Path("config"):  # here the press is watched; what is shown is loaded by the test below
                    _write(tmp_path / name, body)
            wrong += filter(None, (terminal.follow(example) for example in examples(block[0])))
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.long
def test_every_example_with_a_server_runs_and_prints_what_it_shows(tmp_path: Path, server: Server) -> None:
    text = COOKBOOK.read_text(encoding="utf-8")
    section = ON_A_SERVER.search(text)
    assert section is not None
    product = Product(tmp_path)
    _write(tmp_path / "articles.jsonl", dict(named_files(text))["articles.jsonl"])
    server.run("CREATE DATABASE news TEMPLATE template0 ENCODING 'UTF8'")
    terminal = Terminal(tmp_path, product.environment | {"PGHOST": str(server.folder), "PGUSER": "postgres", "WIREWATCH_DB": "news.sqlite"})
    told = [Example("wirewatch ingest articles.jsonl", ["2 candidates: 2 new"]), *examples(section[0])]
    wrong = [*filter(None, map(terminal.follow, told))]
    server.drop(server.url("news"))
    assert not wrong, "\n\n".join(wrong)


def _write(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8")


def test_every_configuration_of_the_cookbook_can_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    folders = set()
    for name, body in named_files(COOKBOOK.read_text(encoding="utf-8")):
        if Path(name).name in (config.SETTINGS, config.SOURCES):
            _write(tmp_path / name, body)
            folders.add(Path(name).parent)
    loaded = {str(folder): config.load(tmp_path / folder, environ={}) for folder in folders}
    assert {source.kind for source in loaded["config"].sources} == {"feed", "sitemap", "page", "url", "files", "warc"}
    assert loaded["config"].fetch.contact
    assert loaded["lab"].fetch.allow_private


def commands() -> list[str]:
    helped = subprocess.run([sys.executable, "-m", "pipeline", "--help"], capture_output=True, encoding="utf-8", cwd=ROOT, check=True)
    return re.findall(r"^  ([a-z]+)  ", helped.stdout.partition("Commands:")[2], re.MULTILINE)


def test_every_command_has_an_example() -> None:
    shown = {word for example in examples(COOKBOOK.read_text(encoding="utf-8")) for word in COMMAND.findall(example.command)}
    assert len(commands()) > 5
    assert set(commands()) <= shown


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.name)
def test_every_command_that_a_manual_types_exists(manual: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", MAKEFILE.read_text(encoding="utf-8"), re.MULTILINE))
    typed = [example.command for example in examples(manual.read_text(encoding="utf-8"))]
    assert {word for line in typed for word in COMMAND.findall(line)} <= set(commands())
    assert {word for line in typed for word in re.findall(r"^make ([a-z-]+)", line)} <= targets


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.name)
def test_everything_that_is_linked_exists(manual: Path) -> None:
    text = manual.read_text(encoding="utf-8")
    for link in LINK.finditer(text):
        if "://" in link[0] or "mailto:" in link[0]:
            continue
        target = (manual.parent / link["file"]) if link["file"] else manual
        assert target.exists(), f"{manual.name}: {link[0]}"
        if link["heading"]:
            assert link["heading"] in _headings(target), f"{manual.name}: {link[0]}"


def _headings(manual: Path) -> set[str]:
    """As they are called in links: small letters, hyphens for blanks, nothing but letters, digits and hyphens."""
    titles = re.findall(r"^#+ (.+)$", BLOCK.sub("", manual.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w-]", "", title.lower().replace(" ", "-")) for title in titles}
