"""A feed's document as entries: RSS and Atom by feedparser, JSON Feed by its schema.

Documents on the web are often not well-formed, say the wrong encoding, or are served as HTML. What
can be read of them is read, and only what has no entry and is no feed either is refused.

Source: https://www.jsonfeed.org/version/1.1/
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from time import struct_time
from typing import Any
from xml.sax import SAXParseException

import feedparser
import msgspec

from textwire.sentiment_alerts.feeds.failures import FeedFailed
from textwire.sentiment_alerts.feeds.web_pages import is_web_page, why_no_feed

_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)
# What is malformed most often, `AT&T`: the parser would make an entity of it. Texts that are
# marked as such stay as they are.
_BARE_AMPERSAND = re.compile(rb"(<!\[CDATA\[.*?\]\]>)|&(?!#?\w{1,31};)", re.DOTALL)

_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*>")
SHOWN_CHARACTERS = 30


class FeedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One item, as its feed has it: texts may hold HTML."""

    id: str = ""
    link: str = ""
    title: str = ""
    text: str = ""
    date: str = ""
    parsed_date: struct_time | None = None
    source: str = ""


class FeedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A feed: whose it is, how often it wants to be asked at most, and its entries.

    malformed  what is wrong with the document, and where; empty where nothing is.
    """

    title: str = ""
    language: str = ""
    ttl_minutes: float = 0.0
    entries: tuple[FeedEntry, ...] = ()
    malformed: str = ""


class _JsonItem(msgspec.Struct):
    id: str | int | float = ""
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None


class _JsonFeed(msgspec.Struct):
    version: str
    items: list[_JsonItem]
    title: str = ""
    language: str | None = None


def parse_feed(body: bytes, content_type: str = "", address: str = "") -> FeedDocument:
    """What a document has, whatever it is served as.

    Args:   address: its own, for what a web page in its place links to.
    Raises: FeedFailed: it is no feed.
    """
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_feed(body)
    return _xml_feed(body, content_type, address)


def _json_feed(body: bytes) -> FeedDocument:
    try:
        feed = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"), type=_JsonFeed)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FeedFailed(f"it is no JSON Feed: {error}") from error
    entries = [
        FeedEntry(
            id=str(item.id),
            link=item.url or item.external_url or "",
            title=item.title or "",
            text=item.content_html or item.content_text or item.summary or "",
            date=item.date_published or item.date_modified or "",
        )
        for item in feed.items
    ]
    return FeedDocument(title=feed.title, language=feed.language or "", entries=tuple(entries))


def _xml_feed(body: bytes, content_type: str, address: str) -> FeedDocument:
    charset = _CHARSET.search(content_type)
    # As XML, whatever it is served as; a charset of HTTP's goes before that of the document.
    served_as = f"application/xml; charset={charset[1]}" if charset else "application/xml"
    try:
        read = _parsed(body, served_as)
        malformed = _why_malformed(read, body) if read.bozo else ""
        if malformed and b"&" in body:
            read = _parsed(_BARE_AMPERSAND.sub(lambda found: found[1] or b"&amp;", body), served_as)
    # A stranger's document may make the parser raise anything.
    except Exception as error:
        raise FeedFailed(f"it cannot be parsed: {type(error).__name__}: {error}") from error
    if not read.get("version") and not read.entries:
        if is_web_page(body):
            raise FeedFailed(why_no_feed(body, address))
        raise FeedFailed(f"it is no feed{f': {malformed}' if malformed else ''}")
    return FeedDocument(
        title=_text(read.feed, "title"),
        language=_text(read.feed, "language"),
        ttl_minutes=_number(_text(read.feed, "ttl")),
        entries=tuple(map(_entry, read.entries)),
        malformed=malformed,
    )


def _parsed(body: bytes, served_as: str) -> Any:
    return feedparser.parse(io.BytesIO(body), response_headers={"content-type": served_as})


def _entry(entry: Mapping[str, Any]) -> FeedEntry:
    contents = [_text(content, "value") for content in entry.get("content", [])]
    dated = "published" if "published" in entry else "updated"
    return FeedEntry(
        id=_text(entry, "id"),
        link=_text(entry, "link"),
        title=_text(entry, "title"),
        text=max([*contents, _text(entry, "summary")], key=len),
        date=_text(entry, dated),
        parsed_date=entry.get(f"{dated}_parsed"),
        source=_text(entry.get("source", {}), "title"),
    )


def _text(of: Mapping[str, Any], name: str) -> str:
    value = of.get(name)
    return value if isinstance(value, str) else ""


def _number(text: str) -> float:
    try:
        return max(0.0, float(text))
    except ValueError:
        return 0.0


def _why_malformed(read: Any, body: bytes) -> str:
    """What is wrong and where: "undefined entity at line 6, column 12: &pound;"."""
    why = read.get("bozo_exception")
    if not isinstance(why, SAXParseException):
        return str(why or "not well-formed")
    line, column = why.getLineNumber() or 0, why.getColumnNumber() or 0
    if not _DECLARED.match(body):
        line -= 1  # the parser puts a declaration before a document that has none
    shown = _shown(body, line, column)
    return f"{why.getMessage()} at line {line}, column {column + 1}{f': {shown}' if shown else ''}"


def _shown(body: bytes, line: int, column: int) -> str:
    """What stands at a place: an entity, or some characters."""
    lines = body.splitlines()
    if not 1 <= line <= len(lines):
        return ""
    rest = lines[line - 1].decode("utf-8", "replace")[column:]
    entity = re.match(r"&\w{1,31};", rest)
    return (
        entity[0] if entity else "".join(filter(str.isprintable, rest))[:SHOWN_CHARACTERS].strip()
    )
