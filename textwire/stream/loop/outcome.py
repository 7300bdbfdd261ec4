"""What a record leads to, ready to be stored and published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import msgspec

from textwire.errors import RecordRejected, TooLargeToSend
from textwire.results.writes import Write
from textwire.stream.dead_letters.letters import (
    REASON,
    dead_letter,
    is_smallest,
    smallest_letter,
)
from textwire.stream.headers import child_trace, event_headers
from textwire.stream.processor import Outgoing, Received, Rejected, Result
from textwire.wire.record import LogPlace, OutgoingRecord, Partition, Record

# What a broker takes by default is 1,048,588 bytes; headers and framing need some of it.
MAX_MESSAGE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """A record, what to publish because of it, and what to write."""

    record: Record
    outgoing: tuple[OutgoingRecord, ...]
    writes: tuple[Write, ...] = ()
    error: Exception | None = None

    @property
    def is_dead(self) -> bool:
        """Whether the record became a dead letter."""
        return self.error is not None


def outcome_of(received: Received, result: Result, service: str, at: datetime) -> Outcome:
    """A result, encoded.

    Raises: RecordRejected: a message is larger than a broker takes.
    """
    return Outcome(
        received.record, _encode_all(result, received.record, service, at), result.writes
    )


def dead_outcome(rejected: Rejected, told: Result, service: str, at: datetime) -> Outcome:
    """The outcome of a record that cannot be used.

    Args: told: what is said to whoever asked.
    """
    record, error = rejected.record, rejected.error
    letter = dead_letter(record, error, service, at)
    messages = _encode_all(told, record, service, at)
    return Outcome(record, (letter, *messages), told.writes, error)


def smaller_outcome(
    outcome: Outcome,
    too_large: OutgoingRecord,
    error: TooLargeToSend,
    told: Result,
    service: str,
    at: datetime,
) -> Outcome:
    """What is published instead of an outcome of which one record is too large for its topic.

    A result becomes a dead letter, beside what is said to whoever asked; a letter its smallest; and
    where even that is not taken, or what is said is not, it is left out and the rest stays.
    """
    record = outcome.record
    if not outcome.is_dead:
        letter = dead_letter(record, error, service, at)
        return Outcome(record, (letter, *_encode_all(told, record, service, at)), error=error)
    why = outcome.error or error
    rest = tuple(one for one in outcome.outgoing if one is not too_large)
    is_letter = REASON in too_large.headers
    if is_letter and not is_smallest(too_large):
        rest = (smallest_letter(record, why, service, at), *rest)
    return Outcome(record, rest, error=why)


def in_order(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """As their records stand in their partitions, whichever was known first."""
    return sorted(outcomes, key=lambda outcome: (outcome.record.partition, outcome.record.place))


def writing_by_partition(outcomes: Iterable[Outcome]) -> dict[Partition, list[Outcome]]:
    """The outcomes that write something, by partition, places ascending."""
    ordered = in_order(o for o in outcomes if o.writes)
    by_partition = groupby(ordered, key=lambda outcome: outcome.record.partition)
    return {partition: list(group) for partition, group in by_partition}


def last_places(records: Sequence[Record]) -> dict[Partition, LogPlace]:
    """Of each partition, the record behind which reading goes on."""
    last: dict[Partition, LogPlace] = {}
    for record in records:
        last[record.partition] = max(last.get(record.partition, record.place), record.place)
    return last


def _encode_all(
    result: Result, cause: Record, service: str, at: datetime
) -> tuple[OutgoingRecord, ...]:
    return tuple(
        _encode(message, f"{cause.id}-{number}", cause, service, at)
        for number, message in enumerate(result.messages)
    )


def _encode(
    outgoing: Outgoing, event_id: str, cause: Record, service: str, at: datetime
) -> OutgoingRecord:
    topic, message = outgoing
    value = msgspec.json.encode(message)
    if len(value) > MAX_MESSAGE_BYTES:
        raise RecordRejected(
            f"its result for {topic.name} has {len(value):,} bytes; "
            f"a broker takes {MAX_MESSAGE_BYTES:,}"
        )
    headers = event_headers(
        f"textwire.{topic.name}", f"textwire/{service}", event_id, at, child_trace(cause.headers)
    )
    return OutgoingRecord(topic.name, topic.key(message).encode(), value, headers)
