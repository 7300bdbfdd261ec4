"""Who holds what while replicas come, go and take places from one another, on the real Kafka."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import kafka
import pytest
from kafka.structs import OffsetAndMetadata, TopicPartition

from tests.contracts.worlds import KafkaWorld, Replica, at
from tests.stream.loops import eventually
from textwire.errors import BrokerUnavailable
from textwire.stream.loop.batch import Batch
from textwire.wire.record import OutgoingRecord, Partition

QUICK = {"session_timeout_ms": 1500, "rebalance_timeout_s": 5.0}


@pytest.fixture
def world(bootstrap_servers: str, unique_name: str) -> Iterator[KafkaWorld]:
    world = KafkaWorld(bootstrap_servers, unique_name, "exactly_once")
    world.write([b"0", b"1"], partition=0)
    world.write([b"0", b"1"], partition=1)
    yield world
    world.close()


def replica(world: KafkaWorld, number: int, **stream: float) -> Replica:
    return Replica(world, world.member(number, **{**QUICK, **stream}))


def take_in_hand(holder: Replica) -> Batch:
    """A batch that the replica works on until it asks for another."""
    assignment, records = holder.assigned(), holder.poll(4)
    holder.inbox.put(assignment, records)
    batch = holder.inbox.take()
    assert batch is not None
    return batch


def finish(holder: Replica) -> None:
    holder.inbox.close()
    holder.inbox.take()


def test_where_the_group_goes_on_is_not_known_while_a_transaction_moves_it(
    world: KafkaWorld, bootstrap_servers: str, unique_name: str
) -> None:
    with replica(world, 0) as holder:
        place = Partition(world.words, 0)
        cut_off = kafka.KafkaProducer(
            bootstrap_servers=bootstrap_servers, transactional_id=f"{unique_name}-cut-off"
        )
        cut_off.init_transactions()
        cut_off.begin_transaction()
        moved = {TopicPartition(*place): OffsetAndMetadata(1, "", -1)}
        cut_off.send_offsets_to_transaction(moved, holder.assigned().proof)
        told = rf"where the group goes on in {world.words}/0\. Whoever .* transaction open"
        with pytest.raises(BrokerUnavailable, match=told):
            holder.member.committed(place)
        cut_off.abort_transaction()
        eventually(lambda: holder.member.committed(place) is None)
        cut_off.close()


def test_everybody_lets_go_before_anybody_is_given_anything(world: KafkaWorld) -> None:
    with replica(world, 0) as first:
        batch = take_in_hand(first)
        with replica(world, 1) as second:
            publisher = world.publisher(first.member)
            sleep(1.0)  # the group waits for the batch in hand, for up to five seconds
            assert second.assignment is None
            assert first.inbox.holds(batch.assignment)

            echo = OutgoingRecord(world.echoes, b"key", b"echo")
            positions = at(batch.assignment, {Partition(world.words, 0): 1})
            publisher.publish([echo], positions, batch.assignment.proof)
            finish(first)
            assert len(second.assigned().partitions) == 1
            assert not first.inbox.holds(batch.assignment)
            publisher.close(timeout_s=5)
    assert [record.value for record in world.read(world.echoes)] == [b"echo"]


def test_who_joins_after_its_poll_has_ended_is_told_what_it_was_given(world: KafkaWorld) -> None:
    member, holder = world.member(0, **QUICK), Told()
    member.start(holder)
    try:
        until = monotonic() + 20
        while not holder.partitions and monotonic() < until:
            member.poll(0.001)
            sleep(0.3)  # the group answers now, and nobody waits for it
        assert len(holder.partitions) == 2
    finally:
        member.close(timeout_s=1)


class Told:
    """Remembers what it was told to hold."""

    def __init__(self) -> None:
        self.partitions: frozenset[Partition] = frozenset()

    def assigned(self, generation: int, proof: Any, partitions: frozenset[Partition]) -> None:
        self.partitions = partitions

    def release(self, done: Callable[[], None]) -> None:
        done()

    def lose(self) -> None:
        self.partitions = frozenset()


def test_a_rebalance_does_not_wait_for_ever(world: KafkaWorld) -> None:
    with replica(world, 0, rebalance_timeout_s=0.3) as first:
        batch = take_in_hand(first)
        with replica(world, 1) as second:
            assert len(second.assigned().partitions) == 1
            assert not first.inbox.holds(batch.assignment)


def test_at_no_moment_do_two_replicas_hold_one_partition(world: KafkaWorld) -> None:
    replicas = [replica(world, 0)]
    stop, held_by_two = Event(), []

    def look() -> None:
        while not stop.is_set():
            seen = [(one, one.assignment) for one in list(replicas)]
            # Those that are still held when all have been seen were held at one moment.
            at_once = [ours for one, ours in seen if ours and one.inbox.holds(ours)]
            held = [place for ours in at_once for place in ours.partitions]
            if len(held) != len(set(held)):
                held_by_two.append(held)

    looking = _thread(look)
    for _ in range(2):
        for number in (1, 2):
            joining = replica(world, number)
            replicas.append(joining)
            eventually(lambda one=joining: one.assignment is not None, within_s=20)
            eventually(lambda: len(joined(replicas)) == 2, within_s=20)
        for leaving in replicas[1:]:
            leaving.close()
        del replicas[1:]
        eventually(lambda: len(replicas[0].owned()) == 2, within_s=20)
    stop.set()
    looking.join(timeout=5)
    replicas[0].close()
    assert held_by_two == []


def joined(replicas: list[Replica]) -> set[Partition]:
    return {place for one in replicas for place in one.owned()}


def test_closing_waits_for_no_batch(world: KafkaWorld) -> None:
    holder = replica(world, 0)
    batch = take_in_hand(holder)
    began = monotonic()
    holder.close()
    assert monotonic() - began < 3
    assert not holder.inbox.holds(batch.assignment)


def test_a_replica_that_returns_in_time_finds_its_place_and_the_others_notice_nothing(
    world: KafkaWorld,
) -> None:
    with replica(world, 0) as first:
        second = replica(world, 1)
        eventually(lambda: len(first.owned()) == len(second.owned()) == 1, within_s=20)
        before, theirs = first.assigned(), second.owned()
        second.close()
        with replica(world, 1) as returned:
            assert returned.assigned().partitions == theirs
            assert first.inbox.holds(before)


def test_the_older_of_two_with_one_number_stands_by_and_takes_the_place_when_it_is_free(
    world: KafkaWorld,
) -> None:
    with replica(world, 0) as older:
        older.assigned()
        younger = replica(world, 0)
        younger.assigned()
        eventually(lambda: older.assignment is None, within_s=20)
        eventually(lambda: "Another process works as this replica" in older.health.reason)
        assert younger.assignment is not None
        younger.close()
        eventually(lambda: older.assignment is not None, within_s=20)
        eventually(lambda: older.health.ready)


def test_a_client_that_fails_is_given_up_for_a_new_one(world: KafkaWorld) -> None:
    with replica(world, 0) as holder:
        before = holder.assigned()

        def fail(timeout_ms: int) -> None:
            raise ZeroDivisionError("a mistake in the client")

        holder.member._consumer.poll = fail  # type: ignore[attr-defined]
        eventually(lambda: holder.assignment not in (None, before), within_s=20)
        assert holder.assigned().partitions == before.partitions


def _thread(run: Callable[[], None]) -> Thread:
    thread = Thread(target=run, daemon=True)
    thread.start()
    return thread
