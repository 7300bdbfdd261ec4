"""A broker's logs on its disk, made shorter: what a loss of power does to what was not flushed."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

# Of a batch: the offset it begins with, the length of what follows; later, its last record.
HEAD = struct.Struct(">qi")
LAST_DELTA = struct.Struct(">i")
LAST_DELTA_AT = 23


def cut_off(records: Path, topic: str, partition: int, keep: int) -> int:
    """Let a partition's log end at the first batch that is not wholly below an offset.

    The broker must not run, and must have been killed, or it does not look.

    Returns: the offset at which it ends now.
    """
    [log] = (records / f"{topic}-{partition}").glob("*.log")
    data = log.read_bytes()
    end, size = 0, 0
    for last_offset, after in _batches(data):
        if last_offset >= keep:
            break
        end, size = last_offset + 1, after
    with log.open("r+b") as file:
        file.truncate(size)
    return end


def _batches(data: bytes) -> Iterator[tuple[int, int]]:
    """Of each batch its last offset, and where the next one begins in the file."""
    at = 0
    while at + HEAD.size <= len(data):
        base, length = HEAD.unpack_from(data, at)
        if length <= 0:
            return
        last = base + LAST_DELTA.unpack_from(data, at + LAST_DELTA_AT)[0]
        at += HEAD.size + length
        yield last, at
