"""How sites and vendors call what stands on a page beside its text: names of classes and ids, and addresses that a gate leads to."""

from __future__ import annotations

import re

SIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|navigation|menu|masthead|sidebar|rail|footer|breadcrumbs?|colophon|topbar|copyright|skip-link|pager|pagination"
    r"|comments?)(?:[\s_-]|$)"
)
ZONES: dict[str, re.Pattern[str]] = {
    "consent": re.compile(
        r"sp_message|onetrust|optanon|didomi|usercentrics|qc-cmp|cmpbox|(?:^|[\s_-])cmp(?:[\s_-]|$)|truste|cookie-?bot"
        r"|consent|iubenda|osano|(?:^|[\s_-])(?:rodo|dsgvo|ds-gvo|rgpd|lgpd|kvkk|ccpa|pdpa)(?:[\s_-]|$)"
        r"|cookie-?(?:wall|overlay|modal|dialog|layer|notice|banner|bar|box|page)|gdpr|privacy-?(?:wall|gate|modal)"
        r"|pur-?(?:abo|choice|wall|modal)"
        r"|purchoice|pay-?or-?(?:ok|consent)|contentpass"
    ),
    "lock": re.compile(
        r"paywall|pay-?(?:layer|gate|block|box|meter|barrier)|paid-?(?:block|content|wall|gate|layer)|regwall"
        r"|reg(?:istration)?-?(?:gate|wall)"
        r"|(?:^|[\s_-])(?:gate|gateway|gated|barrier|piano)(?:[\s_-]|$)|piano-|tp-(?:modal|container)|meter(?:ed|ing)?(?:[\s_-]|$)"
        r"|subscri(?:ber|ption)-?(?:only|wall|gate|lock|box)|subscribe-?(?:wall|gate)|premium-?(?:lock|wall|gate)"
        r"|member(?:s|ship)?-?(?:gate|wall|only|lock)|upgrade-cta|(?:^|[\s_-])(?:un)?lock(?:ed)?(?:[\s_-]|$)|abo-?(?:wall|gate)"
        r"|plus-?(?:wall|gate)|teaser-?(?:fade|end)|fade-?out|pw-(?:container|overlay|box)|login-?wall"
        r"|purchase-?wall|article-?(?:gate|wall|lock)|restricted(?:[\s_-]|$)"
    ),
    "offer": re.compile(
        r"(?:^|[\s_-])offers?(?:[\s_-]|$)|upsell|subscribe-?(?:box|block|cta)|subscription-?box"
        r"|(?:premium|plus|abo|member(?:s|ship)?|purchase)-?(?:box|block|layer|cta|teaser)"
        r"|sales-?(?:pane|box|wall)|(?:^|[\s_-])(?:muro|sperre|schranke)(?:[\s_-]|$)"
    ),
    "dialog": re.compile(r"modal|overlay|dialog|pop-?up|lightbox|interstitial"),
    "missing": re.compile(
        r"not-?found|(?:^|[\s_-])(?:error|page|e|p|err|status)?-?404(?:[\s_-]|$)"
        r"|error-?(?:page|content|code|message|title|description|body|wrap|container)"
        r"|page-?error|missing-?page|(?:^|[\s_-])error(?:[\s_-]|$)"
    ),
    "broken": re.compile(
        r"wp-die|maintenance|offline|down-?(?:page|time)|server-?error|error-?50\d|(?:^|[\s_-])50\d(?:[\s_-]|$)|under-?construction"
    ),
    "login": re.compile(
        r"(?:^|[\s_-])(?:auth|log-?in|sign-?in|sign-?up|register|registration|account)(?:[\s_-]|$)|login-?(?:box|form|page|card)|uyelik"
    ),
    "waiting": re.compile(r"skeleton|shimmer|(?:^|[\s_-])(?:spinner|loader|loading|placeholder|preloader)(?:[\s_-]|$)"),
}  # fmt: skip
# Every name of a zone holds one of these: to look for them first is many times cheaper.
HINTS = {
    "consent": (
        "sp_message", "onetrust", "optanon", "didomi", "usercentrics", "cmp", "truste", "cookie", "consent", "iubenda", "osano", "gdpr",
        "rodo", "dsgvo", "ds-gvo", "rgpd", "lgpd", "kvkk", "ccpa", "pdpa",
        "privacy", "pur", "payor", "pay-or", "contentpass",
    ),
    "lock": (
        "wall", "pay", "paid", "gate", "barrier", "piano", "tp-", "meter", "subscri", "premium", "member", "upgrade", "upsell", "lock",
        "abo", "plus", "offer", "fade", "teaser-end", "teaserend", "pw-", "purchase", "restrict",
    ),
    "offer": ("offer", "upsell", "subscri", "box", "block", "cta", "layer", "teaser", "sales", "muro", "sperre", "schranke"),
    "dialog": ("modal", "overlay", "dialog", "pop", "lightbox", "interstitial"),
    "missing": ("found", "404", "error", "missing"),
    "broken": ("wp-die", "maintenance", "offline", "down", "error", "50", "construct"),
    "login": ("auth", "log", "sign", "regist", "account", "uyelik"),
    "waiting": ("skeleton", "spinner", "load", "placeholder", "shimmer"),
    "side": (
        "nav", "menu", "masthead", "sidebar", "rail", "footer", "breadcrumb", "colophon", "topbar", "copyright", "skip", "pag", "comment",
    ),
}  # fmt: skip
HREFS = {
    "login": re.compile(
        r"/(?:[\w-]+/)?(?:log-?in|sign-?in|sign-?up|anmeld|connexion|konto|account|acceso|accedi|inloggen|zaloguj|prihlas|giris"
        r"|(?:user/)?(?:register|registration|registrier\w*|registr(?:o|arse|ati|azione|eren|acija)|inscri(?:ption|vez|birse)|cadastr[oe]"
        r"|rejestracja|registrace|uyelik|uye-ol|registracia|regist(?:er)?er|compte|cuenta|conta|reset|forgot\w*|password\w*|passwor[dt]\w*"
        r"|mot-?de-?passe\w*|contrasena|senha|haslo|heslo|sifre\w*|wachtwoord|parola)(?:[-./?]|$))",
        re.IGNORECASE,
    ),
    "offer": re.compile(
        r"/(?:[\w-]+/)?(?:abo|abonn|subscri|offer|plans?\b|pay\b|premium|vip\b|predplat|prenumer|suscri|abbon|assin"
        r"|pur\b|membership|join\b|support|(?:club|members?)/?$|podpisk|peredplat|abone|elofizet|tilaa\b|tilaus|langganan|goi-|prijzen|tarif\w*\.?)",
        re.IGNORECASE,
    ),
}
HOSTS = {
    "login": re.compile(
        r"^(?:log-?in|sso|accounts?|auth|id|sign-?in|konto|mein|mijn|my|secure|moj|minha|passport|profile?|user|users|members?)\."
    ),
    "offer": re.compile(
        r"^(?:abos?|abonn\w*|subscri\w*|offers?|offres?|suscri\w*|assin\w*|abbonament\w*|prenumerat\w*|predplat\w*|subskrypcj\w*|tilaus|shop|join|plus)\."
    ),
}
