"""What is known now, from the records of the compacted topic."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from textwire.errors import RecordRejected
from textwire.stream.tables.rows import TableRows
from textwire.wire.message import Message
from textwire.wire.record import Record
from textwire.wire.topic import Topic

M = TypeVar("M", bound=Message)


class Known(NamedTuple, Generic[M]):
    """The state of the world, as services have it.

    unreadable  keys whose last record cannot be read, and places of records without a key.
    """

    messages: list[M]  # by id, which is the key
    unreadable: frozenset[bytes | str]


def known_messages(records: Iterable[Record], topic: Topic, kind: type[M]) -> Known[M]:
    """What a topic's records, from its beginning on, leave standing.

    Args: kind: what travels on the topic.
    """
    rows = TableRows(topic)
    standing: dict[str, M] = {}
    unreadable: set[bytes | str] = set()
    for record in records:
        try:
            row = rows.read_one(record)
        except RecordRejected:
            unreadable.add(record.key or record.id)
            continue
        unreadable.discard(record.key or record.id)
        if row is None:
            continue
        if isinstance(row.message, kind):
            standing[row.key] = row.message
        else:
            standing.pop(row.key, None)
    by_key = [standing[key] for key in sorted(standing)]
    return Known(by_key, frozenset(unreadable))
