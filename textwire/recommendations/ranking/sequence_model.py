"""A sequence model: what follows from a user's last items in their order, by attention over them.

Small enough for numpy: ten steps of 64 numbers through two layers take a part of a millisecond. It
is made in `pipelines/recommendations/sequence/`.

    x = LN(items[trail]) + positions                 each layer, with weights of its own:
    x = x + sigmoid(x G) * attention(LN(x))          a step looks at those before it and at itself
    x = x + sigmoid(x H) * (silu(LN(x) A) * LN(x) B) C
    score_j = items_j . LN(x at the last step) + bias_j

Sources: Kang and McAuley 2018, arXiv:1808.09781 (SASRec); Tikhonovich et al. 2025, arXiv:2508.06450
         (eSASRec: gated layers and a softmax over items in its place).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.ranking.item_model import Hashes, hash_ids, is_known
from textwire.undecodable import NOT_DECODABLE

SEQUENCE_FILE = "sequence_model.safetensors"
HEADS = 2
# What an item's place among the likeliest is good for ends somewhere; as many as an item model has.
KEPT = 100
LN_EPSILON = 1e-5


@dataclass(frozen=True)
class SequenceModel:
    """Items as vectors, and the layers that read a trail.

    ids      of m items.
    weights  `items` (m, d), `bias` (m,), `positions` (steps, d), and of each layer `0.qkv` and so
             on, matrices as (out, in); all float32.
    known    (n,) uint64, sorted: hashes of the ids of all items that were there in training.
    """

    ids: tuple[str, ...]
    weights: Mapping[str, Vectors]
    known: Hashes

    @cached_property
    def places(self) -> dict[str, int]:
        """Where an item stands."""
        return {item_id: place for place, item_id in enumerate(self.ids)}

    @cached_property
    def layers(self) -> int:
        """How many there are."""
        return sum(name.endswith(".qkv") for name in self.weights)

    def scores(self, item_ids: Sequence[str], shares: Vectors) -> dict[str, float]:  # noqa: ARG002
        """The probability of each of the likeliest items to be next: item id -> of all items.

        Args: item_ids: in order of time. shares: (n,), of no use here: attention finds its own.
        """
        places = [self.places[one] for one in item_ids if one in self.places]
        if not places:
            return {}
        logits = self.logits(places)
        grown = np.exp(logits - logits.max())
        parts = grown / grown.sum()
        likeliest = np.argsort(-parts, kind="stable")[: KEPT + len(places)]
        return {self.ids[place]: float(parts[place]) for place in likeliest}

    def logits(self, places: Sequence[int]) -> Vectors:
        """A score for each item, (m,) float32, after those at n places, in order of time."""
        w = self.weights
        last = list(places)[-len(w["positions"]) :]
        x: Vectors = self._norm("first", w["items"][last]) + w["positions"][: len(last)]  # (n, d)
        for layer in range(self.layers):
            x = self._read(f"{layer}.", x)
        scores: Vectors = w["items"] @ self._norm("last", x[-1]) + w["bias"]
        return scores

    def _read(self, at: str, x: Vectors) -> Vectors:
        w = self.weights
        seen = self._attention(at, self._norm(f"{at}before", x))
        x = (x + _sigmoid(x @ w[f"{at}gate"].T) * seen).astype(np.float32)
        y = self._norm(f"{at}between", x)
        widened = _silu(y @ w[f"{at}up"].T) * (y @ w[f"{at}beside"].T)
        learned = widened @ w[f"{at}down"].T
        read: Vectors = (x + _sigmoid(x @ w[f"{at}gate_2"].T) * learned).astype(np.float32)
        return read

    def _attention(self, at: str, x: Vectors) -> Vectors:
        n, d = x.shape
        apart = (x @ self.weights[f"{at}qkv"].T).reshape(n, 3, HEADS, d // HEADS)
        q, k, v = apart.transpose(1, 2, 0, 3)  # each (heads, n, d / heads)
        logits = q @ k.transpose(0, 2, 1) / np.float32(np.sqrt(d / HEADS))
        logits = np.where(np.tri(n, dtype=np.bool_), logits, np.float32(-np.inf))
        grown = np.exp(logits - logits.max(axis=-1, keepdims=True))
        seen = (grown / grown.sum(axis=-1, keepdims=True)) @ v
        read: Vectors = seen.transpose(1, 0, 2).reshape(n, d) @ self.weights[f"{at}out"].T
        return read

    def _norm(self, name: str, x: Vectors) -> Vectors:
        apart = x - x.mean(axis=-1, keepdims=True)
        scaled = apart / np.sqrt((apart**2).mean(axis=-1, keepdims=True) + LN_EPSILON)
        normed: Vectors = (
            scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
        ).astype(np.float32)
        return normed

    def is_of(self, item_ids: Sequence[str]) -> bool:
        """Whether it was trained in the shop that has these items."""
        return is_known(item_ids, self.known)

    def to_bytes(self) -> bytes:
        """As it stands in an artifact."""
        halves = {name: weight.astype(np.float16) for name, weight in self.weights.items()}
        ids = np.frombuffer(msgspec.json.encode(self.ids), dtype=np.uint8)
        return save({**halves, "ids": ids, "known": self.known})


def sequence_model(ids: Iterable[str], weights: Mapping[str, Vectors]) -> SequenceModel:
    """One of m items that are all known to it.

    Args: weights: `items` (m, d), `bias` (m,) and the others; see `SequenceModel`.
    """
    every = tuple(ids)
    return SequenceModel(every, weights, hash_ids(every))


def load_sequence_model(artifact: Artifact) -> SequenceModel:
    """The sequence model of an artifact.

    Raises: ArtifactMissing: it has none. ArtifactCorrupt: it cannot be read.
    """
    name = f"{SEQUENCE_FILE} of {artifact.manifest.version}"
    try:
        tensors = load(artifact.file(SEQUENCE_FILE).read_bytes())
        ids = msgspec.json.decode(tensors.pop("ids").tobytes(), type=tuple[str, ...])
        known = tensors.pop("known")
        weights = {key: weight.astype(np.float32) for key, weight in tensors.items()}
        model = SequenceModel(ids, weights, known)
        if len(ids) != len(model.logits([0])):
            raise ArtifactCorrupt(f"{name} has {len(ids)} ids and another number of vectors.")
    except (SafetensorError, KeyError, IndexError, *NOT_DECODABLE) as error:
        raise ArtifactCorrupt(f"{name} cannot be read: {error!r}.") from error
    return model


def _sigmoid(x: Vectors) -> Vectors:
    halves: Vectors = (0.5 * (1.0 + np.tanh(0.5 * x))).astype(np.float32)
    return halves


def _silu(x: Vectors) -> Vectors:
    return x * _sigmoid(x)
