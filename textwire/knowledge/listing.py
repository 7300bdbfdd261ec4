"""What is known now, from the records of the compacted topic."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from textwire.messages import Passage
from textwire.stream.records import Record


class Known(NamedTuple):
    """The state of the world."""

    passages: list[Passage]  # by id
    unreadable: int  # records that are no passages


def known_passages(records: Iterable[Record]) -> Known:
    """The last passage of each key; a record without a value takes its key's passage away."""
    state: dict[bytes, Passage] = {}
    unreadable = 0
    for record in records:
        if record.value is None:
            state.pop(record.key or b"", None)
            continue
        try:
            passage = msgspec.json.decode(record.value, type=Passage)
        except (msgspec.DecodeError, UnicodeDecodeError):
            unreadable += 1
        else:
            state[record.key or passage.id.encode()] = _under_key(passage, record)
    return Known(sorted(state.values(), key=lambda passage: passage.id), unreadable)


def _under_key(passage: Passage, record: Record) -> Passage:
    """The passage by its record's key, since that is what can take it away."""
    if record.key is None:
        return passage
    return msgspec.structs.replace(passage, id=record.key.decode("utf-8", errors="replace"))
