"""Results in Redis, or in anything that speaks its protocol.

The fence and the writes behind it are one Lua script, so that they happen together or not at all.
The keys are not declared to the script, since they follow from the data: this needs one Redis, not
a Redis Cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from textwire.errors import RedisUnavailable
from textwire.results.store import OffsetWrites
from textwire.results.writes import Append, Count, Drop, Fence, Put, Remove, SetField, Write

Argument = str | bytes | int
Command = list[Argument]

# ARGV is flat: for each offset, the offset and the number of commands, and for each command
# the number of its words and the words.
APPLY_BEHIND_FENCE = """
local last = tonumber(redis.call('GET', KEYS[1]) or '-1')
local applied, at = 0, 1
while at <= #ARGV do
  local offset, commands = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  at = at + 2
  for _ = 1, commands do
    local words = tonumber(ARGV[at])
    if offset > last then
      redis.call(unpack(ARGV, at + 1, at + words))
    end
    at = at + 1 + words
  end
  if offset > last then
    last, applied = offset, applied + 1
  end
end
if applied > 0 then
  redis.call('SET', KEYS[1], last)
end
return applied
"""

# Answers that mean "not now" rather than "never": loading its data, out of memory, a disk that is
# full (MISCONF), a replica that waits for its primary.
NOT_NOW = ("LOADING", "OOM", "MISCONF", "READONLY", "MASTERDOWN", "BUSY", "TRYAGAIN", "NOREPLICAS")


class RedisResults:
    """A result store on a Redis server."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._apply = client.register_script(APPLY_BEHIND_FENCE)

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
        arguments: list[Argument] = []
        for offset, writes in by_offset:
            commands = [command for write in writes for command in _commands(write)]
            arguments += [offset, len(commands)]
            for command in commands:
                arguments += [len(command), *command]
        with _translated_errors():
            return int(self._apply(keys=[fence_key(fence)], args=arguments))

    def write(self, writes: Iterable[Write]) -> None:
        """Apply writes that belong to no record. Repeating them after a lost reply counts twice."""
        commands = [command for write in writes for command in _commands(write)]
        with _translated_errors():
            pipeline = self._client.pipeline(transaction=True)
            for command in commands:
                pipeline.execute_command(*command)  # type: ignore[no-untyped-call]
            pipeline.execute()

    def last_applied(self, fence: Fence) -> int | None:
        """The last offset applied, or None."""
        value = self.get(fence_key(fence))
        return None if value is None else int(value)

    def get(self, key: str) -> bytes | None:
        """A value, or None."""
        return self.get_many([key])[0]

    def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """Values in the order of their keys."""
        if not keys:
            return []
        with _translated_errors():
            return cast("list[bytes | None]", self._client.mget(keys))

    def tail(self, key: str, count: int) -> list[bytes]:
        """The newest values of a list, oldest first."""
        if count <= 0:
            return []
        with _translated_errors():
            return cast("list[bytes]", self._client.lrange(key, -count, -1))

    def fields(self, key: str) -> dict[str, bytes]:
        """A whole table."""
        with _translated_errors():
            table = cast("dict[bytes, bytes]", self._client.hgetall(key))
        return {field.decode(): value for field, value in table.items()}

    def check(self) -> None:
        """Ask whether the server is there.

        Raises: RedisUnavailable: it is not.
        """
        with _translated_errors():
            self._client.ping()

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()


def fence_key(fence: Fence) -> str:
    """Where a fence stands."""
    return f"fence:{fence.group}:{fence.topic}:{fence.topic_id}:{fence.partition}"


def _commands(write: Write) -> list[Command]:
    match write:
        case Put(key, value, None):
            return [["SET", key, value]]
        case Put(key, value, ttl_s):
            return [["SET", key, value, "EX", cast("int", ttl_s)]]
        case Append(key, value, keep, ttl_s):
            expiry: list[Command] = [] if ttl_s is None else [["EXPIRE", key, ttl_s]]
            return [["RPUSH", key, value], ["LTRIM", key, -keep, -1], *expiry]
        case Drop(key, value):
            return [["LREM", key, 0, value]]
        case SetField(key, field, None):
            return [["HDEL", key, field]]
        case SetField(key, field, value):
            return [["HSET", key, field, cast("bytes", value)]]
        case Count(key, field, by):
            return [["HINCRBY", key, field, by]]
        case Remove(key):
            return [["DEL", key]]


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except (redis.ConnectionError, redis.TimeoutError) as error:
        raise RedisUnavailable(
            f"Redis does not answer: {error}. Is it up? See `textwire status`."
        ) from error
    except redis.ResponseError as error:
        if not _means_not_now(error):
            raise
        raise RedisUnavailable(f"Redis cannot serve at the moment: {error}") from error


def _means_not_now(error: Any) -> bool:
    return isinstance(error, (redis.ReadOnlyError, redis.OutOfMemoryError)) or str(
        error
    ).startswith(NOT_NOW)
