"""What an offset led to, kept beside its writes, so that reading it again leads to the same.

A replica that dies between storing a batch and publishing it leaves writes without their messages.
The batch is read again; by then what the service remembers has moved on, and processing it anew
would count it twice. So the messages are kept in the same atomic step as the writes, and taken from
there. Source: the transactional outbox, Richardson, Microservices Patterns, 2018, chapter 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from textwire.results.store import OffsetWrites, ResultStore
from textwire.results.writes import Append, Fence
from textwire.stream.outcome import Outcome
from textwire.stream.records import OutgoingRecord

# One batch at most is stored and not committed yet, or a little more where offsets are committed
# apart from results.
KEPT_BATCHES = 2
# As long as most topics keep the records themselves: by then there is nothing to read again.
KEPT_FOR_S = 7 * 24 * 60 * 60


class Sent(msgspec.Struct, frozen=True, array_like=True):
    """The messages of one offset."""

    offset: int
    records: tuple[OutgoingRecord, ...]


class Outbox:
    """The messages of the last offsets of each partition."""

    def __init__(self, results: ResultStore, batch_records: int = 256) -> None:
        self._results = results
        self._keep = KEPT_BATCHES * batch_records

    def with_messages(
        self, fence: Fence, outcomes: Sequence[Outcome], keep_from: int | None = None
    ) -> list[OffsetWrites]:
        """The writes of one partition's outcomes, offsets ascending, each with what is sent."""
        return [
            (outcome.record.offset, (*outcome.writes, self._append(fence, outcome)))
            for outcome in outcomes
        ]

    def read(self, fence: Fence, offsets: Iterable[int]) -> dict[int, tuple[OutgoingRecord, ...]]:
        """What those of these offsets led to that were stored before; usually none was.

        Raises: RedisUnavailable: the store is away.
        """
        applied = self._results.last_applied(fence)
        wanted = {offset for offset in offsets if applied is not None and offset <= applied}
        if not wanted:
            return {}
        values = self._results.tail(_key(fence), self._keep)
        kept = (msgspec.msgpack.decode(value, type=Sent) for value in values)
        return {sent.offset: sent.records for sent in kept if sent.offset in wanted}

    def _append(self, fence: Fence, outcome: Outcome) -> Append:
        sent = Sent(outcome.record.offset, outcome.outgoing)
        value = msgspec.msgpack.encode(sent)
        return Append(_key(fence), value, keep=self._keep, ttl_s=KEPT_FOR_S)


def _key(fence: Fence) -> str:
    return f"outbox:{fence.group}:{fence.topic}:{fence.topic_id}:{fence.partition}"
