"""What is known now, from the records of the compacted topic."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

import msgspec

from textwire.messages import Message
from textwire.rows.screening import id_of
from textwire.stream.records import Record

M = TypeVar("M", bound=Message)


class Known(NamedTuple, Generic[M]):
    """The state of the world."""

    messages: list[M]  # by id
    unreadable: int  # records of another kind


def known_messages(records: Iterable[Record], kind: type[M]) -> Known[M]:
    """The last message of each key; a record without a value takes its key's message away."""
    state: dict[bytes, M] = {}
    unreadable = 0
    for record in records:
        if record.value is None:
            state.pop(record.key or b"", None)
            continue
        try:
            message = msgspec.json.decode(record.value, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError):
            unreadable += 1
        else:
            state[record.key or id_of(message).encode()] = _under_key(message, record)
    return Known(sorted(state.values(), key=id_of), unreadable)


def _under_key(message: M, record: Record) -> M:
    """The message by its record's key, since that is what can take it away."""
    if record.key is None:
        return message
    return msgspec.structs.replace(message, id=record.key.decode("utf-8", errors="replace"))
