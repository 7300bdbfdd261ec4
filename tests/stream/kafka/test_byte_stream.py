from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.record.util import encode_varint

from textwire.stream.kafka.byte_stream import KEPT_BYTES, ByteStream, EndsEarly

pieces = st.lists(st.binary(min_size=1, max_size=40), max_size=12)
INT64 = st.integers(-(2**63), 2**63 - 1)


def varint(number: int) -> bytes:
    written = bytearray()
    encode_varint(number, written.append)
    return bytes(written)


@given(pieces, st.data())
def test_bytes_are_the_same_wherever_the_pieces_end(
    given_pieces: list[bytes], data: st.DataObject
) -> None:
    whole, stream, taken = b"".join(given_pieces), ByteStream(iter(given_pieces)), b""
    while len(taken) < len(whole):
        count = data.draw(st.integers(1, len(whole) - len(taken)))
        taken += stream.take(count)
    assert taken == whole


@given(st.lists(INT64, max_size=20), st.integers(1, 5))
def test_numbers_are_read_as_the_client_writes_them(numbers: list[int], piece: int) -> None:
    written = b"".join(map(varint, numbers))
    stream = ByteStream(written[at : at + piece] for at in range(0, len(written), piece))
    assert [stream.varint() for _ in numbers] == numbers


def test_what_is_skipped_is_not_read() -> None:
    stream = ByteStream(iter([b"abc", b"def"]))
    stream.skip(4)
    assert stream.take(2) == b"ef"


def test_of_what_is_too_long_the_beginning_the_length_and_the_hash_are_kept() -> None:
    long = bytes(range(256)) * 1_000
    stream = ByteStream(iter([long[:100_000], long[100_000:] + b"after"]))
    beginning, cut = stream.take_beginning(len(long))
    assert beginning == long[:KEPT_BYTES]
    assert cut == (len(long), sha256(long).hexdigest())
    assert stream.take(5) == b"after"


def test_no_more_is_held_than_one_piece_and_what_is_kept() -> None:
    asked_for = 0

    def megabytes() -> Iterator[bytes]:
        nonlocal asked_for
        while True:
            asked_for += 1
            yield b"x" * 1_000_000

    stream = ByteStream(megabytes())
    stream.take_beginning(500_000_000)
    assert asked_for == 500
    stream.take(1)
    assert asked_for == 501


@pytest.mark.parametrize(
    "read", [lambda s: s.take(7), lambda s: s.skip(7), lambda s: s.take_beginning(7)]
)
def test_bytes_that_are_missing_are_said(read: object) -> None:
    with pytest.raises(EndsEarly, match="2 bytes are missing"):
        read(ByteStream(iter([b"12345"])))  # type: ignore[operator]


def test_a_number_without_an_end_is_no_number() -> None:
    with pytest.raises(EndsEarly, match="more than ten bytes"):
        ByteStream(iter([b"\xff" * 20])).varint()
