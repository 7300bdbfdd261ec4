"""The items and the model that stand now, as one snapshot that is swapped whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from threading import Event, Lock
from time import monotonic
from typing import NamedTuple

import msgspec

from textwire.errors import Unavailable
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.cached import CachedEncoder
from textwire.models.engines.encoder import Encoder, Vectors
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.keys import item_key
from textwire.recommendations.lists.list_building import Scorer
from textwire.recommendations.messages import Item
from textwire.recommendations.profiles.comments import CommentReader
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.following import Following
from textwire.recommendations.ranking.item_model import LOOKED_AT
from textwire.recommendations.ranking.shop_fit import fitting_item_model, fitting_ranker
from textwire.recommendations.results import item_writes
from textwire.results.store import ResultStore
from textwire.stream.pacing import in_groups

# A chunk is live as soon as it is embedded, and a stop waits for no more than one. Texts that were
# embedded before pass a hundred times as fast as new ones, so chunks grow and shrink with the time
# that they take.
FEWEST_AT_ONCE, MOST_AT_ONCE = 50, 5_000
CHUNK_S = 0.5
SHOWN_AT_ONCE = 500


class Model(NamedTuple):
    """An artifact, loaded and warm.

    half_lives      of what is done, as the ranker was trained with.
    item_model      what follows from which, and which items the model knows; None: an unknown shop.
    known_words     of the model's language, by which a slip is told from a word; none: no slips.
    """

    encoder: Encoder
    ranker: Scorer
    version: str
    half_lives: HalfLives
    item_model: Following | None = None
    known_words: frozenset[str] = frozenset()


LoadModel = Callable[[Artifact], Model]


@dataclass(frozen=True)
class ServingSnapshot:
    """Everything that lists are made from, at one moment."""

    model: Model
    index: ItemIndex
    comments: CommentReader

    @cached_property
    def item_model(self) -> Following | None:
        """The model's item model, where it was trained in this shop."""
        return fitting_item_model(self.model.item_model, self.first_ids)

    @cached_property
    def ranker(self) -> Scorer:
        """The model's ranker where it was trained in this shop; in another the prior alone."""
        return fitting_ranker(self.model.ranker, self.model.item_model, self.first_ids)

    @property
    def first_ids(self) -> list[str]:
        """Enough item ids to tell which shop this is."""
        return list(islice(self.index.numbers, LOOKED_AT))


class Catalogue:
    """The snapshot that stands now. Items and models come from other threads than requests.

    A reader takes `snapshot` once and works with that one; writers put another in its place.
    """

    def __init__(
        self,
        artifact: Artifact,
        load_model: LoadModel,
        store: ResultStore,
        languages: Sequence[str] = ("en",),
    ) -> None:
        """A snapshot without items.

        Args:   store: where vectors are remembered, and where pages find items.
                languages: that the model reads, as `recommendations.languages` says.
        Raises: ArtifactError: the model cannot be used.
        """
        self._load_model = load_model
        self._store = store
        self._languages = languages
        self._writing = Lock()
        self._stopping = Event()
        self._snapshot = self._empty_snapshot(artifact)

    @property
    def snapshot(self) -> ServingSnapshot:
        """What stands now."""
        return self._snapshot

    def start(self) -> None:
        """Nothing to begin: items and models are handed over by those who follow them."""

    def stop(self) -> None:
        """Let whoever is bringing in many items end after the next few."""
        self._stopping.set()

    def apply(self, changes: Mapping[str, Item | None]) -> None:
        """Put items in, and remove those without a value, by their ids.

        Many go in chunk by chunk, each live as soon as it is embedded.

        Raises: Unavailable: the store is away, or we were told to stop; what is in already stays,
                and costs nothing when all is brought again.
        """
        index = self._snapshot.index
        new = [
            item for key, item in changes.items() if item is not None and index.item(key) != item
        ]
        gone = [key for key, item in changes.items() if item is None and key in index]
        self._remove(gone)
        for chunk in self._chunks(new):
            self._put(chunk)
        self._show(changes)

    def use(self, artifact: Artifact) -> None:
        """Go over to another model: loaded, warmed and given all items beside the one in use.

        Items that change meanwhile go live under the old model and are caught up with at last.

        Raises: ArtifactError: the model cannot be used; the old one stays.
        """
        model = self._load_model(artifact)
        comments = CommentReader(model.encoder, self._languages)
        taken_over = self._snapshot.index
        index = ItemIndex.empty(model.encoder.dimension)
        for chunk in self._chunks(list(taken_over.items.values())):
            index = index.changed(chunk, self._embedded(model, chunk))
        with self._writing:
            new, gone = difference(taken_over, self._snapshot.index)
            self._snapshot = ServingSnapshot(
                model, index.changed(new, self._embedded(model, new), gone), comments
            )

    def _put(self, items: Sequence[Item]) -> None:
        with self._writing:
            model = self._snapshot.model
            vectors = self._embedded(model, items)
            index = self._snapshot.index.changed(items, vectors)
            self._snapshot = replace(self._snapshot, index=index)

    def _remove(self, ids: Sequence[str]) -> None:
        if not ids:
            return
        with self._writing:
            nothing = self._embedded(self._snapshot.model, ())
            index = self._snapshot.index.changed((), nothing, ids)
            self._snapshot = replace(self._snapshot, index=index)

    def _embedded(self, model: Model, items: Sequence[Item]) -> Vectors:
        """(n, d); what was embedded before is remembered."""
        return CachedEncoder(model.encoder, self._store).encode([item.text for item in items])

    def _chunks(self, items: Sequence[Item]) -> Iterator[Sequence[Item]]:
        start, many = 0, FEWEST_AT_ONCE
        while start < len(items):
            if self._stopping.is_set():
                raise Unavailable("The service is stopping. It reads on when it starts again.")
            began_s = monotonic()
            yield items[start : start + many]
            start += many
            quick = monotonic() - began_s < CHUNK_S
            many = min(MOST_AT_ONCE, 2 * many) if quick else max(FEWEST_AT_ONCE, many // 4)

    def _show(self, changes: Mapping[str, Item | None]) -> None:
        """Let pages find the items; every replica reads the same, so what is there is not put."""
        for keys in in_groups(changes, SHOWN_AT_ONCE):
            shown = self._store.get_many([item_key(key) for key in keys])
            fresh = [
                write
                for key, there in zip(keys, shown, strict=True)
                if there != _encoded(changes[key])
                for write in item_writes(key, changes[key])
            ]
            if fresh:
                self._store.write(fresh)

    def _empty_snapshot(self, artifact: Artifact) -> ServingSnapshot:
        model = self._load_model(artifact)
        index = ItemIndex.empty(model.encoder.dimension)
        return ServingSnapshot(model, index, CommentReader(model.encoder, self._languages))


def _encoded(item: Item | None) -> bytes | None:
    return None if item is None else msgspec.json.encode(item)


def difference(old: ItemIndex, new: ItemIndex) -> tuple[list[Item], list[str]]:
    """What leads from old to new: items put, and ids removed."""
    put = [item for item in new.items.values() if old.item(item.id) != item]
    return put, [item_id for item_id in old.numbers if item_id not in new]
