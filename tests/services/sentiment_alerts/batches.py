"""Messages as they are received, two days after the sample day began."""

from __future__ import annotations

from datetime import timedelta

from tests.article_scorers import DAY
from textwire.sentiment_alerts.topics import NEWS_ARTICLES
from textwire.stream.processor import Received
from textwire.wire.record import Partition, Record
from textwire.wire.topic import Topic


def received(
    message: object, topic: Topic = NEWS_ARTICLES, offset: int = 0, partition: int = 0
) -> Received:
    written_ms = int((DAY + timedelta(days=2)).timestamp() * 1000)
    place = Partition(topic.name, partition)
    return Received(message, Record(place, offset, b"", b"", {}, written_ms))
