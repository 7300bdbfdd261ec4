"""Outcomes are published once, whatever becomes of the broker's answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.places import at
from tests.stream.made import ECHOES, FIRST, SECOND, Echo, assignment, record
from textwire.errors import BrokerUnavailable
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.settings import StreamSettings
from textwire.stream.assignment import Assignment
from textwire.stream.loop.delivering import Delivery
from textwire.stream.loop.outcome import Outcome
from textwire.stream.memory import MemoryBroker, MemoryMember, MemoryPublisher
from textwire.stream.processor import Outgoing, Result
from textwire.stream.publisher import Positions, RecordNotTaken
from textwire.stream.retrying import Stopped, WatchedRetrying
from textwire.wire.record import OutgoingRecord, Partition

OURS = assignment()
NOW = datetime(2026, 1, 2, tzinfo=UTC)
TOLD = Result((Outgoing(ECHOES, Echo(text="no")),))
SAID = b'{"text":"no"}'


class LosingPublisher(MemoryPublisher):
    """Of each try it is told whether it happens, and whether the answer is lost."""

    def __init__(self, broker: MemoryBroker, tries: Sequence[str]) -> None:
        super().__init__(broker)
        self._tries = iter(tries)
        self.starts = 0

    def start(self) -> None:
        self.starts += 1

    def publish(self, outgoing: Sequence[OutgoingRecord], positions: Positions, proof: Any) -> None:
        fate = next(self._tries, "answered")
        if fate != "never arrives":
            super().publish(outgoing, positions, proof)
        if fate != "answered":
            raise BrokerUnavailable("no answer")


class PickyPublisher(MemoryPublisher):
    """Takes no record of more bytes than so many."""

    def __init__(self, broker: MemoryBroker, most: int) -> None:
        super().__init__(broker)
        self._most = most

    def publish(self, outgoing: Sequence[OutgoingRecord], positions: Positions, proof: Any) -> None:
        for one in outgoing:
            if len(one.value or b"") > self._most:
                raise RecordNotTaken(one, "too large")
        super().publish(outgoing, positions, proof)


def outcome(offset: int, partition: Partition = FIRST, value: bytes = b"echo") -> Outcome:
    return Outcome(record(offset, partition), (OutgoingRecord("echoes", b"key", value),))


def delivery(broker: MemoryBroker, publisher: MemoryPublisher, holds: bool = True) -> Delivery:
    metrics = ServiceMetrics("echoing", 0, Health())
    patiently = WatchedRetrying("publish", lambda _: None, StreamSettings(), metrics)
    member = MemoryMember(broker, ["words"])
    return Delivery(
        "echoing", publisher, member, lambda _: holds, patiently, lambda _: TOLD, lambda: NOW
    )


@pytest.mark.parametrize(
    "tries",
    [
        [],
        ["never arrives"],
        ["answer lost"],
        ["never arrives", "answer lost"],
        ["never arrives", "never arrives", "answer lost"],
    ],
)
def test_each_outcome_is_published_once_though_answers_are_lost(tries: list[str]) -> None:
    broker = MemoryBroker(2)
    publisher = LosingPublisher(broker, tries)
    outcomes = [outcome(3), outcome(4), outcome(7, SECOND)]
    assert delivery(broker, publisher).deliver(OURS, outcomes) == outcomes
    assert len(broker.records("echoes")) == 3
    assert broker.positions == {
        FIRST: OURS.position(FIRST, at(4)),
        SECOND: OURS.position(SECOND, at(7)),
    }


def test_the_group_is_asked_only_once_what_was_left_open_has_ended() -> None:
    broker = MemoryBroker(2)
    publisher = LosingPublisher(broker, ["answer lost"])
    delivery(broker, publisher).deliver(OURS, [outcome(3)])
    assert publisher.starts == 1


def test_what_the_next_batch_leads_to_is_published_without_asking() -> None:
    broker = MemoryBroker(2)
    publisher = LosingPublisher(broker, ["answer lost"])
    deliver = delivery(broker, publisher)
    deliver.deliver(OURS, [outcome(3)])
    deliver.deliver(OURS, [outcome(4)])
    assert publisher.starts == 1
    assert len(broker.records("echoes")) == 2


def test_what_is_not_ours_any_more_is_not_published() -> None:
    broker = MemoryBroker(2)
    with pytest.raises(Stopped):
        delivery(broker, MemoryPublisher(broker), holds=False).deliver(OURS, [outcome(3)])
    assert broker.records("echoes") == []


def test_a_result_that_its_topic_does_not_take_is_a_dead_letter_and_the_rest_is_published() -> None:
    broker = MemoryBroker(2)
    outcomes = [outcome(3), outcome(4, value=b"x" * 500), outcome(5)]
    published = delivery(broker, PickyPublisher(broker, 100)).deliver(OURS, outcomes)
    assert [one.is_dead for one in published] == [False, True, False]
    assert sorted(r.value or b"" for r in broker.records("echoes")) == [b"echo", b"echo", SAID]
    (letter,) = broker.records("words.dead")
    assert b"takes no record of 500 bytes" in letter.headers["tw_reason"]
    assert broker.committed == {FIRST: 6}


def test_where_not_even_the_smallest_dead_letter_is_taken_the_record_goes_by() -> None:
    class TakesNothing(PickyPublisher):
        def publish(
            self, outgoing: Sequence[OutgoingRecord], positions: Positions, proof: Any
        ) -> None:
            for one in outgoing:
                raise RecordNotTaken(one, "nothing is taken")
            super().publish(outgoing, positions, proof)

    broker = MemoryBroker(2)
    (published,) = delivery(broker, TakesNothing(broker, 0)).deliver(OURS, [outcome(3)])
    assert published.outgoing == ()
    assert broker.committed == {FIRST: 4}
    assert broker.records("words.dead") == []


def test_a_position_of_another_topic_of_that_name_is_no_sign_of_having_been_published() -> None:
    broker = MemoryBroker(2)
    publisher = LosingPublisher(broker, ["never arrives"])
    before = Assignment(0, None, OURS.partitions, {FIRST.topic: "the id before"})
    broker.commit({FIRST: before.position(FIRST, at(99))})
    delivery(broker, publisher).deliver(OURS, [outcome(3)])
    assert len(broker.records("echoes")) == 1


def test_what_came_where_a_log_was_cut_off_is_not_taken_for_published() -> None:
    broker = MemoryBroker(2)
    publisher = LosingPublisher(broker, ["never arrives"])
    broker.commit({FIRST: OURS.position(FIRST, at(100))})
    new = Outcome(record(3, epoch=2), outcome(3).outgoing)
    delivery(broker, publisher).deliver(OURS, [new])
    assert len(broker.records("echoes")) == 1
    assert broker.positions == {FIRST: OURS.position(FIRST, at(3, epoch=2))}
