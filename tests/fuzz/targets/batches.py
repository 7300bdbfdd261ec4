"""Batches as they lie in a partition's log: the bytes that a broker hands over."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import partial

import lz4.frame
import snappy
import zstandard
from hypothesis import strategies as st
from kafka.record.default_records import DefaultRecordBatchBuilder

from tests.fuzz.inputs import like
from tests.fuzz.target import Target
from textwire.stream.kafka.decompression import GZIP, LZ4, NONE, SNAPPY, ZSTD
from textwire.stream.kafka.record_batches import (
    MOST_KEY_BYTES,
    MOST_VALUE_BYTES,
    BatchHeader,
    read_batch,
)
from textwire.wire.record import Partition

RECORDS = 3
HEADER_BYTES = 61
BASE_OFFSET = 100
CODECS: dict[int, Callable[[bytes], bytes]] = {
    NONE: bytes,
    GZIP: gzip.compress,
    SNAPPY: snappy.compress,
    LZ4: lz4.frame.compress,
    ZSTD: zstandard.ZstdCompressor().compress,
}


def read(given: tuple[bytes, int, int, int]) -> None:
    """Records in the order of their offsets, all within the batch, none larger than is held."""
    payload, codec, records, span = given
    last = BASE_OFFSET + span
    header = BatchHeader(Partition("t", 0), BASE_OFFSET, last, 0, None, codec, records)
    made = list(read_batch(header, payload))
    offsets = [record.offset for record in made]
    assert offsets == sorted(set(offsets))
    assert len(made) <= max(0, records) + 1
    assert all(len(record.value or b"") <= MOST_VALUE_BYTES for record in made)
    assert all(len(record.key or b"") <= MOST_KEY_BYTES for record in made)


def inflated_and_changed(codec: int, payload: bytes, records: int, span: int) -> object:
    """What is wrong stands inside what is compressed, as a producer at fault would have it."""
    return CODECS[codec](payload), codec, records, span


def _payload() -> bytes:
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=0,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=10_000,
    )
    for offset in range(RECORDS):
        builder.append(offset, 1, b"key", b'{"text": "how?"}', [("name", b"value")])
    return bytes(builder.build())[HEADER_BYTES:]


COUNTS = st.sampled_from([RECORDS, 0, 1, RECORDS + 1, 2**31 - 1, -1])
SPANS = st.sampled_from([RECORDS - 1, 0, 1, 10, 2**31 - 1])


def _target(name: str, inputs: st.SearchStrategy[object]) -> Target:
    return Target(name, inputs, read)


BATCHES = (
    *(
        _target(
            f"batches, codec {codec}, changed on the wire",
            st.tuples(like([pack(_payload())]), st.just(codec), COUNTS, SPANS),
        )
        for codec, pack in CODECS.items()
    ),
    *(
        _target(
            f"batches, codec {codec}, changed before they were compressed",
            st.builds(partial(inflated_and_changed, codec), like([_payload()]), COUNTS, SPANS),
        )
        for codec in CODECS
        if codec != NONE
    ),
    _target(
        "batches of codecs that there are not",
        st.tuples(like([_payload()]), st.integers(-1, 9), COUNTS, SPANS),
    ),
)
