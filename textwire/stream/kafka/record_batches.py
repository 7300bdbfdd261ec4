"""Batches of a partition's log, read so that nothing in them stops the partition.

A client library raises on bytes that it cannot make sense of, and then stands still before them.
Here they become records that say why they are unreadable, and reading goes on behind them. Memory
is bounded: of a value of more than `MOST_VALUE_BYTES` only the beginning is held, however small the
batch was while it was compressed.

Source: https://kafka.apache.org/documentation/#recordbatch (version 2 of the format)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textwire.stream.kafka.byte_stream import ByteStream, EndsEarly
from textwire.stream.kafka.decompression import CannotInflate, inflate
from textwire.wire.record import Cut, Partition, Record

# Four times what a service reads at most (`stream.max_record_bytes`), and more than brokers take
# by default.
MOST_VALUE_BYTES = 4 * 1024 * 1024
MOST_KEY_BYTES = 64 * 1024
# A thousand headers of a thousand bytes are no headers any more.
MOST_HEADERS = 1_000
MOST_HEADER_BYTES = 64 * 1024
WHOLE: tuple[str, ...] = ()
END_OF_KEY, SOME_HEADERS = "the end of the key", "some of the headers"


@dataclass(frozen=True, slots=True)
class BatchHeader:
    """What stands before a batch's records.

    append_time_ms  when the broker wrote it, where the topic is kept by that time.
    """

    partition: Partition
    base_offset: int
    last_offset: int
    first_timestamp_ms: int
    append_time_ms: int | None
    codec: int
    records: int
    leader_epoch: int = -1


def read_batch(header: BatchHeader, payload: bytes | memoryview) -> Iterator[Record]:
    """The records of a batch, offsets ascending. Raises nothing.

    What cannot be read, to the end of the batch, is one record that says so.
    """
    stream = ByteStream(inflate(header.codec, payload))
    following = header.base_offset
    try:
        for _ in range(header.records):
            record = _read_record(stream, header, following)
            following = record.offset + 1
            yield record
    except (EndsEarly, CannotInflate) as error:
        yield unreadable(
            header.partition, following, header.last_offset, str(error), header.leader_epoch
        )


def unreadable(
    partition: Partition, first: int, last: int, reason: str, leader_epoch: int = -1
) -> Record:
    """What stands for records of which nothing can be made."""
    places = f"offset {first}" if first >= last else f"offsets {first} to {last}"
    told = f"unreadable at {places}: {reason}"
    return Record(partition, first, None, None, unreadable=told, leader_epoch=leader_epoch)


def _read_record(stream: ByteStream, header: BatchHeader, at_least: int) -> Record:
    # Its length and its attributes, which tell nothing that is needed.
    stream.varint()
    stream.skip(1)
    timestamp_delta, offset = stream.varint(), header.base_offset + stream.varint()
    if not at_least <= offset <= header.last_offset:
        raise EndsEarly(f"an offset of {offset}, which is not of this batch")
    key, cut_key = _read_bytes(stream, MOST_KEY_BYTES)
    value, cut = _read_bytes(stream, MOST_VALUE_BYTES)
    headers, has_all = _read_headers(stream)
    written_ms = header.append_time_ms
    if written_ms is None:
        written_ms = header.first_timestamp_ms + timestamp_delta
    return Record(
        header.partition,
        offset,
        key,
        value,
        headers,
        written_ms,
        cut,
        leader_epoch=header.leader_epoch,
        lacks=WHOLE if has_all and not cut_key else _lacking(cut_key, has_all=has_all),
    )


def _lacking(cut_key: Cut | None, *, has_all: bool) -> tuple[str, ...]:
    return (*([END_OF_KEY] if cut_key else []), *([] if has_all else [SOME_HEADERS]))


def _read_bytes(stream: ByteStream, most: int) -> tuple[bytes | None, Cut | None]:
    """Bytes after their length; a negative one stands for none."""
    length = stream.varint()
    if length < 0:
        return None, None
    if length > most:
        return stream.take_beginning(length)
    return stream.take(length), None


def _read_headers(stream: ByteStream) -> tuple[dict[str, bytes], bool]:
    """Headers, and whether all names are among them, each whole.

    The last of a repeated name counts; what is not UTF-8 in a name is replaced. Those beyond the
    bound are gone past, since the next record stands behind them.
    """
    headers: dict[str, bytes] = {}
    count, has_all = stream.varint(), True
    for number in range(count):
        name, cut_name = _read_bytes(stream, MOST_HEADER_BYTES)
        value, cut_value = _read_bytes(stream, MOST_HEADER_BYTES)
        has_all = has_all and not (cut_name or cut_value)
        if number < MOST_HEADERS:
            headers[(name or b"").decode(errors="replace")] = value or b""
    return headers, has_all and count <= MOST_HEADERS
