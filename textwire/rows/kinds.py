"""What the fields of a message hold, as readers of untyped cells must know it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import msgspec
from msgspec import inspect

from textwire.wire.message import Message

_NO_LETTER = re.compile(r"[\W_]+")


@cache
def moment_fields(kind: type[Message]) -> frozenset[str]:
    """Fields that hold a time."""
    return _fields_of(kind, (inspect.DateTimeType,))


@cache
def list_fields(kind: type[Message]) -> frozenset[str]:
    """Fields that hold several values."""
    return _fields_of(kind, (inspect.VarTupleType, inspect.ListType))


@cache
def number_fields(kind: type[Message]) -> frozenset[str]:
    """Fields that hold a number; those that may hold a text instead are texts."""
    numbers = _fields_of(kind, (inspect.FloatType, inspect.IntType))
    return numbers - _fields_of(kind, (inspect.StrType,))


@cache
def truth_fields(kind: type[Message]) -> frozenset[str]:
    """Fields that hold true or false."""
    return _fields_of(kind, (inspect.BoolType,))


@cache
def id_fields(kind: type[Message]) -> frozenset[str]:
    """Fields that hold an id, which other programs count."""
    names = (info.name for info in msgspec.structs.fields(kind))
    return frozenset(name for name in names if name in ("id", "same_as") or name.endswith("_id"))


@cache
def choices_of(kind: type[Message]) -> dict[str, tuple[str, ...]]:
    """The texts that a field takes, of those that take only some."""
    choices: dict[str, tuple[str, ...]] = {}
    for info in msgspec.structs.fields(kind):
        for held in _alternatives(msgspec.inspect.type_info(info.type)):
            if isinstance(held, inspect.VarTupleType | inspect.ListType):
                held = held.item_type
            if isinstance(held, inspect.LiteralType):
                choices[info.name] = tuple(str(value) for value in held.values)
    return choices


@cache
def named_choices(kind: type[Message]) -> dict[str, dict[str, str]]:
    """By field: each name of a value, by its letters and digits alone, and the value it is of."""
    return {
        name: {
            plain(called): value
            for value in choices_of(kind).get(name, ())
            for called in (value, *names.get(value, ()))
        }
        for name, names in kind.choice_names.items()
    }


def plain(name: str) -> str:
    """A name by its letters and digits alone: `Valid_from:` and `valid from` are the same."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", name).casefold())


def _fields_of(kind: type[Message], types: tuple[type, ...]) -> frozenset[str]:
    told = {
        info.name: msgspec.inspect.type_info(info.type) for info in msgspec.structs.fields(kind)
    }
    return frozenset(
        name
        for name, held in told.items()
        if any(isinstance(one, types) for one in _alternatives(held))
    )


def _alternatives(held: inspect.Type) -> tuple[inspect.Type, ...]:
    return held.types if isinstance(held, inspect.UnionType) else (held,)
