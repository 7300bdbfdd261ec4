"""Vectors of items that others made, such as of their pictures, by numpy's `.npz`."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from textwire.errors import DataError, SettingsError
from textwire.models.engines.encoder import Vectors

# A kind of the pipeline's own; see `sequence.learn.kinds_of`.
TAKEN = ("text", "numbers")


def named_files(written: Sequence[str]) -> dict[str, Path]:
    """Files by their kind, out of `kind=file`.

    Raises: SettingsError: it is written otherwise, or a kind is one of the pipeline's own.
    """
    found: dict[str, Path] = {}
    for one in written:
        kind, equals, file = one.partition("=")
        if not (kind and equals and file) or kind in TAKEN or kind in found:
            raise SettingsError(
                f"--vectors {one}: write it as picture=pictures.npz, each kind once, and none of "
                f"{', '.join(TAKEN)}."
            )
        found[kind] = Path(file)
    return found


def read_vectors(file: Path) -> dict[str, Vectors]:
    """A vector of unit length by item id, (d,) float32; those of zeros are left out.

    Raises: DataError: the file cannot be read, or lacks `ids`, (n,) texts, or `vectors`, (n, d).
    """
    try:
        with np.load(file, allow_pickle=False) as arrays:
            ids, vectors = arrays["ids"], arrays["vectors"].astype(np.float32)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(
            f"{file} cannot be read ({error}). Write it with numpy.savez(file, ids=..., "
            "vectors=...): n ids as texts, and n rows of numbers."
        ) from error
    if ids.ndim != 1 or vectors.ndim != 2 or len(ids) != len(vectors) or not vectors.size:
        raise DataError(
            f"{file} has ids of shape {ids.shape} and vectors of shape {vectors.shape}: n and "
            "(n, d) are needed."
        )
    if not np.isfinite(vectors).all():
        raise DataError(f"{file} holds numbers that are not finite.")
    lengths = np.linalg.norm(vectors, axis=1)
    there = lengths > 0
    unit = vectors[there] / lengths[there, None]
    return dict(zip(map(str, ids[there]), unit, strict=True))
