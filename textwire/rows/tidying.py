"""Cells as they come out of other programs, as values that a message's fields can take."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from textwire.rows.kinds import (
    id_fields,
    list_fields,
    moment_fields,
    number_fields,
    optional_fields,
)
from textwire.rows.moments import as_moment, is_date
from textwire.undecodable import NOT_DECODABLE
from textwire.wire.message import Message

TAG_SEPARATORS = re.compile(r"[,;|]")
# What pandas and spreadsheets write where there is nothing.
NOTHING = frozenset({"", "nan", "none", "null", "n/a", "#n/a", "na", "nat", "<na>"})
_AROUND_NUMBER = re.compile(r"^[^\d+\-.,]*|[^\d]*$")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_GROUPED_BY_DOTS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d{1,2}")


def tidied(fields: Mapping[str, Any], kind: type[Message]) -> dict[str, Any]:
    """Texts without blanks around them, several values as a list, times, prices, numbers as ids.

    Where a field may be left out, a cell that stands for nothing leaves it out.

    Raises: RecordRejected: what should be a time is none.
    """
    tidy = {name: _stripped(name, value) for name, value in fields.items()}
    for name in optional_fields(kind) & tidy.keys():
        is_text = name not in number_fields(kind) | moment_fields(kind)
        if is_nothing(tidy[name], is_text=is_text):
            del tidy[name]
    for name in list_fields(kind) & tidy.keys():
        tidy[name] = _several(name, tidy[name])
    for name in moment_fields(kind) & tidy.keys():
        tidy[name] = as_moment(tidy[name])
        if name in kind.end_fields and is_date(fields[name]):
            tidy[name] += timedelta(days=1)
    for name in number_fields(kind) & tidy.keys():
        tidy[name] = as_number(tidy[name])
    for name in id_fields(kind) & tidy.keys():
        tidy[name] = as_id(tidy[name])
    return tidy


def is_nothing(value: Any, *, is_text: bool) -> bool:
    """Whether a cell stands for nothing: a text may well be `NA`, a number or a time not."""
    if isinstance(value, float):
        return math.isnan(value)
    if isinstance(value, str):
        return not is_text and value.casefold() in NOTHING
    return value is None


def as_id(value: Any) -> Any:
    """A whole number as the text that an id is; anything else as it stands."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a column of ids in which some are missing, as pandas writes it
    return value


def as_number(value: Any) -> Any:
    """A price such as `$1,299.00`, `12,50 €` or `1.299,50` as a number can be read from it.

    What leaves open whether a comma parts thousands or decimals is taken to part thousands if
    three digits follow each, and decimals if one or two do. Anything else as it stands.
    """
    if not isinstance(value, str):
        return value
    bare = _AROUND_NUMBER.sub("", value)
    if _GROUPED.fullmatch(bare):
        return bare.replace(",", "")
    if _GROUPED_BY_DOTS.fullmatch(bare):
        return bare.replace(".", "").replace(",", ".")
    if _DECIMAL_COMMA.fullmatch(bare):
        return bare.replace(",", ".")
    return bare or value


def _several(name: str, cell: Any) -> Any:
    """The values in a cell: as JSON, and tags also between separators."""
    if not isinstance(cell, str):
        return cell
    if cell.startswith("["):
        try:
            return msgspec.json.decode(cell)
        except NOT_DECODABLE:
            pass  # a tag in brackets
    if name not in ("tags", "also"):
        return cell
    return [tag.strip() for tag in TAG_SEPARATORS.split(cell) if tag.strip()]


def _stripped(name: str, value: Any) -> Any:
    return value.strip() if name != "id" and isinstance(value, str) else value
