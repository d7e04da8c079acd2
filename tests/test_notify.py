"""How people are told: what is sent, what comes of trouble, and that one target's trouble is not another's."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from loopback import Loopback, Reply, closed_port
from mailserver import MailServer

from pipeline.clock import SimulatedClock
from pipeline.errors import Rejected, Undelivered
from pipeline.fetch.policy import Policy
from pipeline.fetch.post import Poster
from pipeline.model import Alert, Target
from pipeline.notify import FIRST_RETRY, GIVE_UP, LAST_RETRY, NOTIFIERS, Delivery, send
from pipeline.notify.mail import letter
from pipeline.notify.webhook import signature
from pipeline.notify.wording import message, sentence
from pipeline.store import Store, alerts, schema
from pipeline.store.telling import Outgoing, waiting

NOW = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
FACTS: Mapping[str, Any] = {
    "article": 7,
    "version": 9,
    "url": "https://baltic.example/ferry",
    "title": "Ferry ‘stopped’\r\nBcc: evil@example.org \x1b[31m",
    "outlet": "baltic.example",
    "outlet_name": "Baltic Herald",
    "published": "2026-03-02T11:25:00+02:00",
    "seed": "saltholm",
    "seed_title": "Ferry Operator Suspends Route",
    "relation": "copy",
    "coverage": 0.987,
    "seconds_after": 840,
    "new_sentences": ["Divers go down today."],
}


def alert(number: int = 1, **more: Any) -> Alert:
    told: dict[str, Any] = {"rule": "copies", "target": "desk", "event": f"match:saltholm:{number}", "kind": "match", "key": f"ww-{number}"}
    return Alert(**told | {"facts": FACTS, "made_at": NOW, "due_at": NOW} | more)


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as served:
        yield served


def hook(web: Loopback, path: str = "/hook/s3cret", *replies: Reply, name: str = "desk", **more: Any) -> Target:
    url = f"http://127.0.0.1:{web.port}{path}"
    web.first(url, *replies)
    web.reply(url, Reply(status=204))
    return Target(name=name, kind="webhook", url=url, **more)


def told(target: Target, *given: Alert) -> None:
    async def once() -> None:
        async with Poster(Policy(), SimulatedClock(NOW)) as posts:
            await send(target, message(given or (alert(),)), posts, NOW)

    asyncio.run(once())


# ── words ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (alert(), "Baltic Herald ran a copy of ‘Ferry Operator Suspends Route’ (98 %) 14 minutes after it came out"),
        (alert(facts={**FACTS, "relation": "identical", "seconds_after": 59}), "word for word less than a minute after it came out"),
        (alert(facts={**FACTS, "seconds_after": -7300}), "(98 %) 2 hours before it came out"),
        (alert(facts={**FACTS, "seconds_after": 200_000}), "2 days after it came out"),
        (alert(kind="new"), "Baltic Herald published ‘Ferry ‘stopped’ Bcc: evil@example.org’"),
        (alert(kind="version", facts={**FACTS, "change": "correction"}), "Baltic Herald corrected ‘Ferry"),
        (alert(kind="version"), "Baltic Herald changed ‘Ferry"),
        (
            alert(kind="withdrawn", facts={**FACTS, "why": "410 Gone"}),
            "Baltic Herald withdrew ‘Ferry ‘stopped’ Bcc: evil@example.org’: 410 Gone",
        ),
        (
            alert(kind="health", facts={"source": "baltic", "health": "silent", "why": "nothing for 9 days"}),
            "The source baltic answers, but brings nothing new: nothing for 9 days",
        ),
        (alert(kind="health", facts={"source": "baltic", "health": "odd"}), "The source baltic is odd"),
    ],
)
def test_an_alert_is_one_good_sentence(one: Alert, said: str) -> None:
    assert said in sentence(one)
    assert "\n" not in sentence(one)


def test_a_message_has_the_link_and_what_is_new_and_no_control_characters() -> None:
    told = message([alert()])
    lines = told.text.split("\n")
    assert lines[1] == "https://baltic.example/ferry"
    assert "New: Divers go down today." in lines
    assert "\x1b" not in told.text
    assert "\r" not in told.text
    assert (told.key, told.payload["id"], told.payload["text"]) == ("ww-1", "ww-1", sentence(alert()))
    assert json.loads(json.dumps(dict(told.payload)))["coverage"] == 0.987


def test_a_digest_is_in_the_order_of_time_by_seed_and_relation() -> None:
    morning = NOW + timedelta(hours=20)
    some = [
        alert(1, digest=morning),
        alert(2, digest=morning, kind="new", made_at=NOW + timedelta(minutes=1)),
        alert(3, digest=morning, facts={**FACTS, "relation": "excerpt", "seed_title": "Other"}),
        alert(
            4, digest=morning, made_at=NOW + timedelta(minutes=2), facts={**FACTS, "outlet_name": "Late Post", "published": "2026-03-02"}
        ),
    ]
    told = message(some)
    assert told.subject == "copies: 4 alerts by 2026-03-03 05:30"
    heads = [line for line in told.text.split("\n")[1:] if line and not line.startswith("    ")]
    assert heads == ["‘Ferry Operator Suspends Route’", "  copy (2)", "  new articles (1)", "‘Other’", "  excerpt (1)"]
    entries = [line for line in told.text.split("\n") if line.startswith("    2026")]
    assert entries[0].startswith("    2026-03-02 09:25  Baltic Herald ran a copy")
    assert entries[1].startswith("    2026-03-02 09:32  Late Post ran a copy")
    assert [one["id"] for one in told.payload["alerts"]] == ["ww-1", "ww-2", "ww-3", "ww-4"]
    assert message(list(reversed(some))).key == told.key
    assert message(some[:3]).key != told.key


# ── webhooks ──────────────────────────────────────────────────────────────────────────────────────


def test_a_webhook_gets_signed_json_with_a_key(web: Loopback) -> None:
    told(hook(web, secret="much secret"))
    (hit,) = web.log()
    assert (hit.method, hit.path, hit.headers["content-type"]) == ("POST", "/hook/s3cret", "application/json; charset=utf-8")
    assert hit.headers["idempotency-key"] == "ww-1"
    assert json.loads(hit.body)["text"] == sentence(alert())
    sent, _, code = hit.headers["wirewatch-signature"].partition(",v1=")
    assert sent == f"t={int(NOW.timestamp())}"
    assert hmac.compare_digest(code, hmac.new(b"much secret", sent[2:].encode() + b"." + hit.body, hashlib.sha256).hexdigest())


def test_the_cookbook_tells_a_genuine_message_from_others(web: Loopback, tmp_path: Path) -> None:
    cookbook = (Path(__file__).resolve().parent.parent / "docs" / "cookbook.md").read_text(encoding="utf-8")
    (tmp_path / "verify.py").write_text(cookbook.partition("```python verify.py\n")[2].partition("\n```")[0], encoding="utf-8")
    target, now = hook(web, secret="much secret"), datetime.now(UTC)

    async def once() -> None:
        async with Poster(Policy(), SimulatedClock(now)) as posts:
            await send(target, message([alert()]), posts, now)

    asyncio.run(once())
    (hit,) = web.log()
    signed, body = hit.headers["wirewatch-signature"], hit.body
    old = signature("much secret", body, now - timedelta(minutes=6))
    tried = [("much secret", signed, body), ("other", signed, body), ("much secret", signed, body + b" "), ("much secret", old, body)]
    tried += [("much secret", "nonsense", body), ("much secret", signed.replace("t=", "t=1"), body)]
    codes = []
    for secret, given, sent in tried:
        ran = subprocess.run([sys.executable, str(tmp_path / "verify.py"), secret, given], input=sent, check=False, capture_output=True)
        assert ran.stderr == b""
        codes.append(ran.returncode)
    assert codes == [0, 1, 1, 1, 1, 1]


def test_without_a_secret_nothing_is_signed(web: Loopback) -> None:
    told(hook(web))
    assert "wirewatch-signature" not in web.log()[0].headers


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(status=500, body=b"oops\x1b[31m\nagain"), Undelivered, "it answered 500 Internal Server Error: oops again"),
        (Reply(status=429, headers={"Retry-After": "90"}), Undelivered, "429"),
        (Reply(status=404), Rejected, "it answered 404 Not Found"),
        (Reply(status=400, body=b'{"error": "bad"}'), Rejected, '{"error": "bad"}'),
        (Reply(status=302, headers={"Location": "http://127.0.0.1:1/"}), Rejected, "redirects are not followed"),
        (Reply(drop=True), Undelivered, "127.0.0.1"),
    ],
)
def test_what_comes_of_an_answer(web: Loopback, reply: Reply, kind: type[Undelivered], said: str) -> None:
    target = hook(web, "/hook/s3cret", reply)
    with pytest.raises(Undelivered) as caught:
        told(target)
    assert type(caught.value) is kind
    assert said in caught.value.message
    assert "s3cret" not in str(caught.value)
    assert len(web.log()) == 1
    if reply.status == 429:
        assert caught.value.after == timedelta(seconds=90)


def test_a_webhook_that_cannot_be_reached_or_says_nothing_is_tried_again() -> None:
    with pytest.raises(Undelivered, match="connection refused"):
        told(Target(name="desk", kind="webhook", url=f"http://127.0.0.1:{closed_port()}/s3cret"))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/s3cret"
        began = time.monotonic()
        with pytest.raises(Undelivered, match=r"did not answer within 0\.3 s"):
            told(Target(name="desk", kind="webhook", url=url, wait=timedelta(seconds=0.3)))
        assert time.monotonic() - began < 5


# ── e-mail ────────────────────────────────────────────────────────────────────────────────────────


def mailbox(server: MailServer, **more: Any) -> Target:
    given: dict[str, Any] = {"sender": "Wire Watch <watch@paper.example>", "recipients": ("desk@paper.example", "Me <me@paper.example>")}
    return Target(**{"name": "mail", "kind": "email", "host": "127.0.0.1", "port": server.port, "tls": "none"} | given | more)


def test_a_letter_is_plain_text_with_a_sensible_subject_and_the_same_id_at_every_attempt() -> None:
    with MailServer() as server:
        for _ in range(2):
            told(mailbox(server))
    ids = set()
    for sender, recipients, text in server.letters:
        assert (sender, recipients) == ("watch@paper.example", ["desk@paper.example", "me@paper.example"])
        read = message_from_string(text, policy=policy.default)
        assert read["Subject"] == sentence(alert())
        assert read.get_content_type() == "text/plain"
        assert "https://baltic.example/ferry" in read.get_content()
        assert (read["Auto-Submitted"], read["From"], read["Bcc"]) == ("auto-generated", "Wire Watch <watch@paper.example>", None)
        ids.add(read["Message-ID"])
    assert ids == {"<ww-1@paper.example>"}


@pytest.mark.parametrize(
    "title", ["a\r\nBcc: evil@example.org", "a\nTo: x@y.example\n\nbody", "a\x0bb\x0cc\x85d\u2028e", "ф" * 400, "\ud800", ""]
)
def test_no_title_makes_a_header(title: str) -> None:
    with MailServer() as server:
        made = letter(mailbox(server), message([alert(kind="new", facts={**FACTS, "title": title})]), NOW)
    read = message_from_string(made.as_string(), policy=policy.default)
    assert set(read.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }


@pytest.mark.parametrize(
    ("answers", "kind", "said"),
    [
        ({"RCPT": ["550 no such user", "550 no such user"]}, Rejected, "refuses desk@paper.example, me@paper.example (550)"),
        ({"RCPT": ["450 later", "450 later"]}, Undelivered, "(450)"),
        ({"RCPT": ["550 no such user"]}, Rejected, "took it, but not for desk@paper.example"),
        ({"DATA": ["554 spam"]}, Rejected, "554 spam"),
        ({"MAIL": ["451 busy"]}, Undelivered, "451 busy"),
        ({"EHLO": ["421 bye"], "HELO": ["421 bye"]}, Undelivered, "421"),
    ],
)
def test_what_comes_of_a_mail_servers_answer(answers: dict[str, list[str]], kind: type[Undelivered], said: str) -> None:
    with MailServer() as server:
        server.answers.update(answers)
        with pytest.raises(Undelivered) as caught:
            told(mailbox(server))
    assert type(caught.value) is kind
    assert said in caught.value.message


def test_user_and_password_and_a_server_that_hangs() -> None:
    with MailServer(user=("desk", "s3cret")) as server:
        told(mailbox(server, user="desk", password="s3cret"))
        assert len(server.letters) == 1
        with pytest.raises(Undelivered, match="does not take the user and password") as caught:
            told(mailbox(server, user="desk", password="wr0ng"))
        assert "wr0ng" not in str(caught.value)
        with pytest.raises(Undelivered, match="STARTTLS"):
            told(mailbox(server, tls="starttls"))
    with MailServer(hang=True) as server:
        began = time.monotonic()
        with pytest.raises(Undelivered):
            told(mailbox(server, wait=timedelta(seconds=0.3)))
        assert time.monotonic() - began < 5


# ── commands, services, the log ───────────────────────────────────────────────────────────────────


def program(folder: Path, code: str, **more: Any) -> Target:
    (folder / "tell.py").write_text(code, encoding="utf-8")
    return Target(name="run", kind="command", command=(sys.executable, str(folder / "tell.py"), "; echo x > shell"), **more)


def test_a_command_gets_the_alert_on_its_standard_input_and_no_shell(tmp_path: Path) -> None:
    code = f"import sys; open({str(tmp_path / 'got')!r}, 'w').write(sys.stdin.read()); assert sys.argv[1] == '; echo x > shell'"
    told(program(tmp_path, code))
    assert json.loads((tmp_path / "got").read_text())["id"] == "ww-1"


def test_a_command_that_fails_or_hangs_is_tried_again_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Undelivered, match="ended with 3: no room"):
        told(program(tmp_path, "import sys; print('no room', file=sys.stderr); sys.exit(3)"))
    with pytest.raises(Undelivered, match="cannot be started"):
        told(Target(name="run", kind="command", command=(str(tmp_path / "nothing"),)))
    child = tmp_path / "child"
    start = "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])"
    code = f"import subprocess, sys, time\n{start}\nopen({str(child)!r}, 'w').write(str(p.pid))\ntime.sleep(60)"
    began = time.monotonic()
    with pytest.raises(Undelivered, match="did not end within"):
        told(program(tmp_path, code, wait=timedelta(seconds=1)))
    assert time.monotonic() - began < 10
    assert not runs(int(child.read_text()))


def runs(pid: int) -> bool:
    """Whether a process that was ended still runs after the moment that this takes."""
    for _ in range(500):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return False
        if state in "ZX":
            return False
        time.sleep(0.01)
    return True


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise's own
def test_apprise_tells_its_services(web: Loopback) -> None:
    url = f"http://127.0.0.1:{web.port}/apprise"
    web.reply(url, Reply(status=200))
    told(Target(name="many", kind="apprise", url=f"json://127.0.0.1:{web.port}/apprise"))
    assert json.loads(web.log()[0].body)["title"] == sentence(alert())
    web.reply(url, Reply(status=500))
    with pytest.raises(Undelivered, match="could not deliver"):
        told(Target(name="many", kind="apprise", url=f"json://127.0.0.1:{web.port}/apprise"))
    with pytest.raises(Undelivered, match="does not understand its url") as caught:
        told(Target(name="many", kind="apprise", url="s3cret"))
    assert "s3cret" not in str(caught.value)


def test_the_log_tells_it_in_a_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="wirewatch.alert"):
        told(Target(name="log", kind="log"))
    assert [record.getMessage() for record in caplog.records] == [sentence(alert())]


def test_what_needs_a_secret_that_is_not_there_waits_for_it(web: Loopback) -> None:
    with pytest.raises(Undelivered, match="the environment variable DESK_TOKEN is not set"):
        told(hook(web, missing=("DESK_TOKEN",)))
    assert web.log() == []
    assert set(NOTIFIERS) == {"log", "webhook", "email", "command", "apprise"}


# ── delivery ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()


def keep(store: Store, *made: Alert) -> None:
    with store.writing() as conn:
        alerts.keep(conn, [replace(one, facts={key: value for key, value in FACTS.items() if key != "article"}) for one in made])


class Running:
    """A delivery whose store is asked on the spot."""

    def __init__(self, store: Store, clock: SimulatedClock, *targets: Target) -> None:
        self.clock, self.posts = clock, Poster(Policy(), clock)

        async def here(function: Any, /, *given: object) -> Any:
            await asyncio.sleep(0)
            return function(*given)

        named = {one.name: one for one in targets}
        self.delivery = Delivery(targets=named, store=Outgoing(store), posts=self.posts, reading=here, writing=here, clock=clock)

    async def turn(self, later: timedelta = timedelta(0)) -> None:
        self.clock.advance(later.total_seconds())
        await self.delivery.due(self.clock.now())
        await self.delivery.settled()


def states(store: Store) -> dict[str, tuple[int, int, int]]:
    with store.reading() as conn:
        return {line.target: (line.waiting, line.failed, line.told) for line in waiting(conn)}


def test_each_is_delivered_once_and_in_order(store: Store, web: Loopback) -> None:
    keep(store, *(alert(number) for number in range(5)))

    async def run() -> None:
        one = Running(store, SimulatedClock(NOW), hook(web))
        async with one.posts:
            await one.turn()
            await one.turn()
            assert store.next_due(one.clock.now()) is None

    asyncio.run(run())
    assert [hit.headers["idempotency-key"] for hit in web.log()] == [f"ww-{number}" for number in range(5)]
    assert states(store) == {"desk": (0, 0, 5)}


def test_two_runners_share_what_is_due(store: Store, web: Loopback) -> None:
    keep(store, *(alert(number) for number in range(8)))

    async def run() -> None:
        clock, target = SimulatedClock(NOW), hook(web)
        one, other = Running(store, clock, target), Running(store, clock, target)
        async with one.posts, other.posts:
            await asyncio.gather(one.turn(), other.turn())

    asyncio.run(run())
    assert sorted(hit.headers["idempotency-key"] for hit in web.log()) == [f"ww-{number}" for number in range(8)]


def test_trouble_is_tried_again_later_and_later_with_the_same_key(store: Store, web: Loopback) -> None:
    keep(store, alert())
    waits: list[timedelta] = []

    async def run() -> None:
        clock = SimulatedClock(NOW)
        one = Running(store, clock, hook(web, "/hook", *[Reply(status=503)] * 12))
        async with one.posts:
            await one.turn()
            while (due := store.next_due(one.clock.now())) is not None:
                waits.append(due - clock.now())
                await one.turn(due - clock.now())

    asyncio.run(run())
    assert waits == [min(FIRST_RETRY * 2**step, LAST_RETRY) for step in range(12)]
    assert {hit.headers["idempotency-key"] for hit in web.log()} == {"ww-1"}
    assert states(store) == {"desk": (0, 0, 1)}


def test_retry_after_is_heeded_for_all_that_waits(store: Store, web: Loopback) -> None:
    keep(store, alert(1), alert(2))

    async def run() -> None:
        clock = SimulatedClock(NOW)
        one = Running(store, clock, hook(web, "/hook", Reply(status=429, headers={"Retry-After": "600"})))
        async with one.posts:
            await one.turn()
            assert len(web.log()) == 1
            assert store.next_due(one.clock.now()) == NOW + timedelta(seconds=600)
            await one.turn(timedelta(seconds=599))
            assert len(web.log()) == 1
            await one.turn(timedelta(seconds=1))

    asyncio.run(run())
    assert states(store) == {"desk": (0, 0, 2)}


def test_what_nobody_takes_is_given_up_after_two_days_and_shown(store: Store, web: Loopback) -> None:
    keep(store, alert())
    began: list[timedelta] = []

    async def run() -> None:
        clock = SimulatedClock(NOW)
        one = Running(store, clock, hook(web, "/hook"))
        web.reply(f"http://127.0.0.1:{web.port}/hook", Reply(status=500))
        async with one.posts:
            await one.turn()
            while (due := store.next_due(one.clock.now())) is not None:
                await one.turn(due - clock.now())
            began.append(clock.now() - NOW)

    asyncio.run(run())
    assert timedelta(hours=24) < GIVE_UP < began[0] < GIVE_UP + 2 * LAST_RETRY
    assert len(web.log()) < 70
    assert states(store) == {"desk": (0, 1, 0)}
    with store.reading() as conn:
        assert "500 Internal Server Error, after 48 hours" in str(waiting(conn)[0].last_error)


def test_a_target_that_is_dead_for_days_is_asked_seldom_however_much_waits(store: Store, web: Loopback) -> None:
    keep(store, *(alert(number) for number in range(40)))

    async def run() -> None:
        clock = SimulatedClock(NOW)
        one = Running(store, clock, hook(web, "/hook"))
        web.reply(f"http://127.0.0.1:{web.port}/hook", Reply(status=503))
        async with one.posts:
            await one.turn()
            while (due := store.next_due(clock.now())) is not None:
                await one.turn(due - clock.now())

    asyncio.run(run())
    assert len(web.log()) < 110  # each once at the end, and some sixty on the way
    assert states(store) == {"desk": (0, 40, 0)}


def test_a_few_that_fail_hold_up_the_others_for_seconds_only(store: Store, web: Loopback) -> None:
    keep(store, alert(0))

    async def run() -> None:
        clock = SimulatedClock(NOW)
        one = Running(store, clock, hook(web, "/hook", *[Reply(status=503)] * 10))
        async with one.posts:
            await one.turn()
            for _ in range(9):  # until it is tried every hour or so
                await one.turn(max((store.next_due(clock.now()) or clock.now()) - clock.now(), timedelta(0)))
            web.first(f"http://127.0.0.1:{web.port}/hook", Reply(status=204), Reply(status=503), Reply(status=503), Reply(status=503))
            keep(store, *(alert(number, made_at=clock.now(), due_at=clock.now()) for number in range(1, 6)))
            await one.turn()
            left = store.next_due(clock.now())
            assert left is not None
            assert left - clock.now() == FIRST_RETRY

    asyncio.run(run())


def test_a_clock_set_forward_does_not_end_the_patience(store: Store, web: Loopback) -> None:
    keep(store, alert())

    async def run() -> None:
        clock = SimulatedClock(NOW)
        one = Running(store, clock, hook(web, "/hook", Reply(status=500), Reply(status=500)))
        async with one.posts:
            await one.turn()
            clock.jump(30 * 86_400)
            await one.turn()
            await one.turn(LAST_RETRY)

    asyncio.run(run())
    assert states(store) == {"desk": (0, 0, 1)}


def test_one_targets_trouble_is_not_anothers(store: Store, web: Loopback) -> None:
    keep(store, *(alert(number, target=name) for number in range(20) for name in ("dead", "desk", "gone", "refuses")))

    async def run() -> None:
        clock = SimulatedClock(NOW)
        dead = Target(name="dead", kind="webhook", url=f"http://127.0.0.1:{closed_port()}/")
        refuses = hook(web, "/refuses", name="refuses")
        web.reply(refuses.url, Reply(status=404))
        one = Running(store, clock, dead, hook(web), refuses)
        async with one.posts:
            await one.turn()
            assert {name: why.partition(": ")[0].split()[0] for name, why in one.delivery.undelivered.items()} == {
                "dead": f"127.0.0.1:{dead.url.rpartition(':')[2].strip('/')}",
                "refuses": "it",
            }

    asyncio.run(run())
    with store.reading() as conn:
        table = schema.alert.c
        counts = sa.select(table.target, sa.func.sum(table.attempts).label("tried")).group_by(table.target)
        tried = {row.target: row.tried for row in conn.execute(counts)}
    assert (tried["dead"], tried["refuses"]) == (3, 20)  # the dead one was left alone after three

    assert states(store) == {"dead": (20, 0, 0), "desk": (0, 0, 20), "gone": (0, 20, 0), "refuses": (0, 20, 0)}


class Held(threading.Event):
    """Holds an answer back until it is set, and says that somebody asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.asked.set()
        return super().wait(timeout)


def test_a_delivery_that_is_cut_off_comes_again_with_the_same_key(store: Store, web: Loopback) -> None:
    keep(store, alert())
    held = Held()

    async def run() -> None:
        clock = SimulatedClock(NOW)
        one = Running(store, clock, hook(web, "/hook", Reply(status=204, hold=held)))
        async with one.posts:
            await one.delivery.due(clock.now())
            assert await asyncio.to_thread(held.asked.wait, 60)
            await one.delivery.close(grace=0.0)  # it was sent, and is not marked
            held.set()
            await one.turn()  # it is still taken
            await one.turn(timedelta(seconds=50))

    asyncio.run(run())
    assert [hit.headers["idempotency-key"] for hit in web.log()] == ["ww-1", "ww-1"]
    assert states(store) == {"desk": (0, 0, 1)}


def test_one_digest_is_one_message(store: Store, web: Loopback) -> None:
    morning = NOW + timedelta(hours=20)
    keep(store, *(alert(number, due_at=morning, digest=morning) for number in range(3)))

    async def run() -> None:
        clock = SimulatedClock(NOW)
        one = Running(store, clock, hook(web))
        async with one.posts:
            await one.turn()
            assert store.next_due(one.clock.now()) == morning
            await one.turn(timedelta(hours=20))
            await one.turn(timedelta(hours=24))  # nothing came since: nothing is sent

    asyncio.run(run())
    (hit,) = web.log()
    sent = json.loads(hit.body)
    assert (sent["event"], len(sent["alerts"]), hit.headers["idempotency-key"]) == ("digest", 3, sent["id"])


def test_a_bug_in_a_delivery_costs_that_delivery_only(store: Store, web: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    keep(store, alert(1), alert(2, target="me"))

    async def run() -> None:
        # no configuration gives a command without a word; whoever starts it does not expect it
        one = Running(store, SimulatedClock(NOW), Target(name="desk", kind="command", command=()), hook(web, name="me"))
        async with one.posts:
            await one.turn()
            assert "a bug in wirewatch: TypeError" in one.delivery.undelivered["desk"]
            await one.turn(timedelta(minutes=5))

    asyncio.run(run())
    assert states(store) == {"desk": (1, 0, 0), "me": (0, 0, 1)}
    assert "Traceback" in caplog.text
