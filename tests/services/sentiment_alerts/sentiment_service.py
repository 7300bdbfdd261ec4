"""The service as `service.py` wires it, with a classifier that needs no model, as a process."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from services.sentiment_alerts.processor import SentimentAlerts
from services.sentiment_alerts.reading import CurrentReader
from tests.news_readers import LexiconClassifier, reader
from textwire.news.config import SentimentAlertsSettings
from textwire.observing.health import Health
from textwire.observing.logs import set_up_logs
from textwire.observing.metrics import ServiceMetrics
from textwire.results.redis import RedisResults
from textwire.results.store import ResultStore
from textwire.settings import KafkaSettings, ServiceSettings, StreamSettings
from textwire.stream.commits import PendingCommits
from textwire.stream.kafka_publisher import TransactionalPublisher
from textwire.stream.kafka_source import KafkaSource
from textwire.stream.loop import StreamLoop
from textwire.stream.records import OutgoingRecord, Partition


class DiesBeforePublish(TransactionalPublisher):
    """Everything is stored, and then the power goes."""

    dies_at = 0
    batches = 0

    def publish(
        self, outgoing: Sequence[OutgoingRecord], offsets: Mapping[Partition, int], membership: Any
    ) -> None:
        self.batches += 1
        if self.batches == self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        super().publish(outgoing, offsets, membership)


def processor(store: ResultStore) -> SentimentAlerts:
    current = CurrentReader(reader(), lambda artifact: LexiconClassifier())
    return SentimentAlerts(current, store, SentimentAlertsSettings())


def main(bootstrap: str, redis_url: str, dies_at: str = "0") -> None:
    name = SentimentAlerts.name
    set_up_logs(name, ServiceSettings())
    stream = StreamSettings(max_batch_records=20)
    kafka = KafkaSettings(bootstrap_servers=bootstrap)
    results = RedisResults.from_url(redis_url)
    service = processor(results)
    publisher = DiesBeforePublish(f"{name}-0", kafka)
    publisher.dies_at = int(dies_at)
    topics = tuple(topic.name for topic in service.inputs)
    loop = StreamLoop(
        service,
        KafkaSource(topics, name, 0, stream, kafka),
        publisher,
        results,
        PendingCommits(),
        stream,
        ServiceMetrics(name, 0, Health()),
    )
    signal.signal(signal.SIGTERM, lambda *_: loop.stop())
    loop.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
