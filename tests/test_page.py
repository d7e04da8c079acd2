"""The page of a story in a real browser: what came from outside is shown and never run."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.families.origin import Origin
from pipeline.model import Instant, Match, Relation
from pipeline.page import story_page
from pipeline.store.rows import Listed, Parent, Story, Told

BROWSER = shutil.which("chromium")
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--disable-quic", "--disable-dev-shm-usage"),
)
EVIL = "Ferry <script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">"
EVIL_URL = "javascript:document.title='run'"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def _listed(number: int, title: str, url: str) -> Listed:
    return Listed(
        article_id=number,
        version_id=number,
        url=url,
        title=title,
        outlet=f"outlet{number}.example",
        outlet_name=None,
        published=Instant.of(NOON),
        first_seen=NOON,
        language="en",
        kind="news",
        completeness="full",
        credit="<b>NOP</b>",
        authors=("Ann <i>Author</i>",),
        versions=1,
    )


def _told(number: int, title: str, url: str) -> Told:
    return Told(
        article=_listed(number, title, url),
        relation=Relation.REVISION,
        coverage=0.87,
        other_coverage=0.9,
        new_sentences=(EVIL,),
        figures_changed=((EVIL, "<svg onload=\"document.title='run'\">"),),
        longest_run=80,
        why=EVIL,
        judge="machine",
        aligned=True,
        match=Match(other=1, relation=Relation.REVISION),
    )


PLAIN_URL = "https://outlet2.example/ferry?a=1&b='><script>document.title='run'</script>"
STORY = Story(
    about=_listed(1, EVIL, "https://origin.example/ferry"),
    origin_url=EVIL_URL,
    told=(_told(2, "A ferry", PLAIN_URL), _told(3, EVIL, EVIL_URL), _told(4, "", "data:text/html,<script>alert(1)</script>")),
)


def _in_browser(page: Path, profile: Path) -> str:
    """What the page is after its scripts have run, if any can. Outside CI the test is skipped where there is no browser."""
    if BROWSER is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no chromium, and in CI nothing is skipped")
        pytest.skip("this machine has no chromium (Debian: apt-get install chromium)")
    words = [BROWSER, *QUIET, f"--user-data-dir={profile}", "--dump-dom", page.as_uri()]
    ran = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=120, check=True, env=os.environ | {"HOME": str(profile)})
    return ran.stdout


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _title(dom: str) -> str:
    found = re.search(r"<title>(.*?)</title>", dom, re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_a_script_in_a_page_would_be_seen_to_run(tmp_path: Path) -> None:
    """Otherwise the test below would show nothing."""
    page = _write(tmp_path / "evil.html", f"<!doctype html><title>calm</title><h1>{EVIL}</h1>")
    assert _title(_in_browser(page, tmp_path / "profile")) == "run"


def test_a_story_is_shown_and_nothing_of_it_is_run(tmp_path: Path) -> None:
    dom = _in_browser(_write(tmp_path / "story.html", story_page([STORY])), tmp_path / "profile")
    assert _title(dom) == f"{EVIL} – wirewatch"
    assert not re.search(r"<(script|img|svg|b|i)\b", dom)
    assert re.findall(r'<td class="outlet">(outlet\d\.example)</td>', dom) == [told.article.outlet for told in STORY.told]
    assert dom.count(" 87 % <small>of its text<") == dom.count(" 90 % <small>of #1<") == len(STORY.told)
    assert [html.unescape(url) for url in re.findall(r'href="([^"]*)"', dom)] == [PLAIN_URL]


def test_a_page_leads_to_parents_and_says_where_the_story_comes_from(tmp_path: Path) -> None:
    parents = tuple(
        Parent(
            article_id=number, outlet=f"outlet{number}.example", url="", title=EVIL, coverage=0.5, other_coverage=0.5, within=number == 2
        )
        for number in (2, 9)
    )
    child = replace(STORY.told[1], parents=parents)
    story = replace(STORY, told=(STORY.told[0], child), origin=Origin(name=EVIL, by="credit", why=EVIL), beyond=(9,))
    dom = _in_browser(_write(tmp_path / "story.html", story_page([story])), tmp_path / "profile")
    assert _title(dom) == f"{EVIL} – wirewatch"
    assert '#3 ← <a href="#s1-2">#2</a> + #9' in dom
    assert '<tr id="s1-2">' in dom
    assert "#9: outlet9.example, elsewhere" in dom
    assert "1 more shares text with these articles, not with #1: #9" in dom
    assert f"Comes from {html.escape(EVIL, quote=False)}." in dom


def test_the_page_forbids_what_escaping_might_miss(tmp_path: Path) -> None:
    """Its own policy stops a script that got in all the same."""
    page = story_page([STORY]).replace("<section>", f"<section>{EVIL}", 1)
    assert _title(_in_browser(_write(tmp_path / "story.html", page), tmp_path / "profile")) == f"{EVIL} – wirewatch"


def test_several_stories_or_none_are_a_page_too(tmp_path: Path) -> None:
    dom = _in_browser(_write(tmp_path / "two.html", story_page([STORY, STORY])), tmp_path / "profile")
    assert _title(dom) == "Stories – wirewatch"
    assert dom.count("<tbody>") == 2
    assert "There is no seed." in story_page([])
