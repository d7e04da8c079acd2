"""What programs print where a page should be: the stock pages of servers and frameworks, and traces of errors. They say the same in every
country, and no one writes so for readers."""

from __future__ import annotations

import re

from pipeline.extract.gates import unquoted
from pipeline.extract.page import Page
from pipeline.extract.shapes import Shape

LINES = 40  # lines that are looked at: a trace tells itself at once
SHARE = 0.5  # of the prose that a trace is
# The whole title or heading of a stock page: Apache, nginx, IIS, Tomcat, Varnish, HAProxy, Squid, gunicorn, PHP, ASP.NET, Django, Rails,
# Spring, Laravel, WordPress, Drupal, Heroku, Cloudflare, CloudFront.
_STOCK = re.compile(
    r"(?:http )?(?:error |status )?(?:code )?[:#]? ?(?:40[0135]|408|410|429|5\d\d)(?: ?[-–—:|] ?| )(?:[a-z]+[ -]?){0,3}"
    r"(?:error|gateway|unavailable|time-?out|forbidden|request|requests|unauthorized|exceeded|failed|allowed)"
    r"|(?:http )?(?:error|status) ?(?:code )?[:#-]? ?(?:40[0135]|408|410|429|5\d\d)"
    r"|server error in '/[^']*' application\.?|runtime error|application error|internal server error|bad gateway|gateway time-?out"
    r"|service (?:temporarily )?unavailable|object reference not set to an instance of an object\.?|whitelabel error page"
    r"|we're sorry, but something went wrong\.?(?: \(500\))?|action controller: exception caught|server error \(500\)"
    r"|\w*(?:error|exception) (?:at|in) /\S*(?: \S.*)?|\w+ at /\S*|error establishing a database connection"
    r"|an? (?:unhandled|unexpected) exception .{0,40}"
    r"|the website encountered an unexpected error\..{0,40}|error: the requested url could not be retrieved|welcome to nginx!?"
    r"|apache2 \w+ default page.{0,20}|iis windows(?: server)?|test page for .{3,60}|index of /\S*|phpinfo\(\)|403 forbidden|access denied"
    r"|forbidden|bandwidth limit exceeded|account suspended|resource limit is reached|origin (?:dns )?error"
    r"|web server is (?:down|returning .{5,40})"
    r"|connection timed out|[\w.]+ \| 5\d\d: .{3,40}|dns (?:resolution|points to) .{3,40}|too many connections",
    re.IGNORECASE,
)
# A line of a trace or of a program's message.
_TRACE = re.compile(
    r"(?:uncaught|unhandled|fatal|parse|caught) (?:\w+ )?(?:error|exception)|\b[A-Z]\w*(?:Exception|Error)\b ?[:\]\[(]|\bexception details:"
    r"|stack ?trace|traceback \(most|sqlstate\[|\bora-\d{5}|mysqli?_\w+\(|\berrno\b|segmentation fault|nullpointer|guru meditation"
    r"|backend fetch|error 5\d\d backend|varnish cache server|connection refused|object reference not set"
    r"|\bon line \d+|\(line \d+ of |\.(?:php|py|rb|java|cs|js|aspx)(?::\d+| ?\(\d+\)|, line \d+)"
    r"|^at [\w.$<>]+\(|\w\.\w+\([^)]*\) ?\+\d+|^#\d+ .*[\w>:]\(|microsoft \.net framework version|asp\.net version|apache tomcat/\d|jboss"
    r"|in file included|call to (?:a member|undefined) function|allowed memory size of|maximum execution time of"
    r"|^(?:source error|root cause|exception|message|type|description|request (?:method|url)|django version|rails\.root):",
    re.IGNORECASE,
)
SURE = re.compile(
    r"(?:uncaught|unhandled|fatal) (?:\w+ )?(?:error|exception)|exception\b ?[:\]\[(]|stack ?trace|traceback \(most|sqlstate"
    r"|server error in '/|\.php(?: |:)(?:on|\d)|apache tomcat/\d|mysqli?_|\bpdo\b|hy000|ora-\d{5}|errno|on line \d+|guru meditation"
    r"|backend fetch|nullpointer|segmentation fault|runtime ?error|connection refused"
    r"|(?:http )?(?:error )?50[0234]\b.{0,12}(?:error|gateway|unavailable|timeout)",
    re.IGNORECASE,
)
"""What only programs say, at least in a few undated lines."""


def stock(page: Page, shape: Shape) -> str | None:
    """The stock page that a page is: by its title or its heading, both saying nothing else, and leading nowhere; or None."""
    heads = [said for said in page.headings[:2] if said.strip()]
    for said in (page.head_title, *heads):
        if (plain := " ".join(said.split()).replace("’", "'")) and _STOCK.fullmatch(plain):
            if shape.dated and not shape.bare:
                return None
            return f"a server's own page ({plain[:60]!r})" if shape.bare or shape.prose() < 3 * len(plain) + 200 else None
    return None


def trace(shape: Shape) -> str | None:
    """Why a page is a program's message: it says what only programs say, and half of its prose is of that sort."""
    lines = [said for said in shape.lines[:LINES] if not said.card and not said.leads_away]
    sure = next((found for said in lines if (found := SURE.search(unquoted(said.text)))), None)
    if sure is None or (shape.dated and not shape.bare):
        return None
    size = sum(said.size for said in lines if said.is_prose)
    printed = sum(said.size for said in lines if said.is_prose and _TRACE.search(said.text))
    return f"it prints {sure[0]!r}" if printed > SHARE * size else None
