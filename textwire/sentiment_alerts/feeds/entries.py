"""Entries of feeds as articles, under ids that are the same whenever they are read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from textwire.sentiment_alerts.feeds.dates import feed_moment
from textwire.sentiment_alerts.feeds.parsing import FeedDocument, FeedEntry
from textwire.sentiment_alerts.messages import Article
from textwire.sentiment_alerts.scoring.plain_text import plain_text
from textwire.urls import is_http_url

ID_CHARACTERS = 32
MOST_TITLE, MOST_BODY = 2_000, 200_000
MOST_URL, MOST_SOURCE, MOST_LANGUAGE = 2_000, 500, 35
# A post without a headline has the beginning of its text.
HEADLINE_OF_POST = 200


class ReadEntries(NamedTuple):
    """A feed's articles, oldest first, and what was odd about its entries, in counts."""

    articles: list[Article]
    empty: int = 0
    undated: int = 0
    dated_ahead: int = 0


class EntryReading(NamedTuple):
    """How entries are read.

    zone   of times that name none.
    ahead  how much later than now an article may be dated; what is later is taken to be of now.
    """

    zone: tzinfo = UTC
    ahead: timedelta = timedelta(minutes=5)


def as_articles(
    feed: FeedDocument, url: str, source: str, now: datetime, reading: EntryReading
) -> ReadEntries:
    """What a feed says, as articles; an entry without any words is passed over.

    Args: url: of the feed, as it was subscribed to. source: its name; empty: as it calls itself.
    """
    named = source or plain_text(feed.title)
    dated_ahead = undated = empty = 0
    articles: dict[str, Article] = {}
    for entry in feed.entries:
        at = feed_moment(entry.date, reading.zone, entry.parsed_date)
        undated += at is None
        if at is not None and at > now + reading.ahead:
            dated_ahead, at = dated_ahead + 1, now
        article = _article(entry, url, named, feed.language, at)
        if article is None:
            empty += 1
        else:
            # Of two under one id the newer comes first.
            articles.setdefault(article.id or "", article)
    oldest_first = [*articles.values()][::-1]
    oldest_first.sort(key=lambda one: one.published_at or now)
    return ReadEntries(oldest_first, empty, undated, dated_ahead)


def entry_id(entry: FeedEntry, url: str) -> str:
    """The id of an entry's article: of its own id, else of its link, else of its words.

    An id that is an address or a URN is the same in all feeds of its site; a mere number is one
    feed's own.
    """
    if entry.id:
        named = entry.id if ":" in entry.id else f"{url}|{entry.id}"
    else:
        named = (
            absolute_link(entry.link, url)
            or f"{url}|{entry.title}|{entry.text if not entry.title else entry.date}"
        )
    return f"feed-{sha256(named.encode(errors='replace')).hexdigest()[:ID_CHARACTERS]}"


def absolute_link(link: str, url: str) -> str:
    """An entry's link from its feed's address on: `/news/1` of two sites are two things.

    What lets one in at the feed's server is no part of it. A link that no reader follows is as it
    is.
    """
    try:
        parts = urlsplit(url)
        base = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        return urljoin(base, link) if link else ""
    except ValueError:
        return link


def content_hash(article: Article) -> str:
    """Of what is said: an article that comes again with another one is a correction."""
    said = f"{article.title}\n{article.body or ''}"
    return sha256(said.encode(errors="replace")).hexdigest()[:16]


def _article(
    entry: FeedEntry, url: str, source: str, language: str, at: datetime | None
) -> Article | None:
    body = plain_text(entry.text)[:MOST_BODY]
    title = plain_text(entry.title)[:MOST_TITLE] or _headline(body)
    if not title:
        return None
    link = absolute_link(entry.link, url)
    named = plain_text(entry.source) or source
    return Article(
        id=entry_id(entry, url),
        title=title,
        body=body if body and body != title else None,
        source=named[:MOST_SOURCE] or None,
        url=link if is_http_url(link) and len(link) <= MOST_URL else None,
        language=language if 0 < len(language) <= MOST_LANGUAGE else None,
        published_at=at,
    )


def _headline(text: str) -> str:
    if len(text) <= HEADLINE_OF_POST:
        return text
    return text[:HEADLINE_OF_POST].rpartition(" ")[0] or text[:HEADLINE_OF_POST]
