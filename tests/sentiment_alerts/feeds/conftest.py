from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sentiment_alerts.feeds.feed_server import FeedServer, serving


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as feeds:
        yield feeds
