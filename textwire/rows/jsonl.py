"""JSON: one object a line, or an array of objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from textwire.errors import DataFileError, RecordRejected
from textwire.rows.bounds import bounded
from textwire.rows.columns import Columns, listed
from textwire.rows.lines import read_lines, read_text
from textwire.rows.literals import as_literal, holds_json
from textwire.rows.row import AS_IT_COMES, BadRow, Reading, Row
from textwire.rows.several import Several, several_in
from textwire.undecodable import NOT_DECODABLE


def read_jsonl(
    path: Path, columns: Columns, reading: Reading = AS_IT_COMES
) -> Iterator[Row | BadRow]:
    """A row for each line that is not blank.

    Raises: DataFileError: the file cannot be read as text.
    """
    told = False
    for number, line in enumerate(bounded(path, read_lines(path, reading)), start=1):
        if line.isspace():
            continue
        value = _parsed(number, line)
        if not told and isinstance(value, dict):
            told = True
            _tell(path, value, columns, reading)
        yield from _rows_of(number, value, columns)


def read_json(
    path: Path, columns: Columns, reading: Reading = AS_IT_COMES
) -> Iterator[Row | BadRow]:
    """A row for each object of an array, alone or under a name in an object; also JSON Lines.

    Raises: DataFileError: the file cannot be read, or holds no or several arrays of objects.
    """
    if _holds_lines(path, reading):
        yield from read_jsonl(path, columns, reading)
        return
    try:
        value = msgspec.json.decode(read_text(path, reading))
    except NOT_DECODABLE as error:
        raise DataFileError(f"{path} is not JSON: {error}.") from None
    items = _items(path, value, columns)
    if items:
        _tell(path, items[0], columns, reading)
    for number, item in enumerate(items, start=1):
        yield from _rows_of(number, item, columns, f"item {number:,}")


def _holds_lines(path: Path, reading: Reading) -> bool:
    """Whether the first of its lines is an object as it stands, and others follow."""
    lines = read_lines(path, Reading(encoding=reading.encoding))
    first = list(islice((line for line in lines if not line.isspace()), 2))
    return len(first) > 1 and isinstance(_parsed(1, first[0]), dict)


def _items(path: Path, value: Any, columns: Columns) -> list[Any]:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise DataFileError(f"{path} holds neither an array of objects nor an object.")
    arrays = {
        name: held
        for name, held in value.items()
        if isinstance(held, list) and any(isinstance(item, dict) for item in held)
    }
    if columns.fits(list(value)) or not arrays:
        return [value]
    if len(arrays) > 1:
        raise DataFileError(
            f"{path} holds several arrays of objects: {listed(arrays)}. Save the one that is meant "
            "as a file of its own."
        )
    [items] = arrays.values()
    return items


def _parsed(number: int, line: str) -> Any:
    try:
        return msgspec.json.decode(line)
    except NOT_DECODABLE as error:
        value = _as_python_writes(line)
        return BadRow(number, f"it is not JSON: {error}") if value is None else value


def _tell(path: Path, first: Any, columns: Columns, reading: Reading) -> None:
    """What is taken for what; later rows may have other names."""
    if not isinstance(first, dict):
        return
    names = list(next(_lines_of(first, columns), first))
    if several := _several(first, columns):
        reading.tell(f"{path}: {several.told}.")
        names = several.renamed(names)
    if columns.fits(names) and (told := columns.told(names, columns.match(names))):
        reading.tell(f"{path}: {told}.")


def _as_python_writes(line: str) -> Any:
    """A line that is JSON but for `NaN`, or a dictionary as Python prints it; else None."""
    try:
        if "NaN" in line:
            value = json.loads(line, parse_constant=lambda _: None)
            return value if holds_json(value) else None
    except (ValueError, RecursionError):
        pass
    value = as_literal(line)
    return value if isinstance(value, dict) else None


def _each_of(value: dict[str, Any], columns: Columns) -> Iterator[dict[str, Any]]:
    """A row for each thing that an object lists, such as the lines of an order; or itself.

    Raises: RecordRejected: it lists ids, and other things in another number.
    """
    lines = list(_lines_of(value, columns))
    if lines:
        yield from lines
    elif several := _several(value, columns):
        yield from several.parted(value)
    else:
        yield value


def _lines_of(value: dict[str, Any], columns: Columns) -> Iterator[dict[str, Any]]:
    """What a thing says of itself counts before what the order says of it, but for ids."""
    for name in columns.kind.listed_in:
        held = value.get(name)
        if isinstance(held, list) and held and all(isinstance(one, dict) for one in held):
            around = {key: one for key, one in value.items() if key != name}
            for number, one in enumerate(held, start=1):
                row = around | {key: thing for key, thing in one.items() if key != "id"}
                if "id" in around and len(held) > 1:
                    row["id"] = f"{around['id']}/{number}"
                yield row
            return


def _several(value: dict[str, Any], columns: Columns) -> Several | None:
    """How an object lists what it is about by ids alone."""
    # An order of no lines is a row by itself, and not none in silence.
    listed = [name for name in columns.kind.listed_in if value.get(name)]
    lists = [name for name in listed if _is_plain_list(value[name])]
    several = several_in(columns, tuple(value), lists)
    held = None if several is None else value[several.leading]
    return several if isinstance(held, str) or _is_plain_list(held) else None


def _is_plain_list(held: Any) -> bool:
    return isinstance(held, list) and not any(isinstance(one, dict | list) for one in held)


def _rows_of(number: int, value: Any, columns: Columns, where: str = "") -> Iterator[Row | BadRow]:
    if isinstance(value, BadRow):
        yield value
        return
    if not isinstance(value, dict):
        yield BadRow(number, "it is not a JSON object, such as {...}", where)
        return
    try:
        for one in _each_of(value, columns):
            yield _as_row(number, one, columns, where)
    except RecordRejected as rejected:
        yield BadRow(number, str(rejected), where)


def _as_row(number: int, value: dict[str, Any], columns: Columns, where: str) -> Row | BadRow:
    present = {name: item for name, item in value.items() if item is not None}
    columns.look_for_users(list(value))
    if hint := columns.hint(present):
        return BadRow(number, hint, where)
    return Row(number, columns.pick(present), where)
