"""How bylines word it: what stands around the names in them, sorts of pieces, roles, services, in the order in which it comes off."""

from __future__ import annotations

import re

from pipeline.extract import credit

_CAPITAL = r"(?=[^\W\d_a-zà-ÿа-яё])"
# "An analysis by", "Kommentar von", "Interview:", "Propos recueillis par".
_SORT = re.compile(
    r"^(?i:(?:(?:an?|the|eine?|une?|una?|un|el|la|le|l['’])\s+)?(?:exclusive|additional|guest|gast|blog)?[\s-]?"
    r"(?:(?:analysis|opinion|comment(?:ary)?|story|stories|reporting|report|review|interview|column|essay|editorial|post|feature|guest"
    r"|kommentar|analyse|kolumne|bericht|reportage|beitrag|gastbeitrag|leitartikel|glosse|porträt|rezension|kritik|essay"
    r"|propos recueillis|chronique|tribune|enquête|critique|récit|entretien|texto|crónica|análisis|columna|entrevista|reportaje|opinión"
    r"|intervista|commento|analisi|articolo|recensione|análise|crônica|reportagem|analyse|opinie|recensie|интервью|мнение|колонка)"
    rf"\s*(?::|\s(?:by|von|par|de|di|por|da|do|door|met))|aus\s+\S+\s+berichte[nt]|es\s+berichte[nt])\s+){_CAPITAL}"
)
_EDITED = re.compile(
    r"[\s;,.|(]*\b(?:editing|edited|redigiert|bearbeitet|translated|übersetzt|übersetzung)\s+(?:by|von|:).*$", re.IGNORECASE
)
_MORE = re.compile(r"\s*[;,.]\s*(?:and\s+)?(?:additional|with|further)\s+reporting\s+by\s+", re.IGNORECASE)
_TELLS = re.compile(r"(?<=\w)\s+berichte[nt]\b.*$")
_DUTCH = re.compile(r"^(?:geschreven )?door\s", re.IGNORECASE)
_DUTCH_AND = re.compile(rf"\s+en\s+{_CAPITAL}")
_JOBS = (
    r"reporter(?:in)?|correspondent|editor|columnist|writer|journalist(?:in)?|redakteur(?:in)?|korrespondent(?:in)?|kolumnist(?:in)?"
    r"|volontär(?:in)?|autor(?:in)?|корреспондент|журналист|обозреватель"
)
_ROLE_BEFORE = re.compile(
    r"^(?i:(?:(?:staff|senior|chief|political|foreign|business|sports?|science|health|technology|associate|deputy|managing|contributing"
    rf"|special|freelance|our|unser[e]?|national|economics?|defen[cs]e|diplomatic|data|investigations?)\s+)*(?:{_JOBS})\s*:?\s+)"
    rf"(?=(?:[^\W\d_a-zà-ÿа-яё][\w'’.-]*\s+)+{_CAPITAL})"
)
_ROLE_BEHIND = re.compile(
    r"(?<=\w)\s+(?i:(?:\w+\s+bureau\s+chief|reporterin|journalist(?:in)?"
    r"|redakteur(?:in)?|korrespondent(?:in)?|kolumnist(?:in)?|volontär(?:in)?|autor(?:in)?|корреспондент|журналист))$"
)
_SERVICES = "|".join(
    sorted(
        (re.escape(form) for forms in credit.AGENCIES.values() for form in forms if " " in form or (form.isupper() and len(form) < 6)),
        key=len,
        reverse=True,
    )
)
_SERVICE_BEHIND = re.compile(rf"(?<=\w)\s+(?:The\s+)?(?:{_SERVICES})$")
_POST = re.compile(rf"(?:The\s+)?(?:{_SERVICES})\s|(?i:(?:The\s+)?(?:{_SERVICES})\s.*(?:{_JOBS})s?$)")
_PICTURES = re.compile(rf"\s(?i:fotos?|photos?|bilder|illustration)\s*:?\s+{_CAPITAL}.*$")
# "Own reporter of the agency", before a Chinese name; "reports from Taipei", behind it.
_HAN = r"[\u4e00-\u9fff]"
_HAN_BEFORE = re.compile(
    rf"^(?:(?:本[報报社网網]|新[华華]社|中央社|中新社|特约|特約|[综綜]合|[实實][习習]){{0,2}}(?:記者|记者|通[讯訊][员員]|特派[員员]))[:：\s]*(?={_HAN})"
)
_HAN_BEHIND = re.compile(rf"(?<={_HAN}{_HAN})[／/\s]?{_HAN}{{2}}(?:報導|报道|報道)$")
_HAN_NAMES = re.compile(rf"{_HAN}{{2,4}}(?:\s+{_HAN}{{2,4}})+")


def of_line(text: str) -> str:
    """A byline without what it calls the piece, who edited it, and what it says of the names; names of several people kept apart."""
    if _DUTCH.match(text):
        text = _DUTCH_AND.sub(" & ", text)
    text = _TELLS.sub("", _MORE.sub("; ", _EDITED.sub("", _SORT.sub("", text))))
    if found := _HAN_BEFORE.match(text):
        rest = _HAN_BEHIND.sub("", text[found.end() :])
        text = rest.replace(" ", "、") if "记者" in found[0] and _HAN_NAMES.fullmatch(rest) else rest
    return text


def of_name(name: str) -> str:
    """One name without the role before or behind it, the service behind it, and who took the pictures; two words at least stay."""
    if len(name.split()) < 3:
        return name
    name = _ROLE_BEFORE.sub("", name)
    for pattern in (_PICTURES, _ROLE_BEHIND, _SERVICE_BEHIND):
        if len((short := pattern.sub("", name)).split()) > 1:
            name = short
    return name


def opens(text: str) -> bool:
    """Whether a line says what sort of piece somebody wrote: "An analysis by …"."""
    return _SORT.match(text) is not None


def is_post(part: str) -> bool:
    """Whether what stands behind a name is an agency and what somebody is there: "AP National Political Writer"."""
    return _POST.match(part) is not None
