"""Anyone's own data: a file of items, and a file of what users did with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.item_vectors import read_vectors
from pipelines.training_data.data_files import (
    OnBadRows,
    Placed,
    by_path,
    read_placed,
    tell,
)
from textwire.errors import DataError, DataFileError, RecordRejected
from textwire.recommendations.catalogue.unknown_ids import told_unknown
from textwire.recommendations.messages import BehaviourEvent, EventKind, Item


@dataclass(frozen=True)
class OwnShop:
    """A source of data. The mappings are `field=column`, of the one file and of the other.

    kind: what every event is, where the file has no column for it.
    vectors: files of other vectors of items, by their kind, such as `picture`.
    skip_bad: rows that cannot be used are named and passed over.
    """

    events: Path
    items: Path
    mapping: tuple[str, ...] = ()
    items_mapping: tuple[str, ...] = ()
    kind: EventKind | None = None
    vectors: Mapping[str, Path] = field(default_factory=dict)
    skip_bad: bool = False

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its path in the folder that holds it all."""
        return by_path(self.items, self.events, *self.vectors.values())

    def read(self) -> ShopData:
        """All of it, checked.

        Raises: DataError, DataFileError: files or rows are wrong.
        """
        items = self._read_items()
        events = [placed.row for placed in self._read_events()]
        if not events:
            raise DataError(f"{self.events} holds no events.")
        numbered = (
            msgspec.structs.replace(event, id=event.id or f"row-{number}")
            for number, event in enumerate(events, start=1)
        )
        named = Counter(event.item_id for event in events if event.item_id)
        if doubt := told_unknown(named, items):
            tell([doubt])
        vectors = {name: read_vectors(file) for name, file in self.vectors.items()}
        return ShopData(items, list(numbered), vectors).checked()

    @property
    def _bad_rows(self) -> OnBadRows:
        return "pass over" if self.skip_bad else "offer to pass over"

    def _read_items(self) -> list[Item]:
        """Each once; a second row of an id is refused where it says something else."""
        known: dict[str, Item] = {}

        def once(item: Item) -> Item:
            if known.setdefault(item.id, item) != item:
                raise RecordRejected(f"its id '{item.id}' stands above with other content")
            return item

        read_placed(self.items, Item, self.items_mapping, once, bad_rows=self._bad_rows)
        return list(known.values())

    def _read_events(self) -> list[Placed[BehaviourEvent]]:
        usual = {"kind": self.kind} if self.kind else {}
        try:
            return read_placed(
                self.events, BehaviourEvent, self.mapping, usual=usual, bad_rows=self._bad_rows
            )
        except DataFileError as error:
            if self.kind or "no column `kind`" not in str(error):
                raise
            raise DataFileError(
                f"{error} Or say what all of them are, such as `--kind purchase`."
            ) from error
