"""A compacted topic followed as a table, on the real Kafka."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock

import kafka
import pytest
from kafka import errors as kafka_errors
from kafka.admin import NewTopic

from tests.stream.loops import eventually
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.rows.known import known_messages
from textwire.settings import KafkaSettings
from textwire.stack.servers import EmbeddedServers
from textwire.stream.clients.reading import read_to_end
from textwire.stream.clients.sender import Sender
from textwire.stream.dead_letters.letters import REASON
from textwire.stream.dead_letters.replaying import replay_count, replayed
from textwire.stream.kafka.connecting import client_settings, create_topics
from textwire.stream.tables.applying import MOST_AT_FAULT
from textwire.stream.tables.topic_table import TopicTable
from textwire.support_qa.messages import Passage
from textwire.wire.message import Message
from textwire.wire.record import OutgoingRecord, Record
from textwire.wire.topic import FOR_EVER, Topic

READ_WITHIN_S = 30.0
POISON = "poison"

BAD: dict[str, tuple[bytes, bytes | None]] = {
    "an empty value": (b"p0", b""),
    "an empty text": (b"p0", b'{"id": "p0", "text": ""}'),
    "a text that is a number": (b"p0", b'{"id": "p0", "text": 7}'),
    "half of its JSON": (b"p0", b'{"id": "p0", "te'),
    "an empty key": (b"", b'{"id": "p0", "text": "x"}'),
    "an empty key and no value": (b"", None),
    "a key that is not UTF-8": (b"p\xff", b'{"id": "p0", "text": "x"}'),
    "what breaks the follower": (b"p0", b'{"id": "p0", "text": "poison"}'),
}


@dataclass
class Follower:
    """What a follower was told, as it stands. It may break, on one row or on all."""

    rows: dict[str, Message] = field(default_factory=dict)
    poison: str | None = POISON
    # Makes another one each time: one that is raised again grows by its traceback each time.
    error: Callable[[], Exception] | None = None

    def apply(self, changes: Mapping[str, Passage | None]) -> None:
        if self.error is not None:
            raise self.error()
        if any(passage and passage.text == self.poison for passage in changes.values()):
            raise ValueError("cannot be embedded")
        for key, message in changes.items():
            if message is None:
                self.rows.pop(key, None)
            else:
                self.rows[key] = message


class Replica:
    """A table, who follows it, and what the service says of itself."""

    def __init__(self, topic: Topic, settings: KafkaSettings, follower: Follower) -> None:
        self.follower = follower
        self.metrics = ServiceMetrics("test", 0, Health())
        self.table = TopicTable(topic, follower.apply, "test", self.metrics, settings)
        self.table.start()

    @property
    def health(self) -> Health:
        return self.metrics.health

    def wait_until_read(self) -> None:
        assert self.table.caught_up.wait(READ_WITHIN_S)

    def wait_for(self, rows: Mapping[str, str]) -> None:
        """Until these texts stand under these keys, and nothing else."""
        expected = {key: Passage(id=key, text=text) for key, text in rows.items()}
        eventually(lambda: self.follower.rows == expected, READ_WITHIN_S)

    def wait_until_letters_are_written(self) -> None:
        eventually(lambda: not self.table._letters._waiting, READ_WITHIN_S)


class World:
    """A compacted topic of this test's own, and what its editors and operators do."""

    def __init__(self, bootstrap_servers: str, name: str) -> None:
        self.settings = KafkaSettings(bootstrap_servers=bootstrap_servers)
        self.topic = Topic(name, Passage, lambda p: p.id, 1, FOR_EVER, compacted=True)
        self.replicas: list[Replica] = []
        self.sender = Sender("test", self.settings)
        self.admin = kafka.KafkaAdminClient(**client_settings(self.settings))

    def make_topics(self) -> None:
        create_topics([self.topic], self.settings)

    def close(self) -> None:
        for replica in self.replicas:
            replica.table.stop()
        self.sender.close()
        self.admin.close()

    def replica(self, follower: Follower | None = None) -> Replica:
        self.replicas.append(Replica(self.topic, self.settings, follower or Follower()))
        return self.replicas[-1]

    def say(self, **texts: str) -> None:
        self.sender.send_all(self.topic, [Passage(id=k, text=text) for k, text in texts.items()])

    def write(self, key: bytes, value: bytes | None) -> None:
        self.sender.write([OutgoingRecord(self.topic.name, key, value)])

    def letters(self) -> list[Record]:
        return list(read_to_end(self.topic.dead, self.settings))

    def listed(self) -> dict[str, Message]:
        records = read_to_end(self.topic.name, self.settings)
        return {message.id: message for message in known_messages(records, self.topic, Passage)[0]}

    def delete_topic(self) -> None:
        self.admin.delete_topics([self.topic.name])

    def make_anew(self) -> None:
        """As soon as the broker has done with the one before."""
        new = NewTopic(self.topic.name, 1, 1, topic_configs=self.topic.broker_config)

        def made() -> bool:
            try:
                self.admin.create_topics([new])
            except kafka_errors.TopicAlreadyExistsError:
                return False
            return True

        eventually(made, READ_WITHIN_S)


@pytest.fixture
def absent(bootstrap_servers: str, unique_name: str) -> Iterator[World]:
    """Without its topic."""
    world = World(bootstrap_servers, unique_name)
    yield world
    world.close()


@pytest.fixture
def world(absent: World) -> World:
    absent.make_topics()
    return absent


def test_a_table_is_read_from_the_beginning_and_followed(world: World) -> None:
    world.say(p0="text", p1="text", p2="text")
    world.sender.delete(world.topic, ["p1"])
    replica = world.replica()
    assert not replica.health.ready
    replica.wait_until_read()
    assert replica.health.ready
    assert set(replica.follower.rows) == {"p0", "p2"}

    world.say(p2="new text")
    world.sender.delete(world.topic, ["p0"])
    replica.wait_for({"p2": "new text"})


def test_an_empty_table_is_read_at_once(world: World) -> None:
    world.replica().wait_until_read()


def test_what_cannot_be_read_changes_nothing_and_is_one_dead_letter_for_all_replicas(
    world: World,
) -> None:
    world.say(p0="good")
    running = [world.replica() for _ in range(2)]
    for replica in running:
        replica.wait_until_read()
    for key, value in BAD.values():
        world.write(key, value)
    world.say(p1="good")
    started_later = world.replica()
    for replica in (*running, started_later):
        replica.wait_for({"p0": "good", "p1": "good"})
        replica.wait_until_letters_are_written()
        assert replica.health.ready

    letters = world.letters()
    assert Counter((one.key, one.value) for one in letters) == Counter(BAD.values())
    assert all(one.headers[REASON] for one in letters)
    counted = [replica.metrics.report("").dead_letters for replica in (*running, started_later)]
    assert sum(counted) == len(BAD)


def test_what_is_listed_is_what_serves(world: World) -> None:
    world.say(p0="good", p1="gone")
    for name in BAD.keys() - {"what breaks the follower"}:
        world.write(*BAD[name])
    world.write(b"key", b'{"id": "id", "text": "under its key"}')
    world.write(b"p1", None)
    replica = world.replica()
    replica.wait_until_read()
    assert world.listed() == replica.follower.rows
    assert replica.follower.rows.keys() == {"p0", "key"}


def test_a_row_whose_key_and_id_differ_is_removed_by_its_key(world: World) -> None:
    world.write(b"key", b'{"id": "id", "text": "x"}')
    replica = world.replica()
    replica.wait_for({"key": "x"})
    world.sender.delete(world.topic, ["id"])
    world.say(p0="text")
    replica.wait_for({"key": "x", "p0": "text"})
    world.sender.delete(world.topic, ["key"])
    replica.wait_for({"p0": "text"})


def test_a_dead_letter_that_is_sent_back_serves_once_its_cause_is_gone(world: World) -> None:
    replica = world.replica()
    world.say(p0=POISON)
    eventually(lambda: len(world.letters()) == 1, READ_WITHIN_S)
    for poison in (POISON, None):
        replica.follower.poison = poison
        world.sender.write([replayed(world.letters()[-1])])
        if poison:
            eventually(lambda: len(world.letters()) == 2, READ_WITHIN_S)
    replica.wait_for({"p0": POISON})
    assert [replay_count(letter) for letter in world.letters()] == [0, 1]


@pytest.mark.parametrize(
    ("kind", "reason"), [(OSError, "the disk is full"), (ValueError, "a broken index")]
)
def test_an_error_that_no_row_has_caused_is_told_and_tried_again(
    world: World, kind: type[Exception], reason: str
) -> None:
    texts = {f"p{number}": "text" for number in range(MOST_AT_FAULT + 1)}
    world.say(**texts)
    replica = world.replica(Follower(error=lambda: kind(reason)))
    eventually(lambda: reason in replica.health.reason, READ_WITHIN_S)
    replica.follower.error = None
    replica.wait_for(texts)
    eventually(lambda: replica.health.ready, READ_WITHIN_S)
    assert world.letters() == []


def test_partitions_that_are_added_are_read_from_their_beginning(world: World) -> None:
    world.say(p0="text")
    replica = world.replica()
    replica.wait_until_read()
    world.admin.create_partitions({world.topic.name: 4})
    texts = {f"p{number}": "new text" for number in range(20)}
    producer = Sender("test", world.settings)  # one that knows of them
    producer.send_all(world.topic, [Passage(id=key, text=text) for key, text in texts.items()])
    producer.close()
    replica.wait_for(texts)
    restarted = world.replica()
    restarted.wait_for(texts)
    assert world.listed() == restarted.follower.rows


def test_of_a_topic_made_anew_the_old_rows_vanish_and_the_new_are_read(world: World) -> None:
    world.say(**{f"old{number}": "text" for number in range(30)})
    world.write(b"old0", b"{")
    replica = world.replica()
    replica.wait_until_read()
    replica.wait_until_letters_are_written()

    gate = Lock()
    apply = replica.follower.apply

    def wait_and_apply(changes: Mapping[str, Passage | None]) -> None:
        with gate:
            apply(changes)

    replica.table._apply = wait_and_apply
    with gate:
        world.delete_topic()
        world.make_anew()
        world.write(b"new0", b"{")
        world.say(new1="text")
        eventually(lambda: "made anew" in replica.health.reason, READ_WITHIN_S)
        assert not replica.table.caught_up.is_set()
    replica.wait_for({"new1": "text"})
    replica.wait_until_read()
    assert replica.health.ready
    replica.wait_until_letters_are_written()
    assert [letter.key for letter in world.letters()] == [b"old0", b"new0"]


def test_a_topic_that_is_gone_is_told_and_served_until_it_is_made_anew(world: World) -> None:
    world.say(old="text")
    replica = world.replica()
    replica.wait_until_read()
    world.delete_topic()
    eventually(lambda: "was deleted" in replica.health.reason, READ_WITHIN_S)
    assert replica.follower.rows.keys() == {"old"}
    world.make_anew()
    replica.wait_for({})
    eventually(lambda: replica.health.ready, READ_WITHIN_S)


def test_a_topic_that_is_not_there_yet_is_told_and_read_once_it_is(absent: World) -> None:
    replica = absent.replica()
    eventually(lambda: "textwire topics create" in replica.health.reason, READ_WITHIN_S)
    absent.make_topics()
    absent.say(p0="text")
    replica.wait_for({"p0": "text"})
    eventually(lambda: replica.health.ready, READ_WITHIN_S)


def test_rows_are_read_on_where_dead_letters_cannot_be_written(absent: World) -> None:
    absent.make_anew()  # without the topic of its dead letters
    replica = absent.replica()
    absent.write(b"p0", b"{")
    eventually(lambda: absent.topic.dead in replica.health.reason, READ_WITHIN_S)
    absent.say(p1="text")
    replica.wait_for({"p1": "text"})
    absent.make_topics()
    eventually(lambda: replica.health.ready, READ_WITHIN_S)
    assert [letter.key for letter in absent.letters()] == [b"p0"]


def test_a_broker_that_is_away_is_told_and_read_on_from_when_it_is_back(
    world: World, servers: EmbeddedServers
) -> None:
    world.say(p0="text")
    replica = world.replica()
    replica.wait_until_read()
    servers.kafka.kill()
    eventually(lambda: not replica.health.ready, READ_WITHIN_S)
    assert world.topic.name in replica.health.reason
    servers.kafka.start()
    Sender("test", world.settings).send(world.topic, Passage(id="p1", text="text"))
    replica.wait_for({"p0": "text", "p1": "text"})
    eventually(lambda: replica.health.ready, READ_WITHIN_S)
