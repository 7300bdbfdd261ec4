"""An item model in closed form: which items follow from which, learned from a whole log.

Only the strongest neighbours of each item are kept. It is made in
`pipelines/recommendations/item_model.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.encoder import Vectors
from textwire.undecodable import NOT_DECODABLE

ITEM_MODEL_FILE = "item_model.safetensors"
NO_NEIGHBOUR = -1
# Half of a shop's items are those it was trained on, or it is another shop.
LEAST_KNOWN = 0.5
# So many tell whether it is.
LOOKED_AT = 1_000

Places = NDArray[np.int32]
Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class ItemModel:
    """Sparse weights between items.

    ids         of m items that have neighbours.
    neighbours  (m, k) int32, places in `ids`; NO_NEIGHBOUR where there are fewer.
    weights     (m, k) float32.
    known       (n,) uint64, sorted: hashes of the ids of all items that were there in training.
    """

    ids: tuple[str, ...]
    neighbours: Places
    weights: Vectors
    known: Hashes

    @classmethod
    def empty(cls, item_ids: Iterable[str] = ()) -> ItemModel:
        """One that says nothing but which items it knows."""
        nothing = np.empty((0, 0), dtype=np.int32)
        return cls((), nothing, nothing.astype(np.float32), hash_ids(item_ids))

    @cached_property
    def places(self) -> dict[str, int]:
        """Where an item with neighbours stands."""
        return {item_id: place for place, item_id in enumerate(self.ids)}

    def scores(self, item_ids: Sequence[str], shares: Vectors) -> dict[str, float]:
        """What follows from these items together: item id -> weight, for all that have one.

        Args: shares: (n,) float32, how much each of the items counts.
        """
        rows = [
            (self.places[i], s) for i, s in zip(item_ids, shares, strict=True) if i in self.places
        ]
        if not rows:
            return {}
        total = np.zeros(len(self.ids), dtype=np.float32)
        for place, share in rows:
            there = self.neighbours[place] != NO_NEIGHBOUR
            total[self.neighbours[place][there]] += share * self.weights[place][there]
        return {self.ids[place]: float(total[place]) for place in np.flatnonzero(total)}

    def is_of(self, item_ids: Sequence[str]) -> bool:
        """Whether it was trained in the shop that has these items."""
        return is_known(item_ids, self.known)

    def to_bytes(self) -> bytes:
        """As it stands in an artifact."""
        return save(
            {
                "ids": np.frombuffer(msgspec.json.encode(self.ids), dtype=np.uint8),
                "neighbours": self.neighbours,
                "weights": self.weights.astype(np.float16),
                "known": self.known,
            }
        )


def is_known(item_ids: Sequence[str], known: Hashes) -> bool:
    """Whether half of these ids are among the known ones; known: (n,) uint64, sorted."""
    if not item_ids:
        return False
    found = np.isin(hash_ids(item_ids[:LOOKED_AT]), known, assume_unique=False)
    return bool(found.mean() >= LEAST_KNOWN)


def load_item_model(artifact: Artifact) -> ItemModel:
    """The item model of an artifact.

    Raises: ArtifactMissing: it has none. ArtifactCorrupt: it cannot be read.
    """
    name = f"{ITEM_MODEL_FILE} of {artifact.manifest.version}"
    try:
        tensors = load(artifact.file(ITEM_MODEL_FILE).read_bytes())
        model = ItemModel(
            ids=msgspec.json.decode(tensors["ids"].tobytes(), type=tuple[str, ...]),
            neighbours=tensors["neighbours"],
            weights=tensors["weights"].astype(np.float32),
            known=tensors["known"],
        )
    except (SafetensorError, KeyError, *NOT_DECODABLE) as error:
        raise ArtifactCorrupt(f"{name} cannot be read: {error!r}.") from error
    if len(model.ids) != len(model.neighbours) or model.neighbours.shape != model.weights.shape:
        raise ArtifactCorrupt(
            f"{name} has {len(model.ids)} ids and neighbours of shape {model.neighbours.shape} and "
            f"{model.weights.shape}."
        )
    return model


def hash_ids(item_ids: Iterable[str]) -> Hashes:
    """Sorted hashes of ids, (n,) uint64."""
    digests = (blake2b(item_id.encode(), digest_size=8).digest() for item_id in item_ids)
    return np.sort(np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64))
