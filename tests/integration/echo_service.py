"""One replica of the echo service, as a process of its own that a test can kill.

python echo_service.py NAME BOOTSTRAP REDIS [replica=0] [delivery=exactly_once] [slow_s=0] [die=]
                       [remembers=] [max_batch_records=20] [max_buffered_records=512]
                       [session_timeout_ms=6000]
`die`: `before_publish` (stored, not published) or `before_commit` (sent, not committed), at the
second batch that has anything to say.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

from tests.integration.echo import Echo, EchoTopics, Numbering
from textwire.observing.health import Health
from textwire.observing.logs import set_up_logs
from textwire.observing.metrics import ServiceMetrics
from textwire.results.redis import RedisResults
from textwire.settings import KafkaSettings, ServiceSettings, StreamSettings
from textwire.stream.kafka import publisher as kafka_publisher
from textwire.stream.kafka.member import KafkaMember
from textwire.stream.kafka.publisher import AtLeastOncePublisher, TransactionalPublisher
from textwire.stream.kafka.reader import KafkaReader
from textwire.stream.loop.stream_loop import StreamLoop
from textwire.stream.publisher import Positions, Publisher
from textwire.wire.record import OutgoingRecord

DIES_AT_BATCH = 2


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DiesBeforePublish:
    """Everything is stored, and then the power goes."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._batches = 0

    def start(self) -> None:
        self._publisher.start()

    def publish(self, outgoing: Sequence[OutgoingRecord], positions: Positions, proof: Any) -> None:
        self._batches += 1
        if self._batches == DIES_AT_BATCH:
            die()
        self._publisher.publish(outgoing, positions, proof)

    def close(self, timeout_s: float) -> None:
        self._publisher.close(timeout_s)


class DiesBeforeCommit(TransactionalPublisher):
    """Everything is sent, the offsets too, and then the power goes."""

    _batches = 0

    def publish(self, outgoing: Sequence[OutgoingRecord], positions: Positions, proof: Any) -> None:
        self._batches += 1
        if self._batches == DIES_AT_BATCH:
            kafka_publisher.commit = lambda *_: die()  # all before it was answered
        super().publish(outgoing, positions, proof)


def main(name: str, bootstrap: str, redis_url: str, **options: str) -> None:
    set_up_logs(name, ServiceSettings())
    replica = int(options.get("replica", "0"))
    stream = StreamSettings(
        delivery=options.get("delivery", "exactly_once"),
        max_batch_records=int(options.get("max_batch_records", "20")),
        max_buffered_records=int(options.get("max_buffered_records", "512")),
        session_timeout_ms=int(options.get("session_timeout_ms", "6000")),
        retry_longest_s=0.5,
    )
    kafka_settings = KafkaSettings(bootstrap_servers=bootstrap)
    topics = EchoTopics(name)
    member = KafkaMember((topics.questions.name,), name, replica, stream, kafka_settings)
    publisher: Publisher
    if stream.delivery == "at_least_once":
        publisher = AtLeastOncePublisher(member.commit, kafka_settings)
    elif options.get("die") == "before_commit":
        publisher = DiesBeforeCommit(f"{name}-{replica}", kafka_settings)
    else:
        publisher = TransactionalPublisher(f"{name}-{replica}", kafka_settings)
    if options.get("die") == "before_publish":
        publisher = DiesBeforePublish(publisher)
    results = RedisResults.from_url(redis_url)
    echo = Echo(topics, float(options.get("slow_s", "0")))
    loop = StreamLoop(
        Numbering(topics, results) if options.get("remembers") else echo,
        member,
        KafkaReader(stream, kafka_settings),
        publisher,
        results,
        stream,
        ServiceMetrics(name, replica, Health()),
    )
    signal.signal(signal.SIGTERM, lambda *_: loop.stop())
    loop.run()


if __name__ == "__main__":
    main(*sys.argv[1:4], **dict(option.split("=", 1) for option in sys.argv[4:]))
