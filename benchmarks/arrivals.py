"""Seeing results arrive: on topics as a program reads them, and in Redis as a page does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import kafka
import msgspec
import redis

from benchmarks.setting import Setting
from textwire.recommendations.keys import profile_key
from textwire.stream.kafka.connecting import client_settings
from textwire.wire.topic import Topic

POLL_S = 0.2
IdsOf = Callable[[bytes], Iterable[str]]

# What is measured must not wait for who measures: see the section on fetching.
FETCH_MAX_WAIT_MS = 5


class Arrivals(Protocol):
    """Waits for results."""

    def poll(self) -> Iterable[str]:
        """Ids of what has just arrived, in order; after `POLL_S` none."""
        ...

    def close(self) -> None:
        """Let the connection go."""
        ...


class TopicArrivals:
    """Results on a topic, read as `read_committed`, from now on."""

    def __init__(self, setting: Setting, topic: Topic, ids_of: IdsOf) -> None:
        """Connect. `ids_of` tells from a record's value what it answers."""
        self._ids_of = ids_of
        self._consumer = kafka.KafkaConsumer(
            topic.name,
            **client_settings(setting.kafka),
            isolation_level="read_committed",
            auto_offset_reset="latest",
            fetch_max_wait_ms=FETCH_MAX_WAIT_MS,
        )
        while not self._consumer.assignment():
            self._consumer.poll(timeout_ms=100)
        for partition in self._consumer.assignment():
            self._consumer.position(partition)

    def poll(self) -> Iterator[str]:
        """Ids from the next records."""
        for records in self._consumer.poll(timeout_ms=int(POLL_S * 1000)).values():
            for record in records:
                yield from self._ids_of(record.value)

    def close(self) -> None:
        """Leave."""
        self._consumer.close()


class _Counted(msgspec.Struct):
    user_id: str
    events: int


class ProfileArrivals:
    """Events that have come into profiles in Redis: `<user>#<n>` for a user's n-th event.

    Redis tells of each write to a profile, and the profile says how many events it holds.
    """

    def __init__(self, setting: Setting) -> None:
        """Ask Redis to tell."""
        self._redis = redis.Redis.from_url(setting.redis_url)
        self._redis.config_set("notify-keyspace-events", "K$")
        self._channel = self._redis.pubsub(ignore_subscribe_messages=True)
        self._channel.psubscribe(f"__keyspace@*__:{profile_key('*')}")
        self._channel.get_message(timeout=POLL_S)
        self._known: dict[str, int] = {}

    def poll(self) -> Iterator[str]:
        """Ids of the events that profiles hold now and did not before."""
        keys = list(dict.fromkeys(self._written()))
        for value in self._redis.mget(keys) if keys else ():
            profile = msgspec.json.decode(value or b"null", type=_Counted | None)
            if profile is not None:
                before = self._known.get(profile.user_id, 0)
                self._known[profile.user_id] = profile.events
                yield from (
                    f"{profile.user_id}#{number}"
                    for number in range(before + 1, profile.events + 1)
                )

    def close(self) -> None:
        """Let the connections go."""
        self._channel.close()
        self._redis.close()

    def _written(self) -> Iterator[str]:
        message = self._channel.get_message(timeout=POLL_S)
        while message is not None:
            yield message["channel"].decode().split(":", 1)[1]
            message = self._channel.get_message(timeout=0)
