"""Agencies: the credit line and the dateline of wire copy.

"Max Delany for AFP" is a person and an agency; "VILNIUS (AFP) –" is a place and an agency. The table holds names, not rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Agency → how it signs. Short forms in capitals are only believed as they are written.
AGENCIES: dict[str, tuple[str, ...]] = {
    "AFP": ("AFP", "afp", "Agence France-Presse", "Agence France Presse"),
    "AP": ("AP", "Associated Press", "The Associated Press", "A.P."),
    "Reuters": ("Reuters", "rtr", "Thomson Reuters", "Рейтер", "REUTERS"),
    "dpa": ("dpa", "DPA", "Deutsche Presse-Agentur", "dpa-AFX"),
    "EFE": ("EFE", "Agencia EFE", "Efe"),
    "ANSA": ("ANSA", "Ansa"),
    "TASS": ("TASS", "ТАСС", "Itar-Tass", "ITAR-TASS"),
    "Interfax": ("Interfax", "Интерфакс"),
    "RIA Novosti": ("RIA Novosti", "РИА Новости"),
    "Xinhua": ("Xinhua", "新华社", "新華社", "Xinhua News Agency"),
    "PA": ("PA", "PA Media", "Press Association", "Press Association Reporters", "PA News Agency"),
    "UPI": ("UPI", "United Press International"),
    "Kyodo": ("Kyodo", "Kyodo News", "共同通信", "共同"),
    "Jiji": ("Jiji", "Jiji Press", "時事通信", "時事"),
    "Yonhap": ("Yonhap", "Yonhap News", "연합뉴스"),
    "ANI": ("ANI", "Asian News International"),
    "PTI": ("PTI", "Press Trust of India"),
    "IANS": ("IANS", "Indo-Asian News Service"),
    "AAP": ("AAP", "Australian Associated Press"),
    "APA": ("APA", "Austria Presse Agentur"),
    "KNA": ("KNA",),
    "epd": ("epd",),
    "SID": ("SID", "Sport-Informations-Dienst"),
    "Keystone-SDA": ("Keystone-SDA", "SDA", "ATS"),
    "Belga": ("Belga",),
    "ANP": ("ANP",),
    "NTB": ("NTB",),
    "TT": ("TT Nyhetsbyrån", "TT"),
    "Ritzau": ("Ritzau",),
    "STT": ("STT",),
    "PAP": ("PAP",),
    "ČTK": ("ČTK", "CTK"),
    "MTI": ("MTI",),
    "Ukrinform": ("Ukrinform", "Укрінформ", "Укринформ"),
    "Unian": ("UNIAN", "УНІАН", "УНИАН"),
    "Anadolu": ("Anadolu Agency", "Anadolu Ajansı", "Anadolu", "AA"),
    "Lusa": ("Lusa", "Agência Lusa"),
    "Europa Press": ("Europa Press",),
    "Adnkronos": ("Adnkronos",),
    "Notimex": ("Notimex",),
    "Bernama": ("Bernama",),
    "Antara": ("Antara",),
    "Canadian Press": ("Canadian Press", "The Canadian Press", "La Presse Canadienne"),
    "Bloomberg": ("Bloomberg", "Bloomberg News"),
    "WAFA": ("WAFA",),
    "Tanjug": ("Tanjug", "Танјуг"),
    "HINA": ("HINA", "Hina"),
    "Agerpres": ("Agerpres", "AGERPRES"),
    "BNS": ("BNS",),
    "ELTA": ("ELTA",),
    "LETA": ("LETA",),
    "Télam": ("Télam",),
    "CNA (Taiwan)": ("中央社",),
    "China News Service": ("中新社", "中新网", "中国新闻社"),
    "VNA": ("Vietnam News Agency", "TTXVN"),
    "IRNA": ("IRNA",),
    "SANA": ("SANA",),
    "KCNA": ("KCNA",),
}
_CANON = {form: name for name, forms in AGENCIES.items() for form in forms}
_FOLDED = {form.casefold(): name for form, name in _CANON.items() if len(form) > 4}
_ALTERNATIVES = "|".join(sorted((re.escape(form) for form in _CANON), key=len, reverse=True))
# An agency nobody has listed: capitals where only an agency stands ("Anna Person for NOP", "BRENNVIK (NOP) —").
_ACRONYM = r"[A-Z][A-Z&]{1,5}"
_NAMED = rf"(?P<agency>{_ALTERNATIVES}|{_ACRONYM})"
_FOR = re.compile(
    r"\s*(?:\b(?:for|with|of|via|at|from|per|für|mit|pour|para|avec|для)\s+(?:the\s+)?|[,/|(]\s*|\s[-–—]\s|\b(?:and|und|et)\s+)"
    rf"({_ALTERNATIVES})\b\)?[.\s]*(?=$|[,;/|&]|\band\b|\bund\b)"
)
_FOR_ACRONYM = re.compile(rf"\s+(?:for|für|pour|para|для)\s+({_ACRONYM})(?=$|[,;/|&]|\s+(?:and|und|et)\b)")
_ALONE = re.compile(
    rf"^(?:(?:by|von|par|por|source|quelle|fuente)\s*:?\s+)?({_ALTERNATIVES})(?:\s+(?:staff|news agency|agency|correspondent"
    rf"|reporters?|writers?|korr|news))?$",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    rf"""^(?P<line>(?P<place>[^\W\d_a-zа-яё][^\n()–—:]{{1,60}}?)?\s*
    (?:[,/]\s*(?:(?:\d{{1,2}}\.?\s)?[^\W\d_]{{3,12}}\.?(?:\s\d{{1,2}})?)\s*)?
    (?:\({_NAMED}(?:[/,\s][^()]{{0,30}})?\)|,?\s(?P<bare>{_ALTERNATIVES})))\s*(?:[-–—:.]+|(?=[^\S\n][A-ZА-Я“"]))\s*""",
    re.VERBOSE,
)
_PLACE_ONLY = re.compile(r"^([A-ZÀ-ÞА-ЯЁ][A-ZÀ-ÞА-ЯЁ'’.\-]+(?:[ ,]+[A-ZÀ-ÞА-ЯЁ][\w'’.\-]*){0,4})\s+[–—]\s+")
_LAST_LINE = re.compile(
    rf"^(?:[(\[*©-]\s*|(?:source|quelle|with|reporting by|fuente|источник|via|mit material von"
    rf"|quellen?)\s*:?\s+)[^\n]{{0,30}}?\b({_ALTERNATIVES})\b[^\n]{{0,40}}$",
    re.IGNORECASE,
)
_SIGNED = re.compile(rf"[(\[](?:[^()\[\]\n]{{0,40}}[\s,/])?({_ALTERNATIVES})(?:[/,\s][^()\[\]\n]{{0,40}})?[)\]]\.?$")


def agency(text: str) -> str | None:
    """The agency that a whole byline is ("Reuters", "AFP staff", "The Associated Press"), else None."""
    text = text.strip(" .,:;()[]")
    if text in _CANON:
        return _CANON[text]
    if text.casefold() in _FOLDED:
        return _FOLDED[text.casefold()]
    found = _ALONE.match(text)
    return _CANON.get(found[1]) or _FOLDED.get(found[1].casefold()) if found else None


_APART = re.compile(r"\s*(?:[,;/|&\n]|\s(?=\()|\b(?:and|und|et|y)\b)\s*")
_OPENER = re.compile(r"(?:by|von|par|por|source|quelle|fuente)\s*:?\s+", re.IGNORECASE)
_DESK = re.compile(r"[a-z]{2,4}")  # a service of the agency or who edited: dpa/lby, AFP/ab
_STAFF = re.compile(r"\s(?:staff|correspondent|reporters?|writers?|korr)$", re.IGNORECASE)


def signers(text: str, own: Iterable[str]) -> tuple[str, ...]:
    """The agencies that sign a whole byline alone, as it prints them ("By AFP", "Reuters, dpa"); () when anybody else stands in it.

    ``own``: folded names of the outlet: beside an agency they say nothing, and an agency that is the outlet signs nothing.
    """
    if len(text) > 80:
        return ()
    joined = {name.replace(" ", "") for name in own}
    joined |= {said[0] for name in own if len((said := re.split(r"\W+", name))[0]) > 2}  # "dpa-international.com"
    found: dict[str, str] = {}
    for part in [said.strip(" .:()[]") for said in _APART.split(_OPENER.sub("", text.strip(), count=1)) if said.strip(" .:()[]")]:
        if (name := agency(part)) is None:
            if part.casefold().replace(" ", "") not in joined and not (found and _DESK.fullmatch(part)):
                return ()
        elif not _is_of(name, joined):
            found.setdefault(name, part if part in _CANON else _STAFF.sub("", part))
    return tuple(found.values())


def _is_of(name: str, joined: set[str]) -> bool:
    """Whether an outlet is this agency: it is called so, or so and "news", or, if a form is long, so and more."""
    forms = ["".join(re.findall(r"\w+", form.casefold())) for form in AGENCIES[name]]
    return any(said.removeprefix("the") in {form, f"{form}news"} or (len(form) > 4 and form in said) for said in joined for form in forms)


def without_agency(text: str) -> str:
    """A byline without "for AFP", "/ Reuters", "(dpa)" behind the names."""
    return _FOR_ACRONYM.sub("", _FOR.sub("", text)).strip() if len(text) < 300 else text


def of_byline(texts: tuple[str, ...]) -> str | None:
    """The agency credited in bylines or structured authors."""
    for text in texts:
        if len(text) > 300:
            continue
        if found := _FOR.search(text) or _FOR_ACRONYM.search(text):
            return _CANON.get(found[1], found[1])
        for part in re.split(r"\s*(?:,|;|/|\||&|\band\b|\bund\b)\s*", text):
            if name := agency(part):
                return name
    return None


def dateline(text: str) -> tuple[str | None, str | None]:
    """The dateline that opens a text, as printed, and its agency. A place alone counts when it is in capitals before a dash."""
    opening = text[:200]
    if found := _DATELINE.match(opening):
        name = found["agency"] or found["bare"]
        return found["line"].strip(), _CANON.get(name, name)
    if found := _PLACE_ONLY.match(opening):
        return found[1].strip(), None
    return None, None


def signature(text: str) -> str | None:
    """The agency that signs the end: "(dpa)", "© AFP", "Source: Reuters"."""
    lines = [part for part in text[-600:].split("\n") if part.strip()][-2:]
    for last in reversed(lines):
        last = last.strip()  # noqa: PLW2901
        if len(last) < 60 and ((name := agency(last)) or ((found := _LAST_LINE.match(last)) and (name := _CANON.get(found[1])))):
            return name
        if found := _SIGNED.search(last):
            return _CANON[found[1]]
    return None
