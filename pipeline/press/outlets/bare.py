"""Upper Tarn Bulletin On-Line: a page as it was written by hand in the nineties, and never since. No feed, no metadata, no coding named."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from datetime import datetime

from pipeline.press.outlets.page import byline, esc, found, long_date
from pipeline.press.papers import Outlet
from pipeline.press.replies import Reply
from pipeline.press.world import Edition, Story, World

_ITEM = re.compile(r"/\d\d/[a-z]{3}\d\d-(\d+)\.htm$")
_LISTED = 20  # stories on the first page of the news; the others stand on the second
_WIDTH = 74  # columns at which its editor breaks lines


def addresses(story: Story, edition: Edition) -> list[str]:  # noqa: ARG001 - one signature for all outlets
    """Year, month and day, and a number; without the www too."""
    path = f"/{story.published:%y}/{story.published:%b%d}-{story.number}.htm".lower()
    return [f"http://{story.outlet.host}{path}", f"http://{story.outlet.domain}{path}"]


def answer(world: World, outlet: Outlet, host: str, path: str, query: Mapping[str, str], now: datetime) -> Reply:  # noqa: ARG001 - one signature for all outlets
    """Every address of the bulletin. It has no robots.txt."""
    stories = world.of(outlet, now)
    standing = [story for story in stories if not (story.withdrawn and story.trouble_at(now))]
    if path in ("/", "/index.htm", "/news.htm"):
        more = '<P ALIGN="RIGHT"><A HREF="oldnews.htm">Older news &gt;&gt;</A></P>' if len(standing) > _LISTED else ""
        return _list(outlet, standing[:_LISTED], more, now)
    if path == "/oldnews.htm":
        return _list(outlet, standing[_LISTED:], '<P><A HREF="news.htm">&lt;&lt; Newer news</A></P>', now)
    if path in ("/guest.htm", "/links.htm", "/weather.htm", "/about.htm", "/classif.htm"):
        inside = f"<H2>{esc(path[1:-4].title())}</H2>This page is under construction. Please call again.<BR>"
        return Reply(body=_frame(outlet, path[1:-4].title(), inside).encode("cp1252"), media="text/html")
    matched = _ITEM.match(path)
    story = next((one for one in stories if matched and one.number == int(matched[1])), None)
    if story is None or story.trouble_at(now) or addresses(story, story.editions[0])[0] != f"http://{outlet.host}{path}":
        return Reply(status=404, body=_MISSING.encode("cp1252"), media="text/html; charset=iso-8859-1")
    return found(_item(story, story.edition(now)), story.edition(now), coding="cp1252", media="text/html")


_MISSING = (
    '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<HTML><HEAD>\n<TITLE>404 Not Found</TITLE>\n</HEAD><BODY>\n<H1>Not Found</H1>\n'
    "The requested URL was not found on this server.<P>\n<HR>\n"
    "<ADDRESS>Apache/1.3.9 Server at www.uppertarnbulletin.test Port 80</ADDRESS>\n"
    "</BODY></HTML>\n"
)


def _list(outlet: Outlet, stories: list[Story], more: str, now: datetime) -> Reply:
    rows = "\n".join(
        f'<LI><A HREF="{esc(addresses(story, story.editions[0])[0].removeprefix(f"http://{outlet.host}/"))}">{esc(title)}</A> '
        f'<FONT SIZE="1" COLOR="#666666">({story.published:%b %d})</FONT>'
        for story in stories
        for title in (story.edition(now).text.title,)
    )
    inside = f"""<CENTER><H2>Valley News</H2></CENTER>
<MARQUEE>Welcome to the Bulletin's new home on the World Wide Web!</MARQUEE>
<UL>
{rows}
</UL>
{more}
<HR WIDTH="60%">
Please sign our <A HREF="guest.htm">guest book</A>! You are visitor number <IMG SRC="/cgi-bin/count.gif" ALT="0048213">.
<A HREF="http://www.webring.example/next?ring=valleys&amp;id=7">Next site in the Valley Ring</A>
"""
    body = _frame(outlet, "Valley News", inside).encode("cp1252", "xmlcharrefreplace")
    newest = max((story.edition(now).at for story in stories), default=None)
    return Reply(body=body, media="text/html", modified=newest)


def _item(story: Story, edition: Edition) -> str:
    text = edition.text
    lines = []
    for number, line in enumerate(text.paragraphs):
        start = f"{text.dateline} -- " if text.dateline and number == 0 else ""
        broken = textwrap.fill(esc(start + line), _WIDTH, break_long_words=False, break_on_hyphens=False)
        lines.append(f"<B>{broken}</B>" if text.is_heading(line) else broken)
    who = f"By {esc(byline(text))}" if byline(text) else "Bulletin staff and wires"
    picture = (
        f'<TABLE ALIGN="RIGHT" WIDTH="180" BORDER="1" CELLPADDING="4"><TR><TD><IMG SRC="/pix/{story.number}.jpg" WIDTH="170"><BR>\n'
        f'<FONT SIZE="1">{esc(text.caption)} <I>Photo by {esc(text.caption_credit or "the Editor")}</I></FONT></TD></TR></TABLE>\n'
        if text.caption
        else ""
    )
    inside = f"""<FONT FACE="Times New Roman, Times" SIZE="5"><B>{esc(text.title)}</B></FONT><BR>
<FONT SIZE="2"><I>{who}</I><BR>
{story.published:%A}, {long_date(story.published)}</FONT>
<HR NOSHADE SIZE="1">
{picture}<FONT FACE="Times New Roman, Times" SIZE="3">
{"<BR><BR>".join(lines)}
</FONT>
<BR><BR>
<CENTER><FONT SIZE="2">[ <A HREF="/news.htm">Back to the news</A> | <A HREF="mailto:editor@uppertarnbulletin.test">Write to the editor</A> |
<A HREF="#top">Top</A> ]</FONT></CENTER>
"""
    return _frame(story.outlet, text.title, inside)


def _frame(outlet: Outlet, title: str, inside: str) -> str:
    return f"""<HTML>
<HEAD>
<TITLE>{esc(outlet.name)}: {esc(title)}</TITLE>
</HEAD>
<BODY BGCOLOR="#FFFFEE" TEXT="#000000" LINK="#0000CC" VLINK="#551A8B">
<A NAME="top"></A>
<TABLE WIDTH="640" BORDER="0" CELLPADDING="6">
<TR><TD COLSPAN="2" BGCOLOR="#336699"><FONT COLOR="#FFFFFF" SIZE="6">{esc(outlet.name)}</FONT><BR>
<FONT COLOR="#FFFFFF" SIZE="2">Serving the valley since 1911, and the Internet since 1996</FONT></TD></TR>
<TR><TD WIDTH="110" VALIGN="TOP" BGCOLOR="#DDDDCC"><FONT SIZE="2">
<A HREF="/news.htm">News</A><BR><A HREF="/weather.htm">Weather</A><BR><A HREF="/classif.htm">Classifieds</A><BR>
<A HREF="/links.htm">Links</A><BR><A HREF="/guest.htm">Guest book</A><BR><A HREF="/about.htm">About us</A></FONT></TD>
<TD VALIGN="TOP">
{inside}
</TD></TR>
<TR><TD COLSPAN="2"><HR><FONT SIZE="1">&copy; 1996-2003 {esc(outlet.name)}. Best viewed in 800 x 600. Subscriptions to the printed
Bulletin cost less than a loaf a week: ask at the counter.</FONT></TD></TR>
</TABLE>
</BODY>
</HTML>
"""
