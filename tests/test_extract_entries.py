"""What holds many things one below the other, and the stories that are built nearly alike."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.errors import NotAnArticle
from pipeline.extract import extract
from pipeline.model import Article, Response

NOW = datetime(2025, 12, 1, 9, tzinfo=UTC)
HOST = "https://www.torfbote.example"
TYPED = '<meta property="og:type" content="article">'
THINGS = (
    ("Chorkonzert", "Der Chor singt Werke von Bach und Distler, der Eintritt ist frei, Spenden sind erbeten."),
    ("Adventsbasar", "Handarbeiten und Gebäck im Gemeindehaus an der Breiten Straße, bis alles verkauft ist."),
    ("Moorführung", "Treffpunkt ist der Parkplatz am Torfwerk, feste Schuhe sind nötig, Hunde sind willkommen."),
)
DAYS = ("12. Dezember, 19 Uhr", "13. Dezember, 15 Uhr", "14. Dezember, 11 Uhr")


def read(path: str, title: str, main: str, head: str = "") -> Article:
    menu = '<header><nav><a href="/">Torfbote</a><a href="/sport/">Sport</a><a href="/kultur/">Kultur</a></nav></header>'
    foot = '<footer><p>© 2025 Torfbote</p><a href="/impressum">Impressum</a></footer>'
    page = f"<html lang='de'><head><title>{title} | Torfbote</title>{head}</head><body>{menu}<main>{main}</main>{foot}</body></html>"
    url = path if "://" in path else HOST + path
    return extract(Response(url=url, requested_url=url, body=page.encode(), fetched_at=NOW))


def things(before: tuple[str, ...] = ("", "", ""), after: str = "") -> str:
    return "".join(f"<div>{day}<h3>{name}</h3><p>{said}</p>{after}</div>" for day, (name, said) in zip(before, THINGS, strict=True))


MISSING = """<h1>Hier ist leider nichts mehr</h1>
<p>Irgendwo zwischen Setzerei und Datenleitung muss sie verloren gegangen sein, die Seite, die Sie gesucht haben. Vielleicht ist sie
umgezogen, vielleicht wurde sie gelöscht, vielleicht hat es sie nie gegeben, und Sie haben von ihr geträumt wie wir vom Feierabend.</p>
<p>Prüfen Sie bitte, ob Sie die Adresse richtig geschrieben haben: ein Tippfehler ist schnell passiert, uns auch, wie unsere Leser fast
jeden Tag mit Freude feststellen. Auch die Suche hilft gern, wenn Sie ein Wort aus der Überschrift wissen.</p>
<p>Oder gehen Sie zur Startseite, dort warten die aktuellen Nachrichten, und das Rätsel ist auch schon da.</p>"""
SHOWN = [f"<span>{day}</span>" for day in DAYS]
POSTS = "".join(
    f"<div><b>{who}</b><div>{day}.11.2025, 18:40</div><div>{said}</div><a href='/forum/quote?{day}'>Zitieren</a></div>"
    for day, who, said in (
        (2, "kalle", "Weiß jemand, wann die Parkplätze am Bahnhof endlich fertig werden? Seit Mai steht dort ein Bagger."),
        (3, "moni", "Mir hat man gesagt, dass es im Frühjahr so weit sei. Ich glaube es nicht mehr."),
        (4, "ede", "Der Bagger gehört meinem Schwager, der wartet auf die Steine aus Portugal."),
    )
)
SUBJECT = "".join(
    f"<article><h2><a href='/a/{at}-seite'>{said}</a></h2><p>Mehr dazu auf dieser Seite.</p></article>"
    for at, said in enumerate(
        ("Gemeinde kippt den Windpark", "Pacht entzweit ein Dorf", "Ein Flügel reist durch die Nacht", "Milan brütet am Mast")
    )
)
WALLS = {
    "events": ("/freizeit/termine/", "Termine", f"<h1>Termine</h1>{things(tuple(SHOWN))}", ""),
    "a shop": ("/buecher", "Bücher", f"<h1>Bücher</h1>{things(after='<p>14,90 €</p><button>In den Korb</button>')}", TYPED),
    "letters to order": ("/newsletter/alle", "Briefe", f"<h1>Unsere Briefe</h1>{things(after='<label>Wählen</label>')}", TYPED),
    "a search": ("/suche?q=basar", "Suche", "<h1>Suche</h1><p>2 Treffer für basar</p>" + things(), ""),
    "a search whose word begins with another": ("/sok?q=basar", "Sökresultat", "<h1>Sökresultat för basar</h1>" + things(), ""),
    "a forum": ("/forum/thema-881-parkplaetze", "Parkplätze am Bahnhof", f"<h1>Parkplätze am Bahnhof?</h1>{POSTS}", ""),
    "a subject": ("/thema/windkraft", "Windkraft", f"<h1>Windkraft</h1><p>Alles über Windräder im Land.</p>{SUBJECT}", TYPED),
    "a missing page at length": ("/lokales/2025/schulhof-wird-umgebaut", "Hoppla!", MISSING, TYPED),
}
OPENING = (
    "Auf der Spree fährt seit Sonntag kein Kahn mehr, der Post bringt. Der letzte Fährmann hat sein Boot an Land gezogen, teilte er mit. "
)
STORIES = {
    "recipes": ("/essen/suppen", "Drei Suppen", f"<h1>Drei Suppen</h1><p>{OPENING}</p>{things()}"),
    "replies below it": (
        "/kultur/kahn",
        "Der letzte Kahn",
        f"<h1>Der letzte Kahn</h1><p>{3 * OPENING}</p>{things(after='<button>Antworten</button>')}",
    ),
    "events that it tells of": (
        "/kultur/advent",
        "Advent im Moor",
        f"<h1>Advent im Moor</h1><p>28.11.2025</p><p>{OPENING}</p>{things(tuple(SHOWN))}",
    ),
    "prices that it tells of": (
        "/kultur/advent",
        "Advent im Moor",
        f"<h1>Advent im Moor</h1><p>28.11.2025</p><p>{OPENING}</p>{things(after='<p>Eintritt: 3 Euro</p>')}",
    ),
    "the search for something": (
        "/kultur/die-suche-nach-der-seite?s=09",
        "Die Suche",
        f"<h1>Die Suche nach der Seite</h1><p>12. November 2025</p><p>{OPENING}</p><p>{OPENING}</p>",
    ),
    "posts of a forum that is nothing else": (
        "https://www.moor-forum.example/forum/parken",
        "Parkplätze",
        f"<h1>Parkplätze am Bahnhof?</h1>{POSTS}",
    ),
}


@pytest.mark.parametrize("name", WALLS)
def test_it_is_no_story(name: str) -> None:
    with pytest.raises(NotAnArticle):
        read(*WALLS[name])


@pytest.mark.parametrize("name", STORIES)
def test_a_story_built_nearly_alike_is_kept(name: str) -> None:
    assert read(*STORIES[name]).completeness == "full"
