"""How much of a file is read: what is larger is refused by name, before memory is full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar
from zipfile import BadZipFile, ZipFile

from textwire.errors import DataFileError

T = TypeVar("T")

MIB = 1024 * 1024
# Read as a whole: some 10,000 pages of text.
MOST_WHOLE_BYTES = 64 * MIB
# Of each row an id and a hash are remembered: about a gigabyte for so many.
MOST_ROWS = 5_000_000
# What an archive unpacks to. Sheets of a million cells have a tenth of it.
MOST_UNPACKED_BYTES = 512 * MIB
MOST_ARCHIVED_FILES = 10_000
# Sheets and documents are packed 5 to 20 times as small, a sheet of equal cells 60 times.
MOST_PACKED = 200
SMALL_BYTES = 10 * MIB


def check_whole_size(path: Path, most: int = MOST_WHOLE_BYTES) -> None:
    """Make sure that a file can be read as a whole.

    Raises: DataFileError.
    """
    size = path.stat().st_size
    if size > most:
        raise DataFileError(
            f"{path} has {size:,} bytes; in this form at most {most:,} are read. Split it, or save "
            "it as CSV or JSON Lines, which are read a row at a time."
        )


def check_archive(path: Path, form: str, most: int = MOST_UNPACKED_BYTES) -> None:
    """Make sure that a workbook or document is one, and unpacks to something of sane size.

    A member is never unpacked further than the size it declares, so declared sizes can be trusted.

    Args:   form: what it should be, for the message.
    Raises: DataFileError.
    """
    try:
        with ZipFile(path) as archive:
            members = archive.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DataFileError(f"{path} is no {form}: {error}.") from error
    unpacked = sum(member.file_size for member in members)
    bombs = [
        member.filename
        for member in members
        if member.file_size > SMALL_BYTES
        and member.file_size > MOST_PACKED * max(1, member.compress_size)
    ]
    if unpacked > most or len(members) > MOST_ARCHIVED_FILES or bombs:
        raise DataFileError(
            f"{path} unpacks to {unpacked:,} bytes in {len(members):,} files, far more than "
            f"its {path.stat().st_size:,} bytes should; at most {most:,} are read. "
            "Save it anew from the program that made it, or as CSV."
        )


def bounded(what: object, rows: Iterable[T], most: int = MOST_ROWS) -> Iterator[T]:
    """The rows, as long as there are not too many.

    Raises: DataFileError: there are.
    """
    for number, row in enumerate(rows, start=1):
        if number > most:
            raise DataFileError(f"{what} has more than {most:,} rows. Split it.")
        yield row
