"""Dead letters sent back to where they came from."""

from __future__ import annotations

from hashlib import sha256

from textwire.errors import RecordRejected, UnknownTopic
from textwire.settings import KafkaSettings
from textwire.stream.clients.reading import TopicReader
from textwire.stream.dead_letters.letters import (
    OURS,
    REPLAYS,
    SOURCE_OFFSET,
    SOURCE_PARTITION,
    SOURCE_TOPIC,
    WHOLE_BYTES,
    WHOLE_SHA256,
    is_whole,
    noted_epoch,
)
from textwire.wire.record import OutgoingRecord, Record
from textwire.wire.whole_numbers import whole_number

DEAD = ".dead"


def source_topic(letter: Record) -> str:
    """The topic that a dead letter was read from."""
    noted = letter.headers.get(SOURCE_TOPIC, b"").decode("utf-8", errors="replace")
    return noted or letter.partition.topic.removesuffix(DEAD)


def dead_topic(topic: str) -> str:
    """The topic of a topic's dead letters; itself where it is one."""
    return topic if topic.endswith(DEAD) else f"{topic}{DEAD}"


def replay_count(letter: Record) -> int:
    """How often the record was sent back before."""
    return whole_number(letter.headers.get(REPLAYS, b"")) or 0


def whole_bytes(letter: Record) -> int:
    """The length of the value that the record had."""
    noted = whole_number(letter.headers.get(WHOLE_BYTES, b""))
    return len(letter.value or b"") if noted is None else noted


def replayed(letter: Record, settings: KafkaSettings | None = None) -> OutgoingRecord:
    """The record as it first came, with the count of its replays.

    Of a letter that does not hold all of it, it is read from where it stands.

    Raises: RecordRejected: it does not stand there any more. BrokerUnavailable.
    """
    record = letter if is_whole(letter) else _where_it_stands(letter, settings)
    own = {name: value for name, value in record.headers.items() if name not in OURS}
    headers = {**own, REPLAYS: str(replay_count(letter) + 1).encode()}
    return OutgoingRecord(source_topic(letter), record.key, record.value, headers)


def _where_it_stands(letter: Record, settings: KafkaSettings | None) -> Record:
    topic = source_topic(letter)
    partition, offset = (
        whole_number(letter.headers.get(name, b"")) for name in (SOURCE_PARTITION, SOURCE_OFFSET)
    )
    if partition is None or offset is None:
        raise RecordRejected(
            f"The dead letter at offset {letter.offset} holds only a part of its record, and does "
            "not say where that stands. Send it anew from where it came from."
        )
    try:
        with TopicReader(topic, settings=settings) as reader:
            record = reader.at(partition, offset)
    except UnknownTopic:
        record = None
    if record is None or record.cut or record.lacks or not _is_of(letter, record):
        raise RecordRejected(
            f"The dead letter at offset {letter.offset} holds only a part of its record, and "
            f"{topic} does not keep that any more (it was at {partition}/{offset}), or it is too "
            "large to be held whole. "
            "Send it anew from where it came from."
        )
    return record


def _is_of(letter: Record, record: Record) -> bool:
    if noted_epoch(letter) not in (-1, record.leader_epoch):
        return False
    digest = letter.headers.get(WHOLE_SHA256)
    return digest is None or digest.decode() == sha256(record.value or b"").hexdigest()
