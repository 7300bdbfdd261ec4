"""What is counted of feeds."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge

from textwire.sentiment_alerts.feeds.entries import ReadEntries
from textwire.sentiment_alerts.messages import FeedCondition


class FeedMetrics:
    """By feed: its address, without what is secret in it."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Registered once for each registry."""

        def counter(name: str, meaning: str, *labels: str) -> Counter:
            return Counter(f"textwire_feed_{name}", meaning, ["feed", *labels], registry=registry)

        def gauge(name: str, meaning: str, *labels: str) -> Gauge:
            return Gauge(f"textwire_feed_{name}", meaning, ["feed", *labels], registry=registry)

        self._polls = counter("polls", "Requests for a feed, by outcome", "outcome")
        self._articles = counter("articles", "Articles that were sent, corrections included")
        self._odd = counter("odd_entries", "Entries with something odd, by what", "what")
        self._dead = gauge("dead", "1 where a feed fails, or is silent, for long", "condition")
        self._last_new = gauge("last_new_timestamp_seconds", "Time of a feed's newest article")

    def polled(self, feed: str, outcome: str) -> None:
        """A feed was asked: new, unchanged, failed."""
        self._polls.labels(feed, outcome).inc()

    def read(self, feed: str, read: ReadEntries, sent: int) -> None:
        """A document was read, and so many of its articles sent."""
        self._articles.labels(feed).inc(sent)
        for what, count in (
            ("empty", read.empty),
            ("undated", read.undated),
            ("dated_ahead", read.dated_ahead),
        ):
            self._odd.labels(feed, what).inc(count)

    def stands(self, feed: str, condition: FeedCondition, last_new_at: datetime | None) -> None:
        """How a feed is doing."""
        self._dead.labels(feed, "failing").set(condition == "failing")
        self._dead.labels(feed, "silent").set(condition == "silent")
        if last_new_at is not None:
            self._last_new.labels(feed).set(last_new_at.timestamp())
