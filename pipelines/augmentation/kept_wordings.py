"""Other wordings of texts, kept on disk: a slow model words each text once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from textwire.errors import DataError
from textwire.file_rights import make_private

# Some seconds' work of a translator: that much is lost when a run is killed.
TEXTS_AT_ONCE = 128


class Reworder(Protocol):
    """A model that words texts otherwise."""

    @property
    def name(self) -> str:
        """Which one, and of what version; a file's name."""
        ...

    def reword(self, texts: Sequence[str]) -> list[str]:
        """N texts to as many wordings."""
        ...


class KeptWordings:
    """A reworder that remembers.

    One JSON object for a reworder, the sha256 of a text to its wording; no text itself is kept. It
    is replaced as a whole, so that whoever is killed leaves the file before.
    """

    def __init__(self, folder: Path, reworder: Reworder) -> None:
        """Open the reworder's file, if there is one.

        Raises: DataError: the file is damaged.
        """
        make_private(folder)
        self._file = folder / f"{reworder.name}.json"
        self._reworder = reworder
        self._kept = self._read() if self._file.exists() else {}

    def reword(self, texts: Sequence[str], done: Callable[[], None] = lambda: None) -> list[str]:
        """N texts to as many wordings, of which those alone are made that are not kept.

        Args: done: called after each TEXTS_AT_ONCE.
        """
        new = [text for text in dict.fromkeys(texts) if _key(text) not in self._kept]
        for at in range(0, len(new), TEXTS_AT_ONCE):
            part = new[at : at + TEXTS_AT_ONCE]
            made = self._reworder.reword(part)
            self._kept |= {_key(text): wording for text, wording in zip(part, made, strict=True)}
            self._write()
            done()
        return [self._kept[_key(text)] for text in texts]

    def parts_of(self, texts: Sequence[str]) -> int:
        """How often `done` will be called."""
        new = {key for key in map(_key, texts) if key not in self._kept}
        return -(-len(new) // TEXTS_AT_ONCE)

    def _read(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=dict[str, str])
        except msgspec.DecodeError as error:
            raise DataError(
                f"{self._file} is damaged ({error}): delete it, and its texts are worded again."
            ) from error

    def _write(self) -> None:
        aside = self._file.with_suffix(f".{os.getpid()}")
        aside.write_bytes(msgspec.json.encode(self._kept))
        aside.replace(self._file)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
