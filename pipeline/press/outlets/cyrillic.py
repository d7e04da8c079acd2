"""Заречный вестник: a Russian paper in windows-1251. Its pages say so in the header alone, the print version in a meta element alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from pipeline.press.outlets.feeds import entries, rss
from pipeline.press.outlets.page import body, byline, esc, found, robots, titles
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply
from pipeline.press.world import Edition, Story, World

_ITEM = re.compile(r"/news/(\d+)/$")
_HOURS = 3  # its clock is ahead of UTC
_MONTHS = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря")
_CODED = "text/html; charset=windows-1251"


def addresses(story: Story, edition: Edition) -> list[str]:  # noqa: ARG001 - one signature for all outlets
    """A number alone; its print version; the same without the www."""
    path = f"/news/{story.number}/"
    return [f"http://{story.outlet.host}{path}", f"http://{story.outlet.host}{path}?print=Y", f"http://{story.outlet.domain}{path}"]


def answer(world: World, outlet: Outlet, host: str, path: str, query: Mapping[str, str], now: datetime) -> Reply:  # noqa: ARG001 - one signature for all outlets
    """Every address of the paper."""
    stories = world.of(outlet, now)
    if path == "/robots.txt":
        return robots(outlet, "Disallow: /bitrix/", "Disallow: /*back_url", "Disallow: /*print=", f"Host: {outlet.host}")
    if path == "/rss.xml":
        return rss(outlet, path, entries(stories, now, lambda story, edition: addresses(story, edition)[0]), full=False, hours=_HOURS)
    matched = _ITEM.match(path)
    story = next((one for one in stories if matched and one.number == int(matched[1])), None)
    if story is None:
        inside = _links(stories, now) if path == "/" else "<h1>Страница не найдена</h1><p>Возможно, она была удалена.</p>"
        html = _frame(outlet, outlet.name, "", inside)
        return Reply(status=200 if path == "/" else 404, body=html.encode(outlet.coding, "xmlcharrefreplace"), media=_CODED)
    edition = story.edition(now)
    if query.get("print") == "Y":
        return found(_print(story, edition), edition, coding=outlet.coding, media="text/html")
    return found(_page(story, edition, _links(stories[stories.index(story) + 1 :], now)), edition, coding=outlet.coding, media=_CODED)


def _when(moment: datetime) -> str:
    local = moment.astimezone(timezone(timedelta(hours=_HOURS)))
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"


def _links(stories: list[Story], now: datetime) -> str:
    rows = "".join(f'<li><a href="/news/{story.number}/">{esc(title)}</a></li>' for story, title in titles(stories, now, 5))
    return f'<div class="news-list"><div class="block-title">Читайте также</div><ul>{rows}</ul></div>'


def _page(story: Story, edition: Edition, links: str) -> str:
    text, outlet = edition.text, story.outlet
    blocks = body(text, subhead="h4")
    if len(blocks) > 5:
        blocks.insert(3, '<div class="tg-banner">Подписывайтесь на наш канал в мессенджере: новости города раньше всех</div>')
    inside = f"""<div class="news-detail" id="news_{story.number}">
<div class="breadcrumbs"><a href="/">Главная</a> &rarr; <a href="/news/">Новости</a> &rarr; {esc(text.section.title())}</div>
<h1>{esc(text.title)}</h1>
<div class="news-date-time">{_when(story.published)}</div>
<div class="news-author">Автор: <b>{esc(byline(text) or outlet.name)}</b></div>
<div class="detail-text">{"".join(blocks)}</div>
<div class="misprint">Нашли ошибку? Выделите текст и нажмите Ctrl+Enter.</div>
<div class="ya-share" data-services="vk,ok">Поделиться</div>
<div class="tags">Теги: {", ".join(f'<a href="/tags/?q={esc(tag)}">{esc(tag)}</a>' for tag in text.tags)}</div>
</div>
{links}
<div class="comments"><h3>Комментарии (2)</h3><div class="comment"><b>слободской</b> Давно пора.</div>
<div class="comment"><b>Тётя Зина</b> А у нас во дворе всё по-старому.</div></div>"""
    meta = (
        f'<meta name="description" content="{esc(text.summary[:150])}"><meta name="keywords" content="{esc(", ".join(text.tags))}">'
        f'<link rel="canonical" href="{addresses(story, edition)[0]}"><meta property="og:title" content="{esc(text.title)}">'
        f'<meta property="og:type" content="article">'
    )
    return _frame(outlet, text.title, meta, inside)


def _print(story: Story, edition: Edition) -> str:
    text = edition.text
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'
        f"<title>{esc(text.title)}</title></head><body onload='window.print()'><h1>{esc(text.title)}</h1>"
        f"<p>{_when(story.published)}</p>{''.join(body(text, subhead='h4'))}<p>{esc(addresses(story, edition)[0])}</p></body></html>"
    )


def _frame(outlet: Outlet, title: str, meta: str, inside: str) -> str:
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html lang="ru">
<head><title>{esc(title)} - {esc(outlet.name)}</title>
{meta}
<link href="/bitrix/templates/vestnik/styles.css" type="text/css" rel="stylesheet">
<script type="text/javascript" src="/bitrix/js/main/core/core.js"></script></head>
<body><div id="panel"></div>
<table id="header"><tr><td><a href="/">{esc(outlet.name)}</a></td><td>Городская газета. Издаётся с 1931 года</td></tr></table>
<ul id="top-menu"><li><a href="/news/">Новости</a></li><li><a href="/afisha/">Афиша</a></li><li><a href="/ads/">Объявления</a></li></ul>
<div id="workarea">{inside}</div>
<div id="sidebar"><div class="weather">Погода: +12, ветер слабый</div><div class="rate">Курс валют</div></div>
<div id="footer">&copy; Редакция газеты «Заречный вестник». Свидетельство о регистрации СМИ ЭЛ 77-00000. Перепечатка со ссылкой на газету.
Подписка на газету принимается во всех отделениях связи.</div>
</body></html>
"""
