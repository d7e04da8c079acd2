"""Six makers of sites, invented after the looks of real ones: each puts a page's own part between head, navigation, side column and foot."""

# ruff: noqa: E501  (words and markup of one maker stay on one line)
from __future__ import annotations

import html
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).parent
WORDS = {
    "en": "Home News Politics Business Sport Culture Weather Obituaries|Most read|About us|Contact|Privacy policy|Cookie settings|Sign in|Subscribe|Search",
    "de": "Start Nachrichten Politik Wirtschaft Sport Kultur Wetter Trauer|Meistgelesen|Impressum|Kontakt|Datenschutz|Cookie-Einstellungen|Anmelden|Abo|Suche",
    "fr": "Accueil Actualités Politique Économie Sports Culture Météo Nécrologie|Les plus lus|Mentions légales|Contact|Confidentialité|Gestion des cookies|Se connecter|S'abonner|Rechercher",
    "es": "Inicio Noticias Política Economía Deportes Cultura Tiempo Esquelas|Lo más leído|Aviso legal|Contacto|Privacidad|Configurar cookies|Iniciar sesión|Suscríbete|Buscar",
    "pt": "Início Notícias Política Economia Esportes Cultura Tempo Falecimentos|Mais lidas|Expediente|Contato|Privacidade|Preferências de cookies|Entrar|Assine|Buscar",
    "it": "Home Notizie Politica Economia Sport Cultura Meteo Necrologie|I più letti|Chi siamo|Contatti|Privacy|Preferenze cookie|Accedi|Abbonati|Cerca",
    "pl": "Start Wiadomości Polityka Biznes Sport Kultura Pogoda Nekrologi|Najczęściej czytane|O nas|Kontakt|Prywatność|Ustawienia cookies|Zaloguj|Prenumerata|Szukaj",
    "sv": "Hem Nyheter Politik Ekonomi Sport Kultur Väder Familj|Mest läst|Om oss|Kontakt|Integritet|Cookies|Logga in|Prenumerera|Sök",
    "cs": "Domů Zprávy Politika Ekonomika Sport Kultura Počasí Inzerce|Nejčtenější|O nás|Kontakt|Soukromí|Nastavení cookies|Přihlásit|Předplatné|Hledat",
    "tr": "Anasayfa Haberler Siyaset Ekonomi Spor Kültür Hava İlanlar|Çok okunanlar|Künye|İletişim|Gizlilik|Çerez ayarları|Giriş|Abone ol|Ara",
    "ru": "Главная Новости Политика Экономика Спорт Культура Погода Объявления|Популярное|О редакции|Контакты|Конфиденциальность|Файлы cookie|Войти|Подписка|Поиск",
    "ar": "الرئيسية الأخبار السياسة الاقتصاد الرياضة الثقافة الطقس الوفيات|الأكثر قراءة|من نحن|اتصل بنا|الخصوصية|ملفات الارتباط|دخول|اشترك|بحث",
    "zh": "首页 新闻 时政 财经 体育 文化 天气 讣告|热门阅读|关于我们|联系我们|隐私政策|Cookie设置|登录|订阅|搜索",
    "ja": "トップ ニュース 政治 経済 スポーツ 文化 天気 おくやみ|アクセスランキング|会社案内|お問い合わせ|プライバシーポリシー|クッキー設定|ログイン|購読申し込み|検索",
    "ko": "홈 뉴스 정치 경제 스포츠 문화 날씨 부고|많이 본 뉴스|회사소개|문의|개인정보처리방침|쿠키 설정|로그인|구독|검색",
    "th": "หน้าแรก ข่าว การเมือง เศรษฐกิจ กีฬา วัฒนธรรม อากาศ ประกาศ|ยอดนิยม|เกี่ยวกับเรา|ติดต่อเรา|ความเป็นส่วนตัว|ตั้งค่าคุกกี้|เข้าสู่ระบบ|สมัครสมาชิก|ค้นหา",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. ``reasons``: what it may be called; "article": it is one. ``body``: the paragraphs that must come out."""

    name: str
    group: str
    url: str
    html: str
    reasons: tuple[str, ...]
    body: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def pages(group: str) -> list[Page]:
    """The pages of a file. A row gives ``builder`` (or none: the page is whole), ``main``, ``items`` ("title | teaser") and ``body``."""
    made = []
    for row in tomllib.loads((HERE / f"{group}.toml").read_text(encoding="utf-8"))["page"]:
        words = row.get("lang", "en")
        cards = "\n".join(card(row.get("builder", ""), *item.split(" | "), at=at) for at, item in enumerate(row.get("items", ())))
        body = "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in row.get("body", ()))
        main = row["main"].replace("{items}", cards).replace("{body}", body)
        for at, line in enumerate(row.get("body", ())):
            main = main.replace(f"{{p{at}}}", f"<p>{html.escape(line, quote=False)}</p>")
        whole = dressed(row["builder"], words, row, main) if "builder" in row else main
        reasons = tuple(row["reason"].split(" or "))
        made.append(
            Page(
                name=row["name"],
                group=group,
                url=row["url"],
                html=whole,
                reasons=reasons,
                body=tuple(row.get("body", ())),
                beside=tuple(row.get("beside", ())),
            )
        )
    return made


def card(builder: str, title: str, teaser: str = "", *, at: int = 0) -> str:
    """One entry of a list, as each maker writes it."""
    href = f"/2031/05/{at + 2:02}/story-{4100 + 37 * at}"
    shapes = {
        "press": '<article id="post-{at}" class="post type-post hentry">\n<h2 class="entry-title"><a href="{href}" rel="bookmark">{title}</a></h2>\n<div class="entry-summary"><p>{teaser}</p></div>\n</article>',
        "stack": '<li data-testid="card"><a class="c-card" href="{href}">\n<img src="/img/{at}.webp" alt="" loading="lazy"/><h3>{title}</h3></a>\n<p class="c-card__dek">{teaser}</p></li>',
        "node": '<div class="views-row"><div class="node node--teaser">\n<h3><a href="{href}"><span>{title}</span></a></h3>\n<div class="field field--name-body">{teaser}</div></div></div>',
        "tables": '<tr><td valign="top"><b><a href="{href}">{title}</a></b><br>\n<font size="2">{teaser}</font></td></tr>',
        "ghosted": '<article class="gh-card post"><a class="gh-card-link" href="{href}">\n<h3 class="gh-card-title">{title}</h3><p class="gh-card-excerpt">{teaser}</p></a></article>',
        "broad": '<div class="teaser teaser--m"><a href="{href}"><span class="teaser__kicker">+</span>\n<h2 class="teaser__headline">{title}</h2></a><p class="teaser__text">{teaser}</p></div>',
    }  # fmt: skip
    return shapes.get(builder, shapes["broad"]).format(href=href, title=html.escape(title), teaser=html.escape(teaser), at=at)


def dressed(builder: str, language: str, row: dict[str, str], main: str) -> str:
    """A whole page of one maker."""
    nav, top, about, contact, privacy, cookies, sign_in, subscribe, search = WORDS[language].split("|")
    host = urlsplit(row["url"]).netloc
    site = row.get("site", host.removeprefix("www.").partition(".")[0].replace("-", " ").title())
    slots = {
        "nav": "\n".join(f'<li><a href="/s/{at}">{word}</a></li>' for at, word in enumerate(nav.split())),
        "cells": "".join(f'<td><a href="/s/{at}.htm">{word}</a></td>' for at, word in enumerate(nav.split())),
        "lang": language,
        "dir": "rtl" if language == "ar" else "ltr",
        "title": row.get("title", site),
        "type": row.get("og", "website"),
        "head": row.get("head", ""),
        "top": top, "about": about, "contact": contact, "privacy": privacy, "cookies": cookies,
        "sign_in": sign_in, "subscribe": subscribe, "search": search,
        "site": site, "host": host, "url": row["url"], "main": main,
    }  # fmt: skip
    whole = (HERE / f"{builder}.html").read_text(encoding="utf-8")
    for slot, value in slots.items():
        whole = whole.replace("{" + slot + "}", value)
    return whole
