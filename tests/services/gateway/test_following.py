from __future__ import annotations

import asyncio
from collections.abc import Iterator

import msgspec
import pytest

from services.gateway import following
from services.gateway.following import TopicFollower
from services.gateway.replies import Replies
from textwire.errors import BrokerUnavailable
from textwire.stream.kafka.topic_shape import TopicShape
from textwire.support_qa.messages import Answer
from textwire.support_qa.topics import SUPPORT_ANSWERS
from textwire.wire.record import Partition, Record

ANSWER = msgspec.json.encode(SUPPORT_ANSWERS.example)


class Told:
    """A topic of so many partitions, of which a reader knows those that there were."""

    def __init__(self) -> None:
        self.topic_id, self.partitions, self.away = "1", 1, False
        self.written: list[Record] = []
        self.readers: list[Reader] = []
        self.looks = 0

    def connect(self, _topic: str) -> Reader:
        self.readers.append(Reader(self))
        return self.readers[-1]

    def shapes(self, _topic: str) -> Told:
        return self

    def read(self) -> TopicShape | None:
        self.looks += 1
        if self.away:
            raise BrokerUnavailable("nobody answers")
        return TopicShape(self.topic_id, tuple(range(self.partitions)))

    def close(self) -> None:
        """Nothing to close."""


class Reader:
    def __init__(self, told: Told) -> None:
        self._told, self._knows, self.is_closed = told, told.partitions, False

    def skip_to_end(self) -> None:
        self._told.written.clear()

    def poll(self, timeout_s: float) -> list[Record]:
        some, self._told.written = self._told.written, []
        return [record for record in some if record.partition.number < self._knows]

    def close(self) -> None:
        self.is_closed = True


class Bench:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.told, self.loop = Told(), loop
        self.handed_on: list[str] = []
        replies: Replies[Answer] = Replies(lambda answer: answer.question_id)
        replies.deliver = self._deliver  # type: ignore[method-assign]
        replies.deliver_gap = lambda: self.handed_on.append("gap")  # type: ignore[method-assign]
        self.follower = TopicFollower(
            SUPPORT_ANSWERS,
            Answer,
            replies,
            loop,
            self.told.connect,  # type: ignore[arg-type]
            self.told.shapes,  # type: ignore[arg-type]
        )

    def _deliver(self, message: Answer) -> None:
        self.handed_on.append("answer")

    def look(self) -> None:
        self.follower.look()
        self.loop.run_until_complete(asyncio.sleep(0))

    def write(self, partition: int) -> None:
        place = Partition(SUPPORT_ANSWERS.name, partition)
        self.told.written.append(Record(place, 0, b"s", ANSWER))


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(following, "SHAPE_EVERY_S", 0.0)
    loop = asyncio.new_event_loop()
    yield Bench(loop)
    loop.close()


def test_what_comes_is_handed_on_and_one_connection_does(bench: Bench) -> None:
    bench.look()
    for _ in range(3):
        bench.write(0)
        bench.look()
    assert bench.handed_on == ["gap", "answer", "answer", "answer"]
    assert len(bench.told.readers) == 1


@pytest.mark.parametrize("changed", ["partitions", "topic_id"])
def test_a_topic_of_another_shape_is_followed_from_there_and_the_gap_is_told(
    bench: Bench, changed: str
) -> None:
    bench.look()
    if changed == "partitions":
        bench.told.partitions = 4
    else:
        bench.told.topic_id = "2"
    bench.look()
    bench.write(bench.told.partitions - 1)
    bench.look()
    assert bench.handed_on == ["gap", "gap", "answer"]
    assert [reader.is_closed for reader in bench.told.readers] == [True, False]


def test_where_the_broker_is_away_the_next_look_connects_anew(bench: Bench) -> None:
    bench.look()
    bench.told.away = True
    with pytest.raises(BrokerUnavailable):
        bench.look()
    bench.told.away = False
    bench.look()
    bench.write(0)
    bench.look()
    assert bench.handed_on == ["gap", "gap", "answer"]


def test_the_shape_is_asked_for_every_so_often(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "SHAPE_EVERY_S", 60.0)
    for _ in range(5):
        bench.look()
    assert bench.told.looks == 1
