"""A web page that was given for a feed, and the feeds that it says it has.

Source: https://www.rssboard.org/rss-autodiscovery
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

# As far as a page's beginning says what it is, whatever stands before it.
_PAGE = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_BEGINNING = 2048
FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
NAMED = 3


def is_web_page(body: bytes) -> bool:
    """Whether it is HTML."""
    return _PAGE.search(body[:_BEGINNING]) is not None


def linked_feeds(page: bytes, address: str) -> list[str]:
    """The feeds of a page, as addresses of the web, in the page's order.

    Args: address: of the page, or empty; what it links to is told from there on.
    """
    links = _Links()
    links.feed(page.decode("utf-8", errors="replace"))
    base = urljoin(address, links.base)
    found = dict.fromkeys(joined for link in links.feeds if (joined := _joined(base, link)))
    return list(found)


def why_no_feed(page: bytes, address: str) -> str:
    """What was found in a feed's place, and where the page says that its feed is."""
    feeds = linked_feeds(page, address)
    if not feeds:
        return "it is a web page (HTML), no feed, and links to none"
    return f"it is a web page (HTML), no feed; its feed is at {', '.join(feeds[:NAMED])}"


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.base = ""
        self.feeds: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: (value or "").strip() for name, value in attrs}
        if tag == "base" and not self.base:
            self.base = has.get("href", "")
        is_other_form = "alternate" in has.get("rel", "").lower().split()
        kind = has.get("type", "").partition(";")[0].strip().lower()
        if tag == "link" and is_other_form and kind in FEED_TYPES and has.get("href"):
            self.feeds.append(has["href"])


def _joined(base: str, link: str) -> str | None:
    try:
        joined = urljoin(base, link)
        return joined if urlsplit(joined).scheme in ("http", "https") or not base else None
    except ValueError:  # an address that is none
        return None
