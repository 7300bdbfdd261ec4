"""One dead letter for a row that many replicas read again and again, on the real Kafka."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.stream.loops import eventually
from textwire.errors import BrokerUnavailable, RecordRejected, UnknownTopic
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.settings import KafkaSettings
from textwire.stream.clients.reading import read_to_end
from textwire.stream.dead_letters.letters import (
    LEFT_OUT,
    OURS,
    REASON,
    SOURCE_EPOCH,
    SOURCE_TOPIC_ID,
    WHOLE_BYTES,
    WHOLE_SHA256,
)
from textwire.stream.dead_letters.replaying import replay_count, replayed
from textwire.stream.kafka.connecting import create_topics
from textwire.stream.processor import Rejected
from textwire.stream.tables import row_letters
from textwire.stream.tables.row_letters import RowLetters
from textwire.support_qa.messages import Passage
from textwire.wire.record import Partition, Record
from textwire.wire.topic import FOR_EVER, Topic

NOW = datetime(2026, 1, 2, tzinfo=UTC)
REPLICAS = 6


class Shop:
    """A compacted topic, and replicas that read it."""

    def __init__(self, bootstrap_servers: str, name: str) -> None:
        self.settings = KafkaSettings(bootstrap_servers=bootstrap_servers)
        self.topic = Topic(name, Passage, lambda p: p.id, 1, FOR_EVER, compacted=True)

    def make_topics(self) -> None:
        create_topics([self.topic], self.settings)

    def replica(self, service: str = "shop", kind: type[RowLetters] = RowLetters) -> Replica:
        metrics = ServiceMetrics(service, 0, Health())
        return Replica(
            self, metrics, kind(self.topic, service, metrics, lambda: NOW, self.settings)
        )

    def letters(self) -> list[Record]:
        return list(read_to_end(self.topic.dead, self.settings))

    def places(self) -> list[tuple[str, str]]:
        headers = [letter.headers for letter in self.letters()]
        return [(one["tw_service"].decode(), one["tw_source_offset"].decode()) for one in headers]


class Replica:
    def __init__(self, shop: Shop, metrics: ServiceMetrics, letters: RowLetters) -> None:
        self.shop, self.metrics, self.letters = shop, metrics, letters

    def meet(self, *offsets: int, topic_id: str = "first", epoch: int = 0) -> None:
        """Come upon rows that cannot be read."""
        place = Partition(self.shop.topic.name, 0)
        rejected = [
            Rejected(
                Record(place, offset, b"key", b"{", leader_epoch=epoch), RecordRejected("not JSON")
            )
            for offset in offsets
        ]
        self.letters.collect(rejected, topic_id)

    @property
    def counted(self) -> int:
        return self.metrics.report("").dead_letters


@pytest.fixture
def shop(bootstrap_servers: str, unique_name: str) -> Shop:
    made = Shop(bootstrap_servers, unique_name)
    made.make_topics()
    return made


def test_a_letter_is_the_row_as_it_came_and_which_topic_it_was(shop: Shop) -> None:
    replica = shop.replica()
    replica.meet(7)
    replica.letters.write()
    [letter] = shop.letters()
    assert (letter.key, letter.value) == (b"key", b"{")
    assert set(letter.headers) == set(OURS) - {WHOLE_BYTES, WHOLE_SHA256, LEFT_OUT}
    assert (letter.headers[REASON], letter.headers[SOURCE_TOPIC_ID]) == (b"not JSON", b"first")


def test_a_row_that_is_read_again_has_its_letter_already(shop: Shop) -> None:
    first, restarted = shop.replica(), shop.replica()
    first.meet(7, 8)
    first.letters.write()
    restarted.meet(7, 8, 9)
    restarted.letters.write()
    assert shop.places() == [("shop", "7"), ("shop", "8"), ("shop", "9")]
    assert (first.counted, restarted.counted) == (2, 1)


def test_a_topic_made_anew_has_letters_of_its_own(shop: Shop) -> None:
    replica = shop.replica()
    for topic_id in ("first", "second"):
        replica.meet(7, topic_id=topic_id)
        replica.letters.write()
    assert [letter.headers[SOURCE_TOPIC_ID] for letter in shop.letters()] == [b"first", b"second"]


def test_another_row_at_the_same_offset_of_a_log_that_was_cut_off_has_its_letter(
    shop: Shop,
) -> None:
    replica = shop.replica()
    for epoch in (0, 3, 0):
        replica.meet(7, epoch=epoch)
        replica.letters.write()
    assert [letter.headers[SOURCE_EPOCH] for letter in shop.letters()] == [b"0", b"3"]


def test_a_letter_that_says_no_epoch_is_that_of_its_offset(shop: Shop) -> None:
    """As letters were written before they said it."""
    replica = shop.replica()
    for epoch in (-1, 3):
        replica.meet(7, epoch=epoch)
        replica.letters.write()
    assert shop.places() == [("shop", "7")]


def test_two_services_that_read_one_topic_each_say_what_they_cannot_read(shop: Shop) -> None:
    for service in ("shop", "window"):
        replica = shop.replica(service)
        replica.meet(7)
        replica.letters.write()
    assert shop.places() == [("shop", "7"), ("window", "7")]


def test_replicas_that_come_upon_a_row_at_once_write_one_letter(shop: Shop) -> None:
    replicas = [shop.replica() for _ in range(REPLICAS)]

    def write_until_done(replica: Replica) -> None:
        replica.meet(*range(10))
        eventually(lambda: written(replica), within_s=60)

    with ThreadPoolExecutor(REPLICAS) as pool:
        list(pool.map(write_until_done, replicas))
    assert shop.places() == [("shop", str(offset)) for offset in range(10)]
    assert sum(replica.counted for replica in replicas) == 10


def test_a_replica_that_looked_before_another_wrote_cannot_write(shop: Shop) -> None:
    other = shop.replica()

    class Frozen(RowLetters):
        """Stands still between its last look and its writing, while another does both."""

        looks = 0

        def _unwritten(self) -> list[Any]:
            unwritten = super()._unwritten()
            self.looks += 1
            if self.looks == 2:
                other.letters.write()
            return unwritten

    frozen = shop.replica(kind=Frozen)
    for replica in (other, frozen):
        replica.meet(7)
    with pytest.raises(BrokerUnavailable, match="ProducerFencedError"):
        frozen.letters.write()
    frozen.letters.write()
    assert shop.places() == [("shop", "7")]


def test_a_letter_that_was_sent_back_and_fails_again_is_another_and_counts(shop: Shop) -> None:
    replica = shop.replica()
    replica.meet(7)
    replica.letters.write()
    back = replayed(shop.letters()[0])
    assert SOURCE_TOPIC_ID not in back.headers
    again = Record(Partition(back.topic, 0), 9, back.key, back.value, back.headers)
    replica.letters.collect([Rejected(again, RecordRejected("still not JSON"))], "first")
    replica.letters.write()
    assert [replay_count(letter) for letter in shop.letters()] == [0, 1]


def test_what_came_from_a_topic_that_is_gone_is_not_written(shop: Shop) -> None:
    replica = shop.replica()
    replica.meet(7)
    replica.letters.forget()
    replica.letters.write()
    assert shop.letters() == []


def test_more_than_a_few_are_written_at_once(shop: Shop) -> None:
    replica = shop.replica()
    replica.meet(*range(row_letters.MOST_WAITING))
    replica.letters.keep_few()
    assert shop.letters() == []
    replica.meet(row_letters.MOST_WAITING)
    replica.letters.keep_few()
    assert len(shop.letters()) == row_letters.MOST_WAITING + 1


def test_letters_that_cannot_be_written_are_told_and_written_later(
    bootstrap_servers: str, unique_name: str
) -> None:
    shop = Shop(bootstrap_servers, unique_name)  # without topics
    replica = shop.replica()
    replica.meet(7)
    with pytest.raises(UnknownTopic):
        replica.letters.write()

    def told() -> bool:
        replica.letters.write_when_due()
        return not replica.metrics.health.ready

    eventually(told)
    assert f"{shop.topic.dead}: cannot be written, 1 waiting" in replica.metrics.health.reason
    shop.make_topics()

    def mended() -> bool:
        replica.letters.write_when_due()
        return replica.metrics.health.ready

    eventually(mended)
    assert shop.places() == [("shop", "7")]


def written(replica: Replica) -> bool:
    try:
        replica.letters.write()
    except BrokerUnavailable:
        return False
    return True
