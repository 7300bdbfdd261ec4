from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from textwire.errors import RecordRejected, RecordTooLarge
from textwire.stream.decoding import Decoder
from textwire.support_qa.messages import Question
from textwire.support_qa.topics import SUPPORT_KNOWLEDGE, SUPPORT_QUESTIONS
from textwire.wire.record import Partition, Record

MAX_BYTES = 2_000
DECODER = Decoder((SUPPORT_QUESTIONS, SUPPORT_KNOWLEDGE), MAX_BYTES)
PLACE = Partition(SUPPORT_QUESTIONS.name, 3)
WRITTEN_AT_MS = 1_800_000_000_123
SHORTEST = b'{"session_id":"s","text":"?"}'


def question_record(value: bytes | None, timestamp_ms: int = WRITTEN_AT_MS) -> Record:
    return Record(PLACE, 17, None, value, {}, timestamp_ms)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "empty"),
        (b"", "empty"),
        (b" " * (MAX_BYTES + 1), "too large: 2,001 bytes; stream.max_record_bytes is 2,000"),
        (b'{"session_id":"s","text":"caf\xe9"}', "not JSON in UTF-8"),
        (b"\xff\xfe", "not JSON in UTF-8"),
        (b"Where is my card?", "not JSON in UTF-8"),
        (b'{"session_id":"s","text":"a"', "not JSON in UTF-8"),
        (b'{"session_id":"s","text":"a"} {}', "not JSON in UTF-8"),
        (b'"a"', "Expected `object`, got `str`"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "missing required field `session_id`"),
        (b'{"session_id":"s"}', "missing required field `text`"),
        (b'{"session_id":7,"text":"a"}', "$.session_id"),
        (b'{"session_id":"","text":"a"}', "$.session_id"),
        (b'{"session_id":"s","text":""}', "$.text"),
        (b'{"session_id":"s","text":null}', "$.text"),
        (b'{"session_id":"s","text":"a","asked_at":"yesterday"}', "$.asked_at"),
        (b'{"session_id":"s","text":"a","asked_at":"2026-01-02T03:04:05"}', "timezone"),
    ],
)
def test_what_cannot_be_trusted_is_rejected_with_its_reason(
    value: bytes | None, reason: str
) -> None:
    with pytest.raises(RecordRejected) as rejected:
        DECODER.decode(question_record(value))
    assert reason in str(rejected.value)


def test_what_nests_too_deeply_is_rejected_and_does_not_end_the_service() -> None:
    value = b'{"session_id":"s","text":"a","x":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    with pytest.raises(RecordRejected, match="nested too deeply"):
        Decoder((SUPPORT_QUESTIONS,), max_bytes=200_000).decode(question_record(value))


def test_a_text_longer_than_a_question_is_rejected() -> None:
    value = msgspec.json.encode({"session_id": "s", "text": "x" * 8_001})
    with pytest.raises(RecordRejected, match=r"\$\.text"):
        Decoder((SUPPORT_QUESTIONS,), max_bytes=100_000).decode(question_record(value))


def test_a_record_of_exactly_the_largest_size_is_read() -> None:
    value = SHORTEST + b" " * (MAX_BYTES - len(SHORTEST))
    assert DECODER.decode(question_record(value)).message.text == "?"


def test_unknown_fields_are_ignored() -> None:
    value = b'{"session_id":"s","text":"?","mood":{"angry":[1,2,null]}}'
    assert DECODER.decode(question_record(value)).message.session_id == "s"


def test_what_the_sender_left_out_is_completed_the_same_each_time() -> None:
    first, second = (DECODER.decode(question_record(SHORTEST)).message for _ in range(2))
    assert first == second
    assert first.id == "support.questions-3-17"
    assert first.asked_at == datetime.fromtimestamp(WRITTEN_AT_MS / 1000, tz=UTC)


def test_what_the_sender_gave_is_kept() -> None:
    asked_at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    asked = Question(id="own", session_id="s", text="?", asked_at=asked_at)
    received = DECODER.decode(question_record(msgspec.json.encode(asked)))
    assert received.message == asked
    assert received.record.offset == 17


def test_each_topic_has_a_form_of_its_own() -> None:
    place = Partition(SUPPORT_KNOWLEDGE.name, 0)
    with pytest.raises(RecordRejected, match="missing required field `id`"):
        DECODER.decode(Record(place, 0, None, SHORTEST))


@pytest.mark.parametrize("timestamp_ms", [10**17, -(10**17)])
def test_a_record_written_at_no_time_that_there_is_is_rejected(timestamp_ms: int) -> None:
    with pytest.raises(RecordRejected, match="no time that there is"):
        DECODER.decode(question_record(SHORTEST, timestamp_ms))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)
question_like = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(["session_id", "text", "id", "asked_at", "language"], json_values)
)


@given(
    st.binary(max_size=200) | st.builds(msgspec.json.encode, question_like | json_values),
    st.integers(-(2**63), 2**63 - 1),
)
@example(b'{"session_id":"s","text":"\\ud800"}', 0)
def test_whatever_the_bytes_a_record_is_read_or_rejected(value: bytes, timestamp_ms: int) -> None:
    try:
        received = DECODER.decode(question_record(value, timestamp_ms))
    except RecordRejected:
        return
    assert received.message.id
    assert received.message.asked_at
    msgspec.json.encode(received.message)


def test_what_is_too_large_is_told_apart() -> None:
    with pytest.raises(RecordTooLarge):
        DECODER.decode(question_record(b" " * (MAX_BYTES + 1)))
