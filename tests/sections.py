# ruff: noqa: E501  - a page's lines are as long as they are
"""Section pages and front pages as papers of nine kinds print them, all invented, each with the articles that a reader would name on it.

Written before the code that tells articles from navigation; ``tests/test_discover_pages.py`` says how well it does.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """``url``: where the page stands; ``articles``: what it offers, as paths on its host or whole addresses."""

    name: str
    url: str
    html: str
    articles: tuple[str, ...]


ENGLISH_DAILY = Section(
    name="a daily with dates in its addresses",
    url="https://www.nevatimes.example/news",
    articles=(
        "/2026/03/01/icebreaker-frees-two-ferries-off-the-coast-a70111",
        "/2026/03/01/mayor-resigns-a70109",
        "/2026/02/28/what-the-new-tax-means-for-small-shops-a70101",
        "/2026/02/28/in-photos-winter-swimmers-a70099",
    ),
    html="""<!doctype html><html><head><base href="https://www.nevatimes.example/"><title>News</title></head><body>
<header><a href="/">The Neva Times</a><nav><ul><li><a href="news">News</a></li><li><a href="ukraine-war">War</a></li>
<li><a href="opinion">Opinion</a></li><li><a href="arts-and-life">Arts and Life</a></li><li><a href="account/login">Sign in</a></li></ul></nav></header>
<main><h1>News</h1>
<article><a href="2026/03/01/icebreaker-frees-two-ferries-off-the-coast-a70111"><img alt=""></a><span>2 hours ago</span>
<h3><a href="2026/03/01/icebreaker-frees-two-ferries-off-the-coast-a70111">Icebreaker Frees Two Ferries Off the Coast</a></h3></article>
<article><h3><a href="/2026/03/01/mayor-resigns-a70109?utm_source=front">Mayor Resigns</a></h3></article>
<article><h3><a href="https://www.nevatimes.example/2026/02/28/what-the-new-tax-means-for-small-shops-a70101">What the New Tax Means for Small Shops</a></h3>
<a href="author/ann-lee">Ann Lee</a> <a href="tag/taxes">Taxes</a></article>
<article><a href="/2026/02/28/in-photos-winter-swimmers-a70099">In Photos: Winter Swimmers</a></article>
<article><a href="/plus/winter-campaign/buy-a-flat-by-the-river">Sponsored: Buy a Flat by the River</a></article>
<a href="news/18">Older</a> <a href="news/36">3</a></main>
<aside><h4>Follow</h4><a href="/newsletters">Newsletters that you will like</a><a href="/contribute">Support independent news today</a>
<a href="https://social.example/nevatimes/posts/a-very-long-post-of-ours">Our latest post on the network</a></aside>
<footer><a href="/page/privacy-policy-and-cookies">Privacy policy and cookies</a><a href="/page/about-us-and-our-history">About us</a></footer></body></html>""",
)

BARE = Section(
    name="bare HTML of the nineties",
    url="http://harbourgazette.example/index.html",
    articles=("/news/980304a.htm", "/news/980304b.htm", "/news/980303a.htm"),
    html="""<HTML><TITLE>Harbour Gazette</TITLE><BODY BGCOLOR=white><TABLE><TR><TD>
<A HREF="index.html">Home</A><BR><A HREF="guest.html">Guestbook</A><BR><A HREF="links.html">Links</A><BR><A HREF="news/index.html">All news</A>
<BR><A HREF="mailto:ed@harbourgazette.example">Mail</A></TD><TD>
<B><A HREF="news/980304a.htm">Trawler lost its nets in Wednesday's storm</A></B><P>The crew is safe.
<B><A HREF="news/980304b.htm">School roof to be mended before Easter</A></B><P>So the council said.
<B><A HREF="news/980303a.htm">Record catch of herring</A></B>
</TD></TR></TABLE><A HREF="http://counter.example/hit?id=3">Counter</A></BODY></HTML>""",
)

CYRILLIC = Section(
    name="a Cyrillic site with numbers",
    url="https://vesti-volga.example/",
    articles=("/news/2026/03/01/118822/", "/news/2026/03/01/118820/", "/articles/kak-zhivet-gorod/118790/", "/news/2026/02/28/118799/"),
    html="""<html lang="ru"><head><title>Вести Волги</title></head><body><div class="top-menu"><a href="/">Главная</a><a href="/news/">Новости</a>
<a href="/rubric/society/">Общество</a><a href="/rubric/economy/">Экономика</a><a href="/about/">О редакции</a><a href="/search/?q=">Поиск</a></div>
<div class="lenta"><a class="item" href="/news/2026/03/01/118822/"><span>12:40</span> На Волге начался ледоход раньше срока</a>
<a class="item" href="/news/2026/03/01/118820/"><span>12:05</span> Мост закрыли на ремонт до вечера</a>
<a class="item" href="/news/2026/02/28/118799/"><span>вчера</span> В школе открыли новый спортзал</a></div>
<div class="big"><h2><a href="/articles/kak-zhivet-gorod/118790/">Как живет город, который строили дважды</a></h2><a href="/tags/gorod/">город</a></div>
<div class="footer"><a href="/reklama/">Реклама</a><a href="/pravila-ispolzovaniya-materialov/">Правила использования материалов</a></div></body></html>""",
)

CHINESE = Section(
    name="a Chinese portal",
    url="http://www.jiangnews.example/world/",
    articles=("/c/2026-03/01/content_40011234.htm", "/c/2026-03/01/content_40011230.htm", "/c/2026-02/28/content_40011111.htm"),
    html="""<html><head><meta charset="utf-8"><title>国际</title></head><body><div id="nav"><a href="/">首页</a><a href="/china/">国内</a><a href="/world/">国际</a>
<a href="/finance/">财经</a><a href="/special/2026lianghui/">专题</a></div><ul class="list">
<li><a href="/c/2026-03/01/content_40011234.htm">两国同意恢复边境贸易</a><em>03-01</em></li>
<li><a href="../c/2026-03/01/content_40011230.htm">港口罢工进入第三天</a></li>
<li><a href="/c/2026-02/28/content_40011111.htm">科学家在深海发现新物种</a></li></ul>
<div class="pages"><a href="index_2.html">2</a><a href="index_3.html">3</a><a href="index_2.html">下一页</a></div>
<div id="bottom"><a href="/gywm/2011-05/10/content_1.htm">关于我们</a><a href="/lxfs.htm">联系方式</a></div></body></html>""",
)

WORDPRESS = Section(
    name="the front page of a WordPress blog",
    url="https://quietfields.example/",
    articles=("/2026/03/lambing-came-early-this-year/", "/2026/02/the-mill-is-sold/", "/2026/02/wind/"),
    html="""<html><body class="home blog"><header id="masthead"><a href="https://quietfields.example/" rel="home">Quiet Fields</a>
<nav><a href="/about-this-blog-and-me/">About this blog</a><a href="/contact/">Contact</a></nav></header>
<main id="main"><article class="post"><h2 class="entry-title"><a href="https://quietfields.example/2026/03/lambing-came-early-this-year/" rel="bookmark">Lambing came early this year</a></h2>
<span class="posted-on"><a href="https://quietfields.example/2026/03/lambing-came-early-this-year/">March 1, 2026</a></span>
<a href="https://quietfields.example/category/farm-life/">Farm life</a><p>Text <a class="more-link" href="/2026/03/lambing-came-early-this-year/#more-31">Continue reading</a></p>
<a href="/2026/03/lambing-came-early-this-year/#comments">4 Comments</a></article>
<article class="post"><h2 class="entry-title"><a href="/2026/02/the-mill-is-sold/">The mill is sold</a></h2><a href="/author/wren/">wren</a></article>
<article class="post"><h2 class="entry-title"><a href="/2026/02/wind/">Wind</a></h2></article>
<nav class="pagination"><a class="next" href="/page/2/">Older posts</a></nav></main>
<aside id="secondary"><h2>Archives</h2><a href="/2026/03/">March 2026</a><a href="/2026/02/">February 2026</a><a href="/tag/sheep/">sheep</a>
<a href="/wp-login.php">Log in</a><a href="/feed/">Entries feed</a></aside></body></html>""",
)

CARDS = Section(
    name="cards without a meaning in their markup",
    url="https://www.lumenpost.example/business",
    articles=(
        "/articles/regulator-fines-the-largest-bank-over-late-reports-q7f3k",
        "/articles/why-cocoa-prices-will-not-come-down-soon-x81la",
        "/articles/startup-that-grows-leather-raises-money-m20dd",
        "/live/budget-day-as-it-happens-p99zz",
    ),
    html="""<html><head><title>Business</title></head><body><div class="shell"><div class="bar"><a href="/">Lumen</a><a href="/business">Business</a>
<a href="/business/markets-and-money">Markets and money</a><a href="/culture">Culture</a><a href="/subscribe/start-your-free-trial-today">Start your free trial today</a></div>
<div class="grid"><div class="card"><a href="/articles/regulator-fines-the-largest-bank-over-late-reports-q7f3k"><div class="t">Regulator fines the largest bank over late reports</div></a></div>
<div class="card"><a href="/articles/why-cocoa-prices-will-not-come-down-soon-x81la"><div class="t">Why cocoa prices will not come down soon</div></a></div>
<div class="card"><a href="/articles/startup-that-grows-leather-raises-money-m20dd"><div class="t">Startup that grows leather raises money</div></a></div>
<div class="card"><a href="/live/budget-day-as-it-happens-p99zz"><div class="t">Budget day as it happens</div></a></div></div>
<div class="more"><a href="/business?page=2">Load more stories from this section</a></div>
<div class="foot"><a href="/help/how-to-cancel-your-subscription">How to cancel your subscription</a><a href="/legal/terms-and-conditions-of-use">Terms and conditions of use</a>
<a href="/newsletter/the-morning-lumen-briefing">The morning briefing, by mail</a><a href="/jobs/work-with-us-in-the-newsroom">Work with us</a></div></div></body></html>""",
)

QUERY = Section(
    name="articles told by a parameter",
    url="http://kurierdnia.example/dzial.php?cat=3",
    articles=("/artykul.php?id=90123", "/artykul.php?id=90121", "/artykul.php?id=90118"),
    html="""<html><body><div id="menu"><a href="dzial.php?cat=1">Kraj</a> <a href="dzial.php?cat=2">Świat</a> <a href="dzial.php?cat=3">Sport</a>
<a href="login.php?back=dzial">Zaloguj</a> <a href="szukaj.php">Szukaj</a></div><div id="tresc">
<h2><a href="artykul.php?id=90123">Reprezentacja wygrała trzeci mecz z rzędu</a></h2><p>Opis <a href="artykul.php?id=90123">czytaj dalej</a></p>
<h2><a href="artykul.php?id=90121">Nowy stadion otworzą dopiero jesienią</a></h2><p>Opis <a href="artykul.php?id=90121">czytaj dalej</a></p>
<h2><a href="artykul.php?id=90118">Trener odchodzi po siedmiu latach</a></h2></div>
<div><a href="dzial.php?cat=3&amp;strona=2">następna strona</a></div><div id="stopka"><a href="regulamin.php">Regulamin</a><a href="kontakt.php">Kontakt</a></div></body></html>""",
)

FRENCH = Section(
    name="a regional paper with subdomains",
    url="https://www.lecourrierduval.example/faits-divers/",
    articles=(
        "/faits-divers/un-camion-se-renverse-sur-la-departementale-01-03-2026-8123.php",
        "/faits-divers/deux-randonneurs-retrouves-sains-et-saufs-28-02-2026-8119.php",
        "/economie/la-fromagerie-cherche-des-repreneurs-28-02-2026-8111.php",
        "https://sport.lecourrierduval.example/rugby/le-val-s-impose-dans-les-dernieres-minutes-8120",
    ),
    html="""<html lang="fr"><body><header><nav><a href="/">Accueil</a><a href="/faits-divers/">Faits divers</a><a href="/economie/">Économie</a>
<a href="/regions/haut-val-et-plateau-des-lacs/">Haut-Val et plateau des lacs</a><a href="https://sport.lecourrierduval.example/">Sport</a></nav></header>
<section class="une"><div class="titre"><a href="/faits-divers/un-camion-se-renverse-sur-la-departementale-01-03-2026-8123.php">Un camion se renverse sur la départementale</a></div>
<div class="titre"><a href="/faits-divers/deux-randonneurs-retrouves-sains-et-saufs-28-02-2026-8119.php">Deux randonneurs retrouvés sains et saufs</a></div></section>
<section class="aussi"><h3>Lire aussi</h3><ul><li><a href="/economie/la-fromagerie-cherche-des-repreneurs-28-02-2026-8111.php">La fromagerie cherche des repreneurs</a></li>
<li><a href="https://sport.lecourrierduval.example/rugby/le-val-s-impose-dans-les-dernieres-minutes-8120">Le Val s’impose dans les dernières minutes</a></li>
<li><a href="https://agence-pub.example/offre/une-voiture-neuve-pour-presque-rien-99">Une voiture neuve pour presque rien</a></li></ul></section>
<footer><a href="/mentions-legales-et-credits">Mentions légales et crédits</a><a href="/conditions-generales-de-vente">Conditions générales de vente</a>
<a href="/abonnement/offre-decouverte-un-mois">Abonnez-vous un mois</a><a href="/annonces/avis-de-deces-du-jour">Avis de décès du jour</a></footer></body></html>""",
)

IDS = Section(
    name="ids instead of words",
    url="https://www.broadcast.example/news",
    articles=(
        "/news/articles/c0k1abz2e3o",
        "/news/articles/cx9yyd81r2o",
        "/sport/football/68471234",
        "/news/world-68470011",
        "/news/videos/cl4n5kk21qzo",
    ),
    html="""<html><body><header><a href="/">Home</a><nav aria-label="main"><a href="/news">News</a><a href="/sport">Sport</a><a href="/news/world">World</a>
<a href="/weather/2643743">Weather</a></nav></header><main><div data-testid="card"><a href="/news/articles/c0k1abz2e3o"><h2>Storm closes airports in the north</h2><p>Two are hurt.</p></a></div>
<div data-testid="card"><a href="/news/articles/cx9yyd81r2o"><h2>Court frees journalist after ninety days</h2></a></div>
<div data-testid="card"><a href="/sport/football/68471234"><h2>Keeper scores from his own half</h2></a></div>
<div data-testid="card"><a href="/news/world-68470011"><h2>Talks on the river dam resume</h2></a></div>
<div data-testid="card"><a href="/news/videos/cl4n5kk21qzo"><h2>Watch: goat delays train</h2></a></div>
<a href="/news/topics/c2vdnvdg6xxt"><span>More on the storm and its damage</span></a></main>
<footer><a href="/contact">Contact</a><a href="/usingthesite/terms/full-terms-of-use-2026">Terms of use</a></footer></body></html>""",
)

SECTIONS = (ENGLISH_DAILY, BARE, CYRILLIC, CHINESE, WORDPRESS, CARDS, QUERY, FRENCH, IDS)
