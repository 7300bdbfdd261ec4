"""What a teacher says of texts, kept on disk: a large model reads each text once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from textwire.errors import DataError
from textwire.file_rights import make_private
from textwire.models.engines.encoder import Vectors

# Some seconds' work of a large model: that much is lost when a run is killed.
TEXTS_AT_ONCE = 512


class SoftLabelCache:
    """Rows of numbers by the hash of a teacher's weights and of a text.

    One file for a teacher: `keys` (n,) of 32 bytes and `rows` (n, columns) float32. It is replaced
    as a whole, so that whoever is killed leaves the file before.
    """

    def __init__(self, folder: Path, teacher: str, columns: int) -> None:
        """Open the file of a teacher, if there is one.

        Args:   teacher: the sha256 of its weights. columns: numbers a text.
        Raises: DataError: the file is damaged, or is of another width.
        """
        make_private(folder)
        self._file = folder / f"{teacher}.npz"
        self._teacher = teacher
        self._rows: dict[bytes, Vectors] = {}
        self._columns = columns
        if self._file.exists():
            self._read()

    def __len__(self) -> int:
        return len(self._rows)

    def rows_of(
        self,
        texts: Sequence[str],
        read: Callable[[Sequence[str]], Vectors],
        done: Callable[[], None] = lambda: None,
    ) -> Vectors:
        """(n, columns) float32, of which the teacher reads those texts alone that it never read.

        Args: read: n texts to (n, columns) float32. done: called after each TEXTS_AT_ONCE.
        """
        keys = [self._key(text) for text in texts]
        new = list({k: t for k, t in zip(keys, texts, strict=True) if k not in self._rows}.items())
        for at in range(0, len(new), TEXTS_AT_ONCE):
            part = new[at : at + TEXTS_AT_ONCE]
            rows = read([text for _, text in part])
            self._rows |= {key: row for (key, _), row in zip(part, rows, strict=True)}
            self._write()
            done()
        if not keys:
            return np.empty((0, self._columns), dtype=np.float32)
        return np.stack([self._rows[key] for key in keys])

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._teacher}\n{text}".encode()).digest()

    def _read(self) -> None:
        try:
            with np.load(self._file, allow_pickle=False) as stored:
                keys, rows = stored["keys"], stored["rows"]
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise DataError(
                f"{self._file} holds no soft labels ({error}). Delete it: they are made anew."
            ) from error
        if keys.shape != (len(rows), 32) or rows.shape[1:] != (self._columns,):
            raise DataError(
                f"{self._file} holds soft labels of shape {rows.shape}, and {self._columns} "
                "numbers a text are needed. Delete it: they are made anew."
            )
        self._rows = {key.tobytes(): row for key, row in zip(keys, rows, strict=True)}

    def _write(self) -> None:
        keys = np.frombuffer(b"".join(self._rows), dtype=np.uint8).reshape(-1, 32)
        aside = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        with aside.open("wb") as file:
            np.savez(file, keys=keys, rows=np.stack(list(self._rows.values())))
        aside.replace(self._file)
