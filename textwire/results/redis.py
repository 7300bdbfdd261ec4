"""Results in Redis 7 or later, or in Valkey.

Whatever is written goes through one Lua script (apply.lua), so that the fence and the writes behind
it happen together. The keys are not declared to the script, since they follow from the data: this
needs one Redis, not a Redis Cluster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from importlib.resources import files
from typing import Any, TypeVar, cast

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from textwire.errors import FenceTaken, SettingsError
from textwire.results.keys import key as named
from textwire.results.metrics import refused, unreadable
from textwire.results.redis_commands import (
    CHECK_KEYS,
    VALUE_FIELD,
    every_command,
    flat_commands,
    flat_places,
    place_of_entry,
)
from textwire.results.redis_errors import errors_in_words
from textwire.results.store import PlaceWrites, taken
from textwire.results.writes import Fence, Owner, Put, Write
from textwire.wire.record import LogPlace

Read = TypeVar("Read")

BAD_URL = (
    "TEXTWIRE_REDIS_URL is no Redis URL: redis://:PASSWORD@HOST:PORT/0 is one. "
    "A password's own /, @ and : are written as %2F, %40 and %3A."
)
CHECK_TTL_S = 60
# An offset, and the epoch of its leader where that is known.
FENCE = re.compile(rb"(?P<offset>\d{1,19})( (?P<epoch>\d{1,19}))?")
TAKEN = b"TAKEN "  # how apply.lua says that another owns the fence
DENIED_TOLD = 3


class RedisResults:
    """A result store on a Redis server."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._user = client.get_connection_kwargs().get("username") or "default"
        self._apply = client.register_script(_script("apply.lua"))
        self._claim = client.register_script(_script("claim.lua"))
        self._permissions = client.register_script(_script("permissions.lua"))
        self._is_one_server = False  # as far as we know

    @classmethod
    def from_url(cls, url: str, timeout_s: float = 5.0) -> RedisResults:
        """A store at `redis://...`; connects at the first use.

        No retry inside: the loop's own retries are seen in logs and metrics, and `write` is not
        safe to repeat.

        Raises: SettingsError: the URL is none of Redis's.
        """
        try:
            client = redis.Redis.from_url(
                url,
                socket_timeout=timeout_s,
                socket_connect_timeout=timeout_s,
                retry=Retry(NoBackoff(), 0),
                health_check_interval=30,
            )
            client.connection_pool.make_connection()  # it knows all options; nothing is sent yet
        except (ValueError, TypeError):
            # Without the reason, which may quote the password.
            raise SettingsError(BAD_URL) from None
        return cls(client)

    def claim(self, fence: Fence, owner: Owner, *, from_anyone: bool = False) -> LogPlace | None:
        """Nobody but this owner moves the fence from now on."""
        with self._asking("EVALSHA", owner_key(fence)):
            held = self._claim(keys=[owner_key(fence)], args=[*owner, int(from_anyone)])
            by_whom = None if held is None else held.decode(errors="replace")
        if by_whom is not None:
            raise FenceTaken(taken(fence, by_whom))
        return self.last_applied(fence)

    def apply(
        self, fence: Fence, by_place: Sequence[PlaceWrites], owner: Owner | None = None
    ) -> int:
        """Apply what lies behind the fence, and move it."""
        keys = [fence_key(fence), *([owner_key(fence)] if owner else [])]
        try:
            return self._run(keys, by_place, str(owner or ""))
        except _Taken as error:
            raise FenceTaken(taken(fence, str(error))) from None

    def write(self, writes: Iterable[Write]) -> None:
        """Apply writes that belong to no record. Repeating them after a lost reply counts twice."""
        if together := list(writes):
            self._run([], [(LogPlace(-1, 0), together)])

    def last_applied(self, fence: Fence) -> LogPlace | None:
        """The last place applied, or None."""
        key = fence_key(fence)
        value = self.get(key)
        if value is None:
            return None
        with self._asking("MGET", key):
            found = FENCE.fullmatch(value)
            if found is None:
                raise redis.ResponseError(f"BADFENCE {key}")
        return LogPlace(int(found["epoch"] or -1), int(found["offset"]))

    def get(self, key: str) -> bytes | None:
        """A value, or None."""
        return self.get_many([key])[0]

    def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """Values in the order of their keys."""
        if not keys:
            return []
        with self._asking("MGET", keys[0]):
            values = cast("list[bytes | None]", list(self._client.mget(keys)))
            if len(values) != len(keys):
                raise redis.InvalidResponse(f"{len(values)} values of {len(keys)} keys")
        return values

    def tail(self, key: str, count: int) -> list[bytes]:
        """The newest values of a list, oldest first."""
        if count <= 0:
            return []
        return self._read("LRANGE", key, lambda: list(self._client.lrange(key, -count, -1)), [])

    def fields(self, key: str) -> dict[str, bytes]:
        """A whole table."""
        return self._read("HGETALL", key, lambda: _named(key, self._hgetall(key)), {})

    def fields_many(self, keys: Sequence[str]) -> list[dict[str, bytes]]:
        """Whole tables in the order of their keys, in one round trip."""
        if not keys:
            return []
        with self._asking("HGETALL", keys[0]):
            asked = self._client.pipeline(transaction=False)
            for key in keys:
                asked.hgetall(key)
            answers = asked.execute(raise_on_error=False)
            return [_table(key, answer) for key, answer in zip(keys, answers, strict=True)]

    def entries(self, key: str) -> dict[LogPlace, bytes]:
        """A whole log, by place."""
        return self._read("XRANGE", key, lambda: _placed(key, self._xrange(key)), {})

    def check(self) -> None:
        """Find out whether all that services do can be done: a few commands, and one small write.

        Raises: RedisUnavailable: the server is away, lets us in no more, does not allow a command
                that we use, has no room, no disk or no primary, or is a cluster.
        """
        with self._asking("EVALSHA", CHECK_KEYS[0]):
            denied = self._permissions(args=flat_commands(every_command()))
            if denied:
                raise redis.ResponseError(f"NOPERM {_some_of(denied)}")
        self._refuse_cluster()
        self.write([Put(CHECK_KEYS[0], b"", ttl_s=CHECK_TTL_S)])

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def _run(self, fence: Sequence[str], by_place: Iterable[PlaceWrites], owner: str = "") -> int:
        if not self._is_one_server:
            self._refuse_cluster()
        flat = [owner, *flat_places(by_place)]
        with self._asking("EVALSHA", *fence):
            applied, why_not, refusals = self._apply(keys=fence, args=flat)
            for refusal in refusals:
                refused(*(word.decode(errors="replace") for word in refusal))
            if why_not.startswith(TAKEN):
                raise _Taken(why_not.removeprefix(TAKEN).decode(errors="replace"))
            if why_not:
                raise redis.ResponseError(why_not.decode(errors="replace"))
            return int(applied)

    def _refuse_cluster(self) -> None:
        # It refuses to be asked at once for keys that may be on several servers.
        with self._asking("MGET", *CHECK_KEYS):
            self._client.mget(CHECK_KEYS)
        self._is_one_server = True

    def _hgetall(self, key: str) -> dict[bytes, bytes]:
        return cast("dict[bytes, bytes]", self._client.hgetall(key))

    def _xrange(self, key: str) -> list[tuple[bytes, dict[bytes, bytes]]]:
        return cast("list[tuple[bytes, dict[bytes, bytes]]]", self._client.xrange(key))

    def _read(self, command: str, key: str, ask: Callable[[], Any], nothing: Read) -> Read:
        """What is asked of a key; nothing where another type of value stands there."""
        with self._asking(command, key):
            try:
                return cast("Read", ask())
            except redis.ResponseError as error:
                if not str(error).startswith("WRONGTYPE"):
                    raise
                unreadable(key, str(error))
                return nothing

    def _asking(self, *words: str) -> AbstractContextManager[None]:
        return errors_in_words(f"{' '.join(words)} as user {self._user}")


class _Taken(Exception):
    """Who owns the fence now."""


def owner_key(fence: Fence) -> str:
    """Where it stands who may move a fence."""
    return named("fence", *fence.words, "owner")


def fence_key(fence: Fence) -> str:
    """Where a fence stands."""
    return named("fence", *fence.words)


def _table(key: str, answer: dict[bytes, bytes] | Exception) -> dict[str, bytes]:
    """A table; empty where another type of value stands there."""
    if not isinstance(answer, Exception):
        return _named(key, answer)
    if not str(answer).startswith("WRONGTYPE"):
        raise answer
    unreadable(key, str(answer))
    return {}


def _named(key: str, table: dict[bytes, bytes]) -> dict[str, bytes]:
    names = [(_text(key, field), value) for field, value in table.items()]
    return {name: value for name, value in names if name is not None}


def _text(key: str, field: bytes) -> str | None:
    try:
        return field.decode()
    except UnicodeDecodeError as error:
        unreadable(key, str(error))
        return None


def _value(key: str, entry: dict[bytes, bytes]) -> bytes | None:
    if VALUE_FIELD not in entry:
        unreadable(key, "an entry has no value")
    return entry.get(VALUE_FIELD)


def _placed(key: str, log: list[tuple[bytes, dict[bytes, bytes]]]) -> dict[LogPlace, bytes]:
    entries = [(place_of_entry(id_), _value(key, entry)) for id_, entry in log]
    return {place: value for place, value in entries if value is not None}


def _some_of(denied: Sequence[bytes]) -> str:
    told = ", ".join(command.decode() for command in denied[:DENIED_TOLD])
    return f"{told} and {len(denied) - DENIED_TOLD} more" if len(denied) > DENIED_TOLD else told


def _script(name: str) -> str:
    return files("textwire.results").joinpath(name).read_text()
