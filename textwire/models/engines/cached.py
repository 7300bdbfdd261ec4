"""A text is embedded once for each model: its vector is kept under the hash of both.

Replicas and restarts share the vectors, so that a replica builds its index in seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from textwire.models.engines.encoder import Encoder, Vectors
from textwire.results.keys import key
from textwire.results.store import ResultStore
from textwire.results.writes import Put

DAY_S = 24 * 60 * 60
# Vectors of models that nobody serves any more go away by themselves.
KEPT_FOR_S = 90 * DAY_S
# 500 vectors of 768 bytes: 0.4 MB in one round trip.
CHUNK_TEXTS = 500


class CachedEncoder:
    """An encoder that asks the result store first.

    Vectors are kept in float16 (cosine to the original above 0.9999), and fresh ones go through
    float16 too: a text has the same vector whether it was found or made.
    """

    def __init__(self, encoder: Encoder, store: ResultStore) -> None:
        self._encoder = encoder
        self._store = store
        self.name = encoder.name
        self.dimension = encoder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A unit vector for each text: (n, dimension) float32.

        Raises: RedisUnavailable: the store is away.
        """
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), CHUNK_TEXTS):
            chunk = texts[start : start + CHUNK_TEXTS]
            vectors[start : start + len(chunk)] = self._encode_chunk(chunk)
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens read of each text."""
        return self._encoder.count_tokens(texts)

    def _encode_chunk(self, texts: Sequence[str]) -> Vectors:
        keys = [self._key(text) for text in texts]
        kept = dict(zip(keys, self._store.get_many(keys), strict=True))
        unknown = {
            key: text
            for key, text in zip(keys, texts, strict=True)
            if not self._is_vector(kept[key])
        }
        kept |= self._make(unknown)
        return _unpack([kept[key] or b"" for key in keys])

    def _make(self, texts: dict[str, str]) -> dict[str, bytes]:
        """Encode and keep what was not found; by key."""
        if not texts:
            return {}
        fresh = self._encoder.encode(list(texts.values()))
        packed = {key: _pack(vector) for key, vector in zip(texts, fresh, strict=True)}
        self._store.write(Put(key, value, ttl_s=KEPT_FOR_S) for key, value in packed.items())
        return packed

    def _is_vector(self, value: bytes | None) -> bool:
        return value is not None and len(value) == 2 * self.dimension

    def _key(self, text: str) -> str:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return key("vector", self.name, digest[:32])


def as_kept(vectors: Vectors) -> Vectors:
    """What `CachedEncoder` gives for texts whose vectors are these, (n, d) of unit length."""
    return _unpack([_pack(vector) for vector in vectors])


def _pack(vector: Vectors) -> bytes:
    return vector.astype("<f2").tobytes()


def _unpack(values: Sequence[bytes]) -> Vectors:
    vectors = np.frombuffer(b"".join(values), dtype="<f2").reshape(len(values), -1)
    unit: Vectors = vectors.astype(np.float32)
    # Rounding moved the lengths off 1 by up to a thousandth.
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    return unit
