"""`textwire dead skip`: past a record that kills or hangs the service which reads it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from textwire.wire.record import Partition, Record


@click.command()
@click.argument("topic")
@click.argument("partition", type=click.IntRange(min=0))
@click.argument("offset", type=click.IntRange(min=0))
@click.option("--reason", default="", help="Why; kept with the order.")
@click.option("--undo", is_flag=True, help="Take the order back.")
def skip(topic: str, partition: int, offset: int, reason: str, undo: bool) -> None:
    """Have the record of TOPIC at PARTITION and OFFSET passed over.

    Records that cannot be used are passed over by themselves. This is for one on which a service
    dies or hangs, as the log and `textwire status` say. It becomes a dead letter without having
    been handed to the service, within seconds and also after a restart. Then `dead replay` can send
    it again.
    """
    from textwire.addresses import redis_url
    from textwire.results.redis import RedisResults
    from textwire.stream.loop.skipping import order_for, skip_writes
    from textwire.wire.record import Partition

    place = Partition(topic, partition)
    record = None if undo else _found(place, offset)
    order = None if record is None else order_for(record, datetime.now(UTC), reason)
    with closing(RedisResults.from_url(redis_url())) as results:
        results.write(skip_writes(place, offset, order))
    if record is None:
        click.echo(f"{topic} {partition}/{offset} is passed over no more.")
    else:
        click.echo(f"{topic} {partition}/{offset} will be passed over: {_told(record)}.")


def _found(place: Partition, offset: int) -> Record:
    """What stands there, and in which topic of that name.

    Raises: RecordRejected: nothing does. UnknownTopic. BrokerUnavailable.
    """
    from textwire.errors import RecordRejected
    from textwire.stream.clients.reading import TopicReader
    from textwire.stream.kafka.lookup import KafkaLookup

    with closing(KafkaLookup()) as lookup:
        ids = lookup.topic_ids([place.topic])
    with TopicReader(place.topic) as reader:
        record = reader.at(place.number, offset)
    if record is None:
        raise RecordRejected(
            f"There is no record in {place.topic} at {place.number}/{offset}. "
            f"`textwire tail {place.topic} -n 10` shows the last ones with their places."
        )
    return replace(record, topic_id=ids.get(place.topic, ""))


def _told(record: Record) -> str:
    """A record in a few words."""
    from textwire.stream.readable import readable_bytes

    size = record.cut.size if record.cut else len(record.value or b"")
    key = "no key" if record.key is None else f"key {readable_bytes(record.key)[:60]}"
    return f"{size:,} bytes, {key}"
