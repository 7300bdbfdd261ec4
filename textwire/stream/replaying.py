"""Dead letters sent back to where they came from."""

from __future__ import annotations

from textwire.stream.dead_letters import OURS, REPLAYS, SOURCE_TOPIC
from textwire.stream.records import OutgoingRecord, Record

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
    noted = letter.headers.get(REPLAYS, b"")
    return int(noted) if noted.isdigit() else 0


def replayed(letter: Record) -> OutgoingRecord:
    """The record as it first came, with the count of its replays."""
    own = {name: value for name, value in letter.headers.items() if name not in OURS}
    headers = {**own, REPLAYS: str(replay_count(letter) + 1).encode()}
    return OutgoingRecord(source_topic(letter), letter.key, letter.value, headers)
