"""The lines of a text file, read one at a time however large it is."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from textwire.errors import DataFileError
from textwire.rows.bounds import MOST_WHOLE_BYTES, check_whole_size
from textwire.rows.encodings import NAMES, UTF_8, checked_encoding, encoding_of
from textwire.rows.packed import open_bytes
from textwire.rows.row import AS_IT_COMES, Reading


def read_lines(path: Path, reading: Reading = AS_IT_COMES, *, newline: str = "\n") -> Iterator[str]:
    r"""Lines with their ends, less a byte order mark.

    Args:   newline: what ends a line; with "" any of \n, \r and \r\n.
    Raises: DataFileError: the file is missing, empty, no plain file or unreadable, or its encoding
            cannot be told.
    """
    check_file(path)
    try:
        encoding = _encoding(path, reading)
        unpacked = open_bytes(path, reading.advance)
        with io.TextIOWrapper(unpacked, encoding, newline=newline) as file:
            first = next(file, None)
            if first is None:  # nothing but a byte order mark, or nothing that was packed
                raise DataFileError(f"{path} is empty.")
            yield first
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
    return "".join(_bounded(path, read_lines(path, reading)))


def _bounded(path: Path, lines: Iterator[str]) -> Iterator[str]:
    """The lines, as long as they are not too many to be held: a packed file may hold any number."""
    left = MOST_WHOLE_BYTES
    for line in lines:
        left -= len(line)
        if left < 0:
            raise DataFileError(
                f"{path} unpacks to more than {MOST_WHOLE_BYTES:,} letters, and in this form at "
                "most so many are read. Save it as CSV or JSON Lines, which are read a row at a "
                "time."
            )
        yield line


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
