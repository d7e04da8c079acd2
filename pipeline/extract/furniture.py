"""How furniture is worded: names of blocks, labels, links to other stories, appeals, picture credits. One phrase a line.

Languages: en de fr es it pt nl sv ru uk pl cs tr ja zh.
"""

from __future__ import annotations

import re

from pipeline.extract.notices import any_of

# Class or id of a block that is no body.
BLOCK = re.compile(
    r"(?:^|[\s_-])(?:"
    + any_of(r"""
        (?:image|photo|picture|media|figure|wp|img|foto|bild)[_-]{0,2}(?:caption|credit|text|legend|copyright)(?:[_-]text)?
        caption
        figcaption
        credit(?:s|line)?
        copyright
        bildunterschrift
        related[_-]{0,2}(?:articles?|stor(?:y|ies)|posts?|content|links?|news|box|box(?:es)?)
        read[_-]?(?:more|also|next)
        more[_-](?:stories|on|news)
        see[_-]?also
        also[_-]?read
        recommend(?:ed|ations?)(?:[_-]\w+)?
        most[_-]?(?:read|popular)
        newsletter(?:[_-]\w+)*
        contribute(?:[_-]\w+)*
        pic
        kicker
        eyebrow
        over-?line
        donat(?:e|ion)(?:[_-]\w+)*
        support[_-]us
        contribute[_-](?:box|banner)
        promo(?:[_-]box)?
        inline[_-]promo
        subscribe(?:[_-]\w+)*
        signup(?:[_-]\w+)*
        sign-up
        paywall[_-](?:message|banner|overlay)
        share(?:[_-]?(?:bar|buttons?|tools|links))?
        social(?:[_-]?(?:bar|share|links|media))?
        tag[_-]?(?:list|cloud)
        article[_-]{1,2}tags
        post[_-]tags
        breadcrumbs?
        trending
        disclaimer
        cookie(?:[_-]\w+)*
        (?:onetrust|didomi|usercentrics|sp_message|qc-cmp2|cmpbox|iubenda|cookiebot|cybotcookie|consent)(?:[_-]+\w+)*
        cmp-?(?:wall|layer|container|banner|modal|overlay)
    """)
    + r")(?:$|[\s])",
)
# Lines that are furniture whole.
LABEL = re.compile(
    r"^\W*(?:"
    + any_of(r"""
        related (?:articles?|stor(?:y|ies)|posts?|news|content|coverage|topics?|reading)
        read (?:more|also|next|the full (?:story|article)(?: here)?|on)
        also read
        see also
        more (?:on|from|about|stories|news)(?: this)?
        recommended(?: for you| stories| reading)?
        most read
        most popular
        trending(?: now)?
        just in
        a message from .{3,40}
        (?:please )?(?:support|donate|contribute)(?: us| to us)?(?: now| today)?
        editor'?s'? picks?
        you (?:may|might) (?:also )?(?:like|be interested in)
        don'?t miss
        watch(?: now| live)?
        advertisement
        sponsored(?: content)?
        story continues below(?: advertisement)?
        article continues (?:below|after)(?: (?:this )?(?:ad|advertisement))?
        continue reading
        share(?: this)?(?: (?:article|story|post|on \w+))?
        follow us(?: on .{0,40})?
        print
        comments?
        leave a (?:comment|reply)
        tags?
        topics?
        sign up
        subscribe(?: now)?
        newsletter
        back to top
        (?:table of )?contents
        inhalt(?:sverzeichnis)?
        sommaire
        índice
        содержание
        目录
        copyright
        load(?:ing)? more
        https?://\S+\.(?:jpe?g|png|gif|webp|svg)
        mehr zum thema
        lesen sie (?:auch|mehr|hier)
        auch interessant
        das könnte sie (?:auch )?interessieren
        weiterlesen
        anzeige
        werbung
        teilen
        zur startseite
        meistgelesen
        zum thema
        lire aussi
        à lire (?:aussi|également)
        lire la suite
        sur le même sujet
        publicité
        partager
        lea también
        lee también
        leer más
        te puede interesar
        noticias relacionadas
        publicidad
        compartir
        leggi anche
        approfondisci
        condividi
        leia também
        leia mais
        saiba mais
        veja também
        lees ook
        lees meer
        читайте также
        читать далее
        по теме
        реклама
        читайте також
        подписывайтесь.{0,60}
        czytaj (?:też|także|więcej)
        ayrıca okuyun
        関連記事
        続きを読む
        相关阅读
        相關新聞
        延伸閱讀
        広告
        [（(【\[]?(?:责任编辑|責任編輯|责编|责任校对|值班编辑|编辑|編輯|校对|审核|编审)\s*[:：].{1,40}
    """)
    + r")\W*$",
    re.IGNORECASE,
)
# What opens a line that only links to another story: the phrase, then a colon, an arrow or a quoted title.
LEAD = re.compile(
    r"^\W*(?:"
    + any_of(r"""
        related(?: (?:articles?|stor(?:y|ies)|news|coverage|posts?))?
        read (?:more|also|next|here)(?: about)?
        also read
        see also
        more (?:on|from|about) (?:this|the)?
        recommended
        don'?t miss
        watch
        listen
        photos?
        video
        in pictures
        must read
        mehr zum thema
        lesen sie (?:auch|mehr|hier|dazu)
        lies auch
        auch interessant
        siehe auch
        lire aussi
        à lire (?:aussi|également)
        voir aussi
        lea (?:también|más)
        lee (?:también|más)
        leer (?:también|más)
        ver también
        leggi anche
        vedi anche
        leia (?:também|mais)
        veja (?:também|mais)
        lees ook
        lees meer
        läs (?:mer|också)
        les også
        læs også
        lue myös
        читайте также
        читать также
        смотрите также
        читайте також
        czytaj (?:też|także|również)
        zobacz (?:też|także)
        přečtěte si
        ayrıca oku
        関連記事
        相关阅读
        延伸閱讀
        こちらも読む
    """)
    + r")\s*(?:[:：|»>→–—]|(?=\s*[\"“‘\x27«]))\s*\S",
    re.IGNORECASE,
)
# What stands behind the phrase of a lead: without any of these in its beginning a line is none.
LEADS = re.compile("[:：|»>→–—\"“‘'«]")
# What a line says that asks the reader for something.
APPEAL = re.compile(
    any_of(r"""
        sign up (?:for|to) (?:our|the|receive|get)\b.{0,80}(?:newsletter|inbox|email|alerts|briefing)
        subscribe to (?:our|the)\b.{0,60}(?:newsletter|channel|podcast|mailing)
        get (?:the|our)\b.{0,60}(?:newsletter|in your inbox|delivered)
        follow (?:us|@?\w+) on (?:twitter|facebook|instagram|x\b|telegram|google news|whatsapp|linkedin)
        (?:support|donate|contribut)\w*\b.{0,120}(?:independent journalism|our (?:work|journalism|newsroom|reporting))
        (?:support|donate|contribut)\w*\b.{0,120}(?:one dollar|\$\s?\d+ (?:a|per) month|as little as)
        as little as (?:one|two|five|[$€£]?\s?\d+)\b.{0,20}\b(?:month|week|day|year)
        download (?:our|the) .{0,20}\bapp\b
        join our (?:whatsapp|telegram|facebook|mailing)
        all rights reserved
        alle rechte vorbehalten
        tous droits réservés
        abonnieren sie (?:unseren|den|jetzt)\b
        melden sie sich .{0,40}newsletter an
        inscrivez-vous à (?:notre|la)\b.{0,40}(?:newsletter|lettre)
        suscríbete a (?:nuestr|la)
        iscriviti alla newsletter
        подпи(?:сывайтесь|шитесь) на (?:наш|канал|нас|рассыл)
        this article (?:was|first|originally) (?:first |originally )?(?:appeared|published) (?:on|in|at)
        (?:we use|uses?|this (?:web)?site uses) cookies
        accept (?:all )?cookies
        views expressed in (?:this )?(?:opinion )?(?:pieces?|articles?)\b.{0,60}(?:not|do not) necessarily
        please enable javascript
        click here to (?:subscribe|sign up|read|join)
        have (?:a )?(?:news )?tips?\?
    """),
    re.IGNORECASE,
)
# Every appeal holds one of these.
APPEAL_WORDS = (
    "sign up", "subscribe", "newsletter", "inbox", "delivered", "follow ", "support", "donat", "contribut", "as little as", "download ",
    "join our", "rights reserved", "rechte vorbehalten", "droits réservés", "abonnieren sie", "inscrivez-vous", "suscríbete", "подпи",
    "this article ", "cookies", "views expressed", "enable javascript", "click here", "tip",
)  # fmt: skip
# A picture's credit, as a line of its own.
CREDIT = re.compile(
    r"^\W*(?:"
    + any_of(r"""
        (?:photo(?:graph)?s?|image|picture|credit|file photo|source|copyright|©|\(c\))\s*(?:by|credit|:|/|©|courtesy)\s*.{1,90}
        (?:foto(?:s)?|bild|quelle|symbolbild|archivbild|fotografía|crédit|фото)\s*(?:credit|:|/|©)\s*.{1,90}
        .{0,70}(?:getty images|shutterstock|/\s?(?:afp|ap|reuters|epa|dpa|tass)(?: photo)?|via (?:getty|ap|reuters))
    """)
    + r")\W*$",
    re.IGNORECASE,
)
