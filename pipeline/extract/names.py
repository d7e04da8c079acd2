"""Bylines taken apart: text to names of people."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.extract import credit, titles, wording
from pipeline.extract.page import line

_BY = re.compile(
    r"^(?:(?:written|posted|published|reported|reviewed|created|story|words|text|article|review) by|by|byline"
    r"|(?:erstellt|geschrieben|verfasst|veröffentlicht|eingestellt|ein (?:artikel|beitrag|gastbeitrag)|text) von|von"
    r"|(?:publié|rédigé|écrit|proposé) par|par|(?:escrito|publicado) por|por|(?:scritto|pubblicato) da|a cura di|di"
    r"|(?:geschreven )?door|av|af|autorin|autor(?:es)?|autore|auteur|author\(?s?\)?|redaktion|texte?|tekst|yazan"
    r"|автор(?:ы)?|текст|作者|文|記者|记者|記事|撰文|oleh|przez|написал)"
    r"(?:\s*[:：●|/]\s*|\s+)",
    re.IGNORECASE,
)
_REPORTER = re.compile(r"^(?:記者|记者|特派員)(?=[\u4e00-\u9fff])")
# "y" and "e" part people only before two words: "Ana López y Pérez" is one.
_BETWEEN = re.compile(
    r"\s*(?:[;|•·●、，\n]|(?<=[\u3040-\u9fff])[／/]|\s/\s|,\s*(?:and|und|et|y|e|en|og|och|и|та)\s|(?<=[\w)])\s+(?:and|und|et|og|och|i|и|та|ve"
    r"|with|mit|avec|con|[ye](?=\s+[^\s,;]+\s+[^\s,;]))\s+(?=\S+)|\s[&+]\s|,\s+and\s+by\s)\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:\b(?:last\s+)?(?:updated|published|posted|modified|aktualisiert|veröffentlicht|stand|mis à jour|publié|publicado"
    r"|actualizado|aggiornato|обновлено|опубликовано|am|on)\b\s*:?\s*(?:\d|\w+\s+\d|$).*"
    r"|\b(?:jan|feb|mar|mär|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zä]*\.?\s+\d{1,2}\b.*|\b\d{1,2}\.?\s+(?:jan|feb|mar"
    r"|mär|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zä]*\b.*|\b\d{1,2}[./:]\d{2}.*|\b(?:19|20)\d{2}\b.*|\s[-–—|]\s.*"
    r"|@\w+.*|\(.*|\bfollow\b.*|\bview\b.*|\S+@\S+.*|https?:.*)$",
    re.IGNORECASE | re.DOTALL,
)
# Where they are, and whom they write for: "in Berlin", "for The Daily Ledger".
_ABROAD = re.compile(r"(?<=\w)[,\s]+(?:in|aus|from|for|für|pour|para|для|via|special to)\s+(?=[^\W\d_a-zà-ÿа-я]).*$")
_PICTURES = re.compile(
    r"^(?:fotos?|photos?|photograph\w*|bild(?:er)?|videos?|illustration\w*|grafik|kamera|camera|фото|撮影|写真)\s*(?:[:：]|by\b|von\b)"
    r"|\((?:fotos?|photos?|bild(?:er)?|videos?|illustration\w*|kamera|фото)\)",
    re.IGNORECASE,
)
_PICTURES_TAIL = re.compile(r"\s(?:photo\w*|fotos?|illustrations?|video)\s+(?:by|von)\s.*$", re.IGNORECASE)
_ROLE_BEHIND = re.compile(
    r"(?<=\w)\s+(?:(?:staff|senior|chief|political|foreign|associate|managing|contributing|special|freelance|business|sports?|deputy"
    r"|associated press|ap|afp|reuters)\s+)*(?:writer|reporter|editor|correspondent|columnist|associated press|bbc news|reuters)s?$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^(?:(?:staff|senior|chief|political|foreign|associate|managing|contributing|news|special|freelance|freier?|science|business|sports?"
    r"|technology|health|deputy|web|world|editor(?:ial)?|assistant)\s+)*"
    r"(?:writer|reporter|editor|correspondent|contributor|columnist|staff|author|autor(?:in)?|journalist(?:in)?|redakteur(?:in)?"
    r"|redaktion|admin|administrator|webmaster|editorial team|"
    r"(?:la |die |de |our )?(?:own )?(?:rédaction|redaction|redazione|redacción|redação|redactie|correspondent|reporter|desk|agencie)"
    r"|編集部|编辑部|photographer|guest|unknown|anonymous|none|null|undefined|user|redaktor|корреспондент|редакция"
    r"|editor-in-chief|bureau chief"
    r"|(?:staff and )?(?:news|wire) (?:service )?report)s?$",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"https?:|www\.|\.(?:com|de|org|net|co)\b|[<>{}=\[\]]|\d{3}|^\W*$|\b(?:comments?|share|read more|subscribe|minutes?|ago|read)\b|[!?]$"
    r"|admin\b|\badmin",
    re.IGNORECASE,
)
JOB = re.compile(
    r"\b(?:editors?|reporters?|writers?|correspondents?|director|president|chef\w*|redaktion|redakteur\w*|staff|contributors?"
        r"|columnist|manager|founder|ceo|officer|posts?|articles?|artikel|beiträge|alle|more|view|edit|contact|email|get|learn|read"
        r"|follow|rss|published|"
    r"about|all|bio|news|team|archiv\w*|foto|photos?|image|bild|interview|kommentare?|watch|live|sign|log ?in|out|images|getty"
        r"|linkedin|bureau|chief|facebook|twitter|instagram|publi(?:é|ée|cado|ziert|cato)\w*|eingestellt|geschrieben|autorenseite|zeige"
        r"|universi\w+|agenc(?:y|ies)|author|by|from|min|updated|consulting|council|university|inc|gmbh|ltd)\b", re.IGNORECASE)  # fmt: skip
NO_PERSON = re.compile(
    r"^(?:the|der|die|das|le|la|les|los|las|el|il|lo|het|de|a|o|an|mon|my|mein)\s"
    r"|\b(?:news\w*|nachrichten|zeitung|tageblatt|post|times|press\w*|journal|blog|magazin\w*|media|online|radio|tv|fm|today|daily|weekly"
    r"|world|business|studio|labs?|group|agentur|agency|verlag|review|report|insider|guide|welt|hoy|hora|diario|gazet\w*|life|digital)\b",
    re.IGNORECASE,
)
"""What stands in the names of houses, hardly ever in people's."""
_SURNAME_FIRST = re.compile(r"^[^\W\d_]+(?:[-' ][^\W\d_]+)*,\s[^\W\d_][^\W\d_.]*(?:\s[^\W\d_]\.?)?$")

PARTICLE = {
    "von",
    "van",
    "de",
    "der",
    "den",
    "di",
    "da",
    "dos",
    "del",
    "la",
    "le",
    "bin",
    "al",
    "ibn",
    "ter",
    "ten",
    "zu",
    "du",
    "e",
    "y",
    "el",
    "ben",
    "st",
    "av",
    "af",
}


def people(texts: Iterable[str], site: set[str]) -> tuple[str, ...]:
    """The persons in bylines, in order, once each. ``site``: folded names of the outlet, which wrote nothing."""
    found: dict[str, str] = {}
    for text in texts:
        if is_site(titles.fold(text), site) or credit.signers(text, ()):  # before "Jobs & Homes" is taken for two
            continue
        named = split("\n".join(line(part) for part in text.split("\n")))
        if len(named) > 1 and (is_person(named[0]) or is_site(titles.fold(text.split(",")[0]), site)):
            # Behind a person, and behind a house, stand places and houses: "Anna Person, Washington".
            named = [name for name in named if is_person(name)]
        for name in named:
            folded = titles.fold(name)
            if folded and not is_site(folded, site) and credit.agency(name) is None:
                found.setdefault(folded, name)
    return tuple(found.values())


def is_site(folded: str, site: set[str]) -> bool:
    """The outlet's name, however its words are joined ("El Faro", elfaro), with an article or "staff" or without."""
    short = folded.removesuffix(" staff").removesuffix(" editors").removeprefix("the ").replace(" ", "")
    joined = {name.removeprefix("the ").replace(" ", "") for name in site}
    return bool(short) and (short in joined or any(len(name) > 9 and short.startswith(name) for name in joined))


def without_opener(text: str) -> str:
    """A byline without its "By"."""
    return _BY.sub("", text.strip()).strip()


def split(text: str) -> list[str]:
    """One byline as names: "By A, B and C for AFP" gives A, B, C and AFP's place is left to the credit line."""
    if len(text) > 300:
        return []
    text = wording.of_line(text.strip())
    text = wording.of_line(_BY.sub("", _BY.sub("", text).strip()).strip())
    text = credit.without_agency(text)
    if ";" in text and all(_SURNAME_FIRST.match(part.strip()) for part in text.split(";")):
        return [name for part in text.split(";") for name in split(part)]
    if _SURNAME_FIRST.match(text) and len(text.split()) == 2:  # "Person, Anna", as catalogues write it
        last, _, given = text.partition(", ")
        return _clean([f"{given} {last}"]) if given[0].isupper() else _clean([last])
    parts = [part for piece in _BETWEEN.split(text) for part in re.split(r"\s*,\s+|(?<=[^\W\d_]),(?=[^\W\d_])", piece)]
    return _clean([one for part in parts for one in _slashed(part)])


def _slashed(part: str) -> list[str]:
    """People and agencies joined by a bare slash: "Ana López/Juan Pérez", "dpa/Anna Person"; anything else stays whole."""
    pieces = part.split("/")
    if len(pieces) < 2 or not all(credit.agency(one) or is_person(one.strip()) for one in pieces):
        return [part]
    return [one for one in pieces if not credit.agency(one)]


_MARKS = " \t,;:.–—-|/●•·\"“”„'*©[]【】"
_TITLE_BEHIND = re.compile(
    r"(?<=\w)\s*(?:기자|특파원|記者|记者|編集委員|著|訳|監訳|監修)$"
)  # "reporter", as it stands behind a name, and what somebody did for a book
_OPENER_ALONE = re.compile(r"^(?:by|von|par|por|di|av|af|door|und|and|et|y|in|unter|autor|author|text)$", re.IGNORECASE)
# Words that stand in the names of outlets, rubrics and newsrooms; alone they are nobody.
_RUBRIC = re.compile(
    r"^(?:nachrichten|news|noticias|notizie|actualités?|politi[kc]s?|sports?|online|press(?:e|estelle)?|wire|blog|home|magazin\w*|новости"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)$",
    re.IGNORECASE,
)


def _clean(parts: list[str]) -> list[str]:
    """Names without what stands before and behind them."""
    kept: list[str] = []
    for part in parts:
        if _PICTURES.search(part):
            continue
        name = _REPORTER.sub("", _PICTURES_TAIL.sub("", _BY.sub("", part.strip(_MARKS))))
        name = _TITLE_BEHIND.sub("", _TAIL.sub("", _ABROAD.sub("", name)).strip(_MARKS))
        name = wording.of_name(name)
        if len(name.split()) > 2 and len((short := _ROLE_BEHIND.sub("", name)).split()) > 1:
            name = short
        if part.strip().endswith(".") and re.search(r"\b(?:[A-Z]\.)*[A-Z]$|\b[JS]r$", name):
            name += "."
        words = name.split()
        if len(words) > 3 and words[: len(words) // 2] == words[len(words) // 2 :]:  # the picture's caption and the name
            name = " ".join(words[: len(words) // 2])
        if (
            not name
            or len(name) > 60
            or len(name.split()) > 6
            or _NOISE.search(name)
            or _OPENER_ALONE.match(name)
            or _RUBRIC.match(name)
            or (len(words) == 1 and re.search(r"\d|^[a-z]+[._][a-z]+$", name))  # a handle
            or (name.isupper() and name.isascii() and len(name) < 5)  # initials
            or (kept and (_ROLE.match(name) or wording.is_post(part.strip())))
            or not re.search(r"[^\W\d_]{2}", name)
        ):
            continue
        if re.match(r"^(?:M\.?D|Ph\.?D|Jr|Sr|Esq|RN|MBA|MSc|FACLM|III?)\b", name) and kept:
            continue
        if _ROLE.match(name) or (re.match(r"^(?:updated|published|in|on|at|the|for)\b", name, re.IGNORECASE) and len(name.split()) < 2):
            continue
        kept.append(name)
    return kept


def is_person(name: str) -> bool:
    """Two to five words that all look like a name's; or one of a script that has no capitals."""
    words = name.split()
    if any("\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in name):
        return len(name) <= 12 and not re.search(r"[\d/（）()「」！？:：]|来源|來源|報導$|报道$|報道$|編集部|新聞|通信", name)
    if not 1 < len(words) < 6 or _ROLE.match(name) or JOB.search(name):
        return False
    return all(
        word[0].isupper()
        or word.lower().rstrip(".") in PARTICLE
        or (word[0].isalpha() and word[0].lower() == word[0].upper())
        or word[1:2] in {"’", "'"}
        for word in words
    )


def is_byline(text: str) -> bool:
    """Whether a line is "By Anna Person" and no more."""
    return _BY.match(text) is not None and bool(named := split(text)) and all(is_person(name) for name in named)
