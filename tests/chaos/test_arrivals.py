"""What arrives is seen, whenever the topics come to be known."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import UTC, datetime

from tests.chaos.arrivals import RECONNECTS_AFTER_S, Follower
from tests.chaos.ledger import Ledger
from tests.stream.loops import eventually
from tests.stream.made import ECHOES, record
from textwire.settings import KafkaSettings
from textwire.stream.clients.sender import Sender
from textwire.stream.dead_letters.letters import dead_letter
from textwire.stream.kafka.connecting import create_topics
from textwire.wire.record import OutgoingRecord
from textwire.wire.topic import Topic

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def test_a_follower_that_begins_before_its_topics_are_known_sees_what_comes(
    bootstrap_servers: str, unique_name: str
) -> None:
    settings, ledger = KafkaSettings(bootstrap_servers=bootstrap_servers), Ledger()
    topic = Topic(unique_name, ECHOES.message, ECHOES.key)
    follower = Follower(bootstrap_servers, {}, [topic.dead], ledger)
    follower.start()
    try:
        time.sleep(2 * RECONNECTS_AFTER_S)
        create_topics([topic], settings)
        letter = dead_letter(record(7), ValueError("no"), "echo", NOW)
        with closing(Sender("test", settings)) as sender:
            sender.write([OutgoingRecord(topic.dead, letter.key, letter.value, letter.headers)])
        eventually(lambda: len(ledger.dead) == 1)
    finally:
        follower.stop()
