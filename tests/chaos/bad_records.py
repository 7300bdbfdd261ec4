"""Records as producers send them: good ones of every size, and bad ones of every kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from tests.chaos.echo import HEAVY, POISON
from textwire.settings import StreamSettings
from textwire.support_qa.messages import Question

TOO_LARGE_BYTES = StreamSettings.model_fields["max_record_bytes"].default + 1
# Around what a dead letter could hold, and past it.
SIZES_OF_BAD = (TOO_LARGE_BYTES, 1024 * 1024, 4 * 1024 * 1024 - 200, 4_195_000, 6_000_000)
SIZES_OF_GOOD = (1_000, 64 * 1024, TOO_LARGE_BYTES - 2, TOO_LARGE_BYTES - 1)


class NotUtf8(str):
    """A header's name whose bytes are no UTF-8, as other languages' clients may send them."""

    def encode(self, *_: object) -> bytes:
        """Bytes that cannot be decoded."""
        return b"\xff\xfe name"


@dataclass(frozen=True)
class RawRecord:
    """What a producer sends."""

    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp_ms: int | None = None


Make = Callable[[str, str], RawRecord]
"""A record of an id and a session."""


def asking(id_: str, session_id: str, text: str = "how?") -> RawRecord:
    """A question."""
    question = Question(id=id_, session_id=session_id, text=text)
    return RawRecord(session_id.encode(), msgspec.json.encode(question))


def good_of_size(size: int) -> Make:
    """A question of so many bytes: what it has too many of stands in a field that nobody knows."""

    def make(id_: str, session_id: str) -> RawRecord:
        fields = {"id": id_, "session_id": session_id, "text": "how?", "pad": ""}
        pad = "a" * (size - len(msgspec.json.encode(fields)))
        return RawRecord(session_id.encode(), msgspec.json.encode({**fields, "pad": pad}))

    return make


def bad_value(value: bytes | None) -> Make:
    """A value that is no question."""
    return lambda _, session_id: RawRecord(session_id.encode(), value)


def saying(text: str) -> Make:
    """A question with a text."""
    return lambda id_, session_id: asking(id_, session_id, text)


def written_at(timestamp_ms: int) -> Make:
    """A question whose producer's clock is wrong."""

    def make(id_: str, session_id: str) -> RawRecord:
        record = asking(id_, session_id)
        return RawRecord(record.key, record.value, timestamp_ms=timestamp_ms)

    return make


def with_header(name: str) -> Make:
    """A question with a header of that name."""

    def make(id_: str, session_id: str) -> RawRecord:
        record = asking(id_, session_id)
        return RawRecord(record.key, record.value, headers=((name, b"value"),))

    return make


BAD: Mapping[str, Make] = {
    "not JSON": bad_value(b'{"session_id": "s", "text": '),
    "not UTF-8": bad_value(b'{"session_id": "s", "text": "\xff\xfe"}'),
    "wrongly typed": bad_value(b'{"session_id": "s", "text": 7}'),
    "without its session": bad_value(b'{"text": "hello"}'),
    "not an object": bad_value(b"[1, 2]"),
    "nested deeply": bad_value(b"[" * 100_000),
    "empty": bad_value(b""),
    "without a value": bad_value(None),
    "too long a text": saying("a" * 8_001),
    "the model fails": saying(POISON),
    "written in no year": written_at(2**60),
}
"""What becomes a dead letter, by name."""

ODD: Mapping[str, Make] = {
    "two at once are too many": saying(HEAVY),
    "a header not in UTF-8": with_header(NotUtf8("name")),
    "written in 1970": written_at(0),
    "written tomorrow": written_at(4_000_000_000_000),
    **{f"{size:,} bytes": good_of_size(size) for size in SIZES_OF_GOOD},
}
"""What looks odd and is answered all the same, by name."""

TOO_LARGE: Mapping[str, Make] = {f"{size:,} bytes": good_of_size(size) for size in SIZES_OF_BAD}
"""What becomes a dead letter for its size, by name."""


@dataclass(frozen=True)
class Mixture:
    """Of what the load is made: shares in [0, 1] of records that are bad, odd, too large."""

    bad: float = 0.01
    odd: float = 0.01
    too_large: float = 0.0
