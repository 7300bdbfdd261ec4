"""What an offset led to is kept beside its writes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.stream.made import record
from textwire.results.memory import MemoryResults
from textwire.results.writes import Count, Fence
from textwire.stream.outbox import Outbox
from textwire.stream.outcome import Outcome
from textwire.stream.records import OutgoingRecord

FENCE = Fence("group", "words", 0, "id")
COUNT = Count("counts", "one")


def outcome(offset: int, *texts: str) -> Outcome:
    sent = tuple(OutgoingRecord("echoes", b"key", text.encode(), {"ce_id": b"1"}) for text in texts)
    return Outcome(record(offset), sent, (COUNT,))


def test_what_was_never_stored_has_no_messages() -> None:
    assert Outbox(MemoryResults(), 10).read(FENCE, [0, 1, 2]) == {}


def test_what_was_stored_has_the_messages_it_led_to() -> None:
    results = MemoryResults()
    outbox = Outbox(results, 10)
    results.apply(FENCE, outbox.with_messages(FENCE, [outcome(3, "a", "b"), outcome(4)]))
    assert outbox.read(FENCE, [3, 4, 5]) == {3: outcome(3, "a", "b").outgoing, 4: ()}


def test_another_partition_and_a_topic_made_anew_have_their_own() -> None:
    results = MemoryResults()
    outbox = Outbox(results, 10)
    results.apply(FENCE, outbox.with_messages(FENCE, [outcome(0, "a")]))
    assert outbox.read(FENCE._replace(partition=1), [0]) == {}
    assert outbox.read(FENCE._replace(topic_id="another"), [0]) == {}


@given(st.integers(1, 30), st.integers(1, 8))
def test_at_least_the_last_batch_is_kept_and_memory_is_bounded(count: int, batch: int) -> None:
    results = MemoryResults()
    outbox = Outbox(results, batch)
    for offset in range(count):
        results.apply(FENCE, outbox.with_messages(FENCE, [outcome(offset, str(offset))]))
    kept = outbox.read(FENCE, range(count))
    assert set(range(max(0, count - batch), count)) <= set(kept)
    assert len(kept) <= 2 * batch
