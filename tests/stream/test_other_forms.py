"""What producers of other kinds send is told by what it is, and what to send instead."""

from __future__ import annotations

import codecs
import gzip
import json
import struct
from contextlib import suppress
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.errors import RecordRejected
from textwire.stream.decoding import Decoder
from textwire.stream.other_forms import advice_on_bytes, advice_on_fields
from textwire.support_qa.topics import SUPPORT_QUESTIONS
from textwire.wire.record import Partition, Record

DECODER = Decoder((SUPPORT_QUESTIONS,), 1_000_000)
QUESTION = {"session_id": "s", "text": "why?"}
PLAIN = json.dumps(QUESTION).encode()


def refusal(value: bytes) -> str:
    with pytest.raises(RecordRejected) as rejected:
        DECODER.decode(Record(Partition(SUPPORT_QUESTIONS.name, 0), 0, b"s", value))
    return str(rejected.value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (codecs.BOM_UTF8 + PLAIN, "byte order mark"),
        (PLAIN.decode().encode("utf-16"), "UTF-16: send UTF-8"),
        (PLAIN.decode().encode("utf-16-be"), "UTF-16"),
        (b"\x00" + struct.pack(">i", 42) + b"\x10text", "schema 42"),
        (gzip.compress(PLAIN, mtime=0), "packed by gzip"),
        (b"\xac\xed\x00\x05t\x00\x01a", "Java"),
        (b"<question/>", "XML"),
        (str(QUESTION).encode(), "json.dumps"),
        (b'{"session_id": "s", "text": "a", "score": NaN}', "NaN and Infinity are no JSON"),
        (b'{"session_id": "s", "text": "a", "scores": [1, -Infinity]}', "send null"),
        (rb'{"session_id": "s", "text": "a \ud83d b"}', "half a character"),
        (rb'{"session_id": "s", "text": "a \udc00 b"}', "half a character"),
        ('{"session_id": "s", "text": "größe"}'.encode("latin-1"), "Latin-1: send UTF-8"),
        (PLAIN + b"\n" + PLAIN, "one record for each"),
        (b"Where is my card?", "send a JSON object"),
    ],
)
def test_what_is_no_json_is_told_by_what_it_is(value: bytes, said: str) -> None:
    assert said in refusal(value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"specversion": "1.0", "id": "1", "data": QUESTION}, "CloudEvent"),
        ({"before": None, "after": QUESTION, "op": "c"}, "Debezium"),
        ({"schema": {"type": "struct"}, "payload": QUESTION}, "schemas.enable=false"),
        ({"sessionId": "s", "text": "a"}, "`sessionId` is called `session_id` here"),
        ({"Session-Id": "s", "Text": "a"}, "`Text` is called `text` here"),
        (json.dumps(QUESTION), "encode it once"),
        ([QUESTION], "one record for each"),
        (42, "send a JSON object"),
    ],
)
def test_json_of_another_form_is_told_by_what_it_is(value: object, said: str) -> None:
    assert said in refusal(json.dumps(value).encode())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"asked_at": 1_700_000_000}, "`asked_at` has to be a time with its zone (RFC 3339)"),
        ({"session_id": 7}, "`session_id` has to be text of 1 to 200 characters"),
        ({"session_id": 10**400}, "`session_id` has to be text of 1 to 200 characters"),
        ({"text": ""}, "`text` has to be text of 1 to 8,000 characters"),
    ],
)
def test_of_a_field_that_does_not_fit_it_is_told_what_it_has_to_be(
    fields: dict[str, object], said: str
) -> None:
    assert said in refusal(json.dumps(QUESTION | fields).encode())


def test_a_whole_pair_of_escapes_is_no_half_character() -> None:
    assert advice_on_bytes(rb'{"text": "\ud83d\ude00", ') == ""


@given(st.binary(max_size=200))
def test_any_bytes_have_an_advice_or_none(value: bytes) -> None:
    assert isinstance(advice_on_bytes(value), str)
    assert isinstance(advice_on_fields(value, {"text"}), str)


@pytest.mark.parametrize("value", [rb"\ud83d\ude00" * 80_000, b": " * 500_000, b"[" * 1_000_000])
def test_a_large_value_is_looked_at_quickly(value: bytes) -> None:
    began_s = perf_counter()
    advice_on_bytes(value)
    advice_on_fields(value, {"text"})
    assert perf_counter() - began_s < 2.0


@pytest.mark.parametrize(
    "value",
    [b"[" * 100_000, b'{"a":' * 100_000, b"[1, 2", b'{"session_id": 7, "te', b'{"text": ["'],
)
def test_what_is_of_another_form_and_cut_off_ends_nothing(value: bytes) -> None:
    assert refusal(value)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda one: (
        st.lists(one, max_size=3)
        | st.dictionaries(st.sampled_from(["session_id", "text", "id", "after"]), one, max_size=3)
    ),
    max_leaves=8,
)


@given(ODD, st.integers(min_value=0, max_value=40))
def test_whatever_json_and_however_much_of_it_is_read_or_refused(value: object, cut: int) -> None:
    written = json.dumps(value).encode()
    record = Record(Partition(SUPPORT_QUESTIONS.name, 0), 0, b"s", written[: len(written) - cut])
    with suppress(RecordRejected):
        DECODER.decode(record)
