"""A row's values as a message has them: texts without blanks and markup, lists, times, numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from typing import Any

import msgspec

from textwire.errors import RecordRejected
from textwire.rows.kinds import list_fields, moment_fields, number_fields, truth_fields
from textwire.rows.markup import has_markup, markup_as_text
from textwire.rows.moments import as_moment, is_date
from textwire.rows.numbers import as_number, is_no_value
from textwire.undecodable import NOT_DECODABLE
from textwire.wire.message import Message

TAG_SEPARATORS = re.compile(r"[,;|]")
TRUE = frozenset({"yes", "y", "in stock", "instock", "ja", "是"})
FALSE = frozenset({"no", "n", "out of stock", "outofstock", "sold out", "nein", "否"})
# Numbers that are names may begin with 0, and are not counted with.
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?")


def tidied(fields: Mapping[str, Any], kind: type[Message], *, strip: bool = True) -> dict[str, Any]:
    """A row's values, by fields of a kind of message; what says that there is nothing is left out.

    Args:   strip: texts are taken without the blanks around them.
    Raises: RecordRejected: naming the field whose value cannot be read.
    """
    tidy = {name: _text(name, value, kind, strip=strip) for name, value in fields.items()}
    tidy = {name: value for name, value in tidy.items() if not _is_nan(value)}
    for name in list_fields(kind) & tidy.keys():
        if name == "tags" and isinstance(tidy[name], str):
            tidy[name] = _tags(tidy[name])
    for name in number_fields(kind) & tidy.keys():
        _tidy_number(name, tidy)
    for name in truth_fields(kind) & tidy.keys():
        if isinstance(tidy[name], str):
            tidy[name] = _truth(tidy[name])
    for name in moment_fields(kind) & tidy.keys():
        if tidy[name] is None or (isinstance(tidy[name], str) and is_no_value(tidy[name])):
            del tidy[name]
            continue
        tidy[name] = as_moment(tidy[name])
        if name in kind.end_fields and is_date(fields[name]):
            tidy[name] += timedelta(days=1)
    for name in tidy.keys() & _id_fields(tidy):
        tidy[name] = _identifier(tidy[name])
    further = kind.further_field
    if further is not None and isinstance(tidy.get(further), dict):
        tidy[further] = {name: _further(value) for name, value in tidy[further].items()}
    return tidy


def _id_fields(names: Mapping[str, Any]) -> set[str]:
    return {name for name in names if name in ("id", "same_as") or name.endswith("_id")}


def _text(name: str, value: Any, kind: type[Message], *, strip: bool) -> Any:
    if name in kind.written_fields and isinstance(value, str):
        value = unescape(markup_as_text(value) if has_markup(value) else value)
    if name == "category" and isinstance(value, list):
        value = " > ".join(dict.fromkeys(_leaves(value)))
    return value.strip() if strip and name != "id" and isinstance(value, str) else value


def _leaves(values: list[Any]) -> list[str]:
    """The texts in a list of lists, as shops write paths of categories."""
    return [
        leaf
        for value in values
        for leaf in (_leaves(value) if isinstance(value, list) else [str(value)])
    ]


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _tidy_number(name: str, tidy: dict[str, Any]) -> None:
    value = tidy[name]
    if not isinstance(value, str):
        return
    if is_no_value(value):
        del tidy[name]
        return
    try:
        tidy[name] = as_number(value)
    except RecordRejected as rejected:
        raise RecordRejected(f"`{name}`: {rejected}") from None


def _truth(text: str) -> Any:
    plain = text.casefold()
    return True if plain in TRUE else False if plain in FALSE else text


def _identifier(value: Any) -> Any:
    """A number as an id is written without decimals, however a table holds it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _further(value: Any) -> Any:
    """What a further field holds: cells that are numbers can be asked for by a range."""
    if isinstance(value, str):
        if is_no_value(value):
            return None
        return float(value) if _NUMBER.fullmatch(value) else value.strip()
    return None if _is_nan(value) else value


def _tags(cell: str) -> list[str]:
    """The tags in a cell: between separators, or as JSON where one of them holds a separator."""
    if cell.startswith("["):
        try:
            return msgspec.json.decode(cell, type=list[str])
        except NOT_DECODABLE:
            pass  # a tag in brackets
    return [tag.strip() for tag in TAG_SEPARATORS.split(cell) if tag.strip()]
