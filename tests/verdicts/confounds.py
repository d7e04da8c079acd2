"""What looks like copied text and is not, or hides it: shared quotes, posts, captions and feet, bundles, live pages, short or broken texts."""

# ruff: noqa: E501  (a row of the table, and a text, stay on one line)
from __future__ import annotations

import re

from tests.verdicts.furniture import CAPTIONS, FEET, LOCAL_LEAD, POSTS, SUBSCRIBE
from tests.verdicts.pairs import Case, one
from tests.verdicts.telling import Story, first, load, printed, replaced, with_lines


def _both(
    what: str, one_name: str, other_name: str, lines: tuple[str, ...], letters: str, *, at: int = -1, same_outlet: bool = False
) -> Case:
    """Two stories that share these lines and nothing else."""
    article, other = with_lines(printed(load(one_name)), *lines, at=at), with_lines(load(other_name), *lines, at=at)
    return one(what, article, other.but(outlet=article.outlet) if same_outlet else other, letters)


def _made(title: str, *lines: str, outlet: str = "daily-lantern.example", language: str = "en") -> Story:
    slug = re.sub(r"\W+", "-", title.lower())
    return Story(name=slug, title=title, lines=lines, language=language, credit=None, published="2031-05-16", outlet=outlet, hours=3)


QUOTES = [line for line in load("summit").lines if '"' in line]
SPOKEN = re.findall(r'"([^"]+)"', "\n".join(QUOTES[:2]))
TRANSCRIPT = _made(
    "Transcript of the joint news conference",
    "The following remarks were taken down by the press office of the presidency. Order of speakers: host, guest, questions.",
    f'DOSS: "{SPOKEN[0]}" And let me say this. "{SPOKEN[1]}" Thank you, and now to my colleague.',
    f'VALK: "{SPOKEN[2]}" I mean that. "{SPOKEN[3]}"',
    "QUESTION (Radio Halden): Is the herring dead?",
    "DOSS: The herring is doing very well, it is the paper that is not feeling so good.",
    "QUESTION (Evening Mirror): When will the first train leave?",
    "VALK: When there is a timetable. I am told that engineers have begun to look at the points, and that they found a family of badgers.",
)
FERRY_QUOTES = _made(
    "Nurse who survived the wreck speaks of minutes in the dark",
    "She sits on a hospital bed in Tolmouth with a paper cup in both hands and does not want to be photographed.",
    load("ferry").lines[2].split('"')[1].join('""') + " That is all Petra Lindqvale remembers of the moment itself.",
    "Then somebody took her by the collar. She never learned who it was. She would like to give him back his scarf, which is green.",
    '"' + load("ferry").lines[6].split('"')[1] + '" she has heard the minister say on the radio. She shrugs and asks for more tea.',
)
SHARED_QUOTES = [
    one("shared quotes: two agencies on one summit", load("summit_nwa"), load("summit"), "R"),
    one("shared quotes: the same, turned", load("summit"), load("summit_nwa"), "R"),
    one("shared quotes: transcript", TRANSCRIPT, load("summit"), "R"),
    one("shared quotes: a survivor's portrait", FERRY_QUOTES, load("ferry"), "R"),
]
SHARED_POSTS = [
    *(_both(f"post shared: {form}", "local", "trial", lines, "N", at=3) for form, lines in POSTS.items()),
    _both("post shared: x, in German texts", "de_other", "de", POSTS["x"], "N", at=2),
    _both("post shared on one summit", "protest", "summit", POSTS["x"], "RN", at=4),
]
SHARED_CAPTIONS = [
    *(_both(f"caption shared: {style}", "local", "budget", (text,), "N", at=0) for style, text in CAPTIONS.items()),
    _both("caption shared: dpa, in German texts", "de_other", "de", (CAPTIONS["dpa"],), "N", at=0),
    _both("two captions shared", "trial", "quake", (CAPTIONS["ap"], CAPTIONS["reuters"]), "N", at=3),
]
SHARED_FEET = [
    _both("foot shared: beacon", "local", "quake", FEET["beacon"], "N", same_outlet=True),
    _both("foot shared: lantern", "budget", "ferry", FEET["lantern"], "N", same_outlet=True),
    _both("foot shared: agency's rights", "trial", "summit_eve", FEET["agency"], "N"),
    _both("foot shared: German", "de_other", "de", FEET["de"], "N", same_outlet=True),
    _both("foot shared: French, other tongue above", "es", "fr", FEET["fr"], "RN", same_outlet=True),
    _both("foot shared: Russian", "ru_other", "ru", FEET["ru"], "N", same_outlet=True),
    _both("foot shared: Japanese below Chinese", "zh_other", "ja", FEET["ja"], "N", same_outlet=True),
    _both("foot and caption shared", "local", "trial", (CAPTIONS["kap"], *FEET["lantern"]), "N", same_outlet=True),
]
OTHERS = [
    one("same summit, other story", load("protest"), load("summit"), "R"),
    one("the day before", load("summit_eve"), load("summit"), "R"),
    one("the day before, turned", load("summit"), load("summit_eve"), "R"),
    *(one(f"nothing shared · {a}/{b}", load(a), load(b), "N") for a, b in (
        ("quake", "ferry"), ("budget", "trial"), ("local", "summit"), ("trial", "ferry"),
        ("de_other", "de"), ("ru_other", "ru"), ("zh_other", "zh"), ("th", "ko"), ("budget", "zh"),
    )),
    *(one(f"translation · {a} of {b}", load(a), load(b), "RN") for a, b in (
        ("de", "ferry"), ("fr", "ferry"), ("es", "fr"), ("ru", "ferry"), ("zh", "ferry"), ("ja", "zh"), ("ar", "quake"),
    )),
]  # fmt: skip


# ── bundles, background, live pages ───────────────────────────────────────────────────────────────


def _bundle(*names: str) -> Story:
    """One page that runs several wires under rules of stars."""
    lines = ["World in brief, compiled by our night desk"]
    for name in names:
        lines += [load(name).title.upper(), *load(name).lines, "* * *"]
    return _made("World in brief " + " ".join(names), *lines)


def _leads(*names: str) -> Story:
    return _made("The world in five sentences", *(load(name).lines[0] for name in names))


BUNDLES = [
    one("bundle against one of it", _bundle("summit", "ferry", "quake", "budget"), load("ferry"), "D"),
    one("bundle against another of it", _bundle("summit", "ferry", "quake", "budget"), load("quake"), "D"),
    one("one wire against a bundle", load("quake"), _bundle("summit", "ferry", "quake", "budget"), "X"),
    one("bundle against what is not in it", _bundle("summit", "ferry", "quake"), load("trial"), "N"),
    one("two bundles with one wire in common", _bundle("summit", "ferry", "trial"), _bundle("ferry", "quake", "budget"), "D"),
    one(
        "two bundles with none in common", _bundle("summit", "trial"), _bundle("quake", "budget").but(outlet="evening-mirror.example"), "N"
    ),
    one("German bundle against one of it", _bundle("de", "de_other"), load("de"), "D"),
    one("a column of leads", _leads("summit", "ferry", "quake", "budget", "trial"), load("ferry"), "RD"),
]
BACKGROUND = load("summit").lines[-2:]
LIVE_HEAD = "Welcome to our live page. We keep you up to date with everything that happens today; newest entries stand on top."


def _live(*entries: tuple[str, str], day: str = "Friday") -> Story:
    return _made(f"{day} as it happened", LIVE_HEAD, *(part for clock, text in entries for part in (clock, text)))


_FERRY = load("ferry").lines
_MORNING = (
    ("11:42", "The minister has arrived on the quay and is speaking to relatives. We have two people there."),
    ("11:20 GMT", _FERRY[4]),
    ("10:58", "A reader, Bo, writes from the island: it is very quiet here, people stand in front of the bakery and do not buy anything."),
    ("10.31 am", _FERRY[3]),
    ("10:05", _FERRY[1]),
    ("09:47 (updated 09:55)", _FERRY[0]),
    (
        "08:30",
        "Good morning. We begin with the weather, which for once is the news: force nine off the northern islands, easing towards noon.",
    ),
)
_LATER = (
    ("13:15", "All schools on the island will stay closed until Wednesday, the county says. Teachers will be there for anyone who comes."),
    ("12:50", "The bishop has asked for bells to be rung at six in every church on the coast, from Ferrin to Cape Sunder."),
)
_SPORT = (
    ("21:10", "Full time in Orlanda, and the visitors go through on away goals after ninety minutes that nobody will want to see again."),
    ("20:02", "Kick-off was late because a dog ran onto the pitch. It has been signed by the home side, a steward says."),
    ("19:30", "Teams are out. No surprises, except for the left back, who was at his sister's wedding until four."),
)
PAGES = [
    one("background of a write-thru shared", with_lines(printed(load("protest")), *BACKGROUND, at=-1), load("summit"), "RD"),
    one(
        "one sentence of background shared",
        with_lines(printed(load("summit_eve")), BACKGROUND[0].split(". ")[0] + ".", at=-1),
        load("summit"),
        "R",
    ),
    one(
        "background in two later stories",
        with_lines(load("protest"), BACKGROUND[0], at=-1),
        with_lines(load("summit_eve"), BACKGROUND[0], at=-1),
        "RD",
    ),
    one("live page with pasted copy", _live(*_MORNING), load("ferry"), "D"),
    one(
        "live page, two hours later", _live(*_LATER, *_MORNING).but(hours=5), _live(*_MORNING), "V", added=tuple(text for _, text in _LATER)
    ),
    one("live pages of two days", _live(*_SPORT, day="Saturday"), _live(*_MORNING), "N"),
    one("live page without copy", _live(*_LATER, _MORNING[0], _MORNING[2]), load("ferry"), "RN"),
    one("live page with the quotes", _live(("12:01", _FERRY[2]), *_LATER), load("ferry"), "R"),
]

# ── very short, cut off, broken ───────────────────────────────────────────────────────────────────

ALERT = "Ferry capsizes off Brannock; at least 11 dead, 7 missing, coast guard says."
SUM = "A passenger ferry with 176 people on board has gone down off the Valdorian island of Brannock; rescuers are searching for survivors."
SHORT = [
    one("empty beside empty", _made("Nothing"), _made("Nothing too", outlet="kap.example"), "N"),
    one("empty beside a story", _made("Nothing"), load("ferry"), "N"),
    one("white space beside a story", _made("Nothing", " ", "\u00a0"), load("zh"), "N"),
    one("points beside points", _made("Dots", "…", "***"), _made("Dots again", "—", "* * *", outlet="kap.example"), "N"),
    one("one word, the same", _made("Gallery", "Photographs"), _made("Pictures", "Photographs", outlet="kap.example"), "I"),
    one("one word, another", _made("Gallery", "Photographs"), _made("Film", "Video", outlet="kap.example"), "N"),
    one("one word of a story", _made("Gallery", "Brannock"), load("ferry"), "RN"),
    one("an alert, the same", _made("Alert", ALERT), _made("Flash", ALERT.upper(), outlet="kap.example"), "I"),
    one("an alert, toll risen", _made("Alert", ALERT.replace("11", "14").replace("7", "4")), _made("Flash", ALERT, outlet="kap.example"), "V"),
    one("an alert beside the story", _made("Alert", ALERT), load("ferry"), "R"),
    one("two sentences retold beside the story", _made("Alert", SUM), load("ferry"), "R"),
    one("the lead as a brief", _made("Brief", _FERRY[0]), load("ferry"), "X"),
    one("two sentences of the story, eighteen words", _made("Fact", _FERRY[9].split(". ", 1)[1]), load("ferry"), "X"),
    one("a commonplace of five words", _made("Note", "He did not give details."), with_lines(load("trial"), "He did not give details.", at=3), "N"),
    one("two briefs on different things", _made("Note", "Two people were injured on Friday, police said."), _made("Other", "Two bakeries were closed on Friday, officials said.", outlet="kap.example"), "N"),
    one("a Chinese alert, toll risen", _made("快讯", "布兰诺克岛渡轮倾覆，至少14人死亡。", language="zh"), _made("快讯", "布兰诺克岛渡轮倾覆，至少11人死亡。", language="zh", outlet="kap.example"), "V"),
    one("the Japanese lead as a brief", _made("速報", load("ja").lines[0], language="ja"), load("ja"), "X"),
    one("the Thai lead as a brief", _made("ด่วน", load("th").lines[0], language="th"), load("th"), "X"),
    one("a Korean word", _made("속보", "지하철", language="ko"), load("ko"), "RN"),
    one("stubs of different stories", _made("Wall", load("local").lines[0], SUBSCRIBE["en"]), _made("Wall too", load("trial").lines[0], SUBSCRIBE["en"]), "N"),
    one("nothing but the appeal beside a story", _made("Wall", SUBSCRIBE["de"], language="de"), load("de"), "N"),
    one("a stub beside the local version", _made("Wall", " ".join(_FERRY[:2]), SUBSCRIBE["en"]), with_lines(printed(load("ferry")), *LOCAL_LEAD["en"], at=0), "X"),
    one("question marks for letters", printed(load("trial")).mapped(lambda s: s.replace('"', "?").replace("-", "?")), load("trial"), "IC"),
    one("broken letters and the toll risen", printed(load("fr")).mapped(lambda s: s.replace("11 morts", "14 morts").encode().decode("latin-1")), load("fr"), "V"),
    one("broken letters, first four", first(printed(load("de")), 4).mapped(lambda s: s.encode().decode("latin-1")), load("de"), "X"),
    one("byline and the toll risen, Spanish", with_lines(replaced(printed(load("es")), ("Al menos 11", "Al menos 14")), "Por Inés Quiroga", at=0), load("es"), "V"),
]  # fmt: skip
CONFOUNDS = [*SHARED_QUOTES, *SHARED_POSTS, *SHARED_CAPTIONS, *SHARED_FEET, *OTHERS, *BUNDLES, *PAGES, *SHORT]
