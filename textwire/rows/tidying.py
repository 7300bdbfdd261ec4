"""A row's values as a message has them: texts without blanks and markup, lists, times, numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Set
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import msgspec

from textwire.errors import RecordRejected
from textwire.rows.kinds import (
    id_fields,
    list_fields,
    moment_fields,
    named_choices,
    number_fields,
    plain,
    truth_fields,
)
from textwire.rows.literals import as_literal
from textwire.rows.markup import has_markup, markup_as_text
from textwire.rows.moments import as_moment, is_date
from textwire.rows.numbers import as_number, as_price, is_no_value
from textwire.rows.paths import name_of
from textwire.undecodable import NOT_DECODABLE
from textwire.wire.message import Message

TAG_SEPARATORS = re.compile(r"[,;|、，；\t]|\s[/>]\s")
# `['a', 'b']` of Python and `{a,b}` of PostgreSQL.
_BRACKETED = re.compile(r"\[.*\]|\{.*\}", re.DOTALL)
# Lists of short names, which tables hold in one cell.
SEPARATED = frozenset({"tags", "also"})
# By their letters alone. Also the last part of an address, as of schema.org/OutOfStock.
TRUE = frozenset(
    {
        *("yes", "y", "instock", "available", "active", "onlineonly", "limitedavailability"),
        *("preorder", "backorder", "ja", "lieferbar", "sí", "oui", "是", "有货"),
    }
)
FALSE = frozenset(
    {
        *("no", "n", "outofstock", "soldout", "unavailable", "inactive", "discontinued"),
        *("nein", "ausverkauft", "nichtlieferbar", "agotado", "épuisé", "esaurito", "uitverkocht"),
        *("否", "缺货", "无货", "售罄", "下架"),
    }
)
# What programs write for an id that is missing; nobody is called so.
_MISSING = frozenset({"nan", "NaN", "NULL", "null", "None", "<NA>", "#N/A", "NaT"})
# Of a column that has gaps, pandas writes the whole numbers so.
_WHOLE = re.compile(r"[1-9]\d*\.0")
# Numbers that are names may begin with 0, and are not counted with.
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?")


def tidied(fields: Mapping[str, Any], kind: type[Message], *, strip: bool = True) -> dict[str, Any]:
    """A row's values, by fields of a kind of message; what says that there is nothing is left out.

    Args:   strip: texts are taken without the blanks around them.
    Raises: RecordRejected: naming the field whose value cannot be read.
    """
    tidy = _texts(fields, kind, strip=strip)
    _read_each(tidy, list_fields(kind), several)
    _read_each(tidy, number_fields(kind), lambda name, value: _number(name, value, kind))
    _read_each(tidy, truth_fields(kind), lambda _, value: _truth(value))
    _take_truths_for_times(tidy, kind)
    _read_each(tidy, moment_fields(kind), lambda name, value: _moment(name, value, kind))
    _read_each(tidy, id_fields(kind), lambda _, value: _identifier(value, kind))
    for name, choices in named_choices(kind).items():
        if isinstance(said := tidy.get(name), str):
            tidy[name] = choices.get(plain(said), said)
    further = kind.further_field
    if further is not None and isinstance(tidy.get(further), dict):
        tidy[further] = {name: _further(value) for name, value in tidy[further].items()}
    return kind.settled(tidy)


def _texts(fields: Mapping[str, Any], kind: type[Message], *, strip: bool) -> dict[str, Any]:
    """The cells that say something."""
    given = {name: value for name, value in fields.items() if not _is_nothing(name, value, kind)}
    tidy = {name: _text(name, value, kind, strip=strip) for name, value in given.items()}
    # A list of no texts says nothing.
    return {name: value for name, value in tidy.items() if value or not _is_list(given[name])}


def _read_each(tidy: dict[str, Any], names: Set[str], read: Callable[[str, Any], Any]) -> None:
    """Put what is read of some fields in their place."""
    for name in names & tidy.keys():
        tidy[name] = read(name, tidy[name])


def _take_truths_for_times(tidy: dict[str, Any], kind: type[Message]) -> None:
    """Where a field of a time says yes or no, that is another field's."""
    for name, told in kind.truth_of_time.items():
        if (whether := _said_truth(tidy.get(name))) is not None:
            del tidy[name]
            tidy[told] = whether and tidy.get(told, True)


def _is_nothing(name: str, value: Any, kind: type[Message]) -> bool:
    """Whether a cell stands for nothing: a text may well be `NA`; a number or a time not."""
    if value is None or _is_nan(value):
        return True
    if not isinstance(value, str):
        return False
    if name in list_fields(kind):
        return not value.strip()
    if kind.counted_ids and name in id_fields(kind):
        return value.strip() in _MISSING
    wordless = number_fields(kind) | truth_fields(kind) | moment_fields(kind)
    return name in wordless and is_no_value(value)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _text(name: str, value: Any, kind: type[Message], *, strip: bool) -> Any:
    if name in kind.written_fields:
        value = _written(value)
    if name == "category" and isinstance(value := _held(value), list):
        value = " > ".join(dict.fromkeys(_leaves(value)))
    return value.strip() if strip and name != "id" and isinstance(value, str) else value


def _written(value: Any) -> Any:
    """A text without its markup; of a list of texts, as paragraphs."""
    value = _held(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "\n\n".join(filter(None, map(_written, value)))
    if isinstance(value, str):
        return unescape(markup_as_text(value) if has_markup(value) else value)
    return value


def _is_list(value: Any) -> bool:
    return isinstance(_held(value), list)


def _held(value: Any) -> Any:
    """The list that a cell holds as Python prints it: `['A', 'B']`; or the cell."""
    held = as_literal(value) if isinstance(value, str) and value.lstrip()[:1] == "[" else None
    return value if held is None else held


def _leaves(values: list[Any]) -> list[str]:
    """The texts in a list of lists, as shops write paths of categories."""
    return [
        leaf
        for value in values
        for leaf in (_leaves(value) if isinstance(value, list) else [str(value)])
    ]


def several(name: str, cell: Any) -> Any:
    """The values in a cell: as JSON, or of short names between separators."""
    if isinstance(cell, list) and name in SEPARATED and any(isinstance(o, dict) for o in cell):
        return [called for one in cell if (called := name_of(one))]
    if not isinstance(cell, str):
        return cell
    if cell.startswith("["):
        try:
            return msgspec.json.decode(cell, type=list[Any])
        except NOT_DECODABLE:
            pass  # a tag in brackets
    if name not in SEPARATED:
        return cell
    bare = cell[1:-1] if _BRACKETED.fullmatch(cell) else cell
    words = bare.split()
    if len(words) > 1 and all(word.startswith("#") for word in words):
        return [word.lstrip("#") for word in words]
    tags = (tag.strip().strip("'\"") for tag in TAG_SEPARATORS.split(bare))
    return [tag for tag in tags if tag]


def _number(name: str, value: Any, kind: type[Message]) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return as_price(value) if name in kind.money_fields else as_number(value)
    except RecordRejected as rejected:
        raise RecordRejected(f"`{name}`: {rejected}") from None


def _truth(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    said = plain(value.strip().rpartition("/")[2])
    return True if said in TRUE else False if said in FALSE else value


def _said_truth(value: Any) -> bool | None:
    """What a cell says that holds no time: `TRUE`, `no`; of drafts, -1."""
    if isinstance(value, bool):
        return value
    said = str(value).strip().casefold()
    if said in ("1", "1.0", "true", "published"):
        return True
    if said in ("0", "0.0", "-1", "-1.0", "false", "draft", "private"):
        return False
    truth = _truth(said)
    return truth if isinstance(truth, bool) else None


def _moment(name: str, value: Any, kind: type[Message]) -> datetime:
    moment = as_moment(value)
    return moment + timedelta(days=1) if name in kind.end_fields and is_date(value) else moment


def _identifier(value: Any, kind: type[Message]) -> Any:
    if kind.counted_ids and isinstance(value, str) and _WHOLE.fullmatch(value):
        return value.removesuffix(".0")
    return as_identifier(value)


def as_identifier(value: Any) -> Any:
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
