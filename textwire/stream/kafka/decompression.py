"""Compressed record batches, inflated piece by piece: memory is bounded whatever a batch claims.

A broker limits what is compressed: 200 KB on the wire may be 200 MB inflated.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping

import lz4.frame
import snappy
import zstandard

from textwire.errors import TextwireError

PIECE_BYTES = 256 * 1024
# The window of level 19; a frame may ask for up to 2 GB, and has to be given it at once.
ZSTD_WINDOW_BYTES = 8 * 1024 * 1024
# Java's producers write blocks of 32 KB; raw blocks hold a whole batch, and inflate some 20 times.
SNAPPY_BLOCK_BYTES = 32 * 1024 * 1024
XERIAL_MAGIC = b"\x82SNAPPY\x00"
XERIAL_HEADER_BYTES = 16

# What a decompressor raises on bytes that are not of its format.
NOT_OF_ITS_FORMAT = (zlib.error, RuntimeError, zstandard.ZstdError, snappy.UncompressError)

NONE, GZIP, SNAPPY, LZ4, ZSTD = range(5)  # as a batch's attributes number them


class CannotInflate(TextwireError):
    """Bytes that are not what their codec should have made of them."""


def inflate(codec: int, deflated: bytes | memoryview) -> Iterator[bytes]:
    """The pieces of a batch, in order, none of them empty; large ones only where snappy's are.

    Raises: CannotInflate: while a piece is asked for.
    """
    pieces = CODECS.get(codec)
    if pieces is None:
        raise CannotInflate(f"compressed by codec {codec}, which is none of Kafka's")
    try:
        yield from (piece for piece in pieces(deflated) if piece)
    except NOT_OF_ITS_FORMAT as error:
        raise CannotInflate(f"compressed, and cannot be inflated: {error}") from error


def _as_it_is(data: bytes | memoryview) -> Iterator[bytes]:
    yield bytes(data)


def _gzip(deflated: bytes | memoryview) -> Iterator[bytes]:
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    left: bytes | memoryview = deflated
    while left and not inflater.eof:
        yield inflater.decompress(left, PIECE_BYTES)
        left = inflater.unconsumed_tail
    if not inflater.eof:
        raise CannotInflate("compressed by gzip, and cut off")


def _lz4(deflated: bytes | memoryview) -> Iterator[bytes]:
    inflater = lz4.frame.LZ4FrameDecompressor()
    yield inflater.decompress(bytes(deflated), max_length=PIECE_BYTES)
    while not inflater.eof:
        if inflater.needs_input:
            raise CannotInflate("compressed by lz4, and cut off")
        yield inflater.decompress(b"", max_length=PIECE_BYTES)


def _zstd(deflated: bytes | memoryview) -> Iterator[bytes]:
    inflater = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES)
    with inflater.stream_reader(deflated, read_across_frames=True) as reader:
        while piece := reader.read(PIECE_BYTES):
            yield piece


def _snappy(deflated: bytes | memoryview) -> Iterator[bytes]:
    """One raw block, or the framed blocks of Java's library (xerial), each after its length."""
    data = bytes(deflated)
    if not data.startswith(XERIAL_MAGIC):
        yield _snappy_block(data)
        return
    at = XERIAL_HEADER_BYTES
    while at < len(data):
        if at + 4 > len(data):
            raise CannotInflate("compressed by snappy, and cut off")
        (length,) = struct.unpack_from(">i", data, at)
        block = data[at + 4 : at + 4 + length] if length > 0 else b""
        yield _snappy_block(block)
        at += 4 + length


def _snappy_block(block: bytes) -> bytes:
    claimed = _claimed_length(block)
    if claimed > SNAPPY_BLOCK_BYTES:
        raise CannotInflate(
            f"compressed by snappy into a block of {claimed:,} bytes: "
            f"at most {SNAPPY_BLOCK_BYTES:,} are inflated"
        )
    inflated: bytes = snappy.uncompress(block)
    return inflated


def _claimed_length(block: bytes) -> int:
    """What a block begins with: how long it is once inflated, seven bits a byte."""
    length = 0
    for shift, byte in enumerate(block[:5]):
        length |= (byte & 0x7F) << (7 * shift)
        if not byte & 0x80:
            return length
    raise CannotInflate("compressed by snappy, and begins with no length")


CODECS: Mapping[int, Callable[[bytes | memoryview], Iterator[bytes]]] = {
    NONE: _as_it_is,
    GZIP: _gzip,
    SNAPPY: _snappy,
    LZ4: _lz4,
    ZSTD: _zstd,
}
