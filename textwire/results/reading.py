"""Typed values from a result store.

What is not as we write it is passed over, told in the log and counted: another program may have
written it, and one such value must not stop those who read the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

import msgspec

from textwire.errors import RedisUnavailable
from textwire.results.metrics import unreadable
from textwire.results.store import ResultStore
from textwire.undecodable import NOT_DECODABLE
from textwire.wire.record import LogPlace

T = TypeVar("T")


class Decode(Protocol):
    """Bytes into a type: `msgspec.json.decode`, or its like for another format."""

    def __call__(self, buf: bytes, /, *, type: type[T]) -> T:  # noqa: A002 - msgspec's own word
        """Raises one of NOT_DECODABLE."""
        ...


def read_value(
    store: ResultStore, key: str, kind: type[T], decode: Decode = msgspec.json.decode
) -> T | None:
    """The value under a key; None where there is none that can be read."""
    return _decoded(key, store.get(key), kind, decode)


def read_values(
    store: ResultStore, keys: Mapping[str, str], kind: type[T], decode: Decode = msgspec.json.decode
) -> dict[str, T]:
    """The values that there are, by name.

    Args: keys: the key of each name.
    """
    held = zip(keys.items(), store.get_many(list(keys.values())), strict=True)
    values = {name: _decoded(key, value, kind, decode) for (name, key), value in held}
    return {name: value for name, value in values.items() if value is not None}


def read_list(store: ResultStore, key: str, count: int, kind: type[T]) -> list[T]:
    """The newest values of a list, oldest first."""
    values = [_decoded(key, value, kind, msgspec.json.decode) for value in store.tail(key, count)]
    return [value for value in values if value is not None]


def read_table(store: ResultStore, key: str, kind: type[T]) -> dict[str, T]:
    """A whole table, by field; a counter is an int."""
    values = {
        field: _decoded(key, value, kind, msgspec.json.decode)
        for field, value in store.fields(key).items()
    }
    return {field: value for field, value in values.items() if value is not None}


def read_tables(
    store: ResultStore, keys: Mapping[str, str], kind: type[T]
) -> dict[str, dict[str, T]]:
    """Whole tables by name, those that are empty too, in one round trip.

    Args: keys: the key of each name.
    """
    tables = zip(keys.items(), store.fields_many(list(keys.values())), strict=True)
    read = {
        name: {f: _decoded(key, value, kind, msgspec.json.decode) for f, value in table.items()}
        for (name, key), table in tables
    }
    return {
        name: {field: value for field, value in table.items() if value is not None}
        for name, table in read.items()
    }


def read_log(
    store: ResultStore, key: str, kind: type[T], decode: Decode = msgspec.json.decode
) -> dict[LogPlace, T]:
    """A whole log, by place."""
    entries = store.entries(key).items()
    values = {place: _decoded(key, value, kind, decode) for place, value in entries}
    return {place: value for place, value in values.items() if value is not None}


def read_state(store: ResultStore, key: str, kind: type[T], decode: Decode) -> T | None:
    """A value that cannot be passed over, since all that follows from it would be wrong.

    Raises: RedisUnavailable: it is not as we wrote it. Somebody has to restore or remove it.
    """
    value = store.get(key)
    try:
        return None if value is None else decode(value, type=kind)
    except NOT_DECODABLE as error:
        raise RedisUnavailable(
            f"What stands in Redis under {key} is not as Textwire wrote it: {error}. "
            f"Restore it, or begin anew: redis-cli DEL {key}"
        ) from error


def _decoded(key: str, value: bytes | None, kind: type[T], decode: Decode) -> T | None:
    if value is None:
        return None
    try:
        return decode(value, type=kind)
    except NOT_DECODABLE as error:
        unreadable(key, f"{type(error).__name__}: {error}")
        return None
