"""How far the world has come, so that a feed that starts again goes on where it stopped."""

from __future__ import annotations

import msgspec

from textwire.results.keys import key
from textwire.results.reading import read_value
from textwire.results.store import ResultStore
from textwire.results.writes import Put
from textwire.wire.message import Moment

KEY = key("samples", "world")


class WorldProgress(msgspec.Struct, frozen=True, kw_only=True):
    """Where the world began, and the moment up to which it was sent."""

    began: Moment
    reached: Moment


def read_progress(store: ResultStore) -> WorldProgress | None:
    """How far the world has come; None where it has not begun.

    Raises: RedisUnavailable: the store is away.
    """
    return read_value(store, KEY, WorldProgress)


def write_progress(store: ResultStore, progress: WorldProgress) -> None:
    """Remember it.

    Raises: RedisUnavailable: the store is away.
    """
    store.write([Put(KEY, msgspec.json.encode(progress))])
