"""The rows of a compacted topic: what each record says of which key, and whether it counts.

Whoever follows a topic and whoever lists it read it by this one rule: the key is the identity, a
record without a value deletes, and what cannot be read changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from textwire.errors import RecordRejected, RecordTooLarge
from textwire.stream.decoding import Decoder
from textwire.stream.processor import Rejected
from textwire.wire.message import Message
from textwire.wire.record import Record
from textwire.wire.topic import Topic

# The longest passage that there can be has 0.94 MB with each of its characters escaped.
MAX_ROW_BYTES = 1024 * 1024
LONGEST_KEY = 200  # as every id


class Row(msgspec.Struct, frozen=True, gc=False):
    """What a record says of a key: a message by that id, or nothing, which deletes."""

    key: str
    message: Message | None
    record: Record


class TableRows:
    """Reads a topic's records from its beginning on, and knows which row of each key counts.

    In one partition that is the last. Between partitions it is the one that was written later: a
    key moves when partitions are added, and when another program spreads keys in another way.
    """

    def __init__(self, topic: Topic) -> None:
        self._decoder = Decoder((topic,), MAX_ROW_BYTES)
        # When, in ms, and in which partition the row of a key was written that counts.
        self._written: dict[str, tuple[int, int]] = {}

    @property
    def keys(self) -> Iterable[str]:
        """Every key that was read of, those deleted since included."""
        return self._written.keys()

    def read(self, records: Sequence[Record]) -> tuple[list[Row], list[Rejected]]:
        """The rows that count, and the records that cannot be read."""
        rows: list[Row] = []
        rejected: list[Rejected] = []
        for record in records:
            try:
                row = self.read_one(record)
            except RecordRejected as error:
                rejected.append(Rejected(record, error))
            else:
                if row is not None:
                    rows.append(row)
        return rows, rejected

    def read_one(self, record: Record) -> Row | None:
        """The row that a record makes; None where a later one is known already.

        Raises: RecordRejected: it cannot be read, or has no key that can be an id.
        """
        if record.unreadable:
            raise RecordRejected(record.unreadable)
        key = _identity(record.key)
        message = None if record.value is None else self._message(key, record, record.value)
        key = getattr(message, "id", key)  # the same, but held once
        return Row(key, message, record) if self._counts(key, record) else None

    def _message(self, key: str, record: Record, value: bytes) -> Message:
        size = record.cut.size if record.cut else len(value)
        if size > MAX_ROW_BYTES:
            raise RecordTooLarge(
                f"too large: {size:,} bytes; on this topic a record has at most {MAX_ROW_BYTES:,}"
            )
        return _under(key, self._decoder.message(record))

    def _counts(self, key: str, record: Record) -> bool:
        written = record.timestamp_ms, record.partition.number
        known = self._written.get(key)
        if known is not None and known[1] != written[1] and known > written:
            return False
        self._written[key] = written
        return True


def _identity(key: bytes | None) -> str:
    if not key:
        raise RecordRejected("without a key: on this topic the key says what a record is about")
    try:
        identity = key.decode()
    except UnicodeDecodeError as error:
        raise RecordRejected(f"its key is not UTF-8: {error}") from error
    if len(identity) > LONGEST_KEY:
        raise RecordRejected(
            f"its key is too long: {len(identity):,} characters; an id has at most {LONGEST_KEY}"
        )
    return identity


def _under(key: str, message: Message) -> Message:
    """The message by its key, whatever id it holds, since that is what can take it away."""
    if getattr(message, "id", key) == key:
        return message
    return msgspec.structs.replace(message, id=key)
