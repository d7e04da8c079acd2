"""江湾晚报: a Chinese evening paper. Its pages name gb2312 in a meta element and are coded in its superset; its feed is UTF-8."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from pipeline.press.outlets.feeds import entries, rss
from pipeline.press.outlets.page import body, byline, esc, found, robots, titles
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply
from pipeline.press.world import Edition, Story, World

_ITEM = re.compile(r"(?:/m)?/news/\d{4}-\d\d/\d\d/content_(\d+)\.htm$")
_HOURS = 8  # its clock is ahead of UTC


def addresses(story: Story, edition: Edition) -> list[str]:  # noqa: ARG001 - one signature for all outlets
    """The day in its own zone and a number; the same for telephones."""
    local = story.published.astimezone(timezone(timedelta(hours=_HOURS)))
    path = f"/news/{local:%Y-%m}/{local:%d}/content_{story.number}.htm"
    return [f"http://{story.outlet.host}{path}", f"http://{story.outlet.host}/m{path}"]


def answer(world: World, outlet: Outlet, host: str, path: str, query: Mapping[str, str], now: datetime) -> Reply:  # noqa: ARG001 - one signature for all outlets
    """Every address of the paper."""
    stories = world.of(outlet, now)
    if path == "/robots.txt":
        return robots(outlet, "Disallow: /search/", "Disallow: /comment/")
    if path == "/rss/news.xml":
        return rss(outlet, path, entries(stories, now, lambda story, edition: addresses(story, edition)[0]), full=False, hours=_HOURS)
    matched = _ITEM.match(path)
    story = next((one for one in stories if matched and one.number == int(matched[1])), None)
    if story is None:
        inside = _links(stories, now) if path == "/" else "<p>您访问的页面不存在。</p>"
        html = _frame(outlet, outlet.name, "", inside)
        return Reply(status=200 if path == "/" else 404, body=html.encode(outlet.coding), media="text/html")
    edition = story.edition(now)
    older = stories[stories.index(story) + 1 :]
    return found(
        _page(story, edition, _links(older, now), telephone=path.startswith("/m/")), edition, coding=outlet.coding, media="text/html"
    )


def _links(stories: list[Story], now: datetime) -> str:
    rows = "".join(
        f'<li>·<a href="{addresses(story, story.editions[0])[0]}">{esc(title)}</a></li>' for story, title in titles(stories, now, 5)
    )
    return f'<div class="xgxw"><h3>相关新闻</h3><ul>{rows}</ul></div>'


def _page(story: Story, edition: Edition, links: str, *, telephone: bool) -> str:
    text, outlet = edition.text, story.outlet
    local = story.published.astimezone(timezone(timedelta(hours=_HOURS)))
    lines = "\n".join(body(text, subhead='p align="center"', paragraph="<P>　　{}</P>")).replace('</p align="center">', "</p>")
    picture = f'<P align=center><IMG src="/pic/{story.number}.jpg"></P>'
    inside = f"""<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/news/">新闻</a> &gt; {esc(text.section)}</div>
<h1 class="biaoti">{esc(text.title)}</h1>
<div class="info">{local:%Y-%m-%d %H:%M:%S}　来源：{esc(outlet.name)}
　作者：{esc(byline(text) or outlet.name)}　字号：<a href="#">大</a> <a href="#">中</a></div>
<div id="zoom" class="zhengwen">
{picture}
{lines}
</div>
<div class="editor">（责任编辑：季白露）</div>
<div class="bdsharebuttonbox">分享到：<a href="#">微信</a> <a href="#">微博</a></div>
<div class="pages"><a href="#">上一篇</a> <a href="#">下一篇</a></div>"""
    meta = f'<meta name="keywords" content="{esc(",".join(text.tags))}" /><meta name="author" content="{esc(byline(text))}" />'
    if telephone:
        meta += f'<link rel="canonical" href="{addresses(story, edition)[0]}" />'
        return _frame(outlet, text.title, meta, inside)
    return _frame(outlet, text.title, meta, inside + links)


def _frame(outlet: Outlet, title: str, meta: str, inside: str) -> str:
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />
<title>{esc(title)}--{esc(outlet.name)}</title>
{meta}
<script src="/js/jquery-1.4.2.min.js" type="text/javascript"></script>
</head>
<body>
<div class="top"><a href="/">{esc(outlet.name)}</a>　<a href="/news/">新闻</a>
<a href="/epaper/">数字报</a>　<a href="/bbs/">论坛</a></div>
<div class="main">{inside}</div>
<div class="foot">版权声明：凡本网注明“来源：{esc(outlet.name)}”的作品，未经授权不得转载。<br />
订阅热线：000-0000000　地址：江湾市滨江路一号</div>
</body>
</html>
"""
