from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.places import at
from tests.stream.made import ECHOES, FIRST, SECOND, Echo, Word, record
from textwire.errors import RecordRejected, TooLargeToSend
from textwire.results.writes import Count, Put
from textwire.stream.headers import trace_id
from textwire.stream.loop.outcome import (
    MAX_MESSAGE_BYTES,
    Outcome,
    dead_outcome,
    last_places,
    outcome_of,
    smaller_outcome,
    writing_by_partition,
)
from textwire.stream.processor import Outgoing, Received, Rejected, Result

NOW = datetime(2026, 1, 2, tzinfo=UTC)
TRACE = {"traceparent": b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
places = st.tuples(st.sampled_from([FIRST, SECOND]), st.integers(0, 50))


def echo(text: str) -> Outgoing:
    return Outgoing(ECHOES, Echo(text=text))


def received(offset: int = 4, headers: dict[str, bytes] | None = None) -> Received:
    return Received(Word(text="hello"), record(offset, headers=headers))


def test_a_result_is_encoded_for_its_topic_with_its_key() -> None:
    outcome = outcome_of(received(), Result((echo("hallo"),)), "echoing", NOW)
    (outgoing,) = outcome.outgoing
    assert (outgoing.topic, outgoing.key) == ("echoes", b"hallo")
    assert msgspec.json.decode(outgoing.value or b"", type=Echo) == Echo(text="hallo")
    assert not outcome.is_dead


def test_ids_of_results_follow_from_the_record_so_that_repeats_can_be_told() -> None:
    first, again = (
        outcome_of(received(4), Result((echo("a"), echo("b"))), "echoing", NOW) for _ in range(2)
    )
    ids = [outgoing.headers["ce_id"] for outgoing in first.outgoing]
    assert ids == [b"words-0-4.1-0", b"words-0-4.1-1"]
    assert ids == [outgoing.headers["ce_id"] for outgoing in again.outgoing]


def test_a_result_belongs_to_the_trace_of_what_led_to_it() -> None:
    outcome = outcome_of(received(headers=TRACE), Result((echo("a"),)), "echoing", NOW)
    assert trace_id(outcome.outgoing[0].headers) == "0af7651916cd43dd8448eb211c80319c"


def test_writes_go_along() -> None:
    put = Put("key", b"value")
    assert outcome_of(received(), Result(writes=(put,)), "echoing", NOW).writes == (put,)


def test_a_result_larger_than_a_broker_takes_is_rejected() -> None:
    result = Result((echo("x" * MAX_MESSAGE_BYTES),))
    with pytest.raises(RecordRejected, match=r"its result for echoes has 1,000,0\d\d bytes"):
        outcome_of(received(), result, "echoing", NOW)


def test_a_dead_record_leads_to_its_dead_letter_alone_where_nobody_is_told() -> None:
    outcome = dead_outcome(Rejected(record(4), ValueError("no")), Result(), "echoing", NOW)
    assert outcome.is_dead
    assert [outgoing.topic for outgoing in outcome.outgoing] == ["words.dead"]
    assert outcome.writes == ()


def test_a_dead_record_leads_to_what_is_told_to_whoever_asked_too() -> None:
    put = Put("key", b"value")
    told = Result((echo("no"),), (put,))
    outcome = dead_outcome(Rejected(record(4), ValueError("no")), told, "echoing", NOW)
    assert [outgoing.topic for outgoing in outcome.outgoing] == ["words.dead", "echoes"]
    assert outcome.outgoing[1].headers["ce_id"] == b"words-0-4.1-0"
    assert outcome.writes == (put,)


SAID = b'{"text":"no"}'
TOLD = Result((echo("no"),))


def smaller(outcome: Outcome, which: int = 0) -> Outcome:
    """What it becomes where the topic takes less than one of its records."""
    error = TooLargeToSend("the topic takes less")
    return smaller_outcome(outcome, outcome.outgoing[which], error, TOLD, "echoing", NOW)


def test_what_is_too_large_for_its_topic_becomes_ever_less() -> None:
    result = outcome_of(received(), Result((echo("hallo"),)), "echoing", NOW)
    letter = smaller(result)
    smallest = smaller(letter)
    told = smaller(smallest)
    nothing = smaller(told)

    assert [outgoing.value for outgoing in letter.outgoing] == [b"{}", SAID]
    assert [outgoing.value for outgoing in smallest.outgoing] == [b"", SAID]
    assert smallest.outgoing[0].headers["tw_reason"] == b"the topic takes less"
    assert [outgoing.value for outgoing in told.outgoing] == [SAID]
    assert nothing.outgoing == ()
    assert all(outcome.is_dead for outcome in (letter, smallest, told, nothing))
    assert {outcome.record.offset for outcome in (letter, smallest, told, nothing)} == {4}


def test_where_what_is_said_is_too_large_the_dead_letter_stays_as_it_is() -> None:
    dead = dead_outcome(Rejected(record(4), ValueError("no")), TOLD, "echoing", NOW)
    assert smaller(dead, which=1).outgoing == dead.outgoing[:1]


def test_a_letter_of_a_record_without_value_can_become_smaller_too() -> None:
    deletion = record(4, value=None, headers={"name": b"x" * 9_000})
    dead = dead_outcome(Rejected(deletion, ValueError("no")), Result(), "echoing", NOW)
    (smallest,) = smaller(dead).outgoing
    assert (smallest.value, smallest.headers["tw_source_offset"]) == (b"", b"4")


@given(st.lists(places, unique=True))
def test_outcomes_that_write_are_grouped_by_partition_with_offsets_ascending(
    chosen: list[tuple[object, int]],
) -> None:
    write = Count("counts", "one")
    outcomes = [Outcome(record(offset, partition), (), (write,)) for partition, offset in chosen]
    grouped = writing_by_partition(outcomes)
    for partition, by_offset in grouped.items():
        expected = sorted(offset for place, offset in chosen if place == partition)
        assert [outcome.record.offset for outcome in by_offset] == expected
    assert sum(map(len, grouped.values())) == len(chosen)


def test_a_partition_without_writes_has_no_group() -> None:
    assert writing_by_partition([Outcome(record(0), ())]) == {}


@given(st.lists(places, min_size=1))
def test_reading_goes_on_behind_the_last_place_of_each_partition(
    chosen: list[tuple[object, int]],
) -> None:
    last = last_places([record(offset, partition) for partition, offset in chosen])
    assert last == {
        partition: at(max(offset for place, offset in chosen if place == partition))
        for partition, _ in chosen
    }


def test_reading_goes_on_in_the_part_of_a_log_that_came_after_it_was_cut_off() -> None:
    assert last_places([record(9, epoch=1), record(4, epoch=2)]) == {FIRST: at(4, epoch=2)}
