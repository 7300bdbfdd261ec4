"""Rows of a file, and the messages they become."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import msgspec

from textwire.errors import RecordRejected
from textwire.rows.kinds import choices_of
from textwire.wire.message import Message

M = TypeVar("M", bound=Message)
Advance = Callable[[int], None]
"""Told how many more bytes of the file were read."""

_PLACE = re.compile(r"(?P<what>.*) - at `\$\.(?P<field>.+)`", re.DOTALL)
_UNKNOWN = re.compile(r"Invalid enum value (?P<value>'.*')", re.DOTALL)
_BOUND = re.compile(r"Expected `(?:float|int)` (?P<side>[<>]=) (?P<limit>\S+)")
_MISSING = re.compile(r"Object missing required field `(?P<field>.+)`")


class Row(NamedTuple):
    """What one row says, by the names of a message's fields."""

    line: int  # where it starts, counted from 1
    fields: dict[str, Any]
    where: str = ""  # said in place of the line, where a file has sheets, pages or items


class BadRow(NamedTuple):
    """A row that cannot be used, and why."""

    line: int
    reason: str
    where: str = ""


def unwatched(_byte_count: int) -> None:
    """Nobody looks at the progress."""


def unheard(_remark: str) -> None:
    """Nobody listens to remarks."""


@dataclass(frozen=True)
class Reading:
    """How a file is read, whatever its form.

    advance   told how many more bytes were read.
    tell      told what a reader assumed or passed over, in a sentence.
    encoding  of a text file; None: to be recognised.
    """

    advance: Advance = unwatched
    tell: Callable[[str], None] = unheard
    encoding: str | None = None


AS_IT_COMES = Reading()


def as_message(fields: Mapping[str, Any], kind: type[M], *, strict: bool = True) -> M:
    """The message that a row's fields make.

    Args:   strict: a number must be a number; a table's cells are all text, so there it may not be.
    Raises: RecordRejected: a field is missing or does not fit.
    """
    try:
        return msgspec.convert(fields, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise RecordRejected(_reason(str(error), fields, kind)) from None


def _reason(complaint: str, fields: Mapping[str, Any], kind: type[Message]) -> str:
    if missing := _MISSING.fullmatch(complaint):
        return f"there is no `{missing['field']}`"
    placed = _PLACE.fullmatch(complaint)
    if placed is None:
        return complaint
    if fields.get(placed["field"]) == "":
        return f"`{placed['field']}` is empty"
    if unknown := _UNKNOWN.fullmatch(placed["what"]):
        allowed = choices_of(kind).get(placed["field"].partition("[")[0])
        if allowed:
            return f"`{placed['field']}`: {unknown['value']} is none of {', '.join(allowed)}"
    if bound := _BOUND.fullmatch(placed["what"]):
        side = "below" if bound["side"] == ">=" else "above"
        if isinstance(value := fields.get(placed["field"]), int | float):
            return f"`{placed['field']}`: {value:g} is {side} {float(bound['limit']):g}"
    what = placed["what"][:1].lower() + placed["what"][1:]
    return f"`{placed['field']}`: {what}"
