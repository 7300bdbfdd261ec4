from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder

from tests.stream.made import FIRST
from textwire.stream.kafka.byte_stream import KEPT_BYTES
from textwire.stream.kafka.record_batches import (
    MOST_HEADER_BYTES,
    MOST_HEADERS,
    MOST_KEY_BYTES,
    MOST_VALUE_BYTES,
    BatchHeader,
    read_batch,
    unreadable,
)
from textwire.wire.record import Record

WRITTEN_MS = 1_800_000_000_000
CODECS = range(5)
HEADER_BYTES = DefaultRecordBatch.HEADER_STRUCT.size
Message = tuple[bytes | None, bytes | None, list[tuple[str, bytes]]]

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
messages = st.tuples(
    st.none() | st.binary(max_size=40),
    st.none() | st.binary(max_size=300),
    st.lists(st.tuples(names, st.binary(max_size=20)), max_size=4),
)


def written(messages: Sequence[Message], codec: int = 0) -> bytes:
    """A batch as a producer writes it."""
    builder = DefaultRecordBatchBuilder(2, codec, 0, -1, -1, -1, 1 << 30)
    for number, (key, value, headers) in enumerate(messages):
        builder.append(number, WRITTEN_MS + number, key, value, headers)
    return bytes(builder.build())


def read(batch: bytes, base_offset: int = 100, append_time_ms: int | None = None) -> list[Record]:
    told = DefaultRecordBatch(batch)
    header = BatchHeader(
        partition=FIRST,
        base_offset=base_offset,
        last_offset=base_offset + told.last_offset_delta,
        first_timestamp_ms=told.first_timestamp,
        append_time_ms=append_time_ms,
        codec=told.compression_type,
        records=told.records_count,
    )
    return list(read_batch(header, batch[HEADER_BYTES:]))


@pytest.mark.parametrize("codec", CODECS)
@given(st.lists(messages, min_size=1, max_size=12))
def test_records_are_those_that_were_written(codec: int, batch: list[Message]) -> None:
    records = read(written(batch, codec))
    assert [(r.key, r.value, r.headers) for r in records] == [
        (key, value, dict(headers)) for key, value, headers in batch
    ]
    assert [r.offset for r in records] == list(range(100, 100 + len(batch)))
    assert [r.timestamp_ms for r in records] == [WRITTEN_MS + n for n in range(len(batch))]
    assert not any(r.unreadable or r.cut or r.lacks for r in records)


def test_what_is_too_much_to_be_held_is_told() -> None:
    many = [(f"name {number}", b"") for number in range(MOST_HEADERS + 1)]
    long = [("name", b"x" * (MOST_HEADER_BYTES + 1))]
    batch: list[Message] = [
        (b"k" * (MOST_KEY_BYTES + 1), b"v", []),
        (b"k", b"v", many),
        (b"k" * (MOST_KEY_BYTES + 1), b"v", long),
        (b"k" * MOST_KEY_BYTES, b"v", many[:-1]),
    ]
    assert [record.lacks for record in read(written(batch))] == [
        ("the end of the key",),
        ("some of the headers",),
        ("the end of the key", "some of the headers"),
        (),
    ]


def test_where_the_broker_keeps_the_time_its_time_counts() -> None:
    (record,) = read(written([(b"k", b"v", [])]), append_time_ms=7)
    assert record.timestamp_ms == 7


@pytest.mark.parametrize("codec", CODECS)
def test_of_a_value_that_is_too_large_only_the_beginning_is_held_and_the_next_is_read(
    codec: int,
) -> None:
    large = b"abcdefgh" * (MOST_VALUE_BYTES // 8 + 1)
    first, cut, last = read(written([(b"a", b"1", []), (b"b", large, []), (b"c", b"3", [])], codec))
    assert (first.value, last.value, last.key) == (b"1", b"3", b"c")
    assert (cut.key, cut.offset, cut.value) == (b"b", 101, large[:KEPT_BYTES])
    assert cut.cut == (len(large), sha256(large).hexdigest())


def test_a_header_s_name_that_is_not_utf8_is_replaced() -> None:
    batch = written([(b"k", b"v", [("name", b"value")])]).replace(b"name", b"\xff\xfe\xfd\xfc")
    (record,) = read(batch)
    assert record.headers == {"\ufffd" * 4: b"value"}
    assert record.value == b"v"


def test_headers_beyond_the_bound_are_left_out_and_the_next_record_is_read() -> None:
    many = [(f"h{number}", b"") for number in range(MOST_HEADERS + 50)]
    first, second = read(written([(b"k", b"v", many), (b"k", b"w", [])]))
    assert len(first.headers) == MOST_HEADERS
    assert second.value == b"w"


@given(st.lists(messages, min_size=1, max_size=6), st.data())
def test_whatever_bytes_a_batch_has_it_is_gone_through(
    batch: list[Message], data: st.DataObject
) -> None:
    damaged = bytearray(written(batch, data.draw(st.sampled_from(CODECS))))
    for place in data.draw(st.lists(st.integers(HEADER_BYTES, len(damaged) - 1), max_size=5)):
        damaged[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(HEADER_BYTES, len(damaged)))
    records = read(bytes(damaged[:end]))
    numbers = [record.offset for record in records]
    assert numbers == sorted(set(numbers))
    assert all(100 <= number < 100 + len(batch) for number in numbers)


def test_what_is_unreadable_says_where_and_why_and_what_came_before_it_is_kept() -> None:
    batch = written([(b"k", b"one", []), (b"k", b"two", []), (b"k", b"three", [])])
    end = batch.index(b"two") + 1
    first, rest = read(batch[:end])
    assert first.value == b"one"
    assert (rest.offset, rest.value) == (101, None)
    assert rest.unreadable.startswith("unreadable at offsets 101 to 102: ")


def test_an_unreadable_record_names_its_own_place() -> None:
    assert unreadable(FIRST, 7, 7, "why").unreadable == "unreadable at offset 7: why"


def test_a_batch_of_small_records_that_is_huge_when_inflated_is_read_one_by_one() -> None:
    bomb = written([(b"k", b"x" * 60_000, [])] * 1_000, codec=1)
    assert len(bomb) < 1_000_000
    header_of_first = read_batch(BatchHeader(FIRST, 0, 999, 0, None, 1, 1_000), bomb[HEADER_BYTES:])
    assert next(header_of_first).value == b"x" * 60_000
