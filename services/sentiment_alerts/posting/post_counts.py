"""How many posts came to what, and how many wait, as metrics."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from services.sentiment_alerts.posting.waiting import WaitingPosts


class PostCounts:
    """Posts by what came of them, and those that wait."""

    def __init__(self, posts: Counter, waiting: Gauge, **labels: str) -> None:
        """Args: labels: of `posts`, beside `outcome`."""
        self._posts, self._waiting, self._labels = posts, waiting, labels

    def count(self, outcome: str) -> None:
        """One more post with that outcome."""
        self._posts.labels(outcome=outcome, **self._labels).inc()

    def watch(self, waiting: WaitingPosts) -> None:
        """Tell how many wait."""
        self._waiting.set_function(lambda: len(waiting))
