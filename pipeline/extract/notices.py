"""What pages say that are no articles, kind by kind, one phrase a line, in the languages of the corpora.

The order of the kinds is the order in which they are asked.
"""

from __future__ import annotations

import re


def any_of(block: str) -> str:
    """A pattern that matches any of the lines of a block; blanks around a line and empty lines do not count."""
    return "|".join(said.strip() for said in block.splitlines() if said.strip())


# Every phrase of the paywall kind holds one of these: to look for them is a hundred times cheaper than to try the phrases.
PAYWALL_WORDS = (
    "continue reading", "keep reading", "subscriber", "preview", "members", "already a ", "reached your", "unlock this", "weiterlesen",
    "lesen mit", "abonn", "diesen ", "diesem ", "réservé", "il vous reste", "suscript", "abbonat", "assinantes", "подпис",
    "会員", "続きを読む",
)  # fmt: skip
_AROUND = 200  # characters on both sides of such a word within which its phrase lies


def holds(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of these lower-case words is in a text."""
    lower = text.lower()
    for word in words:  # noqa: SIM110 - asked of every line of a page: any() over a generator takes twice as long
        if word in lower:
            return True
    return False


def paywall(text: str) -> re.Match[str] | None:
    """Where a text says that only subscribers read on."""
    lower, phrases = text.lower(), NOTICES["paywall"]
    if len(text) < 4 * _AROUND or len(lower) != len(text):
        return phrases.search(text) if holds(lower, PAYWALL_WORDS) else None
    places = sorted(match.start() for word in PAYWALL_WORDS if word in lower for match in re.finditer(re.escape(word), lower))
    done = 0
    for place in places:
        if place + _AROUND > done:
            if found := phrases.search(text, max(0, place - _AROUND), place + 2 * _AROUND):
                return found
            done = place + 2 * _AROUND
    return None


NOTICES: dict[str, re.Pattern[str]] = {
    kind: re.compile(any_of(block), re.IGNORECASE)
    for kind, block in {
        "challenge": r"""
            just a moment\.\.\.
            attention required!? \| cloudflare
            checking (?:if the site connection is secure|your browser)
            verify(?:ing)? (?:that )?you are (?:a )?human
            are you a robot
            (?:complete|solve) the captcha
            unusual (?:traffic|activity) from your
            access to this page has been denied
            press (?:&|and) hold
            pardon our interruption
            ddos protection by
            please verify you are a human
            enable javascript and cookies to continue
            bot (?:detection|verification)
            подтвердите, что вы не робот
            sind sie ein mensch
            vérifi\w+ que vous (?:êtes|n'êtes pas)
            nur einen moment(?:…|\.\.\.)
            un (?:instant|momento)(?:…|\.\.\.)
            (?:ob|dass) sie (?:ein mensch|kein roboter) sind
            enable js and disable any ad ?blocker
            you have been blocked
            incapsula incident
            automated (?:access|requests?|tools) .{0,30}(?:detected|blocked|not allowed)
            using automation tools
            you(?:'re| are) not a robot
            (?:что|если) вы не робот
            проверка браузера
            que no eres un robot
            que vous n'êtes pas un robot
            non sei un robot
            请完成(?:安全)?验证
            人机验证
        """,
        "consent": r"""
            before you continue to
            we value your privacy
            your privacy (?:choices|matters)
            we (?:and our partners )?(?:store|use cookies)
            accept (?:all )?(?:cookies|and continue)
            manage (?:your )?(?:consent|cookie|privacy)
            cookie (?:consent|policy|preferences)
            zustimmung
            mit werbung (?:und tracking )?(?:weiter|lesen)
            datenschutz-?einstellungen
            consentement
            nous respectons votre vie privée
            continuer sans accepter
            gestire il consenso
            su privacidad
            согласие на обработку
        """,
        "not-found": r"""
            (?:page|article|story|content)(?: you(?:'re| were| are)? \w+(?: for)?)? (?:not found|(?:could(?:n't| not)|can(?:no|')t) be f\w+)
            (?:page|article|story|content)(?: you(?:'re| were| are)? \w+(?: for)?)? (?:does not|doesn't|no longer) exists?
            (?:page|article|story|content)(?: you(?:'re| were| are)? \w+(?: for)?)? is (?:no longer|not) available
            (?:page|article|story|content)(?: you(?:'re| were| are)? \w+(?: for)?)? has been (?:removed|deleted|moved)
            error 404
            \b404\b.{0,30}(?:not found|error|page)
            not found.{0,10}\b404\b
            we can(?:'t|not) find (?:that|the|this) page
            oops.{0,40}(?:page|lost)
            seite (?:wurde )?nicht gefunden
            page (?:introuvable|non trouvée)
            página no encontrada
            pagina non trovata
            página não encontrada
            pagina niet gevonden
            страница не найдена
            сторінку не знайдено
            nie znaleziono strony
            sayfa bulunamadı
            ページが見つかりません
            页面不存在
            找不到(?:该|此)?(?:页面|頁面)
            (?:page|article|story|content|link) (?:that )?(?:you(?:'re| were| are)? \w+ )?(?:for )?can(?:not|'t) be found
            nothing was found at this (?:location|address)
            (?:seite|artikel|beitrag|inhalt)\b.{0,40}(?:nicht (?:mehr )?(?:gefunden|verfügbar|vorhanden)|existiert nicht|nicht finden)
            fehler 404
            (?:page|article)\b.{0,40}n'existe (?:pas|plus)
            erreur 404
            página\b.{0,40}no (?:existe|está disponible|se encuentra)
            pagina\b.{0,40}non (?:esiste|è (?:più )?disponibile|è stata trovata)
            errore 404
            página\b.{0,40}não (?:existe|foi encontrada|está disponível)
            pagina\b.{0,20}(?:bestaat niet|niet (?:meer )?(?:gevonden|beschikbaar))
            stron[ay]\b.{0,40}nie (?:istnieje|została znaleziona)
            страниц\w+\b.{0,30}не (?:существует|найден\w*)
            ошибка 404
            сторінк\w+\b.{0,30}не (?:існує|знайдено)
            sidan (?:kunde inte hittas|finns inte)
            siden (?:blev ikke fundet|findes ikke|ble ikke funnet|finnes ikke)
            sivua ei löyty
            stránka (?:nenalezena|nebyla nalezena|neexistuje)
            ページ[はが].{0,10}(?:見つかりません|存在しません|削除)
            (?:页面|頁面|文章|内容)(?:不存在|已(?:被|经)?删除|未找到)
        """,
        "error-page": r"""
            internal server error
            service (?:temporarily )?unavailable
            bad gateway
            gateway time-?out
            database (?:connection )?error
            error establishing a database
            something went wrong
            an error (?:has )?occurred
            under maintenance
            technical difficulties
            too many requests
            access denied
            403 forbidden
            temporarily (?:down|unavailable)
            wartungsarbeiten
            erreur interne
            error interno
            техническ(?:ие|ое) работ
            ошибка сервера
            fatal error.{0,10}: ?(?:uncaught|call to|allowed memory)
            guru meditation
            backend fetch failed
            uncaught (?:error|exception)
            (?:error|fehler|erreur|ошибка) 5\d\d\b
            es ist ein fehler aufgetreten
            une erreur (?:est survenue|s'est produite)
            (?:se ha producido|ha ocurrido) un error
            si è verificato un errore
            (?:site|service|website|we(?:'re| are)|\w+ is) (?:currently |temporarily )?(?:down|offline|closed) for (?:\w+ )?maintenance
            we(?:'ll| will) be (?:right )?back (?:soon|shortly)
            (?:site|service) en maintenance
            (?:momentanément|temporairement) indisponible
            vorübergehend nicht (?:erreichbar|verfügbar)
            временно недоступен
            unavailable (?:due to|for) legal reasons
            access cannot be granted at this time
            (?:content|site|website|page) is (?:not |un)available in your (?:country|region|location)
        """,
        "paywall": r"""
            subscribe (?:now )?to (?:continue|keep) reading
            to (?:continue|keep) reading,? (?:please )?(?:subscribe|log in|sign in|register)
            subscribers? only
            end of (?:your|this) (?:free )?preview
            subscriber-only
            exclusive(?:ly)? (?:to|for) (?:our )?subscribers
            this (?:article|content|story) is (?:\w+ ){1,4}(?:subscribers|members)\b
            already a (?:subscriber|member)\?
            reached your (?:free )?(?:article )?limit
            unlock this (?:article|story)
            jetzt weiterlesen
            (?:weiterlesen|lesen) mit
            nur für abonnenten
            (?:diesen|diesem) (?:artikel|inhalt).{0,40}abo\b
            bereits abonnent
            réservé (?:à nos |aux )abonnés
            article réservé
            il vous reste .{0,20} à lire
            contenido exclusivo para suscriptores
            solo para suscriptores
            ya eres suscriptor
            riservato agli abbonati
            sei già abbonato
            conteúdo exclusivo para assinantes
            только для подписчиков
            оформите подписку
            会員限定
            有料会員
            続きを読むには
        """,
        "login": r"""
            (?:please )?(?:log|sign) in to (?:continue|your account|view|access)
            create (?:a|your) (?:free )?account to
            forgot (?:your )?password
            register (?:for free )?to (?:continue|read)
            melden sie sich an
            connectez-vous pour
            inicia sesión para
            accedi per
            войдите, чтобы
            войдите в аккаунт
        """,
        "parked": r"""
            domain (?:name )?(?:is )?(?:for sale|may be for sale|has expired|parked)
            buy this domain
            this domain is
            parked (?:free )?(?:courtesy|domain)
            default web page
            welcome to nginx
            apache2? .{0,20}default page
            website coming soon
            domain steht zum verkauf
            future home of something
        """,
        "empty-shell": r"""
            (?:you need to|please) enable javascript
            (?:requires|need) javascript
            javascript (?:is|must be) (?:disabled|required|enabled)
            turn on javascript
            activer javascript
            bitte aktivieren sie javascript
            включите javascript
        """,
    }.items()
}
