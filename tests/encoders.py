"""A small encoder for tests: exact, quick, and needing no model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np

from textwire.models.engines.encoder import Vectors


class HashingEncoder:
    """Bags of hashed words as unit vectors: texts that share words are near."""

    def __init__(self, name: str = "hashing", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            vector[0] = 0.1  # so that a text without words has a direction too
            for word in re.findall(r"\w+", text.lower()):
                vector[1 + crc32(word.encode()) % (self.dimension - 1)] += 1.0
            vector /= np.linalg.norm(vector)
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]
