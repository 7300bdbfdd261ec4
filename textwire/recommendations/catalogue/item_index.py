"""All items as they stand at one moment, with the vectors of their texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest
from itertools import islice

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.catalogue.column_store import ItemColumns, Numbers
from textwire.recommendations.messages import Filters, Item
from textwire.search.layered_vectors import LayeredIndex
from textwire.search.vectors import NOTHING

# As many as the setting `fresh` may ask for.
KEPT_NEWEST = 200


@dataclass(frozen=True)
class ItemIndex:
    """Items that can be found by meaning, by id, and by age. It never changes.

    A number stands for one version of one item and is never given again. What is not available
    cannot be found, but is known: users have looked at it.
    """

    on_sale: LayeredIndex
    withdrawn: LayeredIndex
    items: Mapping[int, Item] = field(default_factory=dict)  # by number
    numbers: Mapping[str, int] = field(default_factory=dict)  # by id
    columns: ItemColumns = field(default_factory=ItemColumns)
    newest: tuple[int, ...] = ()  # of those on sale, the newest first
    following: int = 0

    @classmethod
    def empty(cls, dimension: int) -> ItemIndex:
        """No items yet."""
        return cls(LayeredIndex(dimension), LayeredIndex(dimension))

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, item_id: str) -> bool:
        return item_id in self.numbers

    def item(self, item_id: str) -> Item | None:
        """An item by its id; None where it is not known."""
        number = self.numbers.get(item_id)
        return None if number is None else self.items[number]

    def vectors_of(self, item_ids: Sequence[str]) -> Vectors:
        """The vectors of items, (n, d) float32, in their order; all must be known."""
        numbers = [self.numbers[item_id] for item_id in item_ids]
        if all(self.items[number].on_sale for number in numbers):
            return self.on_sale.vectors_of(numbers)
        vectors = np.empty((len(numbers), self.on_sale.dimension), dtype=np.float32)
        for index, available in ((self.on_sale, True), (self.withdrawn, False)):
            places = [i for i, n in enumerate(numbers) if self.items[n].on_sale == available]
            vectors[places] = index.vectors_of([numbers[place] for place in places])
        return vectors

    def nearest(self, vectors: Vectors, k: int) -> list[list[Item]]:
        """The nearest k items on sale for each vector, (n, d) float32, the nearest first."""
        _, found = self.on_sale.search(vectors, min(k, max(1, len(self.on_sale))))
        return [[self.items[int(n)] for n in row if n != NOTHING] for row in found]

    def nearest_among(self, vectors: Vectors, k: int, among: Numbers) -> Numbers:
        """Numbers of the nearest k of some items on sale for any of the vectors, rising.

        Args: vectors: (n, d) float32, unit length. among: (m,) numbers of items.
        """
        _, found = self.on_sale.search(vectors, min(k, max(1, len(among))), among)
        return np.unique(found[found != NOTHING])

    def matching(self, filters: Filters) -> list[str]:
        """Ids of items that have all that is asked for, on sale or not, in order."""
        return [self.items[int(number)].id for number in self.columns.matching(filters)]

    def unmet(self, filters: Filters) -> list[str]:
        """Names of the filters of which each alone fits no item, on sale or not."""
        return self.columns.unmet(filters)

    def offered(self, filters: Filters, at: datetime, without: Sequence[Filters] = ()) -> Numbers:
        """Numbers of what is on sale, is out, fits and has none of `without`, (m,) rising."""
        return self.columns.offered(filters, at, without)

    def fresh(self, count: int, at: datetime) -> list[Item]:
        """The newest items that are on sale and out, the newest first.

        At most `KEPT_NEWEST`, and fewer where the newest are yet to come out.
        """
        newest = (self.items[number] for number in self.newest)
        return list(islice((item for item in newest if is_out(item, at)), count))

    def changed(
        self, put: Sequence[Item], vectors: Vectors, removed: Sequence[str] = ()
    ) -> ItemIndex:
        """The next moment: ids removed, and then items put in or replaced.

        Args: put: n items of different ids; vectors: (n, d) float32, of their texts.
        """
        ids = [item.id for item in put]
        new = dict(enumerate(put, start=self.following))
        gone = {self.numbers[id_] for id_ in (*removed, *ids) if id_ in self.numbers}
        items, numbers = dict(self.items), dict(self.numbers)
        for number in gone:
            del numbers[items.pop(number).id]
        items |= new
        numbers |= zip(ids, new, strict=True)
        return ItemIndex(
            on_sale=_changed(self.on_sale, new, vectors, gone, available=True),
            withdrawn=_changed(self.withdrawn, new, vectors, gone, available=False),
            items=items,
            numbers=numbers,
            columns=self.columns.changed(new, gone),
            newest=self._newest(items, new, gone),
            following=self.following + len(new),
        )

    def _newest(
        self, items: Mapping[int, Item], new: Mapping[int, Item], gone: set[int]
    ) -> tuple[int, ...]:
        left = [number for number in self.newest if number not in gone]
        newest = _newest_of((*left, *new), items)
        held_all = len(self.newest) < KEPT_NEWEST
        if held_all or (
            len(newest) == KEPT_NEWEST
            and _age_key(newest[-1], items) >= _age_key(self.newest[-1], self.items)
        ):
            return newest
        # Behind those that went stand others, which only a look at all items can tell.
        return _newest_of(items, items)


def is_out(item: Item, at: datetime) -> bool:
    """Whether an item was published by then; one without a date always was."""
    return item.published_at is None or item.published_at <= at


def _newest_of(numbers: Iterable[int], items: Mapping[int, Item]) -> tuple[int, ...]:
    on_sale = (number for number in numbers if items[number].on_sale)
    return tuple(nlargest(KEPT_NEWEST, on_sale, key=lambda number: _age_key(number, items)))


def _age_key(number: int, items: Mapping[int, Item]) -> tuple[float, int]:
    """By date, and then in the order in which they came; those without a date are the oldest."""
    published_at = items[number].published_at
    return (published_at.timestamp() if published_at else float("-inf"), number)


def _changed(
    index: LayeredIndex,
    new: Mapping[int, Item],
    vectors: Vectors,
    gone: set[int],
    *,
    available: bool,
) -> LayeredIndex:
    places = [place for place, item in enumerate(new.values()) if item.on_sale == available]
    numbers = list(new)
    if not places and not gone:
        return index
    return index.changed([numbers[place] for place in places], vectors[places], sorted(gone))
