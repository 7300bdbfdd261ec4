"""What a record led to, kept beside its writes, so that reading it again leads to the same.

A replica that dies between storing a batch and publishing it leaves writes without their messages.
The batch is read again; by then what the service remembers has moved on, and processing it anew
would count it twice. So the messages are kept in the same atomic step as the writes, and taken from
there. Source: the transactional outbox, Richardson, Microservices Patterns, 2018, chapter 3.

A log that was cut off has other records at the same offsets: these have places of a later epoch
(`LogPlace`), and are not answered with what is kept of their predecessors.

Messages whose offsets are committed are never asked for again, and go when the next batch comes: an
outbox holds one batch of each partition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import msgspec

from textwire.results.keys import key
from textwire.results.reading import read_log
from textwire.results.store import PlaceWrites, ResultStore
from textwire.results.writes import Fence, Log, Write
from textwire.stream.assignment import Position
from textwire.stream.loop.outcome import Outcome
from textwire.wire.record import LogPlace, OutgoingRecord

# As long as most topics keep the records themselves: by then there is nothing to read again.
KEPT_FOR_S = 7 * 24 * 60 * 60

Sent = tuple[OutgoingRecord, ...]


class Outbox:
    """The messages of the last records of each partition."""

    def __init__(self, results: ResultStore) -> None:
        self._results = results

    def with_messages(
        self, fence: Fence, outcomes: Sequence[Outcome], keep_from: LogPlace | None
    ) -> list[PlaceWrites]:
        """The writes of one partition's outcomes, each with what is sent, be it nothing.

        Args: outcomes: places ascending.
              keep_from: what is before is committed, and its messages go; None: none is known.
        """
        log = outbox_key(fence)
        entries = [
            Log(log, outcome.record.place, msgspec.msgpack.encode(outcome.outgoing))
            for outcome in outcomes
        ]
        # What is committed goes once for all of them, as the first one comes.
        entries[:1] = [replace(one, keep_from=keep_from, ttl_s=KEPT_FOR_S) for one in entries[:1]]
        return [
            (outcome.record.place, (*outcome.writes, entry))
            for outcome, entry in zip(outcomes, entries, strict=True)
        ]

    def read(self, fence: Fence, places: Iterable[LogPlace]) -> dict[LogPlace, Sent]:
        """What those of these records led to that were stored before; usually none was.

        Raises: RedisUnavailable: the store is away.
        """
        applied = self._results.last_applied(fence)
        wanted = {place for place in places if applied and not place.follows(applied)}
        if not wanted:
            return {}
        kept = read_log(self._results, outbox_key(fence), Sent, msgspec.msgpack.decode)
        return {place: sent for place, sent in kept.items() if place in wanted}


def published_writes(results: ResultStore, fence: Fence, committed: Position) -> list[Write]:
    """What lets go of messages that are published: those of records before the committed place.

    They would go with the next batch of their partition; on a quiet one that may take days.

    Raises: RedisUnavailable: the store is away.
    """
    log = outbox_key(fence)
    kept = results.entries(log)
    left = [place for place in kept if not committed.is_behind(place)]
    if len(left) == len(kept):
        return []
    last = max(kept)
    # An entry that is there already: nothing is added, and what is before `keep_from` goes.
    keep_from = min(left, default=last._replace(offset=last.offset + 1))
    return [Log(log, last, b"", keep_from=keep_from)]


def unpublished(results: ResultStore, fence: Fence, committed: Position) -> list[OutgoingRecord]:
    """What is stored and was not sent yet, as far as is known.

    Raises: RedisUnavailable: the store is away.
    """
    kept = read_log(results, outbox_key(fence), Sent, msgspec.msgpack.decode)
    left = (sent for place, sent in kept.items() if not committed.is_behind(place))
    return [one for sent in left for one in sent]


def outbox_key(fence: Fence) -> str:
    """Where the messages of a partition stand."""
    return key("outbox", *fence.words, "places")
