"""A compacted topic followed as a table."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from textwire.messages import Message, Passage
from textwire.observing.health import Health
from textwire.settings import KafkaSettings
from textwire.stream.kafka import create_topics
from textwire.stream.sender import Sender
from textwire.stream.table import TopicTable
from textwire.topics import FOR_EVER, Topic


@dataclass
class Table:
    """What a follower was told, as it stands."""

    rows: dict[str, Message] = field(default_factory=dict)
    changes: int = 0

    def apply(self, changes: Mapping[str, Message | None]) -> None:
        for key, message in changes.items():
            self.changes += 1
            if message is None:
                self.rows.pop(key, None)
            else:
                self.rows[key] = message


def passage(number: int, text: str = "text") -> Passage:
    return Passage(id=f"p{number}", text=text)


def test_a_table_is_read_from_the_beginning_and_followed(
    bootstrap_servers: str, unique_name: str
) -> None:
    settings = KafkaSettings(bootstrap_servers=bootstrap_servers)
    topic = Topic(unique_name, Passage, lambda p: p.id, 1, FOR_EVER, compacted=True)
    create_topics([topic], settings)
    sender = Sender("test", settings)
    sender.send_all(topic, [passage(number) for number in range(3)])
    sender.delete(topic, ["p1"])
    seen, health = Table(), Health()

    table = TopicTable(topic, seen.apply, health, settings)
    table.start()
    assert not health.ready
    assert table.caught_up.wait(10)
    assert health.ready
    assert set(seen.rows) == {"p0", "p2"}

    sender.send(topic, passage(2, "new text"))
    sender.delete(topic, ["p0"])
    written_at = time.monotonic()
    while seen.rows != {"p2": passage(2, "new text")} and time.monotonic() < written_at + 10:
        time.sleep(0.02)
    table.stop()
    sender.close()

    assert seen.rows == {"p2": passage(2, "new text")}


def test_an_empty_table_is_read_at_once(bootstrap_servers: str, unique_name: str) -> None:
    settings = KafkaSettings(bootstrap_servers=bootstrap_servers)
    topic = Topic(unique_name, Passage, lambda p: p.id, 1, FOR_EVER, compacted=True)
    create_topics([topic], settings)
    table = TopicTable(topic, Table().apply, Health(), settings)

    table.start()

    assert table.caught_up.wait(10)
    table.stop()
