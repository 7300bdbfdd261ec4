"""Files that gzip has packed, such as `reviews.jsonl.gz`, read as what is in them."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import IO, Any

from textwire.errors import DataFileError
from textwire.rows.bounds import MOST_PACKED, SMALL_BYTES
from textwire.rows.row import Advance, unwatched

ENDING = ".gz"


def unpacked_name(path: Path) -> Path:
    """What the file would be called if it were not packed."""
    return path.with_suffix("") if is_packed(path) else path


def is_packed(path: Path) -> bool:
    """Whether its name says that gzip has packed it."""
    return path.suffix.lower() == ENDING


def open_bytes(path: Path, advance: Advance = unwatched) -> IO[bytes]:
    """The bytes of a file, as they were before it was packed.

    Args:   advance: told how many more bytes of the file itself were read.
    Raises: OSError; DataFileError, also while it is read: it is no gzip, is cut off, or unpacks to
            far more than it should.
    """
    file = io.BufferedReader(_WatchedFile(path, advance))
    return io.BufferedReader(_Unpacked(path, file)) if is_packed(path) else file


class _WatchedFile(io.FileIO):
    """Tells how much was read of it."""

    def __init__(self, path: Path, advance: Advance) -> None:
        super().__init__(path)
        self._advance = advance

    def readinto(self, buffer: Any, /) -> int | None:
        count = super().readinto(buffer)
        self._advance(count or 0)
        return count


class _Unpacked(io.RawIOBase):
    """What gzip has packed; no more than such a file can be expected to hold."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path = path
        self._file = file
        self._unpacking = gzip.GzipFile(fileobj=file, mode="rb")
        self._left = SMALL_BYTES + MOST_PACKED * path.stat().st_size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        try:
            count = self._unpacking.readinto(buffer)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataFileError(
                f"{self._path} cannot be unpacked: {error}. Was it copied as a whole?"
            ) from error
        self._left -= count
        if self._left < 0:
            raise DataFileError(
                f"{self._path} unpacks to more than {MOST_PACKED} times its size. Unpack it "
                "yourself if that is right."
            )
        return count

    def close(self) -> None:
        if not self.closed:
            self._unpacking.close()
            self._file.close()
        super().close()
