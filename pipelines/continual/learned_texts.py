"""Which texts a version has learned from, as hashes that travel with it.

What learns on from it tells by these what is new: new texts are learned in every epoch, of known
ones a part is rehearsed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from textwire.models.artifacts.artifact import Artifact

LEARNED_TEXTS_FILE = "learned_texts.safetensors"
HASHES = "hashes"
HASH_BYTES = 8  # of SHA-256: of a million texts two are alike once in 30 million such sets


def save_learned_texts(texts: Sequence[str], folder: Path) -> None:
    """Write the hashes of what a model learned from, in order, without repeats."""
    save_file({HASHES: np.unique(_hashes(texts))}, folder / LEARNED_TEXTS_FILE)


def has_learned(artifact: Artifact, texts: Sequence[str]) -> NDArray[np.bool_]:
    """Of n texts whether a version has learned from each, (n,) bool.

    All false of a version that does not say, as before there was this file.
    """
    if LEARNED_TEXTS_FILE not in artifact.manifest.files:
        return np.zeros(len(texts), dtype=np.bool_)
    known = load_file(artifact.file(LEARNED_TEXTS_FILE))[HASHES]
    return np.isin(_hashes(texts), known)


def _hashes(texts: Sequence[str]) -> NDArray[np.uint64]:
    """(n,) uint64."""
    digests = b"".join(hashlib.sha256(text.encode()).digest()[:HASH_BYTES] for text in texts)
    return np.frombuffer(digests, dtype="<u8")
