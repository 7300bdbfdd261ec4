from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stream.made import FIRST, SECOND, record
from textwire.errors import RecordRejected
from textwire.stream.dead_letters.letters import (
    BEGINNING_BYTES,
    KEY_BYTES,
    MAX_REASON_CHARACTERS,
    MOST_HEADERS,
    OURS,
    WHOLE_VALUE_BYTES,
    dead_letter,
    is_whole,
    noted_epoch,
    smallest_letter,
)
from textwire.stream.dead_letters.replaying import replay_count, replayed, whole_bytes
from textwire.stream.kafka import record_batches
from textwire.wire.record import Cut, OutgoingRecord, Record

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_dead_letter_is_the_record_as_it_came_and_why_it_was_refused() -> None:
    refused = record(17, SECOND, b"\xff not JSON", {"ce_id": b"theirs"})
    letter = dead_letter(refused, RecordRejected("not JSON"), "echoing", NOW)
    assert (letter.topic, letter.key, letter.value) == ("words.dead", b"key", b"\xff not JSON")
    assert letter.headers == {
        "ce_id": b"theirs",
        "tw_reason": b"not JSON",
        "tw_error": b"RecordRejected",
        "tw_service": b"echoing",
        "tw_source_topic": b"words",
        "tw_source_partition": b"1",
        "tw_source_offset": b"17",
        "tw_source_epoch": b"1",
        "tw_at": b"2026-01-02T03:04:05+00:00",
    }


def test_a_letter_says_in_which_topic_of_a_name_its_record_stands() -> None:
    refused = replace(record(17, epoch=-1), topic_id="the second of its name")
    letter = dead_letter(refused, RecordRejected("not JSON"), "echoing", NOW)
    assert letter.headers["tw_source_topic_id"] == b"the second of its name"
    assert "tw_source_epoch" not in letter.headers


def test_a_letter_of_any_number_of_headers_says_why_and_what_it_lacks() -> None:
    assert MOST_HEADERS + len(OURS) <= record_batches.MOST_HEADERS
    for count in (MOST_HEADERS, MOST_HEADERS + 1):
        headers = {f"{number}": b"" for number in range(count)}
        letter = dead_letter(record(0, headers=headers), ValueError("no"), "echoing", NOW)
        assert len(letter.headers) <= record_batches.MOST_HEADERS
        assert letter.headers["tw_reason"] == b"no"
        assert ("tw_left_out" in letter.headers) == (count > MOST_HEADERS)


def test_what_was_lost_before_it_was_refused_is_left_out_of_the_letter_too() -> None:
    lacking = replace(record(0), lacks=("the end of the key", "some of the headers"))
    letter = dead_letter(lacking, ValueError("no"), "echoing", NOW)
    assert letter.headers["tw_left_out"] == b"the end of the key, some of the headers"
    assert not is_whole(replace(record(0), headers=letter.headers))


@pytest.mark.parametrize("noted", [b"", b"-1", b"none", b"9" * 5_000])
def test_headers_that_others_wrote_are_no_numbers(noted: bytes) -> None:
    names = ("tw_source_epoch", "tw_replays", "tw_whole_bytes")
    letter = record(0, headers=dict.fromkeys(names, noted))
    assert (noted_epoch(letter), replay_count(letter), whole_bytes(letter)) == (-1, 0, 2)


def test_a_part_of_a_record_that_says_not_where_it_stands_cannot_be_sent_back() -> None:
    letter = record(3, headers={"tw_whole_bytes": b"9", "tw_source_partition": b"first"})
    with pytest.raises(RecordRejected, match="does not say where that stands"):
        replayed(letter)


def test_a_record_without_value_can_be_dead_too() -> None:
    assert dead_letter(record(0, value=None), ValueError("empty"), "echoing", NOW).value is None


def test_an_error_without_words_gives_its_name_as_reason() -> None:
    letter = dead_letter(record(0), KeyError(), "echoing", NOW)
    assert letter.headers["tw_reason"] == b"KeyError"


@given(st.text(st.characters(), max_size=700))
def test_any_reason_can_be_written_and_is_kept_short(reason: str) -> None:
    letter = dead_letter(record(0), ValueError(reason), "echoing", NOW)
    assert 1 <= len(letter.headers["tw_reason"].decode()) <= MAX_REASON_CHARACTERS


def test_a_reason_that_is_no_text_can_be_written() -> None:
    letter = dead_letter(record(0), ValueError("half a pair: \ud800"), "echoing", NOW)
    assert letter.headers["tw_reason"] == b"half a pair: ?"


def test_of_a_record_that_died_twice_the_last_reason_counts() -> None:
    first = dead_letter(record(0), ValueError("first"), "echoing", NOW)
    again = record(1, headers=first.headers)
    letter = dead_letter(again, ValueError("second"), "echoing", NOW)
    assert letter.headers["tw_reason"] == b"second"
    assert letter.headers["tw_source_offset"] == b"1"


def size(letter: OutgoingRecord) -> int:
    headers = sum(len(name) + len(value) for name, value in letter.headers.items())
    return len(letter.key or b"") + len(letter.value or b"") + headers


@given(
    st.integers(0, 3_000_000),
    st.integers(0, 1_000_000),
    st.integers(0, 300),
    st.text(max_size=700),
)
def test_whatever_a_record_holds_its_letter_fits_into_a_topic(
    value_bytes: int, key_bytes: int, headers: int, reason: str
) -> None:
    large = Record(
        FIRST,
        0,
        b"k" * key_bytes,
        b"v" * value_bytes,
        {f"header {number}": b"h" * 2_000 for number in range(headers)},
    )
    assert size(dead_letter(large, ValueError(reason), "echoing", NOW)) < 800_000
    assert size(smallest_letter(large, ValueError(reason), "echoing", NOW)) < 5_000


def test_of_a_long_value_a_letter_holds_the_beginning_the_length_and_the_hash() -> None:
    value = bytes(range(256)) * 4_000
    letter = dead_letter(record(0, value=value), ValueError("too large"), "echoing", NOW)
    assert letter.value == value[:BEGINNING_BYTES]
    assert letter.headers["tw_whole_bytes"] == b"1024000"
    assert letter.headers["tw_whole_sha256"] == sha256(value).hexdigest().encode()


def test_of_a_value_that_was_never_held_whole_it_says_the_same() -> None:
    cut = Record(FIRST, 0, b"key", b"the beginning", cut=Cut(200_000_000, "its hash"))
    letter = dead_letter(cut, ValueError("too large"), "echoing", NOW)
    assert letter.value == b"the beginning"
    assert letter.headers["tw_whole_bytes"] == b"200000000"
    assert letter.headers["tw_whole_sha256"] == b"its hash"


def test_what_is_left_out_of_a_letter_is_said() -> None:
    large = Record(FIRST, 0, b"k" * (KEY_BYTES + 1), b"v", {"theirs": b"h" * 100_000})
    letter = dead_letter(large, ValueError("no"), "echoing", NOW)
    assert letter.headers["tw_left_out"] == b"the end of the key, headers"
    assert "theirs" not in letter.headers
    assert letter.key == b"k" * KEY_BYTES


def test_a_letter_that_holds_all_of_its_record_is_whole() -> None:
    whole = dead_letter(record(0, value=b"v" * WHOLE_VALUE_BYTES), ValueError(), "echoing", NOW)
    cut = dead_letter(record(0, value=b"v" * (WHOLE_VALUE_BYTES + 1)), ValueError(), "e", NOW)
    without_headers = dead_letter(
        record(0, headers={"h": b"h" * 100_000}), ValueError("no"), "echoing", NOW
    )
    letters = (whole, cut, without_headers)
    assert [is_whole(record(0, headers=letter.headers)) for letter in letters] == [
        True,
        False,
        False,
    ]
