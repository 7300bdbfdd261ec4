"""JSON: one object a line, or an array of objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from textwire.errors import DataFileError
from textwire.rows.bounds import bounded
from textwire.rows.columns import Columns, listed
from textwire.rows.lines import read_lines, read_text
from textwire.rows.row import AS_IT_COMES, BadRow, Reading, Row
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
            _tell(path, next(_each_of(value, columns)), columns, reading)
        if isinstance(value, BadRow):
            yield value
        else:
            yield from (_as_row(number, one, columns) for one in _each_of(value, columns))


def read_json(
    path: Path, columns: Columns, reading: Reading = AS_IT_COMES
) -> Iterator[Row | BadRow]:
    """A row for each object of an array, alone or under a name in an object; also JSON Lines.

    Raises: DataFileError: the file cannot be read, or holds no or several arrays of objects.
    """
    text = read_text(path, reading)
    try:
        value = msgspec.json.decode(text)
    except NOT_DECODABLE as error:
        if _is_object(text.lstrip().partition("\n")[0]):
            yield from read_jsonl(path, columns, Reading(encoding=reading.encoding))
            return
        raise DataFileError(f"{path} is not JSON: {error}.") from None
    items = _items(path, value, columns)
    if items and isinstance(items[0], dict):
        _tell(path, next(_each_of(items[0], columns)), columns, reading)
    for number, item in enumerate(items, start=1):
        where = f"item {number:,}"
        yield from (_as_row(number, one, columns, where) for one in _each_of(item, columns))


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
        value = _with_nan(line)
        return BadRow(number, f"it is not JSON: {error}") if value is None else value


def _tell(path: Path, first: dict[str, Any], columns: Columns, reading: Reading) -> None:
    """What is taken for what; later rows may have other names."""
    names = list(first)
    if columns.fits(names) and (told := columns.told(names, columns.match(names))):
        reading.tell(f"{path}: {told}.")


def _with_nan(line: str) -> Any:
    """A line that is JSON but for `NaN`, which Python writes for a missing number; else None."""
    if "NaN" not in line:
        return None
    try:
        return json.loads(line, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


def _each_of(value: Any, columns: Columns) -> Iterator[Any]:
    """A row for each thing that an object lists, such as the lines of an order; or itself.

    What a thing says of itself counts before what the order says of it, but for ids.
    """
    for name in columns.kind.listed_in if isinstance(value, dict) else ():
        held = value.get(name)
        if isinstance(held, list) and held and all(isinstance(one, dict) for one in held):
            around = {key: one for key, one in value.items() if key != name}
            for number, one in enumerate(held, start=1):
                row = around | {key: thing for key, thing in one.items() if key != "id"}
                if "id" in around and len(held) > 1:
                    row["id"] = f"{around['id']}/{number}"
                yield row
            return
    yield value


def _as_row(number: int, value: Any, columns: Columns, where: str = "") -> Row | BadRow:
    if not isinstance(value, dict):
        return BadRow(number, "it is not a JSON object, such as {...}", where)
    present = {name: item for name, item in value.items() if item is not None}
    columns.look_for_users(list(value))
    if hint := columns.hint(present):
        return BadRow(number, hint, where)
    return Row(number, columns.pick(present), where)


def _is_object(line: str) -> bool:
    try:
        return isinstance(msgspec.json.decode(line), dict)
    except NOT_DECODABLE:
        return False
