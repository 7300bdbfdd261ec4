"""The sample shop: its items, the tastes of its shoppers, and the stream of what they do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

import msgspec

from textwire.errors import DataError
from textwire.recommendations.messages import BehaviourEvent, Item
from textwire.sample_world.shoppers import Shopper
from textwire.sample_world.tastes import Shelf, Taste
from textwire.undecodable import NOT_DECODABLE

Line = TypeVar("Line")


class ShelvedItem(msgspec.Struct, kw_only=True):
    """An item as the file has it: published so many minutes after the world's start."""

    id: str
    title: str
    description: str | None = None
    tags: tuple[str, ...] = ()
    category: str | None = None
    price: float | None = None
    published_at_minute: int = 0
    available: bool = True

    def at(self, start: datetime) -> Item:
        """The item, in a world that starts at a moment."""
        fields = msgspec.structs.asdict(self)
        minutes = fields.pop("published_at_minute")
        return Item(published_at=start + timedelta(minutes=minutes), **fields)


def sample_items(folder: Path, start: datetime) -> list[Item]:
    """All items of the shop in a folder, those to come included.

    Raises: DataError: the file is missing or broken.
    """
    return [shelved.at(start) for shelved in _read(folder / "items.jsonl", ShelvedItem)]


def sample_tastes(folder: Path) -> list[Taste]:
    """All tastes of the shop in a folder.

    Raises: DataError: the file is missing or broken.
    """
    return _read(folder / "tastes.jsonl", Taste)


def simulate_shoppers(
    items: Sequence[Item],
    tastes: Sequence[Taste],
    start: datetime,
    users: int = 200,
    events: int | None = None,
    seed: int = 0,
) -> Iterator[BehaviourEvent]:
    """What the shop's users do from a moment on, in order of time; without end if `events` is None.

    The same arguments give the same events, with the same ids.
    """
    shelf = Shelf(items, seed)
    streams = [shopper.events() for shopper in shoppers(shelf, tastes, start, users, seed)]
    in_order = islice(merge(*streams, key=attrgetter("at")), events)
    world = f"{start:%Y%m%dT%H%M%S}-{seed}"
    for number, event in enumerate(in_order, 1):
        yield msgspec.structs.replace(event, id=f"{world}-{number:06d}")


def shoppers(
    shelf: Shelf, tastes: Sequence[Taste], start: datetime, users: int, seed: int
) -> list[Shopper]:
    """The people behind the stream."""
    return [Shopper(f"u{n:04d}", shelf, tastes, start, seed) for n in range(1, users + 1)]


def _read(path: Path, line: type[Line]) -> list[Line]:
    try:
        return msgspec.json.Decoder(line).decode_lines(path.read_bytes())
    except (OSError, *NOT_DECODABLE) as error:
        raise DataError(f"The samples {path} cannot be read: {error}. Install anew.") from error
