"""Changes to the results, as data: the pure middle returns them, a store applies them.

Seven verbs are enough for every page, and none of them reads: a store can apply them in one step.
Each takes how long its key lives on from this write, `ttl_s`; None leaves that as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from textwire.wire.record import LogPlace


@dataclass(frozen=True, slots=True)
class Put:
    """Set a value, for `ttl_s` seconds or for ever."""

    key: str
    value: bytes
    ttl_s: int | None = None


@dataclass(frozen=True, slots=True)
class Append:
    """Add to the end of a list that keeps its newest `keep` values."""

    key: str
    value: bytes
    keep: int
    ttl_s: int | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """Take a value out of a list, however often it stands there."""

    key: str
    value: bytes
    ttl_s: int | None = None


@dataclass(frozen=True, slots=True)
class SetField:
    """Set one field of a table; no value removes it."""

    key: str
    field: str
    value: bytes | None
    ttl_s: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Add to one counter of a table of counters."""

    key: str
    field: str
    by: int = 1
    ttl_s: int | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """Add the entry of a record to a log, and drop those of records before `keep_from`.

    Places grow, first by their epoch. One that is not behind all before it, dropped ones too, is
    there already or comes too late: it adds nothing, and changes nothing that stands.
    """

    key: str
    place: LogPlace
    value: bytes
    keep_from: LogPlace | None = None
    ttl_s: int | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Let go of a key, whatever stands under it."""

    key: str


Write: TypeAlias = Put | Append | Drop | SetField | Count | Log | Remove


class Fence(NamedTuple):
    """Which stream of offsets a write belongs to.

    `topic_id` is the broker's own id of the topic: a topic that was deleted and made anew starts
    again at offset 0, and must not be taken for its predecessor.
    """

    group: str
    topic: str
    partition: int
    topic_id: str = ""

    @property
    def words(self) -> tuple[str, str, str, str]:
        """What keys of this stream are named by."""
        return self.group, self.topic, self.topic_id, str(self.partition)


class Owner(NamedTuple):
    """Who alone may write behind a fence, until another claims it.

    generation  of the consumer group that gave the partition: a later one takes from an earlier.
    name        of this owner alone.
    """

    generation: int
    name: str

    def __str__(self) -> str:
        return f"{self.generation} {self.name}"
