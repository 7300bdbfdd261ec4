"""What an offset led to, kept beside its writes, so that reading it again leads to the same.

A replica that dies between storing a batch and publishing it leaves writes without their messages.
The batch is read again; by then what the service remembers has moved on, and processing it anew
would count it twice. So the messages are kept in the same atomic step as the writes, and taken from
there. Source: the transactional outbox, Richardson, Microservices Patterns, 2018, chapter 3.

Messages whose offsets are committed are never asked for again, and go when the next batch comes: an
outbox holds one batch of each partition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import msgspec

from textwire.results.keys import key
from textwire.results.reading import read_log
from textwire.results.store import OffsetWrites, ResultStore
from textwire.results.writes import Fence, Log, Write
from textwire.stream.loop.outcome import Outcome
from textwire.wire.record import OutgoingRecord

# As long as most topics keep the records themselves: by then there is nothing to read again.
KEPT_FOR_S = 7 * 24 * 60 * 60

Sent = tuple[OutgoingRecord, ...]


class Outbox:
    """The messages of the last offsets of each partition."""

    def __init__(self, results: ResultStore) -> None:
        self._results = results

    def with_messages(
        self, fence: Fence, outcomes: Sequence[Outcome], keep_from: int | None
    ) -> list[OffsetWrites]:
        """The writes of one partition's outcomes, each with what is sent, be it nothing.

        Args: outcomes: offsets ascending.
              keep_from: offsets below are committed, and their messages go; None: none are known.
        """
        log = outbox_key(fence)
        entries = [
            Log(log, outcome.record.offset, msgspec.msgpack.encode(outcome.outgoing))
            for outcome in outcomes
        ]
        # What is committed goes once for all of them, as the first one comes.
        entries[:1] = [replace(one, keep_from=keep_from, ttl_s=KEPT_FOR_S) for one in entries[:1]]
        return [
            (outcome.record.offset, (*outcome.writes, entry))
            for outcome, entry in zip(outcomes, entries, strict=True)
        ]

    def read(self, fence: Fence, offsets: Iterable[int]) -> dict[int, Sent]:
        """What those of these offsets led to that were stored before; usually none was.

        Raises: RedisUnavailable: the store is away.
        """
        applied = self._results.last_applied(fence)
        wanted = {offset for offset in offsets if applied is not None and offset <= applied}
        if not wanted:
            return {}
        kept = read_log(self._results, outbox_key(fence), Sent, msgspec.msgpack.decode)
        return {offset: sent for offset, sent in kept.items() if offset in wanted}


def published_writes(results: ResultStore, fence: Fence, committed: int) -> list[Write]:
    """What lets go of messages that are published: those of offsets below the committed one.

    They would go with the next batch of their partition; on a quiet one that may take days.

    Raises: RedisUnavailable: the store is away.
    """
    log = outbox_key(fence)
    kept = results.entries(log)
    if not any(offset < committed for offset in kept):
        return []
    # An entry that is there already: nothing is added, and what is before `keep_from` goes.
    return [Log(log, max(kept), b"", keep_from=committed)]


def unpublished(results: ResultStore, fence: Fence, committed: int) -> list[OutgoingRecord]:
    """What is stored and was not sent yet, as far as is known.

    Raises: RedisUnavailable: the store is away.
    """
    kept = read_log(results, outbox_key(fence), Sent, msgspec.msgpack.decode)
    return [one for offset, sent in kept.items() if offset >= committed for one in sent]


def outbox_key(fence: Fence) -> str:
    """Where the messages of a partition stand."""
    return key("outbox", *fence.words)
