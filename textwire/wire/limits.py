"""What a field may hold, in words: for docs/asyncapi.yaml, and for whoever sent something else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from textwire.undecodable import NOT_DECODABLE
from textwire.wire.message import Message


@cache
def field_limits(kind: type[Message]) -> dict[str, str]:
    """What each field takes, by its name on the wire: `text of 1 to 8,000 characters`."""
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)  # noqa: S101 - a message is one
    return {field.encode_name: _words(field.type) for field in described.fields}


def unfit_fields(fields: Mapping[str, msgspec.Raw], kind: type[Message]) -> list[str]:
    """The fields that are missing or hold what they may not, in the message's own order."""
    return [
        name
        for name, (required, decoder) in _decoders(kind).items()
        if (required if name not in fields else not _decodes(fields[name], decoder))
    ]


def correction(names: list[str], kind: type[Message]) -> str:
    """What these fields have to be: `` `k` has to be a whole number from 1 to 200 ``."""
    limits = field_limits(kind)
    return "; ".join(f"`{name}` has to be {limits[name]}" for name in names)


@cache
def _decoders(kind: type[Message]) -> dict[str, tuple[bool, msgspec.json.Decoder[Any]]]:
    """Of each field, whether it has to be there, and what reads it."""
    return {
        field.encode_name: (field.required, msgspec.json.Decoder(field.type))
        for field in msgspec.structs.fields(kind)
    }


def _decodes(value: msgspec.Raw, decoder: msgspec.json.Decoder[Any]) -> bool:
    try:
        decoder.decode(value)
    except NOT_DECODABLE:
        return False
    return True


def _words(kind: inspect.Type) -> str:
    match kind:
        case inspect.StrType(min_length=least, max_length=most):
            return _text(least, most)
        case inspect.IntType(ge=least, le=most):
            return f"a whole number{_range(least, most)}"
        case inspect.FloatType(ge=least, le=most):
            return f"a number{_range(least, most)}"
        case inspect.BoolType():
            return "true or false"
        case inspect.DateTimeType():
            return "a time with its zone (RFC 3339), such as 2026-03-02T12:00:00Z"
        case inspect.LiteralType(values=values):
            return f"one of {', '.join(str(value) for value in values)}"
        case inspect.VarTupleType(item_type=item, max_length=most):
            count = "" if most is None else f"at most {most:,}, "
            return f"a list of {count}each of them {_words(item)}"
        case inspect.DictType(value_type=value, max_length=most):
            count = "" if most is None else f"at most {most:,} fields, "
            return f"an object of {count}each of them {_words(value)}"
        case inspect.StructType(fields=fields):
            held = (f"`{field.encode_name}`, {_words(field.type)}" for field in fields)
            return f"an object with {' and '.join(held)}"
        case inspect.UnionType(types=types):
            either = [_words(one) for one in types if not isinstance(one, inspect.NoneType)]
            return " or ".join(either)
        case _:
            return "an object"


def _text(least: int | None, most: int | None) -> str:
    if most is None:
        return "text"
    if not least:
        return f"text of at most {most:,} characters"
    return f"text of {least:,} to {most:,} characters"


def _range(least: float | None, most: float | None) -> str:
    if least is None or most is None:
        return ""
    return f" from {least:,.10g} to {most:,.10g}"
