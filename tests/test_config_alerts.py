"""What people listen for and whom it is told, as written in sources.toml."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from test_config import problem, written

from pipeline.config import Config, load
from pipeline.config.editing import add
from pipeline.model import Relation, Rule, Target

GROUP = '[[group]]\nname = "Coast Papers"\noutlets = ["harbor.example", "island.example"]\n'


def configured(folder: Path, sources: str, **environ: str) -> Config:
    return load(written(folder, "", sources), environ=environ)


def test_nothing_written_is_nothing_heard_and_the_log_is_there(tmp_path: Path) -> None:
    config = configured(tmp_path, "")
    assert config.rules == ()
    assert config.targets == {"log": Target(name="log", kind="log")}


def test_a_rule_is_read_as_it_is_written(tmp_path: Path) -> None:
    text = """
        [[watch]]
        name = "mine"
        seed = "*"
        relation = ["copy", "excerpt"]
        keywords = 'ferry AND ("hull damage" OR crack*)'
        outlet = ["www.baltic.example", "Coast Papers"]
        language = "en"
        source = ["baltic"]
        event = ["new", "withdrawn"]
        change = "correction"
        within = "7d"
        to = "log"
        digest = "0 8 * * MON-FRI"
        zone = "Europe/Vilnius"
    """
    (rule,) = configured(tmp_path, GROUP + text).rules
    assert rule == Rule(
        name="mine",
        events=("new", "withdrawn", "version"),
        seeds=("*",),
        relations=(Relation.COPY, Relation.EXCERPT),
        keywords='ferry AND ("hull damage" OR crack*)',
        outlets=("baltic.example", "harbor.example", "island.example"),
        languages=("en",),
        sources=("baltic",),
        changes=("correction",),
        within=timedelta(days=7),
        to=("log",),
        digest="0 8 * * MON-FRI",
        zone="Europe/Vilnius",
    )


@pytest.mark.parametrize(
    ("written_", "events"),
    [('seed = "*"', ("new",)), ('change = "cut"', ("version",)), ('health = "silent"', ("health",)), ('event = "health"', ("health",))],
)
def test_what_is_listened_for_follows_from_what_is_given(tmp_path: Path, written_: str, events: tuple[str, ...]) -> None:
    assert configured(tmp_path, f'[[watch]]\nname = "a"\n{written_}\n').rules[0].events == events


@pytest.mark.parametrize(
    ("more", "key", "said"),
    [
        ('keywords = "ferry and boat"', "watch a.keywords", "write AND in capitals"),
        ('keywords = "(ferry"', "watch a.keywords", "close what was opened"),
        ('digest = "8am"\nseed = "*"', "watch a.digest", 'write "0 8 * * *"'),
        ('digest = "61 8 * * *"\nseed = "*"', "watch a.digest", "no cron expression"),
        ('zone = "Europe/Nowhere"\nseed = "*"', "watch a.zone", "no time zone"),
        ('seed = "*"\nrelation = "copyy"', "watch a.relation.0", "copy"),
        ('relation = "copy"', "watch a", 'add seed = "*"'),
        ("", "watch a", "listens for nothing"),
        ('event = ["new", "health"]', "watch a", "rule of its own"),
        ('event = "health"\nkeywords = "ferry"', "watch a", "without keywords"),
        ('seed = "*"\nto = "dsek"', "watch a.to", "'desk'"),
        ('seed = "*"\nto = []', "watch a.to", "at least 1"),
        ('outlet = "no outlet"', "watch a.outlet", "write its domain"),
        ('language = "english please"', "watch a.language.0", 'write "en"'),
        ('seeds = "*"', "watch a.seeds", "'seed'"),
        ('seed = "*"\nwithin = "soon"', "watch a.within", "no duration"),
    ],
)
def test_a_bad_rule_names_file_key_and_mend(tmp_path: Path, more: str, key: str, said: str) -> None:
    desk = '[[target]]\nname = "desk"\nkind = "webhook"\nurl = "https://desk.example/hook"\n'
    error = problem(tmp_path, "", f'{desk}[[watch]]\nname = "a"\n{more}\n')
    assert (error.file, error.key) == (str(tmp_path / "sources.toml"), key)
    assert said in str(error)


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ('name = "a"\nkind = "webhook"', "target a", "url is missing"),
        ('name = "a"\nkind = "webhook"\nurl = "ftp://s3cret"', "target a", "no address"),
        ('name = "a"\nkind = "webhok"\nurl = "https://x.example"', "target a.kind", "'webhook'"),
        ('name = "a"\nkind = "email"\nhost = "mail.example"\nfrom = "a@b.example"', "target a", "to is missing"),
        (
            'name = "a"\nkind = "email"\nhost = "m.example"\nfrom = "a@b.example\\nBcc: x"\nto = "c@d.example"',
            "target a.from",
            "no address",
        ),
        (
            'name = "a"\nkind = "email"\nhost = "m.example"\nfrom = "a@b.example"\nto = "c@d.example, e@f.example"',
            "target a.to",
            "no address",
        ),
        ('name = "a"\nkind = "command"\ncommand = []', "target a", "command is missing"),
        ('name = "a"\nkind = "command"\ncommand = "x"\nurl = "https://x.example"', "target a", "url says nothing"),
        ('name = "log"\nkind = "webhook"\nurl = "https://x.example"', "target log.name", "the log's own"),
        ('name = "a"\nkind = "apprise"\nurl = "${TOKEN}"\nsecret = "x"', "target a", "secret says nothing"),
        ('name = "a"\nkind = "webhook"\nurl = "https://x.example"\nsecret = "${LINES}"', "target a.secret", "line breaks"),
    ],
)
def test_a_bad_target_names_file_key_and_mend(tmp_path: Path, text: str, key: str, said: str) -> None:
    error = problem(tmp_path, "", f"[[target]]\n{text}\n", environ={"LINES": "a\nb"})
    assert (error.file, error.key) == (str(tmp_path / "sources.toml"), key)
    assert said in str(error)
    assert "s3cret" not in str(error)


def test_secrets_come_from_the_environment_and_are_never_shown(tmp_path: Path) -> None:
    text = """
        [[target]]
        name = "desk"
        kind = "webhook"
        url = "https://desk.example/hook/${DESK_TOKEN}"
        secret = "${DESK_SECRET}"
        [[target]]
        name = "mail"
        kind = "email"
        host = "mail.example"
        from = "Wire Watch <watch@paper.example>"
        to = ["desk@paper.example"]
        user = "watch"
        password = "${MAIL_PASSWORD}"
        wait = "5s"
    """
    config = configured(tmp_path, text, DESK_TOKEN="s3cret", DESK_SECRET="m0re")
    desk, mail = config.targets["desk"], config.targets["mail"]
    assert (desk.url, desk.secret, desk.missing) == ("https://desk.example/hook/s3cret", "m0re", ())
    assert mail.missing == ("MAIL_PASSWORD",)  # nothing else is kept from working by it
    assert (mail.recipients, mail.tls, mail.port, mail.wait) == (("desk@paper.example",), "starttls", 0, timedelta(seconds=5))
    assert "s3cret" not in repr(config)
    assert "m0re" not in repr(config)


def test_a_source_is_added_beside_them(tmp_path: Path) -> None:
    text = '[[source]]\nname = "one"\nkind = "feed"\nurl = "https://one.example/f"\n\n[[watch]]\nname = "a"\nseed = "*"\n'
    folder = written(tmp_path, "", text)
    add(folder, [{"name": "two", "kind": "feed", "url": "https://two.example/f"}])
    config = load(folder, environ={})
    assert [source.name for source in config.sources] == ["one", "two"]
    assert [rule.name for rule in config.rules] == ["a"]
