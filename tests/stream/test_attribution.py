from __future__ import annotations

from time import process_time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textwire.errors import RecordRejected
from textwire.stream.attribution import BEGINNING_BYTES, WHOLE_BYTES, Remains, remains_of
from textwire.stream.processor import Rejected
from textwire.support_qa.messages import Question
from textwire.wire.record import Partition, Record


def remains(
    value: bytes | None, key: bytes | None = None, message: Question | None = None
) -> Remains:
    record = Record(Partition("support.questions", 2), 7, key, value)
    return remains_of(Rejected(record, RecordRejected("not of the form"), message))


def test_what_was_decoded_says_whose_it_is() -> None:
    question = Question(session_id="s1", id="q1", text="why?")
    left = remains(b"whatever stood there", message=question)
    assert (left.identifier("session_id"), left.identifier("id")) == ("s1", "q1")
    assert left.text("text") == "why?"


@pytest.mark.parametrize(
    "value",
    [
        b'{"session_id": "s1", "id": "q1", "text": 7}',
        b'{"text": "' + b"x" * 9_343 + b'", "session_id": "s1", "id": "q1"}',
        b'{"session_id": "s1", "asked_at": {"no": ["time"]}, "id": "q1"}',
        b'{"text": "\xff\xfe", "session_id": "s1", "id": "q1"}',
    ],
)
def test_fields_are_read_whatever_the_other_fields_hold(value: bytes) -> None:
    left = remains(value)
    assert left.whole
    assert (left.identifier("session_id"), left.identifier("id")) == ("s1", "q1")


@pytest.mark.parametrize(
    "value",
    [
        b'{"session_id": "s1", "id": "q1", "text": "cut o',
        b'{"session_id": "s1", "id": "q1", "text": "cut after a backslash\\',
        b'{"text": "he said "hi"", "session_id": "s1", "id": "q1"}',
        b'\xef\xbb\xbf{"tags": ["a", {"session_id": "no"}], "session_id": "s1", "id": "q1",}',
        b'{"session_id": "s1", "id": "q1", "text": "' + b"x" * WHOLE_BYTES + b'"}',
    ],
)
def test_of_damaged_or_huge_json_the_beginning_is_read(value: bytes) -> None:
    left = remains(value)
    assert not left.whole
    assert (left.identifier("session_id"), left.identifier("id")) == ("s1", "q1")


def test_what_a_text_quotes_is_no_field() -> None:
    quoted = r'{"text": "\"session_id\": \"other\"", "of": {"session_id": "other"}, '
    assert remains(quoted.encode()).identifier("session_id") is None


def test_of_damaged_json_the_first_field_of_a_name_counts() -> None:
    injected = b'{"session_id": "s1", "text": "hello", "session_id": "other", "id": "q1", }'
    assert remains(injected).identifier("session_id") == "s1"


@pytest.mark.parametrize("session", [b'""', b"7", b"null", b'["s1"]', b'"' + b"s" * 201 + b'"'])
def test_what_is_no_identifier_is_not_used(session: bytes) -> None:
    assert remains(b'{"session_id": ' + session + b"}").identifier("session_id") is None


@pytest.mark.parametrize(
    "value", [None, b"", b"\x00\xff", b"[1, 2]", b'"s1"', b"{'session_id': 's1'}"]
)
def test_of_what_is_no_json_object_the_key_is_left(value: bytes | None) -> None:
    left = remains(value, key=b"s1")
    assert (left.identifier("session_id"), left.key) == (None, "s1")


@pytest.mark.parametrize("key", [None, b"", b"\xff", b"s" * 201])
def test_a_key_that_is_no_identifier_is_not_used(key: bytes | None) -> None:
    assert remains(b"{", key=key).key is None


NAMES = st.sampled_from(["session_id", "user_id", "id", "text", "x"])
JSON = st.dictionaries(
    NAMES,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=12),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
        max_leaves=6,
    ),
)
DAMAGED = st.builds(
    lambda made, at, junk: (value := msgspec.json.encode(made))[: at % (len(value) + 1)] + junk,
    JSON,
    st.integers(0, 300),
    st.binary(max_size=12) | st.sampled_from([b"", b'"', b"\\", b"}", b'"}', b"{" * 3_000]),
)


@settings(max_examples=400)
@given(st.binary(max_size=400) | DAMAGED, st.none() | st.binary(max_size=300))
def test_any_bytes_are_read_and_only_what_fits_is_used(value: bytes, key: bytes | None) -> None:
    left = remains(value, key)
    found = [left.key, *(left.identifier(name) for name in ("session_id", "user_id", "id"))]
    for identifier in found:
        assert identifier is None or 1 <= len(identifier) <= 200
        assert (identifier or "").encode().decode() == (identifier or "")
    assert left.text("text") is None or isinstance(left.text("text"), str)


@given(JSON)
def test_whole_json_is_read_as_any_reader_does(made: dict[str, object]) -> None:
    left = remains(msgspec.json.encode(made))
    assert left.whole
    for name in ("session_id", "id", "text"):
        value = made.get(name)
        assert left.text(name) == (value if isinstance(value, str) else None)


@pytest.mark.parametrize(
    "piece", [b"[", b'"', b'\\"', b'"\\"', b":", b'{"":"",', b'{"a":[', b"\\", b"1,", b"\x00"]
)
def test_the_work_is_bounded_whatever_the_bytes(piece: bytes) -> None:
    worst = b'{"text":"' + piece * (4 * WHOLE_BYTES // len(piece))
    began_s = process_time()
    remains(worst)
    remains(worst[:WHOLE_BYTES])
    assert process_time() - began_s < 0.5  # quadratic in the beginning alone would be seconds
    assert len(worst) > BEGINNING_BYTES
