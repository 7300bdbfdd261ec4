"""The service as `service.py` wires it, with a classifier that needs no model, as a process."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from services.sentiment_alerts.alerting import Alerting
from services.sentiment_alerts.article_scoring import ArticleScoring, uncounted
from services.sentiment_alerts.model_holder import ModelHolder
from tests.article_scorers import LexiconClassifier, reader
from textwire.observing.health import Health
from textwire.observing.logs import set_up_logs
from textwire.observing.metrics import ServiceMetrics
from textwire.results.redis import RedisResults
from textwire.results.store import ResultStore
from textwire.sentiment_alerts.config import SentimentAlertsSettings
from textwire.settings import KafkaSettings, ServiceSettings, StreamSettings
from textwire.stream.kafka.member import KafkaMember
from textwire.stream.kafka.publisher import TransactionalPublisher
from textwire.stream.kafka.reader import KafkaReader
from textwire.stream.loop.loop_group import LoopGroup
from textwire.stream.loop.stream_loop import StreamLoop, now
from textwire.stream.publisher import Positions
from textwire.wire.record import OutgoingRecord


class DiesBeforePublish(TransactionalPublisher):
    """Everything is stored, and then the power goes, at one of its batches."""

    dies_at = 0
    batches = 0

    def publish(self, outgoing: Sequence[OutgoingRecord], positions: Positions, proof: Any) -> None:
        self.batches += 1
        if self.batches == self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        super().publish(outgoing, positions, proof)


def reading(
    clock: Callable[[], datetime] = now, dated_ahead: Callable[[], None] = uncounted
) -> ArticleScoring:
    current = ModelHolder(reader(), lambda artifact: LexiconClassifier())
    ahead_minutes = SentimentAlertsSettings().ahead_minutes
    return ArticleScoring(current, ahead_minutes, clock, dated_ahead=dated_ahead)


def keeping(store: ResultStore) -> Alerting:
    return Alerting(store, SentimentAlertsSettings(), lambda: reader().linker.sectors)


def main(bootstrap: str, redis_url: str, dies_in: str = "", dies_at: str = "0") -> None:
    set_up_logs(ArticleScoring.name, ServiceSettings())
    stream = StreamSettings(max_batch_records=20)
    kafka = KafkaSettings(bootstrap_servers=bootstrap)
    results = RedisResults.from_url(redis_url)
    metrics = ServiceMetrics(ArticleScoring.name, 0, Health())
    loops = []
    for processor in (reading(), keeping(results)):
        topics = tuple(topic.name for topic in processor.inputs)
        member = KafkaMember(topics, processor.name, 0, stream, kafka)
        publisher = DiesBeforePublish(f"{processor.name}-0", kafka)
        publisher.dies_at = int(dies_at) if processor.name == dies_in else 0
        loops.append(
            StreamLoop(
                processor, member, KafkaReader(stream, kafka), publisher, results, stream, metrics
            )
        )
    together = LoopGroup(loops)
    signal.signal(signal.SIGTERM, lambda *_: together.stop())
    together.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
