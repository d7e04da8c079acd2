"""Settings and sources: where they are found, which layer wins, and what an error says."""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import default_database, duration, find, load, spell
from pipeline.config.settings import Settings
from pipeline.errors import ConfigError
from pipeline.model import Patterns, Source

ROOT = Path(__file__).resolve().parent.parent
FEED = '[[source]]\nname = "paper"\nkind = "feed"\nurl = "https://paper.example/feed"\n'


def written(folder: Path, wirewatch: str = "", sources: str = "") -> Path:
    """A configuration directory."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "wirewatch.toml").write_text(wirewatch, encoding="utf-8")
    (folder / "sources.toml").write_text(sources, encoding="utf-8")
    return folder


def problem(folder: Path, wirewatch: str = "", sources: str = "", environ: Mapping[str, str] | None = None) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(written(folder, wirewatch, sources), environ=environ or {})
    assert "\n" not in str(caught.value)
    return caught.value


# ── the manual ────────────────────────────────────────────────────────────────────────────────────


def test_the_shipped_file_lists_every_setting_with_its_default_and_a_comment() -> None:
    text = (ROOT / "config" / "wirewatch.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text) == Settings().model_dump(mode="json")
    lines = text.splitlines()
    bare = [line for before, line in itertools.pairwise(lines) if " = " in line and line[0] != "#" and before[:1] != "#"]
    assert bare == []


def test_the_shipped_configuration_can_be_used() -> None:
    config = load(ROOT / "config", environ={})
    assert config.where == ROOT / "config"
    assert config.seeds == ROOT / "seeds"
    assert config.database.url == default_database()
    assert (config.fetch, config.dedup, config.raw) == (Settings().fetch, Settings().dedup, Settings().raw)
    assert len({source.name for source in config.sources}) == len(config.sources)


# ── durations ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0s", 0), ("5s", 5), ("10m", 600), ("2h", 7200), ("30d", 2_592_000), ("1.5h", 5400), (" 5s ", 5), ("0.25s", 0.25)],
)
def test_durations(text: str, seconds: float) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@given(st.text(max_size=12) | st.from_regex(r"[0-9]{1,12}[a-z]", fullmatch=True))
@settings(max_examples=300, deadline=None)
def test_a_duration_is_one_or_a_value_error(text: str) -> None:
    length = None
    with contextlib.suppress(ValueError):
        length = duration(text)
    assert length is None or timedelta(0) <= length <= timedelta(days=36_500)


@given(st.integers(0, 36_500 * 86_400_000))
@settings(max_examples=300, deadline=None)
def test_a_duration_survives_being_spelt(milliseconds: int) -> None:
    length = timedelta(milliseconds=milliseconds)
    assert duration(spell(length)) == length


# ── which layer wins ──────────────────────────────────────────────────────────────────────────────


def test_options_over_environment_over_file_over_defaults(tmp_path: Path) -> None:
    folder = written(tmp_path, '[fetch]\ndelay = "1s"\ncontact = "file@paper.example"\n[database]\nurl = "file.sqlite"\n[raw]\ndays = 3\n')
    environ = {"WIREWATCH_FETCH__DELAY": "3s", "WIREWATCH_DATABASE__URL": "environment.sqlite", "WIREWATCH_FETCH__PROXY": "", "OTHER": "x"}
    config = load(folder, {"database": {"url": "option.sqlite"}}, environ)
    assert config.database.url == "option.sqlite"
    assert config.fetch.delay == timedelta(seconds=3)
    assert config.fetch.contact == "file@paper.example"
    assert config.raw.days == 3
    assert config.dedup.keep == "all"
    assert load(folder, environ=environ).database.url == "environment.sqlite"
    assert load(folder, environ=environ | {"WIREWATCH_DB": "short.sqlite"}).database.url == "short.sqlite"
    assert load(folder, environ={}).database.url == "file.sqlite"


@pytest.mark.parametrize("spelling", ['["127.0.0.0/8", "10.1.2.3"]', "127.0.0.0/8,10.1.2.3", " 127.0.0.0/8 , 10.1.2.3 ,"])
def test_lists_and_tables_in_the_environment(tmp_path: Path, spelling: str) -> None:
    places = '{"*": "127.0.0.1:8080", "six.example": "[::1]:80", "bare.example": "::1"}'
    config = load(written(tmp_path), environ={"WIREWATCH_FETCH__ALLOW_PRIVATE": spelling, "WIREWATCH_FETCH__RESOLVE": places})
    assert config.fetch.allow_private == ("127.0.0.0/8", "10.1.2.3")
    assert dict(config.fetch.resolve) == {"*": "127.0.0.1:8080", "six.example": "[::1]:80", "bare.example": "::1"}


def test_what_the_fetcher_is_told() -> None:
    policy = load(ROOT / "config", environ={"WIREWATCH_FETCH__CONTACT": "me@paper.example"}).fetch.policy()
    assert policy["contact"] == "me@paper.example"
    assert policy["user_agent"] is None
    assert policy["proxy"] is None
    assert policy["allow_private"] == ()


def test_a_configuration_does_not_change(tmp_path: Path) -> None:
    config = load(written(tmp_path), environ={})
    for target, name in ((config, "where"), (config.fetch, "delay")):
        with pytest.raises((AttributeError, ValueError), match=r"frozen|assign"):
            setattr(target, name, None)


# ── where it is found ─────────────────────────────────────────────────────────────────────────────

FIND = "from pipeline.config import load; c = load(); print(c.where); print(c.seeds); print(c.database.url)"


def found(cwd: Path, home: Path, **environ: str) -> list[str]:
    """What a process of its own finds: the directory, the seeds, the database."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("WIREWATCH_", "XDG_"))}
    ran = subprocess.run(
        [sys.executable, "-c", FIND],
        cwd=cwd,
        env=clean | {"HOME": str(home), "PYTHONPATH": str(ROOT)} | environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.split("\n")[:3]


def test_the_directories_that_are_looked_in(tmp_path: Path) -> None:
    work, home = tmp_path / "work", tmp_path / "home"
    work.mkdir()
    (work / "config").mkdir()  # a configuration of something else
    assert found(work, home)[:2] == [str(ROOT / "config"), str(ROOT / "seeds")]
    users = written(home / ".config" / "wirewatch")
    (users / "seeds").mkdir()
    xdg = {"XDG_CONFIG_HOME": str(home / ".config"), "XDG_DATA_HOME": str(home / "data")}
    assert found(work, home, **xdg) == [str(users), str(users / "seeds"), f"sqlite:///{home}/data/wirewatch/wirewatch.sqlite"]
    written(work / "config")
    (work / "seeds").mkdir()
    assert found(work, home, **xdg)[:2] == [str(work / "config"), str(ROOT / "seeds")]  # it holds none: not meant
    (work / "seeds" / "pier").mkdir()
    (work / "seeds" / "pier" / "seed.toml").touch()
    assert found(work, home, **xdg)[:2] == [str(work / "config"), str(work / "seeds")]
    named = written(tmp_path / "named", 'seeds = "mine"\n')
    (named / "mine").mkdir()
    assert found(work, home, **xdg, WIREWATCH_CONFIG=str(named))[:2] == [str(named), str(named / "mine")]
    assert find(users, {"WIREWATCH_CONFIG": str(named)}) == users


def test_a_directory_that_was_named_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"--config: .*nowhere: there is no such directory"):
        load(tmp_path / "nowhere", environ={})
    with pytest.raises(ConfigError, match=r"holds neither wirewatch.toml nor sources.toml"):
        load(tmp_path, environ={})
    with pytest.raises(ConfigError, match=r"WIREWATCH_CONFIG: .*nowhere"):
        load(environ={"WIREWATCH_CONFIG": str(tmp_path / "nowhere")})


# ── sources ───────────────────────────────────────────────────────────────────────────────────────


def test_sources(tmp_path: Path) -> None:
    more = 'every = "5m"\nlanguage = "en"\noutlet = "paper.example"\nheaders = {Accept-Language = "en"}\n'
    sources = FEED + more + '[[source]]\nname = "archive"\nkind = "files"\nurl = "old/pages"\n'
    paper, archive = load(written(tmp_path, "", sources), environ={}).sources
    assert paper == Source(
        name="paper",
        kind="feed",
        url="https://paper.example/feed",
        every=timedelta(minutes=5),
        language="en",
        outlet="paper.example",
        headers={"Accept-Language": "en"},
    )
    assert archive == Source(name="archive", kind="files", url=str(tmp_path / "old" / "pages"))


def test_what_is_taken_of_a_source_and_what_is_shown_to_it(tmp_path: Path) -> None:
    more = 'headers = {Cookie = "s=${PAPER_COOKIE}"}\nbackfill = "7d"\n'
    more += 'include = {url = ["/a/*"], keyword = "ferry"}\nexclude = {title = "Podcast*"}\n'
    folder = written(tmp_path, "", FEED + more)
    (source,) = load(folder, environ={"PAPER_COOKIE": "s3cr3t"}).sources
    assert (source.headers, source.backfill) == ({"Cookie": "s=s3cr3t"}, timedelta(days=7))
    assert (source.include, source.exclude) == (Patterns(url=("/a/*",), keyword=("ferry",)), Patterns(title=("Podcast*",)))
    assert "s3cr3t" not in repr(source)
    error = problem(tmp_path, "", FEED + more, {"PAPER_COOKIE": "s3cr3t\nx"})
    assert "s3cr3t" not in str(error)


def test_a_sitemap_goes_back_as_far_as_the_setting_says(tmp_path: Path) -> None:
    sitemap = FEED.replace('"feed"', '"sitemap"')
    assert load(written(tmp_path, "", sitemap), environ={}).sources[0].backfill == timedelta(days=30)
    assert load(written(tmp_path, '[discover]\nbackfill = "5d"\n', sitemap), environ={}).sources[0].backfill == timedelta(days=5)
    assert load(written(tmp_path, "", FEED), environ={}).sources[0].backfill is None


# (sources.toml, key, words of the problem, nearest)
BAD_SOURCES = {
    "kind": (FEED.replace('"feed"', '"fedd"'), "source paper.kind", "'page', 'url', 'files' or 'warc'", "feed"),
    "key": (FEED + 'evry = "5m"\n', "source paper.evry", "no such setting", "every"),
    "missing": ('[[source]]\nname = "paper"\nkind = "feed"\n', "source paper.url", "is missing", None),
    "nameless": (FEED + '[[source]]\nkind = "feed"\nurl = "https://x.example/"\n', "source 2.name", "is missing", None),
    "twice": (FEED + FEED, "source 2.name", "two sources are called 'paper'", None),
    "address": (FEED.replace("https://", "ftp://"), "source paper.url", "'ftp://paper.example/feed' is no address", None),
    "port": (FEED.replace("paper.example", "paper.example:x"), "source paper.url", "is no address", None),
    "every": (FEED + "every = 5\n", "source paper.every", "has no unit", None),
    "never": (FEED + 'every = "0s"\n', "source paper.every", "longer than nothing", None),
    "header": (FEED + 'headers = {a = "b\\r\\nc"}\n', "source paper.headers.a", "line breaks", None),
    "unset": (FEED + 'headers = {Cookie = "${PAPER_COOKIE}"}\n', "source paper.headers.Cookie", "variable PAPER_COOKIE is not set", None),
    "pattern": (FEED + 'include = {url = "re:("}\n', "source paper.include", "no regular expression", None),
    "subject": (FEED + 'exclude = {keywords = "x"}\n', "source paper.exclude.keywords", "no such setting", "exclude.keyword"),
    "backfill": (FEED + 'backfill = "month"\n', "source paper.backfill", "no duration", None),
    "table": ("[[sources]]\n", "sources", "no such table", "source"),
    "brackets": (FEED.replace("[[source]]", "[source]"), "source", "two brackets", None),
}


@pytest.mark.parametrize("name", BAD_SOURCES)
def test_a_source_that_cannot_be_used(tmp_path: Path, name: str) -> None:
    sources, key, words, nearest = BAD_SOURCES[name]
    error = problem(tmp_path, "", sources)
    assert (error.file, error.key, error.nearest) == (str(tmp_path / "sources.toml"), key, nearest)
    assert words in error.problem


# (wirewatch.toml, key, words of the problem, nearest)
BAD_SETTINGS = {
    "key": ('[fetch]\ndely = "0s"\n', "fetch.dely", "no such setting", "fetch.delay"),
    "table": ('[fech]\ndelay = "0s"\n', "fech", "no such setting", "fetch"),
    "outside": ('delay = "0s"\n', "delay", "no such setting", "fetch.delay"),
    "far": ("[fetch]\nzzzz = 1\n", "fetch.zzzz", "no such setting", None),
    "duration": ('[retry]\ngive_up = "soon"\n', "retry.give_up", "'soon' is no duration", None),
    "no unit": ("[fetch]\ndelay = 5\n", "fetch.delay", "5 has no unit", None),
    "network": ('[fetch]\nallow_private = ["10.0.0.0/8", "x"]\n', "fetch.allow_private.1", "'x' is no network", None),
    "list": ('[fetch]\nallow_private = "x"\n', "fetch.allow_private", "list", None),
    "place": ('[fetch]\nresolve = {"a.example" = "127.0.0.1:99999"}\n', "fetch.resolve.a.example", "a port is 1 to 65535", None),
    "name as place": ('[fetch]\nresolve = {"*" = "localhost:80"}\n', "fetch.resolve.*", "'localhost:80' is no address", None),
    "proxy": ('[fetch]\nproxy = "proxy:3128"\n', "fetch.proxy", "is no proxy", None),
    "line break": ('[fetch]\ncontact = "a\\nX-Evil: b"\n', "fetch.contact", "line breaks", None),
    "choice": ('[dedup]\nkeep = "frist"\n', "dedup.keep", "'all' or 'first'", "first"),
    "range": ("[raw]\ndays = -1\n", "raw.days", "-1: input should be greater", None),
    "no table": ("fetch = 1\n", "fetch", "is a table", None),
    "seeds": ('seeds = "nowhere"\n', "seeds", "no such folder", None),
}


@pytest.mark.parametrize("name", BAD_SETTINGS)
def test_a_setting_that_cannot_be_used(tmp_path: Path, name: str) -> None:
    text, key, words, nearest = BAD_SETTINGS[name]
    error = problem(tmp_path, text)
    assert (error.file, error.key, error.nearest) == (str(tmp_path / "wirewatch.toml"), key, nearest)
    assert words in error.problem


@pytest.mark.parametrize(
    ("name", "value", "words", "nearest"),
    [
        ("WIREWATCH_FETCH__DELAY", "soon", "'soon' is no duration", None),
        ("WIREWATCH_FETCH_DELAY", "5s", "no such setting", "WIREWATCH_FETCH__DELAY"),
        ("WIREWATCH_CONFG", "x", "no such setting", "WIREWATCH_CONFIG"),
        ("WIREWATCH_FETCH__RESOLVE", "{", "is not JSON", None),
        ("WIREWATCH_FETCH__RESOLVE", '{"a": "b"}', "'b' is no address", None),
        ("WIREWATCH_FETCH__ALLOW_PRIVATE", "[1", "is not JSON", None),
        ("WIREWATCH_RAW__DAYS", "many", "'many'", None),
        ("WIREWATCH_SEEDS", "nowhere", "no such folder", None),
    ],
)
def test_an_environment_variable_that_cannot_be_used(tmp_path: Path, name: str, value: str, words: str, nearest: str | None) -> None:
    error = problem(tmp_path, environ={name: value})
    assert (error.file, error.key, error.nearest) == ("environment", name, nearest)
    assert words in error.problem


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert "line 2" in problem(tmp_path, "[fetch]\ndelay = \n").problem
    folder = written(tmp_path, "", FEED)
    (folder / "wirewatch.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"wirewatch.toml: is not UTF-8"):
        load(folder, environ={})
    (folder / "wirewatch.toml").write_bytes(b'\xef\xbb\xbf[fetch]\r\ndelay = "1s"\r\n')  # as Windows editors write it
    assert load(folder, environ={}).fetch.delay == timedelta(seconds=1)


# TOML's own types in every place: whatever a person writes there, it is a Config or a ConfigError
VALUES = st.sampled_from(['""', '"x"', "1", "-1", "1.5", "true", "[]", "[1]", '["x"]', "{}", "{x = 1}", "2020-01-01", '"é\\u0000"', "inf"])
PLACES = st.sampled_from(
    [
        *Settings.model_fields,
        *(
            f"{table}.{key}"
            for table in ("database", "fetch", "raw", "retry")
            for key in ("url", "delay", "resolve", "days", "give_up", "contact", "proxy")
        ),
    ]
)


@given(place=PLACES, value=VALUES)
@settings(max_examples=200, deadline=None)
def test_any_value_anywhere_is_taken_or_refused(tmp_path_factory: pytest.TempPathFactory, place: str, value: str) -> None:
    folder = written(tmp_path_factory.getbasetemp() / "anything", f"{place} = {value}\n")
    refused = None
    try:
        load(folder, environ={})
    except ConfigError as error:
        refused = error
    assert refused is None or (refused.file == str(folder / "wirewatch.toml") and place.startswith(str(refused.key).partition(".")[0]))
