"""Messages as files that the readers take again: CSV, Excel workbooks, JSON Lines."""

from __future__ import annotations

import csv
import re
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TypeVar

import msgspec

from textwire.errors import DataFileError
from textwire.rows.screening import id_of
from textwire.rows.tidying import several
from textwire.wire.message import Message

M = TypeVar("M", bound=Message)

# What a cell of a workbook holds at most; openpyxl would cut the rest off.
LONGEST_CELL = 32_767
# What XML cannot hold, and what looks as if it stood for that.
_NOT_XML = re.compile(r"[\x00-\x08\x0b-\x0d\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def write_messages(path: Path, kind: type[M], messages: Sequence[M]) -> None:
    """A file with a row for each message; an old one of that name is replaced as a whole.

    A new one is its owner's alone: knowledge need not be public.

    Raises: DataFileError: the name's ending tells no form; a cell is too long for it; the folder
            cannot be written to.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise DataFileError(f"{path} ends in neither of {', '.join(WRITERS)}. Name it otherwise.")
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            written = Path(file.name)
        try:
            writer(written, kind, messages)
            if path.exists():
                written.chmod(stat.S_IMODE(path.stat().st_mode))
            written.replace(path)
        finally:
            with suppress(FileNotFoundError):
                written.unlink()
    except OSError as error:
        raise DataFileError(f"{path} cannot be written: {error.strerror or error}.") from error


def write_csv(path: Path, kind: type[M], messages: Iterable[M], delimiter: str = ",") -> None:
    """A table in UTF-8, with the mark by which Excel knows that it is."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, delimiter=delimiter)
        table.writerow(_names(kind))
        table.writerows(_cells(kind, message) for message in messages)


def write_tsv(path: Path, kind: type[M], messages: Iterable[M]) -> None:
    """The same with tabs."""
    write_csv(path, kind, messages, "\t")


def write_jsonl(path: Path, kind: type[M], messages: Iterable[M]) -> None:  # noqa: ARG001
    """An object a line, as on the topic."""
    with path.open("wb") as file:
        file.writelines(msgspec.json.encode(message) + b"\n" for message in messages)


def write_xlsx(path: Path, kind: type[M], messages: Iterable[M]) -> None:
    """A workbook of one sheet, all of its cells texts: what begins with `=` is no formula.

    Raises: DataFileError: a text is longer than a cell.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    rows = [_short_cells(kind, message) for message in messages]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(kind.__name__)
    sheet.append(_names(kind))
    for texts in rows:
        cells = [WriteOnlyCell(sheet, value=text or None) for text in texts]
        for cell, text in zip(cells, texts, strict=True):
            cell.data_type = "s" if text else cell.data_type
        sheet.append(cells)
    book.save(path)


def _short_cells(kind: type[Message], message: Message) -> list[str]:
    texts = [_escaped(text) for text in _cells(kind, message)]
    longest = max(map(len, texts))
    if longest > LONGEST_CELL:
        raise DataFileError(
            f"`{id_of(message)}` has a text of {longest:,} characters, and a cell of a workbook "
            f"holds {LONGEST_CELL:,}. Export to .csv or .jsonl."
        )
    return texts


WRITERS: dict[str, Callable[[Path, type[Any], Sequence[Any]], None]] = {
    ".csv": write_csv,
    ".tsv": write_tsv,
    ".jsonl": write_jsonl,
    ".ndjson": write_jsonl,
    ".xlsx": write_xlsx,
}


def _names(kind: type[Message]) -> list[str]:
    return [info.name for info in msgspec.structs.fields(kind)]


def _cells(kind: type[Message], message: Message) -> list[str]:
    return [_cell(name, getattr(message, name)) for name in _names(kind)]


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple):
        return _listed(name, value)
    return str(value)


def _listed(name: str, values: tuple[str, ...]) -> str:
    """Several in a cell; as JSON where they would be read as others."""
    written = "; ".join(values)
    if not values or (written == written.strip() and several(name, written) == list(values)):
        return written
    return msgspec.json.encode(values).decode()


def _escaped(text: str) -> str:
    return _NOT_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
