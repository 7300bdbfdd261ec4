"""A web page in a feed's place: said to be one, with the feeds that it links to."""

from __future__ import annotations

import pytest

from textwire.sentiment_alerts.feeds.failures import FeedFailed
from textwire.sentiment_alerts.feeds.parsing import parse_feed
from textwire.sentiment_alerts.feeds.web_pages import linked_feeds

PAGE = """<!DOCTYPE html><html><head><title>The Harbour Wire & co</title>
<link rel="stylesheet" href="/a.css">{links}</head><body><p>News</body></html>"""
RSS = '<link rel="alternate" type="application/rss+xml" title="News" href="{href}">'


def told(page: str, address: str = "https://wire.example/news/") -> str:
    with pytest.raises(FeedFailed) as failure:
        parse_feed(page.encode(), "text/html; charset=utf-8", address)
    return str(failure.value)


def test_a_page_without_a_feed_is_called_a_page() -> None:
    assert told(PAGE.format(links="")) == "it is a web page (HTML), no feed, and links to none"


@pytest.mark.parametrize(
    ("href", "feed"),
    [
        ("/rss.xml", "https://wire.example/rss.xml"),
        ("all.xml?a=1&amp;b=2", "https://wire.example/news/all.xml?a=1&b=2"),
        ("//feeds.example/w", "https://feeds.example/w"),
    ],
)
def test_the_feed_that_a_page_links_is_named_in_full(href: str, feed: str) -> None:
    page = PAGE.format(links=RSS.format(href=href))
    assert told(page) == f"it is a web page (HTML), no feed; its feed is at {feed}"


def test_links_that_are_no_feeds_are_passed_over() -> None:
    links = (
        '<LINK REL="Alternate" TYPE="application/atom+xml; charset=utf-8" HREF="/atom">'
        '<link rel="alternate" hreflang="de" href="/de">'
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">'
        '<link rel="alternate" type="application/rss+xml" href="">'
        '<link rel="alternate" type="application/rss+xml" href="https://[bad">'
    )
    page = PAGE.format(links=links).encode()
    assert linked_feeds(page, "https://wire.example/") == ["https://wire.example/atom"]


def test_the_base_of_a_page_counts() -> None:
    links = '<base href="https://cdn.example/x/">' + RSS.format(href="rss")
    assert linked_feeds(PAGE.format(links=links).encode(), "") == ["https://cdn.example/x/rss"]


def test_a_feed_that_quotes_pages_is_still_a_feed() -> None:
    feed = (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>W</title><item><title>A</title>'
        "<description>&lt;html&gt;&lt;body&gt;</description></item></channel></rss>"
    )
    assert parse_feed(feed.encode()).title == "W"
