"""The question for consent that stands where an article should: told by its address, or by what nearly all of its sentences speak of.

Vendors word it differently and all say the same few things (IAB Transparency & Consent Framework, its purposes), so many different cues in
few sentences tell it, in the languages of the corpora; one cue alone stands on every page with a cookie bar.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from pipeline.extract import stems
from pipeline.extract.page import Page, content, line
from pipeline.extract.shapes import Shape, is_sentence, pieces, weight

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_QUESTION = 6000
"""Characters: one above it is an article, whatever it is about. The longest questions list every purpose with an explanation."""
MIN_CUES = 4
OPENING = 600
STORY = 500  # letters of paragraphs beside a box that asks, on a page that declares an article
MIN_TOLD = 6  # of thirteen things, when nothing else tells it
MOST_BESIDE = 120  # letters beside a platform's markup
CUES = tuple(
    re.compile(said, re.IGNORECASE)
    for said in (
        r"cookies?\b|クッキー|печенье|tracker|traceurs",
        r"\bconsent|einwillig|zustimm|consentement|consentimiento|consenso|consentimento|toestemming|\bzgod[aęyą]|согласи|同意|samtycke",
        (
            r"(?:our|with|and|\d+) (?:\w+ )?(?:partners|vendors|third[- ]parties)|(?:unsere\w?|\d+|drittan\w+) partner|drittanbieter"
            r"|(?:nos|\d+) partenaires|(?:nuestros|\d+) socios|(?:nostri|\d+) partner|(?:onze|\d+) partners|parceiros|partner(?:zy|ów)"
        ),
        (
            r"(?:on|from) (?:a|your) device|auf (?:einem|ihrem) (?:gerät|endgerät)|sur (?:un|votre) (?:terminal|appareil)|en (?:un"
            r"|su) dispositivo"
            r"|su (?:un|tuo) dispositivo|op (?:een|uw|je) apparaat|na (?:twoim )?urządzeniu|identify devices"
        ),
        r"personali[sz]ed|personalisierte|personnalisé|personalizad|personalizzat|gepersonaliseerde|spersonalizowan|персонализ|パーソナライズ",
        (
            r"\bpersonal (?:data|information)|personenbezogene|données (?:à caractère )?personnel|datos personales|dati personali"
            r"|persoonsgegevens"
            r"|dados pessoais|dan(?:e|ych) osobow|персональн\w+ данн|個人情報"
        ),
        (
            r"withdraw|revoke|change your (?:mind|choices)|at any time|widerruf|jederzeit|à tout moment|retirer"
            r"|en cualquier momento|revocar"
            r"|in qualsiasi momento|op elk moment|w każdej chwili|wycofać"
        ),
        (
            r"(?:audience|market) (?:research|measurement)|(?:ad|advertising|content) (?:and content )?measurement"
            r"|measure(?:d)? (?:its|their|the)?"
            r"|zielgruppen|messung|mesure d.audience|medición|misurazione|reichweite"
        ),
        r"legitimate interest|berechtigtes interesse|intérêt légitime|interés legítimo|legittimo interesse|gerechtvaardigd belang",
        r"(?:geo|precise )location|standortdaten|géolocalisation|localización|geolocalizzazione|scanning",
        (
            r"accept (?:all|and|cookies)|agree (?:and|to)|reject all|(?:manage|more) (?:options|choices|settings|preferences)"
            r"|alle akzeptieren"
            r"|akzeptieren|zustimmen und|tout (?:accepter|refuser)|sans accepter|aceptar|rechazar|accetta|rifiuta|akkoord|alles accepteren"
            r"|akceptuj|принять"
        ),
        (
            r"privacy (?:cent(?:re|er)|settings|policy|manager|preferences|choices)|datenschutz|confidentialité|privacidad"
            r"|informativa|privacybeleid"
        ),
        (
            r"with (?:advertising|ads)|advertising and tracking|without tracking|mit werbung|werbefrei|tracking|sans publicité"
            r"|abonnement pur"
        ),
        r"identifiers|kennungen|identifiants|identificadores|ip[- ]address",
    )
)
_STEMS = ("cookie", "consen", "einwillig", "zustimm", "toestemm", "zgod", "samtyck", "соглас", "同意", "クッキー")
# What only a question says of its asker and of its reader; who reports on consent says it of others.
_DIRECT = re.compile(
    r"\b(?:we|our)\b[^.]{0,60}\b(?:partners|vendors|cookies|process|store|use)\b"
    r"|\byour (?:device|consent|choices?|privacy|data|personal|permission|agreement|right)\b"
    r"|\byou (?:can|may|agree|accept|click)\b[^.]{0,60}\b(?:withdraw|change|manage|accept|reject|consent|settings|object)"
    r"|\b(?:wir|unsere\w*)\b[^.]{0,60}(?:partner|cookies|verarbeiten|speichern|nutzen)"
    r"|\bihre?\w* (?:gerät|zustimmung|einwilligung|daten|privatsphäre|auswahl)|\bsie (?:können|stimmen|willigen)\b"
    r"|\b(?:nous|nos)\b[^.]{0,60}(?:partenaires|cookies|utilisons|stock)|\bvo(?:s|tre) (?:données|consentement|terminal"
    r"|appareil|accord|choix)"
    r"|\bvous (?:pouvez|acceptez)\b|\bnosotros\b|\bnuestros\b|\bsu (?:privacidad|consentimiento|permiso|dispositivo)|\b(?:puede"
    r"|puedes) (?:retirar"
    r"|cambiar|aceptar|rechazar)|\bnoi e\b|\bi nostri\b|\bpuoi\b|\btu[oi]+ (?:dispositivo|consenso|dati)|\bwij en\b|\bonze\b|\bjouw\b"
    r"|\bj?e (?:toestemming|apparaat)|\bje kunt\b|\bnós e\b|\bnossos\b|wyrażasz|\btwoich\b|\bmożesz\b|\bprzez nas\b|\bнаш\w+ партн"
    r"|\bвы (?:соглашаетесь|даёте|можете)|\bваш\w* (?:данн|соглас|устройств)|\bмы использу|当サイト|お客様",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"^\W*(?:(?:i )?(?:accept|agree|allow|consent)\b|ok\b|got it|reject|decline|continue without|alle? akzeptieren|akzeptieren"
    r"|zustimmen"
    r"|einverstanden|ablehnen|(?:tout )?accepter|j.accepte|continuer sans|refuser|aceptar|rechazar|accett[ao]|rifiuta|akkoord"
    r"|accepteren"
    r"|weigeren|aceitar|akceptuj|zgadzam|принять|согласен|同意|yes,? i)",
    re.IGNORECASE,
)
_VENDOR = re.compile(
    r"sp_message_container|sp_veil|onetrust|optanon|didomi|usercentrics|qc-cmp2|cmpbox|cmp-?(?:layer|wall|modal|container)"
    r"|truste|cookiebot"
    r"|cybotcookie|consent-?(?:page|wall|layer|form|modal|ui)|iubenda|osano|fc-consent|cookie-?wall|gdpr-?(?:wall|page)",
)
_HOST = re.compile(
    r"^(?:consent|cmp|zustimmung|cookie-?consent|privacy-?(?:gate|wall|mgmt)|myprivacy|gdpr|consentement|consenso)\.", re.IGNORECASE
)
_PATH = re.compile(
    r"^/(?:[a-z]{2}/)?(?:(?:cookie|privacy|gdpr)?[_-]?(?:consents?|wall|gate)|zustimmung|collectconsent|cookiewall"
    r"|privacy-?(?:gate|wall)"
    r"|gdpr|consentement|zgoda)(?:[/.]|$)",
    re.IGNORECASE,
)
_BACK = re.compile(r"^(?:callback|redirect|return|back|next|dest|target|continue|forward|url|uri|ru|done|rd|goto)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?。])\s+|\n")


def address(url: str) -> str | None:
    """Why an address is a consent page's: its host is for that, or its path is and it carries the way back. None when it is not."""
    parts = urlsplit(url)
    if _HOST.match(parts.hostname or ""):
        return f"its host ({parts.hostname}) asks for consent"
    back = any(_BACK.match(name) and ("/" in value or "%2F" in value) for name, value in parse_qsl(parts.query))
    if back and _PATH.match(parts.path):
        return f"its address ({parts.path}) asks for consent before it leads back"
    return None


def _speaks_of_it(text: str) -> bool:
    """A cheap look before the many: every question holds one of these."""
    lower = text.lower()
    return any(stem in lower for stem in _STEMS)


def question(page: Page, text: str, *, declared: bool) -> str | None:
    """Why a text is nothing but the question, or None. ``declared``: the page says that it is an article, which takes more to disprove."""
    if not text or len(text) > MAX_QUESTION or not _speaks_of_it(text):
        return None
    cues = [found[0] for cue in CUES if (found := cue.search(text))]
    if len(cues) < MIN_CUES + 2 * declared or sum(1 for _ in islice(_DIRECT.finditer(text), 2)) < 2:
        return None
    about = rest = 0
    for said in _SENTENCE.split(text):
        if any(cue.search(said) for cue in CUES):
            about += len(said)
        elif len(said) > 40:
            rest += len(said)
    if about < (4 if declared else 2) * rest or not (_asks(page) or len(cues) > 2 * MIN_CUES):
        return None
    return f"its text asks for consent ({', '.join(line(cue) for cue in cues[:5])})"


def may_open(text: str) -> bool:
    """Whether a long text opens as the letters do that ask for consent: so many things of theirs in its first lines."""
    opening = text[:OPENING]
    return len(text) <= MAX_QUESTION and _speaks_of_it(opening) and stems.consenting(opening.lower()) >= MIN_CUES


def wall(shape: Shape, text: str, *, declared: bool) -> str | None:
    """Why the main part of a page is nothing but the question, in any language: so many different things it speaks of, in nearly all of its
    sentences, and something to press. A platform's markup counts for two things."""
    built, asking = "consent" in shape.zones, "dialog" in shape.zones
    said_ = shape.said()
    if len(said_) > MAX_QUESTION or (declared and not built and not asking):
        return None
    mine = [said for said in shape.lines if not said.card and "consent" in said.zones] if built else []
    if declared and _stands_beside(shape):
        return None
    lines = mine or [said for said in shape.lines if not said.card]
    asked = "\n".join(said.text for said in lines).lower()
    count = stems.consenting(asked)
    if not any(cue.search(asked) for cue in (stems.asks()["cookies"], stems.asks()["data"])):
        return None
    if (
        sum(weight(said) for said in pieces(text) if is_sentence(said) and said.lower() not in asked and stems.consenting(said.lower()) < 2)
        > MOST_BESIDE
    ):
        return None
    if count + 2 * (built or asking) < MIN_TOLD or not (shape.buttons or built):
        return None
    about = rest = 0
    for said in shape.lines:
        if said.card or not said.is_prose:
            continue
        if (mine and "consent" in said.zones) or stems.consenting(said.text.lower()) > (0 if asking else 1):
            about += said.size
        else:
            rest += said.size
    if rest > (MOST_BESIDE if built else about / 3) or (shape.dated and not built and rest):
        return None
    return f"{count} things that a question for consent speaks of, in {about} of its {about + rest} characters ({said_[:60]!r})"


def _stands_beside(shape: Shape) -> bool:
    """Whether the question stands in a box beside paragraphs below a headline, which are then a story, whatever it is about."""
    beside = [said for said in shape.lines[shape.headline() :] if said.is_prose and not (said.card or said.zones & {"consent", "dialog"})]
    return len(beside) > 2 and sum(said.size for said in beside) > STORY


def _asks(page: Page) -> bool:
    """There is something to agree with, or a consent platform's markup."""
    return any(True for _ in page.called(_VENDOR)) or any(_CONTROL.match(_label(node)) for node in page.tree.iter("button", "a", "input"))


def _label(node: HtmlElement) -> str:
    said = (node.get("value") or "") if node.tag == "input" else (node.get("title") or content(node))
    return said[:60]
