"""The loop: poll, do all that came, flush, commit."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Sequence
from threading import Event
from typing import Any

import kafka
import torch
from prometheus_client import CollectorRegistry

from textwire.observing.endpoints import Endpoints
from textwire.observing.health import Health

Handle = Callable[[Sequence[Any], "Publish"], None]
"""Does what a poll brought."""
Publish = Callable[[str, str, dict[str, Any]], None]
"""Sends (topic, key, message)."""

# The client's default of 500 would keep the first of a poll waiting for seconds.
MOST_AT_ONCE = 64


def serve(group: str, topics: Sequence[str], prepare: Callable[[], Handle]) -> None:
    """Serve until told to stop; ready once the model is loaded and partitions are assigned."""
    stopping = Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    # By default a thread for each core, which spin while the broker wants one: p50 is 1 s then.
    torch.set_num_threads(1)
    health = Health(["model"])
    port = int(os.environ["TEXTWIRE_SERVICE_PORT"])
    endpoints = Endpoints("127.0.0.1", port, health, CollectorRegistry())
    handle = prepare()
    servers = os.environ["TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS"]
    consumer = kafka.KafkaConsumer(
        *topics,
        bootstrap_servers=servers,
        group_id=group,
        auto_offset_reset="latest",
        enable_auto_commit=False,
        max_poll_records=MOST_AT_ONCE,
    )
    producer = kafka.KafkaProducer(bootstrap_servers=servers, acks="all")
    # Who joins before it knows a topic's partitions is given none, for five minutes.
    for topic in topics:
        consumer.partitions_for_topic(topic)

    def publish(topic: str, key: str, message: dict[str, Any]) -> None:
        producer.send(topic, key=key.encode(), value=json.dumps(message).encode())

    try:
        while not consumer.assignment():
            consumer.poll(timeout_ms=100)
        for partition in consumer.assignment():
            consumer.position(partition)
        health.met("model")
        while not stopping.is_set():
            polled = consumer.poll(timeout_ms=500)
            records = [record for some in polled.values() for record in some]
            if records:
                handle(records, publish)
                producer.flush()
                consumer.commit()
    finally:
        consumer.close()  # leave the group, lest the next start wait until we are missed
        producer.close()
        endpoints.close()
