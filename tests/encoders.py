"""A small encoder for tests: exact, quick, and needing no model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.models.engines.word_states import WordStates


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


class WordHashingEncoder(HashingEncoder):
    """The same, with a direction for each word, whatever stands around it."""

    def __init__(self, name: str = "hashing", dimension: int = 64) -> None:
        super().__init__(name, dimension)
        self.read: list[str] = []

    def encode_words(self, texts: Sequence[str]) -> tuple[Vectors, list[WordStates]]:
        self.read += texts
        words = [self._states(re.findall(r"\w+|[^\w\s]", text)) for text in texts]
        return self.encode(texts), words

    def _states(self, words: list[str]) -> WordStates:
        vectors = np.zeros((len(words), self.dimension), dtype=np.float32)
        for vector, word in zip(vectors, words, strict=True):
            vector[crc32(word.lower().encode()) % self.dimension] = 1.0
        return WordStates(words, vectors)
