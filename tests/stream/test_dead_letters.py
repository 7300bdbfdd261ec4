from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.stream.made import SECOND, record
from textwire.errors import RecordRejected
from textwire.stream.dead_letters import MAX_REASON_CHARACTERS, dead_letter

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
        "tw_at": b"2026-01-02T03:04:05+00:00",
    }


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
