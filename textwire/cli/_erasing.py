"""What is kept of somebody beside results: dead letters, and what was published from Redis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from textwire.stream.attribution import fields_of
from textwire.wire.topic import Topic

if TYPE_CHECKING:
    from textwire.results.store import ResultStore
    from textwire.wire.record import Record


def erase_letters(session_id: str, topics: Iterable[Topic]) -> int:
    """Delete the dead letters of a session's records, and count them.

    Raises: BrokerUnavailable: it is away; what was not deleted yet stays.
    """
    from textwire.stream.clients.reading import read_to_end, topic_names
    from textwire.stream.dead_letters.topics import delete_letters, plan_deletions

    there = set(topic_names())
    goes = partial(is_of_session, session_id)
    deleted = 0
    for name in (topic.dead for topic in topics if topic.dead in there):
        plan = plan_deletions(read_to_end(name), goes)
        if plan:
            delete_letters(name, plan, goes)
            deleted += sum(deletion.letters for deletion in plan.values())
    return deleted


def erase_published(
    results: ResultStore, session_id: str, readers: Mapping[str, Sequence[Topic]]
) -> int:
    """Let go of messages that services keep in Redis until their next batch, once published.

    Args:    readers: the topics of each group.
    Returns: how many of the session are there that are not published yet.
    Raises:  BrokerUnavailable; RedisUnavailable.
    """
    from textwire.results.writes import Fence
    from textwire.stream.kafka.lookup import KafkaLookup
    from textwire.stream.loop.outbox import published_writes, unpublished

    waiting = 0
    with closing(KafkaLookup()) as lookup:
        for group, topics in readers.items():
            ids = lookup.topic_ids([topic.name for topic in topics])
            for place, committed in lookup.committed(group).items():
                if place.topic not in ids:
                    continue
                fence = Fence(group, place.topic, place.number, ids[place.topic])
                results.write(published_writes(results, fence, committed))
                kept = unpublished(results, fence, committed)
                waiting += sum(record.key == session_id.encode() for record in kept)
    return waiting


def is_of_session(session_id: str, letter: Record) -> bool:
    """By its key, or where it has none or another, by what it says, be it cut off or damaged."""
    if letter.key == session_id.encode():
        return True
    return fields_of(letter.value or b"").text("session_id") == session_id
