"""The lines of a text file, read one at a time however large it is."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from textwire.errors import DataFileError
from textwire.rows.bounds import check_whole_size
from textwire.rows.encodings import NAMES, UTF_8, checked_encoding, encoding_of
from textwire.rows.row import AS_IT_COMES, Advance, Reading


def read_lines(path: Path, reading: Reading = AS_IT_COMES, *, newline: str = "\n") -> Iterator[str]:
    r"""Lines with their ends, less a byte order mark.

    Args:   newline: what ends a line; with "" any of \n, \r and \r\n.
    Raises: DataFileError: the file is missing, empty, no plain file or unreadable, or its encoding
            cannot be told.
    """
    check_file(path)
    try:
        encoding = _encoding(path, reading)
        watched = _WatchedFile(path, reading.advance)
        with io.TextIOWrapper(io.BufferedReader(watched), encoding, newline=newline) as file:
            yield from file
    except OSError as error:
        raise DataFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeError as error:
        raise DataFileError(
            f"{path} is not written in {encoding}: {error}. Name another with --encoding."
        ) from error


def read_text(path: Path, reading: Reading = AS_IT_COMES) -> str:
    """All of a text file.

    Raises: DataFileError: as for its lines, or it is too large.
    """
    check_file(path)
    check_whole_size(path)
    return "".join(read_lines(path, reading))


def check_file(path: Path) -> None:
    """Make sure that there is something to read, twice if need be.

    Raises: DataFileError.
    """
    if not path.exists():
        raise DataFileError(f"There is no file {path}. Is the path right?")
    if not path.is_file():
        raise DataFileError(f"{path} is not a plain file. Name a file.")
    if path.stat().st_size == 0:
        raise DataFileError(f"{path} is empty.")


def _encoding(path: Path, reading: Reading) -> str:
    if reading.encoding is not None:
        return checked_encoding(reading.encoding)
    encoding = encoding_of(path)
    if encoding not in (UTF_8, "utf-16"):
        reading.tell(
            f"{path} is not UTF-8 and is read as {NAMES.get(encoding, encoding)}; if letters look "
            "wrong, name another with --encoding."
        )
    return encoding


class _WatchedFile(io.FileIO):
    """Tells how much was read of it."""

    def __init__(self, path: Path, advance: Advance) -> None:
        super().__init__(path)
        self._advance = advance

    def readinto(self, buffer: Any, /) -> int | None:
        count = super().readinto(buffer)
        self._advance(count or 0)
        return count
