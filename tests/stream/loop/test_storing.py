"""A partition's results are stored once, by whoever has claimed it last."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.places import at
from tests.stream.made import FIRST, SECOND, Word, assignment, record
from textwire.errors import FenceTaken
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.results.memory import MemoryResults
from textwire.results.writes import Count, Fence, Owner
from textwire.settings import StreamSettings
from textwire.stream.loop.outcome import Outcome
from textwire.stream.loop.storing import Storing
from textwire.stream.processor import Received
from textwire.stream.retrying import Stopped, WatchedRetrying
from textwire.wire.record import LogPlace, OutgoingRecord, Partition

FENCE = Fence("echoing", FIRST.topic, FIRST.number, "id of words")


class CountedResults(MemoryResults):
    """Counts what is asked of it."""

    claims = 0
    logs_read = 0

    def claim(self, fence: Fence, owner: Owner, *, from_anyone: bool = False) -> LogPlace | None:
        self.claims += 1
        return super().claim(fence, owner, from_anyone=from_anyone)

    def entries(self, key: str) -> dict[LogPlace, bytes]:
        self.logs_read += 1
        return super().entries(key)


def give_up(_: float) -> None:
    raise Stopped


def storing(
    results: MemoryResults,
    patience_s: float = 60.0,
    sleep: Callable[[float], None] = give_up,
) -> Storing:
    metrics = ServiceMetrics("echoing", 0, Health())
    patiently = WatchedRetrying("store", sleep, StreamSettings(), metrics)
    return Storing("echoing", results, patiently, patiently, patience_s)


def received(offset: int, partition: Partition = FIRST) -> Received:
    return Received(Word(text="hello"), record(offset, partition))


def outcome(offset: int, said: bytes = b"echo", partition: Partition = FIRST) -> Outcome:
    sent = OutgoingRecord("echoes", b"key", said)
    return Outcome(record(offset, partition), (sent,), (Count("counts", str(offset)),))


def test_what_was_never_stored_is_to_be_processed() -> None:
    batch = [received(3), received(4), received(0, SECOND)]
    assert storing(MemoryResults()).recall(assignment(), batch) == ([], batch)


def test_what_an_earlier_life_stored_is_only_published() -> None:
    results, before, after = MemoryResults(), assignment(1), assignment(2)
    first = storing(results)
    first.recall(before, [received(3), received(4)])
    first.store(before, [outcome(3, b"three"), outcome(4, b"four")])

    batch = [received(3), received(4), received(5)]
    recalled, fresh = storing(results).recall(after, batch)
    assert [one.outgoing[0].value for one in recalled] == [b"three", b"four"]
    assert fresh == batch[2:]


def test_how_far_a_partition_was_stored_is_asked_once_for_each_assignment() -> None:
    results = CountedResults()
    store, ours = storing(results), assignment()
    for offset in range(5):
        store.recall(ours, [received(offset)])
        store.store(ours, [outcome(offset)])
    assert (results.claims, results.logs_read) == (1, 0)
    store.recall(assignment(), [received(5), received(0, SECOND)])
    assert results.claims == 3


def test_who_has_slept_while_another_took_over_stores_nothing_and_recalls_nothing() -> None:
    results, old, new = MemoryResults(), assignment(1), assignment(2)
    sleeper, other = storing(results), storing(results)
    sleeper.recall(old, [received(3)])
    other.recall(new, [received(3)])
    with pytest.raises(FenceTaken):
        sleeper.store(old, [outcome(3, b"from the past")])
    other.store(new, [outcome(3, b"now")])
    with pytest.raises(Stopped):
        storing(results).recall(old, [received(3)])
    assert results.fields("counts") == {"3": b"1"}


def test_what_another_sees_of_the_store_does_not_change_under_it() -> None:
    """Else a sleeper could write between what the other recalls and what it goes on from."""
    results, old, new = MemoryResults(), assignment(1), assignment(2)
    sleeper, other = storing(results), storing(results)
    sleeper.recall(old, [received(3), received(4)])
    other.recall(new, [received(3), received(4)])
    with pytest.raises(FenceTaken):
        sleeper.store(old, [outcome(3), outcome(4)])
    assert results.last_applied(FENCE) is None


def test_where_generations_begin_anew_who_stays_assigned_is_believed() -> None:
    results = MemoryResults()
    results.claim(FENCE, Owner(57, "before the group was forgotten"))
    waits: list[float] = []
    patient = storing(results, patience_s=0.02, sleep=lambda s: waits.append(s))
    ours = assignment(1)
    patient.recall(ours, [received(3)])
    patient.store(ours, [outcome(3)])
    assert waits
    assert results.last_applied(FENCE) == at(3)


def test_messages_are_kept_from_the_first_of_the_batch_on() -> None:
    results, ours = MemoryResults(), assignment()
    store = storing(results)
    for first in (0, 2):
        store.recall(ours, [received(first), received(first + 1)])
        store.store(ours, [outcome(first)])
        store.store(ours, [outcome(first + 1)])
    recalled, _ = storing(results).recall(assignment(), [received(n) for n in range(4)])
    assert [one.record.offset for one in recalled] == [2, 3]


def test_what_stands_where_a_log_was_cut_off_is_not_answered_with_its_predecessors_answer() -> None:
    results = MemoryResults()
    before = storing(results)
    ours = assignment(1)
    before.recall(ours, [received(3), received(4)])
    before.store(ours, [outcome(3, b"old three"), outcome(4, b"old four")])

    now, store = assignment(2), storing(results)
    new = Received(Word(text="hello"), record(3, epoch=2))
    assert store.recall(now, [new]) == ([], [new])
    store.store(now, [Outcome(new.record, (), (Count("counts", "new three"),))])
    assert results.fields("counts") == {"3": b"1", "4": b"1", "new three": b"1"}
    assert results.last_applied(FENCE) == at(3, epoch=2)
    recalled, fresh = storing(results).recall(assignment(3), [new])
    assert ([one.outgoing for one in recalled], fresh) == ([()], [])
