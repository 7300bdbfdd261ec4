"""What an offset led to is kept beside its writes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.places import at
from tests.stream.made import record
from textwire.results.memory import MemoryResults
from textwire.results.writes import Count, Fence
from textwire.stream.assignment import Position
from textwire.stream.loop.outbox import Outbox, outbox_key, published_writes, unpublished
from textwire.stream.loop.outcome import Outcome
from textwire.wire.record import LogPlace, OutgoingRecord

FENCE = Fence("group", "words", 0, "id")
COUNT = Count("counts", "one")
THIRD = Position(3, "id", 1)


def outcome(offset: int, *texts: str) -> Outcome:
    sent = tuple(OutgoingRecord("echoes", b"key", text.encode(), {"ce_id": b"1"}) for text in texts)
    return Outcome(record(offset), sent, (COUNT,))


def store(results: MemoryResults, *outcomes: Outcome, keep_from: LogPlace | None = None) -> None:
    writes = Outbox(results).with_messages(FENCE, outcomes, keep_from)
    results.apply(FENCE, writes)


def test_what_was_never_stored_has_no_messages() -> None:
    assert Outbox(MemoryResults()).read(FENCE, [at(0), at(1), at(2)]) == {}


def test_what_was_stored_has_the_messages_it_led_to_be_they_none() -> None:
    results = MemoryResults()
    store(results, outcome(3, "a", "b"), outcome(4))
    assert Outbox(results).read(FENCE, [at(3), at(4), at(5)]) == {
        at(3): outcome(3, "a", "b").outgoing,
        at(4): (),
    }


def test_a_record_that_writes_nothing_is_known_as_done_too() -> None:
    results = MemoryResults()
    store(results, Outcome(record(0), ()))
    assert Outbox(results).read(FENCE, [at(0)]) == {at(0): ()}


def test_another_partition_and_a_topic_made_anew_have_their_own() -> None:
    results = MemoryResults()
    store(results, outcome(0, "a"))
    assert Outbox(results).read(FENCE._replace(partition=1), [at(0)]) == {}
    assert Outbox(results).read(FENCE._replace(topic_id="another"), [at(0)]) == {}


def test_what_was_stored_first_stays_when_it_is_stored_again() -> None:
    results = MemoryResults()
    store(results, outcome(0, "first"))
    store(results, outcome(0, "again"), outcome(1, "next"), keep_from=at(0))
    assert Outbox(results).read(FENCE, [at(0), at(1)]) == {
        at(0): outcome(0, "first").outgoing,
        at(1): outcome(1, "next").outgoing,
    }
    assert results.fields("counts") == {"one": b"2"}


@given(st.lists(st.integers(1, 8), min_size=1, max_size=6))
def test_what_is_not_committed_is_kept_and_nothing_else(batches: list[int]) -> None:
    results = MemoryResults()
    begin = 0
    for batch in batches:
        offsets = range(begin, begin + batch)
        store(results, *(outcome(offset, str(offset)) for offset in offsets), keep_from=at(begin))
        assert list(results.entries(outbox_key(FENCE))) == [at(one) for one in offsets]
        begin += batch


def test_where_nothing_is_known_to_be_committed_all_is_kept() -> None:
    results = MemoryResults()
    for offset in range(20):
        store(results, outcome(offset, str(offset)))
    assert set(Outbox(results).read(FENCE, map(at, range(20)))) == {at(one) for one in range(20)}


def test_what_is_published_can_be_let_go_of_before_the_next_batch() -> None:
    results = MemoryResults()
    store(results, *(outcome(offset, f"{offset}") for offset in range(4)))
    results.write(published_writes(results, FENCE, THIRD))
    assert Outbox(results).read(FENCE, map(at, range(4))) == {at(3): outcome(3, "3").outgoing}
    assert [one.value for one in unpublished(results, FENCE, THIRD)] == [b"3"]
    assert published_writes(results, FENCE, THIRD) == []
    store(results, outcome(4, "next"), keep_from=at(4))
    assert Outbox(results).read(FENCE, map(at, range(5))) == {at(4): outcome(4, "next").outgoing}
