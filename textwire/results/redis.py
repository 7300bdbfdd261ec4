"""Results in Redis 7 or later, or in Valkey.

Whatever is written goes through one Lua script (apply.lua), so that the fence and the writes behind
it happen together. The keys are not declared to the script, since they follow from the data: this
needs one Redis, not a Redis Cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from typing import Any, TypeVar, cast

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from textwire.results.keys import key as named
from textwire.results.metrics import refused, unreadable
from textwire.results.redis_commands import (
    FAMILIES,
    VALUE_FIELD,
    every_command,
    flat_commands,
    flat_offsets,
)
from textwire.results.redis_errors import errors_in_words
from textwire.results.store import OffsetWrites
from textwire.results.writes import Fence, Put, Write

Read = TypeVar("Read")

CHECK_TTL_S = 60
DENIED_TOLD = 3


class RedisResults:
    """A result store on a Redis server."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._apply = client.register_script(_script("apply.lua"))
        self._permissions = client.register_script(_script("permissions.lua"))

    @classmethod
    def from_url(cls, url: str, timeout_s: float = 5.0) -> RedisResults:
        """A store at `redis://...`; connects at the first use.

        No retry inside: the loop's own retries are seen in logs and metrics, and `write` is not
        safe to repeat.
        """
        client = redis.Redis.from_url(
            url,
            socket_timeout=timeout_s,
            socket_connect_timeout=timeout_s,
            retry=Retry(NoBackoff(), 0),
            health_check_interval=30,
        )
        return cls(client)

    def apply(self, fence: Fence, by_offset: Sequence[OffsetWrites]) -> int:
        """Apply what lies behind the fence, and move it."""
        return self._run([fence_key(fence)], by_offset)

    def write(self, writes: Iterable[Write]) -> None:
        """Apply writes that belong to no record. Repeating them after a lost reply counts twice."""
        self._run([], [(0, list(writes))])

    def last_applied(self, fence: Fence) -> int | None:
        """The last offset applied, or None."""
        key = fence_key(fence)
        value = self.get(key)
        with errors_in_words():
            if value is not None and not value.isdigit():
                raise redis.ResponseError(f"BADFENCE {key}")
        return None if value is None else int(value)

    def get(self, key: str) -> bytes | None:
        """A value, or None."""
        return self.get_many([key])[0]

    def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """Values in the order of their keys."""
        if not keys:
            return []
        with errors_in_words():
            return cast("list[bytes | None]", self._client.mget(keys))

    def tail(self, key: str, count: int) -> list[bytes]:
        """The newest values of a list, oldest first."""
        if count <= 0:
            return []
        return self._read(key, lambda: self._client.lrange(key, -count, -1), [])

    def fields(self, key: str) -> dict[str, bytes]:
        """A whole table."""
        table: dict[bytes, bytes] = self._read(key, lambda: self._client.hgetall(key), {})
        names = [(_text(key, field), value) for field, value in table.items()]
        return {name: value for name, value in names if name is not None}

    def entries(self, key: str) -> dict[int, bytes]:
        """A whole log, by number."""
        stream: list[tuple[bytes, dict[bytes, bytes]]]
        stream = self._read(key, lambda: self._client.xrange(key), [])
        return {int(id_.partition(b"-")[0]): entry.get(VALUE_FIELD, b"") for id_, entry in stream}

    def check(self) -> None:
        """Find out whether all that services do can be done: a few commands, and one small write.

        Raises: RedisUnavailable: the server is away, lets us in no more, does not allow a command
                that we use, has no room, no disk or no primary, or is a cluster.
        """
        with errors_in_words():
            denied = self._permissions(args=flat_commands(every_command()))
            self._refuse([what.decode() for what in denied])
            # A cluster refuses keys that may be on several servers.
            self._client.mget([named(family, "check") for family in FAMILIES])
        self.write([Put(named("fence", "check"), b"", ttl_s=CHECK_TTL_S)])

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def _run(self, fence: Sequence[str], by_offset: Iterable[OffsetWrites]) -> int:
        with errors_in_words():
            applied, why_not, refusals = self._apply(keys=fence, args=flat_offsets(by_offset))
            for key, command, reason in refusals:
                refused(key.decode(), command.decode(), reason.decode())
            code, _, what = why_not.decode().partition(" ")
            if code == "NOPERM":
                self._refuse([what])
            if code:
                raise redis.ResponseError(f"{code} {what}")
        return int(applied)

    def _refuse(self, denied: Sequence[str]) -> None:
        if not denied:
            return
        user = self._client.get_connection_kwargs().get("username") or "default"
        others = f" and {len(denied) - DENIED_TOLD} more" if len(denied) > DENIED_TOLD else ""
        told = ", ".join(denied[:DENIED_TOLD])
        raise redis.ResponseError(f"NOPERM user {user} may not do {told}{others}")

    def _read(self, key: str, ask: Callable[[], Any], nothing: Read) -> Read:
        """What is asked of a key; nothing where another type of value stands there."""
        with errors_in_words():
            try:
                return cast("Read", ask())
            except redis.ResponseError as error:
                if not str(error).startswith("WRONGTYPE"):
                    raise
                unreadable(key, str(error))
                return nothing


def fence_key(fence: Fence) -> str:
    """Where a fence stands."""
    return named("fence", *fence.words)


def _text(key: str, field: bytes) -> str | None:
    try:
        return field.decode()
    except UnicodeDecodeError as error:
        unreadable(key, str(error))
        return None


def _script(name: str) -> str:
    return files("textwire.results").joinpath(name).read_text()
