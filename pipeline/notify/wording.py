"""What a person reads, and what a program does: alerts → one message. Pure.

Whatever came from outside (titles, reasons) is cleaned of control characters; a subject is one line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from pipeline.model import Alert, Instant
from pipeline.text import plain

SUBJECT: Final = 140  # characters of a subject
TITLE: Final = 160  # of a title in a sentence
SHOWN: Final = 300  # entries of a digest that stand in its text; the JSON has all

_RAN: Final = {
    "identical": "ran {seed} word for word",
    "copy": "ran a copy of {seed} ({share})",
    "revision": "ran another version of {seed} ({share})",
    "excerpt": "ran an excerpt of {seed} ({share})",
    "derived": "ran a story made from {seed} ({share})",
    "related": "ran a story on the subject of {seed}",
    "distinct": "ran a story that is not {seed}",
}
_EDITS: Final = {
    "headline": "gave {title} another headline",
    "figures": "changed figures in {title}",
    "correction": "corrected {title}",
    "addition": "added to {title}",
    "cut": "cut {title}",
    "rewrite": "rewrote {title}",
    "live": "went on with {title}",
}
_STATES: Final = {
    "ok": "is well again",
    "failing": "cannot be read",
    "slow": "answers slowly",
    "silent": "answers, but brings nothing new",
    "walled": "shows walls in place of articles",
    "moved": "has moved",
    "disallowed": "may not be read any more, says its robots.txt",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """``key``: the same at every attempt. ``subject``: one line; ``text``: all of it; ``payload``: for programs, as JSON knows it."""

    key: str
    subject: str
    text: str
    payload: Mapping[str, Any]


def message(told: Sequence[Alert]) -> Message:
    """One alert, or all of a digest."""
    first = told[0]
    if first.digest is None:
        said = sentence(first)
        return Message(key=first.key, subject=_line(said, SUBJECT), text="\n".join(_details(first, said)), payload=payload(first))
    key = "ww-" + hashlib.sha256("\n".join([first.rule, first.target, *sorted(one.key for one in told)]).encode()).hexdigest()[:32]
    subject = f"{first.rule}: {_counted(len(told))} by {_moment(first.digest)}"
    head = {"id": key, "rule": first.rule, "event": "digest", "text": _line(subject, SUBJECT), "digest": first.digest.isoformat()}
    return Message(
        key=key,
        subject=_line(subject, SUBJECT),
        text="\n".join(_digest(told, subject)),
        payload=head | {"alerts": [payload(one) for one in told]},
    )


def test_message(rule: str, target: str, now: datetime) -> Message:
    """What ``watch test`` sends."""
    said = f"This is a test of wirewatch: the rule {rule!r} reaches {target!r}"
    key = "ww-" + hashlib.sha256(f"{rule}\n{target}\n{now.isoformat()}".encode()).hexdigest()[:32]
    told = {"id": key, "rule": rule, "event": "test", "text": said, "made_at": now.isoformat(timespec="seconds")}
    return Message(key=key, subject=_line(said, SUBJECT), text=said, payload=told)


def payload(alert: Alert) -> dict[str, Any]:
    """One alert for a program: what the cookbook describes."""
    made = alert.made_at.astimezone(UTC).isoformat(timespec="seconds")
    head = {"id": alert.key, "rule": alert.rule, "event": alert.kind, "name": alert.event, "text": sentence(alert), "made_at": made}
    return head | dict(alert.facts)


# ── one alert ─────────────────────────────────────────────────────────────────────────────────────


def sentence(alert: Alert) -> str:
    """ "Baltic Herald ran a copy of ‘Ferry stopped’ (98 %) 14 minutes after it came out"."""
    facts = alert.facts
    title = _quoted(facts.get("title") or facts.get("url") or "an article")
    who = _line(facts.get("outlet_name") or facts.get("outlet") or facts.get("source") or "Somebody", TITLE)
    match alert.kind:
        case "health":
            state = str(facts.get("health", ""))
            why = f": {facts['why']}" if facts.get("why") else ""
            return _line(f"The source {facts.get('source', '')} {_STATES.get(state, f'is {state}')}{why}", 2 * TITLE)
        case "withdrawn":
            why = f": {facts['why']}" if facts.get("why") else ""
            return f"{who} withdrew {title}{_line(why, TITLE)}"
        case "version":
            return f"{who} {_EDITS.get(str(facts.get('change')), 'changed {title}').format(title=title)}"
        case "match":
            ran = _RAN[str(facts["relation"])].format(seed=_quoted(facts["seed_title"]), share=_percent(facts.get("coverage", 0.0)))
            return f"{who} {ran}{_after(facts.get('seconds_after'))}"
        case _:
            return f"{who} published {title}"


def _details(alert: Alert, said: str) -> Iterator[str]:
    """The sentence, the link, what is new or changed."""
    facts = alert.facts
    yield said
    if url := facts.get("url"):
        yield _line(url, 2_000)
    if alert.kind in ("match", "version") and facts.get("title"):
        yield f"Headline: {_line(facts['title'], TITLE)}"
    if facts.get("title_before"):
        yield f"Headline before: {_line(facts['title_before'], TITLE)}"
    if facts.get("snippet"):
        yield f"It says: {_line(facts['snippet'], 2 * TITLE)}"
    for new in facts.get("new_sentences", ()):
        yield f"New: {_line(new, 2 * TITLE)}"
    if facts.get("figures_changed"):
        yield "Figures: " + _line(", ".join(f"{old} → {new}" for old, new in facts["figures_changed"]), 2 * TITLE)
    if facts.get("published"):
        yield f"Published: {_line(facts['published'], TITLE)}"
    if facts.get("since"):
        yield f"Since: {_line(facts['since'], TITLE)}"
    if facts.get("article"):
        yield f"More: wirewatch {'diff' if alert.kind == 'version' else 'show'} {facts['article']}"
    yield f"(rule {alert.rule})"


# ── a digest ──────────────────────────────────────────────────────────────────────────────────────


def _digest(told: Sequence[Alert], subject: str) -> Iterator[str]:
    """By seed, then by relation or kind; in each the first comes first."""
    yield subject
    groups: dict[str, dict[str, list[Alert]]] = {}
    for one in told[:SHOWN]:
        story = _quoted(one.facts["seed_title"]) if one.facts.get("seed_title") else ""
        kind = str(one.facts.get("relation", "")) if one.kind == "match" else _KINDS[one.kind]
        groups.setdefault(story, {}).setdefault(kind, []).append(one)
    for story, kinds in groups.items():
        yield ""
        if story:
            yield story
        for kind, some in kinds.items():
            yield f"{'  ' if story else ''}{kind} ({len(some)})"
            for one in some:
                yield f"    {_moment(_at(one))}  {_line(sentence(one), 3 * TITLE)}"
                if one.facts.get("url"):
                    yield f"                      {_line(one.facts['url'], 2_000)}"
    if len(told) > SHOWN:
        yield ""
        yield f"… and {len(told) - SHOWN} more: wirewatch latest"


_KINDS: Final = {"new": "new articles", "version": "changed", "withdrawn": "withdrawn", "health": "sources", "match": "seeds"}


def _at(alert: Alert) -> datetime:
    """When it came out, as far as that is known to the minute; else when it was seen."""
    published = alert.facts.get("published")
    if alert.kind in ("match", "new") and published and len(str(published)) > len("2024-01-01"):
        return Instant.parse(str(published)).at
    return alert.made_at


# ── words ─────────────────────────────────────────────────────────────────────────────────────────


def _after(seconds: Any) -> str:
    if not isinstance(seconds, int):
        return ""
    if seconds < 0:
        return f" {_span(-seconds)} before it came out"
    return f" {_span(seconds)} after it came out"


def _span(seconds: int) -> str:
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * length or (seconds >= length and unit == "minute"):
            count = seconds // length
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"


def _counted(count: int) -> str:
    return f"{count} alert{'' if count == 1 else 's'}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def _percent(share: float) -> str:
    """Never 100 % where it is less."""
    return f"{int(share * 100)} %"


def _quoted(text: Any) -> str:
    return f"‘{_line(text, TITLE)}’"


def _line(text: Any, most: int) -> str:
    """One line without control characters, not longer than ``most``."""
    one = " ".join(plain(str(text)).split())
    return one if len(one) <= most else one[: most - 1].rstrip() + "…"
