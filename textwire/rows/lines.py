"""The lines of a text file, read one at a time however large it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from textwire.errors import DataFileError
from textwire.rows.row import Advance, unwatched

BYTE_ORDER_MARK = "\ufeff"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_lines(path: Path, advance: Advance = unwatched) -> Iterator[str]:
    """Lines with their ends, less a byte order mark.

    Raises: DataFileError: the file is missing, empty, no plain file, unreadable or not UTF-8.
    """
    check_file(path)
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                advance(len(line))
                yield _decode(path, number, line)
    except OSError as error:
        raise DataFileError(f"{path} cannot be read: {error.strerror or error}.") from error


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


def _decode(path: Path, number: int, line: bytes) -> str:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        likely = "UTF-16" if number == 1 and line.startswith(UTF_16_MARKS) else "WINDOWS-1252"
        raise DataFileError(
            f"{path} is not UTF-8: line {number} holds the byte 0x{line[error.start]:02x} "
            f"at place {error.start + 1}. Save it as UTF-8, for example with "
            f"`iconv -f {likely} -t UTF-8 {path.name}`."
        ) from None
    return text.removeprefix(BYTE_ORDER_MARK) if number == 1 else text
