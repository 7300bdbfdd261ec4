from __future__ import annotations

import tracemalloc
from contextlib import suppress

import lz4.frame
import pytest
import snappy
from hypothesis import given
from hypothesis import strategies as st
from kafka.codec import gzip_encode, lz4_encode, snappy_encode, zstd_encode

from textwire.stream.kafka.decompression import (
    GZIP,
    LZ4,
    NONE,
    SNAPPY,
    ZSTD,
    CannotInflate,
    inflate,
)

ENCODED = {
    "gzip": (GZIP, gzip_encode),
    "snappy, framed": (SNAPPY, snappy_encode),
    "snappy, raw": (SNAPPY, snappy.compress),
    "lz4": (LZ4, lz4_encode),
    "zstd": (ZSTD, zstd_encode),
    "none": (NONE, bytes),
}
codecs = pytest.mark.parametrize("name", ENCODED)
compressing = pytest.mark.parametrize("name", [name for name in ENCODED if name != "none"])


@codecs
@given(st.binary(max_size=3_000), st.integers(1, 400))
def test_what_was_deflated_is_inflated(name: str, data: bytes, times: int) -> None:
    codec, encode = ENCODED[name]
    assert b"".join(inflate(codec, memoryview(encode(data * times)))) == data * times


@compressing
@given(st.binary(max_size=300))
def test_bytes_of_no_format_raise_one_kind_of_error_or_none(name: str, data: bytes) -> None:
    codec, _ = ENCODED[name]
    with suppress(CannotInflate):  # and nothing else is raised
        list(inflate(codec, data))


@pytest.mark.parametrize("name", ["gzip", "lz4", "snappy, framed", "snappy, raw"])
def test_what_was_cut_off_is_said(name: str) -> None:
    codec, encode = ENCODED[name]
    deflated = encode(bytes(range(256)) * 400)
    with pytest.raises(CannotInflate):
        list(inflate(codec, deflated[: len(deflated) // 2]))


def test_a_codec_that_is_none_of_kafkas_is_said() -> None:
    with pytest.raises(CannotInflate, match="codec 7"):
        list(inflate(7, b"data"))


@pytest.mark.parametrize("name", ["gzip", "lz4", "zstd"])
def test_a_bomb_is_inflated_in_pieces_that_are_small(name: str) -> None:
    codec, encode = ENCODED[name]
    bomb = encode(b"x" * 60_000_000)
    tracemalloc.start()
    assert sum(map(len, inflate(codec, bomb))) == 60_000_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000


def test_a_snappy_block_that_claims_too_much_is_not_inflated() -> None:
    claims_a_gigabyte = b"\x80\x80\x80\x80\x04" + b"x" * 20
    with pytest.raises(CannotInflate, match="1,073,741,824 bytes"):
        list(inflate(SNAPPY, claims_a_gigabyte))


def test_frames_of_lz4_that_state_no_size_are_inflated() -> None:
    compressor = lz4.frame.LZ4FrameCompressor()
    deflated = compressor.begin() + compressor.compress(b"abc" * 900) + compressor.flush()
    assert b"".join(inflate(LZ4, deflated)) == b"abc" * 900
