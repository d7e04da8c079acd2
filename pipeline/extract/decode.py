"""Bytes to text to tree: which encoding a page is in is decided here, not by the libraries behind us.

What a page says of itself is a claim. UTF-8 can be checked, so it is checked first (the chance that a longer text in another encoding is
valid UTF-8 is nil); claims come next; what claims UTF-8 and is not is told by its letters.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from pipeline.errors import NotAnArticle

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# WHATWG Encoding Standard, §4.2: labels that mean another encoding than Python's codec of that name.
_WHATWG = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "l1": "cp1252", "x-cp1252": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "chinese": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932",
    "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "korean": "cp949",
    "windows-949": "cp949", "big5": "big5hkscs", "x-x-big5": "big5hkscs", "x-euc-jp": "euc_jp", "iso-8859-8-i": "iso-8859-8",
    "x-cp1251": "cp1251", "koi8-ru": "koi8-u", "koi": "koi8-r", "koi8": "koi8-r", "x-mac-roman": "mac-roman", "unicode": "utf-8",
    "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "utf-16": "utf-8",  # a declaration that could be read is not UTF-16 (HTML §13.2.3.2)
}  # fmt: skip
# What a language was written in before UTF-8: the defaults of HTML §13.2.3.2, step 9.
_LEGACY = {
    "ru": "cp1251", "uk": "cp1251", "bg": "cp1251", "be": "cp1251", "sr": "cp1251", "mk": "cp1251", "kk": "cp1251",
    "cs": "cp1250", "pl": "cp1250",
    "hu": "cp1250", "sk": "cp1250", "sl": "cp1250", "hr": "cp1250", "ro": "cp1250", "tr": "cp1254", "el": "cp1253", "he": "cp1255",
    "ar": "cp1256", "fa": "cp1256", "et": "cp1257", "lv": "cp1257", "lt": "cp1257", "vi": "cp1258", "th": "cp874", "ja": "cp932",
    "ko": "cp949", "zh": "gb18030",
}  # fmt: skip
_CLAIM = re.compile(
    rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE
)
_LANG = re.compile(rb"""<html[^>]{0,500}?\blang\s*=\s*["']?([A-Za-z]{2})""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_ANSI = re.compile("\x1b\\[[0-9;?]*[A-Za-z]")
_CONTROL = bytes([*range(9), 0x0B, *range(0x0E, 0x20)])  # tab, newlines and form feed stay
_CONTROL_TABLE = dict.fromkeys((*_CONTROL, 0xFFFE, 0xFFFF))
_C1_REFERENCE = re.compile(r"&#(?:(1[2-5]\d)|[xX]0*([89][0-9A-Fa-f]));")
_C1_BYTES = re.compile(_C1_REFERENCE.pattern.encode("ascii"))  # before decoding: five times as fast as in text
_DOCTYPE = re.compile(rb"^\s*<!\s*DOCTYPE[^>]*>", re.IGNORECASE)
_SELF_CLOSED_ROOT = re.compile(rb"(<html\b[^>]*?)/>", re.IGNORECASE)
PRESCAN = 4096
"""Bytes searched for a declaration. HTML §13.2.3.2 says 1024 and lets browsers read further; pages with long heads need it."""


def utf8_of(body: bytes, content_type: str | None) -> bytes:
    """The page in UTF-8, without control characters: what ``text_of`` makes of it, which most pages need not go through. Never raises."""
    plain = _plain(body)
    return text_of(body, content_type).encode("utf-8", "replace") if plain is None else plain


def _plain(body: bytes) -> bytes | None:
    """A page that is UTF-8, whatever it claims, and holds nothing to mend; None for others."""
    if b"\x1b" in body or _wide(body) is not None or _C1_BYTES.search(body):
        return None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if "\ufffe" in text or "\uffff" in text:
        return None
    return body.translate(None, _CONTROL).removeprefix(codecs.BOM_UTF8)


def text_of(body: bytes, content_type: str | None) -> str:
    """The page as text, without control characters. ``content_type``: the HTTP header. Never raises: what cannot be read becomes U+FFFD."""
    name = _encoding(body, content_type or "")
    plain = not name.startswith(("utf-16", "utf-32", "iso2022"))  # there, control bytes are parts of letters
    if plain and b"\x1b" not in body:
        body = body.translate(None, _CONTROL)  # on bytes: twenty times as fast as on text
    text = body.decode(name, "replace").removeprefix("\ufeff")
    if not plain or "\x1b" in text or "\ufffe" in text or "\uffff" in text:
        text = _ANSI.sub("", text).translate(_CONTROL_TABLE)
    return _C1_REFERENCE.sub(_windows_character, text)


def _windows_character(found: re.Match[str]) -> str:
    """HTML §13.2.5.80: references to C1 controls mean Windows-1252."""
    number = int(found[1]) if found[1] else int(found[2], 16)
    return bytes([number]).decode("cp1252", "ignore") if 0x80 <= number <= 0x9F else found[0]


def _encoding(body: bytes, content_type: str) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return name
    if (wide := _wide(body)) is not None:
        return wide
    header, meta = _HEADER.search(content_type), _CLAIM.search(body[:PRESCAN])
    stated = [header[1]] if header else []
    stated += [(meta[1] or meta[2]).decode("ascii", "replace")] if meta else []
    claims = [known for label in stated if (known := _known(label))]
    if "iso2022_jp" in claims and b"\x1b$" in body:
        return "iso2022_jp"
    if _is_utf8(body):
        return "utf-8"
    return next((claim for claim in claims if claim != "utf-8" and _fits(body, claim)), None) or _guess(body)


def _known(label: str) -> str | None:
    label = label.strip().lower()
    try:
        return codecs.lookup(_WHATWG.get(label, label)).name
    except LookupError:
        return None


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of markup is NUL."""
    head = body[:2000]
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if max(odd, even) * 20 < len(head) or max(odd, even) < 2 or min(odd, even) * 10 > max(odd, even):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_utf8(body: bytes) -> bool:
    """Valid, or so nearly valid that a few bytes were damaged (a comment cut in the middle of a letter)."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        letters = len(text) - len(text.encode("ascii", "ignore")) - broken
        return broken * 20 <= letters
    return True


def _fits(body: bytes, name: str) -> bool:
    """Whether the claim can be read. Single-byte encodings can always be; one in a hundred characters may be damaged."""
    try:
        text = body.decode(name, "replace")
    except (LookupError, UnicodeError):
        return False
    return text.count("\ufffd") * 100 <= sum(byte > 127 for byte in body[:200_000]) + 100


def _guess(body: bytes) -> str:
    """By the letters: runs of high bytes are short in Latin scripts, and a wrong Cyrillic reading is full of capitals."""
    runs = re.findall(rb"[\x80-\xff]+", body[:200_000])
    high = b" ".join(runs)
    lang = _LANG.search(body[:PRESCAN])
    legacy = _LEGACY.get(lang[1].decode("ascii").lower()) if lang else None
    if legacy and legacy != "cp1251" and _fits(body, legacy):
        return legacy
    if sum(map(len, runs)) < 2 * len(runs):
        return "cp1252"
    shares = {name: _small_cyrillic(high.decode(name, "replace")) for name in ("cp1251", "koi8-r", "cp866")}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] > 0.7 or legacy == "cp1251":
        return best
    asian = ("cp932", "euc_jp", "cp949", "gb18030", "big5hkscs")
    return next((name for name in asian if _fits(body, name) and _asian(high.decode(name, "replace"))), "cp1252")


def _small_cyrillic(text: str) -> float:
    return len(re.findall("[а-яёіїєґў]", text)) / max(1, len(text.replace(" ", "")))


def _asian(text: str) -> bool:
    """Whether common characters prevail: kana, Hangul syllables, or Han with its punctuation."""
    kana, hangul, han = (
        len(re.findall(pattern, text)) for pattern in ("[\u3040-\u30ff]", "[\uac00-\ud7a3]", "[\u4e00-\u9fff\u3001\u3002\uff0c]")
    )
    return kana * 5 > len(text) or hangul * 2 > len(text) or han * 10 > len(text) * 7


def tree_of(page: bytes) -> HtmlElement:
    """The document of a page in UTF-8.

    lxml drops what is nested 255 levels deep and nodes over 10 MB without a word (facts on extraction): told by the
    parser's log and read again without those limits. Raises NotAnArticle("empty") for what holds no markup and no text.
    """
    from lxml import etree
    from lxml.html import HtmlElement, HTMLParser, document_fromstring

    data = page[found.end() :] if (found := _DOCTYPE.match(page)) else page
    if b"/>" in (head := data[:PRESCAN]):
        data = _SELF_CLOSED_ROOT.sub(rb"\1>", head, count=1) + data[PRESCAN:]
    if not data.decode("utf-8", "replace").strip() if len(data) < PRESCAN else data.isspace():
        raise NotAnArticle("the page has no content", reason="empty")
    for huge in (False, True):
        parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=huge)
        # lxml.html's own lookup is a Python call for every element that is looked at, for the sake of form fields
        parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
        try:
            tree: HtmlElement = document_fromstring(data, parser=parser, ensure_head_body=True)
        except (etree.LxmlError, ValueError, AssertionError) as error:
            if huge:
                raise NotAnArticle(f"the page holds no readable markup ({error})", reason="empty") from None
            continue
        if huge or not any("huge" in entry.message.lower() or "depth" in entry.message.lower() for entry in parser.error_log):
            return tree
    raise NotAnArticle("the page holds no readable markup", reason="empty")
