"""The topics of dead letters, as the broker keeps them: for how long, and what is deleted at once.

Kafka deletes records from a partition's beginning up to an offset, and none from its middle. So of
the letters before the last one that is to go, those that stay are first written again, at the end;
then everything up to there is deleted. Should we die in between, letters stand twice, and none is
lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import kafka
from kafka import TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType

from textwire.settings import KafkaSettings
from textwire.stream.clients.reading import read_to_end
from textwire.stream.clients.sender import Sender
from textwire.stream.kafka.connecting import client_settings, translated_errors
from textwire.stream.pacing import in_groups
from textwire.wire.record import Partition, Record
from textwire.wire.topic import Topic, dead_letter_config

WRITTEN_AT_ONCE = 100

Goes = Callable[[Record], bool]
"""Whether a dead letter is to be deleted."""


@dataclass(frozen=True)
class Deletion:
    """What deleting some letters of a partition takes.

    letters  how many are deleted.
    up_to    the offset behind the last of them: all before it goes.
    moved    how many stay and stand before it: they are written again first.
    """

    letters: int = 0
    up_to: int = 0
    moved: int = 0


def plan_deletions(letters: Iterable[Record], goes: Goes) -> dict[Partition, Deletion]:
    """What it takes to delete those letters that are to go; partitions without any are left out."""
    plans: dict[Partition, Deletion] = {}
    staying: dict[Partition, int] = {}
    for letter in letters:
        place = letter.partition
        if goes(letter):
            before = plans.get(place, Deletion()).letters
            plans[place] = Deletion(before + 1, letter.offset + 1, staying.get(place, 0))
        else:
            staying[place] = staying.get(place, 0) + 1
    return plans


def delete_letters(
    topic: str,
    plans: dict[Partition, Deletion],
    goes: Goes,
    settings: KafkaSettings | None = None,
) -> None:
    """Delete as planned.

    Raises: BrokerUnavailable: it is away; what was not deleted yet stays.
            RecordRejected: a letter that stays is larger than what can be written again; then
            nothing was deleted.
    """
    _write_again(
        (
            letter
            for letter in read_to_end(topic, settings)
            if letter.offset < plans.get(letter.partition, Deletion()).up_to and not goes(letter)
        ),
        settings,
    )
    ends = {TopicPartition(*place): plan.up_to for place, plan in plans.items()}
    with _admin(f"deleting from {topic}", settings) as admin:
        admin.delete_records(ends)


def keep_letters_for(
    days: int, topics: Iterable[Topic], settings: KafkaSettings | None = None
) -> None:
    """Let the broker keep dead letters for so long, on topics that are there already.

    Raises: BrokerUnavailable.
    """
    wanted = dead_letter_config(days)
    changes = {name: wanted[name] for name in ("retention.ms", "segment.ms")}
    resources = [ConfigResource(ConfigResourceType.TOPIC, t.dead, changes) for t in topics]
    with _admin("setting how long dead letters are kept", settings) as admin:
        admin.alter_configs(resources)


def _write_again(letters: Iterable[Record], settings: KafkaSettings | None) -> None:
    sender = Sender("textwire dead", settings)
    try:
        for group in in_groups(letters, WRITTEN_AT_ONCE):
            sender.write_again(group)
    finally:
        sender.close()


@contextmanager
def _admin(doing: str, settings: KafkaSettings | None) -> Iterator[kafka.KafkaAdminClient]:
    with translated_errors(doing):
        admin = kafka.KafkaAdminClient(**client_settings(settings))
        try:
            yield admin
        finally:
            admin.close()
