"""Records, topics and messages as the tests of the stream need them."""

from __future__ import annotations

from textwire.stream.assignment import Assignment
from textwire.wire.message import Message
from textwire.wire.record import Headers, Partition, Record
from textwire.wire.topic import Topic


class Word(Message, frozen=True, kw_only=True):
    """What goes in."""

    text: str


class Echo(Message, frozen=True, kw_only=True):
    """What comes out."""

    text: str


WORDS = Topic("words", Word, key=lambda word: word.text)
ECHOES = Topic("echoes", Echo, key=lambda echo: echo.text)
FIRST = Partition("words", 0)
SECOND = Partition("words", 1)


def record(
    offset: int,
    partition: Partition = FIRST,
    value: bytes | None = b"{}",
    headers: Headers | None = None,
    timestamp_ms: int = 1_800_000_000_000,
    epoch: int = 1,
) -> Record:
    headers = headers or {}
    return Record(partition, offset, b"key", value, headers, timestamp_ms, leader_epoch=epoch)


def records(count: int, partition: Partition = FIRST, first: int = 0) -> list[Record]:
    return [record(offset, partition) for offset in range(first, first + count)]


def offsets(taken: list[Record]) -> list[int]:
    return [one.offset for one in taken]


def assignment(generation: int = 1) -> Assignment:
    """Both partitions of the topic of words."""
    ids = {FIRST.topic: "id of words"}
    return Assignment(generation, f"proof {generation}", frozenset({FIRST, SECOND}), ids)
