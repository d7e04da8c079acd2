"""What stands among an article's paragraphs and is none: told by structure before extraction, by wording after it.

Rules are about news pages in general. A whole line is judged, never a part of one, and only lines short enough to be furniture.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.extract.page import content

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:(?:image|photo|picture|media|figure|wp|img|foto|bild)[_-]{0,2}(?:caption|credit|text|legend|copyright)(?:[_-]text)?|caption|figcaption|credit(?:s|line)?|copyright|bildunterschrift"
    r"|related[_-]{0,2}(?:articles?|stor(?:y|ies)|posts?|content|links?|news|box|box(?:es)?)|read[_-]?(?:more|also|next)|more[_-](?:stories|on|news)|see[_-]?also|also[_-]?read|recommend(?:ed|ations?)(?:[_-]\w+)?|most[_-]?(?:read|popular)"
    r"|newsletter(?:[_-]\w+)*|donat(?:e|ion)(?:[_-]\w+)*|support[_-]us|contribute[_-](?:box|banner)|promo(?:[_-]box)?|inline[_-]promo|subscribe(?:[_-]\w+)*|signup(?:[_-]\w+)*|sign-up|paywall[_-](?:message|banner|overlay)"
    r"|share(?:[_-]?(?:bar|buttons?|tools|links))?|social(?:[_-]?(?:bar|share|links|media))?|tag[_-]?(?:list|cloud)|article[_-]{1,2}tags|post[_-]tags|breadcrumbs?|trending|disclaimer|cookie(?:[_-]\w+)*)(?:$|[\s])",
    re.IGNORECASE,
)
_BLOCKS = ("div", "aside", "section", "ul", "ol", "p", "span", "figcaption", "nav", "form", "details")
_KEEP = re.compile(r"article-?body|entry-content|post-content|story-body|main-content|article__body|content-body", re.IGNORECASE)
MAX_SHARE = 0.3
"""A block with more of the page's paragraphs than this is the article, whatever it is called."""

# Lines that are furniture in a body, whole. Languages: en de fr es it pt nl ru uk pl tr.
_LABELS = re.compile(
    r"^\W*(?:related (?:articles?|stor(?:y|ies)|posts?|news|content|coverage|topics?|reading)|read (?:more|also|next|the full (?:story|article)(?: here)?|on)|also read|see also|more (?:on|from|about|stories|news)(?: this)?"
    r"|recommended(?: for you| stories| reading)?|most read|most popular|trending(?: now)?|just in|editor'?s'? picks?|you (?:may|might) (?:also )?(?:like|be interested in)|don'?t miss|watch(?: now| live)?|advertisement|sponsored(?: content)?|story continues below(?: advertisement)?"
    r"|article continues (?:below|after)(?: (?:this )?(?:ad|advertisement))?|continue reading|share(?: this)?(?: (?:article|story|post|on \w+))?|follow us(?: on .{0,40})?|print|comments?|leave a (?:comment|reply)|tags?|topics?|sign up|subscribe(?: now)?|newsletter|back to top|copyright|load(?:ing)? more"
    r"|mehr zum thema|lesen sie (?:auch|mehr|hier)|auch interessant|das könnte sie (?:auch )?interessieren|weiterlesen|anzeige|werbung|teilen|zur startseite|meistgelesen|zum thema"
    r"|lire aussi|à lire (?:aussi|également)|lire la suite|sur le même sujet|publicité|partager|lea también|lee también|leer más|te puede interesar|noticias relacionadas|publicidad|compartir|leggi anche|approfondisci|condividi|leia também|leia mais|saiba mais|veja também"
    r"|lees ook|lees meer|читайте также|читать далее|по теме|реклама|читайте також|подписывайтесь.{0,60}|czytaj (?:też|także|więcej)|ayrıca okuyun|関連記事|続きを読む|相关阅读|相關新聞|延伸閱讀|広告)\W*$",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"^\W*(?:related(?: (?:articles?|stor(?:y|ies)|news|coverage|posts?))?|read (?:more|also|next|here)(?: about)?|also read|see also|more (?:on|from|about) (?:this|the)?|recommended|don'?t miss|watch|listen|photos?|video|in pictures|must read"
    r"|mehr zum thema|lesen sie (?:auch|mehr|hier|dazu)|lies auch|auch interessant|siehe auch|lire aussi|à lire (?:aussi|également)|voir aussi|lea (?:también|más)|lee (?:también|más)|leer (?:también|más)|ver también|leggi anche|vedi anche|leia (?:também|mais)|veja (?:também|mais)"
    r"|lees ook|lees meer|läs (?:mer|också)|les også|læs også|lue myös|читайте также|читать также|смотрите также|читайте також|czytaj (?:też|także|również)|zobacz (?:też|także)|přečtěte si|ayrıca oku|関連記事|相关阅读|延伸閱讀|こちらも読む)\s*(?:[:：|»>→–—]|(?=\s*[\"“‘'«]))\s*\S",
    re.IGNORECASE,
)
_APPEALS = re.compile(
    r"(?:sign up (?:for|to) (?:our|the|receive|get)\b.{0,80}(?:newsletter|inbox|email|alerts|briefing)|subscribe to (?:our|the)\b.{0,60}(?:newsletter|channel|podcast|mailing)|get (?:the|our)\b.{0,60}(?:newsletter|in your inbox|delivered)|follow (?:us|@?\w+) on (?:twitter|facebook|instagram|x\b|telegram|google news|whatsapp|linkedin)"
    r"|(?:support|donate|contribut)\w*\b.{0,120}(?:independent journalism|our (?:work|journalism|newsroom|reporting)|one dollar|\$\s?\d+ (?:a|per) month|as little as)|download (?:our|the) .{0,20}\bapp\b|join our (?:whatsapp|telegram|facebook|mailing)|all rights reserved|alle rechte vorbehalten|tous droits réservés"
    r"|abonnieren sie (?:unseren|den|jetzt)\b|melden sie sich .{0,40}newsletter an|inscrivez-vous à (?:notre|la)\b.{0,40}(?:newsletter|lettre)|suscríbete a (?:nuestr|la)|iscriviti alla newsletter|подпи(?:сывайтесь|шитесь) на (?:наш|канал|нас|рассыл)|this article (?:was|first|originally) (?:first |originally )?(?:appeared|published) (?:on|in|at)"
    r"|(?:we use|uses?|this (?:web)?site uses) cookies|accept (?:all )?cookies|views expressed in (?:this )?(?:opinion )?(?:pieces?|articles?)\b.{0,60}(?:not|do not) necessarily|please enable javascript|click here to (?:subscribe|sign up|read|join)|have (?:a )?(?:news )?tips?\?)",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"^\W*(?:(?:photo(?:graph)?s?|image|picture|credit|foto(?:s)?|bild|quelle|symbolbild|archivbild|file photo|fotografía|crédit|source|фото|copyright|©|\(c\))\s*(?:by|credit|:|/|©|courtesy)\s*.{1,90}|.{0,70}(?:getty images|shutterstock|/\s?(?:afp|ap|reuters|epa|dpa|tass)(?: photo)?|via (?:getty|ap|reuters)))\W*$",
    re.IGNORECASE,
)
MAX_APPEAL = 420
MAX_LABEL_LINE = 260


def structure(tree: HtmlElement, drop: tuple[str, ...]) -> None:
    """Takes out, in place, what the site's rule names and what calls itself furniture and holds no more than furniture can."""
    for xpath in drop:
        for node in tree.xpath(xpath):
            _out(node)
    total = sum(1 for _ in tree.iter("p")) or 1
    for node in tree.xpath(".//*[@class or @id]"):
        if node.tag not in _BLOCKS or node.getparent() is None:
            continue
        about = f"{node.get('class') or ''} {node.get('id') or ''}"
        if _FURNITURE.search(about) and not _KEEP.search(about):
            held = sum(1 for _ in node.iter("p")) - (node.tag == "p")
            if held <= max(3, MAX_SHARE * total) and held < total and node.find(".//h1") is None and len(content(node)) < 1500:
                _out(node)


def _out(node: HtmlElement) -> None:
    if node.getparent() is not None:
        node.drop_tree()


def is_furniture(said: str, *, caption: bool = True) -> bool:
    """Whether a line of a body is a label, a link to another story, an appeal or a picture's credit."""
    if len(said) <= MAX_LABEL_LINE and (
        _LABELS.match(said) or (_LEADS.match(said) and not said.rstrip().endswith((".", "?”", ".”", '."')))
    ):
        return True
    if caption and len(said) < 120 and _CREDIT.match(said):
        return True
    return len(said) <= MAX_APPEAL and _APPEALS.search(said) is not None
