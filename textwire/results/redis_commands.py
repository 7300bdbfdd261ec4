"""Writes as the commands that Redis knows, and as the flat arguments that our scripts read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from textwire.results.keys import key
from textwire.results.store import PlaceWrites
from textwire.results.writes import Append, Count, Drop, Log, Put, Remove, SetField, Write
from textwire.wire.record import LogPlace

Argument = str | bytes | int
Command = list[Argument]

# The one field of an entry of a log.
VALUE_FIELD = b"value"
# Keys of the kinds that every service writes, and nobody reads.
CHECK_KEYS = tuple(key(first, "check") for first in ("fence", "outbox", "services"))


def commands_of(write: Write) -> list[Command]:
    """What does it; where one of them is refused, the rest is left."""
    match write:
        case Put(key, value, None):
            return [["SET", key, value]]
        case Put(key, value, ttl_s):
            return [["SET", key, value, "EX", cast("int", ttl_s)]]
        case Append(key, value, keep, ttl_s):
            return [["RPUSH", key, value], ["LTRIM", key, -keep, -1], *_expiry(key, ttl_s)]
        case Drop(key, value, ttl_s):
            return [["LREM", key, 0, value], *_expiry(key, ttl_s)]
        case SetField(key, field, None, ttl_s):
            return [["HDEL", key, field], *_expiry(key, ttl_s)]
        case SetField(key, field, value, ttl_s):
            return [["HSET", key, field, cast("bytes", value)], *_expiry(key, ttl_s)]
        case Count(key, field, by, ttl_s):
            return [["HINCRBY", key, field, by], *_expiry(key, ttl_s)]
        case Log(key, place, value, keep_from, ttl_s):
            entry: Command = ["XADD", key, _entry_id(place), VALUE_FIELD, value]
            return [entry, *_trimming(key, keep_from), *_expiry(key, ttl_s)]
        case Remove(key):
            return [["DEL", key]]


def every_command() -> list[Command]:
    """All that is ever asked of Redis."""
    return [command for name in CHECK_KEYS for command in _commands_on(name)]


def flat_places(by_place: Iterable[PlaceWrites]) -> list[Argument]:
    """For each record, its epoch, its offset and the number of its writes, and then these."""
    flat: list[Argument] = []
    for place, writes in by_place:
        flat += [*place, len(writes)]
        for write in writes:
            commands = commands_of(write)
            flat += [len(commands), *flat_commands(commands)]
    return flat


def flat_commands(commands: Sequence[Command]) -> list[Argument]:
    """For each command, the number of its words, and then these."""
    return [word for command in commands for word in (len(command), *command)]


def _commands_on(name: str) -> list[Command]:
    writes: tuple[Write, ...] = (
        Put(name, b""),
        Append(name, b"", keep=1, ttl_s=1),
        Drop(name, b""),
        SetField(name, "field", b""),
        SetField(name, "field", None),
        Count(name, "field"),
        Log(name, LogPlace(0, 0), b"", keep_from=LogPlace(0, 0)),
        Remove(name),
    )
    reads: list[Command] = [["GET", name], ["MGET", name], ["LRANGE", name, 0, -1]]
    reads += [["HGETALL", name], ["XRANGE", name, "-", "+"]]
    return [command for write in writes for command in commands_of(write)] + reads


def _entry_id(place: LogPlace) -> str:
    """Redis numbers entries by two numbers, none of them negative, and 0-0 is none."""
    return f"{place.epoch + 1}-{place.offset + 1}"


def place_of_entry(entry_id: bytes) -> LogPlace:
    """Where the record stands whose entry has this id."""
    epoch, _, offset = entry_id.partition(b"-")
    return LogPlace(int(epoch) - 1, int(offset) - 1)


def _trimming(key: str, keep_from: LogPlace | None) -> list[Command]:
    return [] if keep_from is None else [["XTRIM", key, "MINID", _entry_id(keep_from)]]


def _expiry(key: str, ttl_s: int | None) -> list[Command]:
    return [] if ttl_s is None else [["EXPIRE", key, ttl_s]]
