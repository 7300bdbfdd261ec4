"""Vectors kept on disk by content: a second evaluation reads what the first had to compute.

An encoder is known by what it makes of a few texts, so another model, or the same one cut to fewer
tokens, never gets another's vectors; a text is known by its hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from textwire.models.engines.encoder import Encoder, Vectors

# The last one is longer than any model of ours reads.
PROBES = ("a kettle of steel", "7 mm drill bit, set of 10", " ".join(map(str, range(2_000))))


class KeptVectors:
    """An encoder that looks into a folder first."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder = encoder
        self._folder = folder
        self.name = encoder.name
        self.dimension = encoder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A unit vector for each text, (n, dimension) float32."""
        if not texts:
            return self._encoder.encode(texts)
        probed = self._encoder.encode(list(PROBES))
        path = self._folder / f"{sha256(probed.tobytes()).hexdigest()[:24]}.npz"
        kept = _read(path)
        hashes = [sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for text in texts]
        different = dict(zip(hashes, texts, strict=True))
        unknown = {digest: text for digest, text in different.items() if digest not in kept}
        if unknown:
            fresh = self._encoder.encode(list(unknown.values()))
            kept |= zip(unknown, fresh, strict=True)
            _write(path, kept)
        vectors: Vectors = np.stack([kept[digest] for digest in hashes])
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens read of each text."""
        return self._encoder.count_tokens(texts)


def _read(path: Path) -> dict[str, Vectors]:
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as file:
        return dict(zip(file["hashes"].tolist(), file["vectors"], strict=True))


def _write(path: Path, kept: dict[str, Vectors]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part.npz")
    np.savez(aside, hashes=np.array(list(kept)), vectors=np.stack(list(kept.values())))
    aside.replace(path)
