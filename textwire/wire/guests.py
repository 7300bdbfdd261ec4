"""Ids of guests: of rows that name no user, but the visit, the cart or the order they belong to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

T = TypeVar("T")

_PREFIX = "guest"
_NO_LETTER = re.compile(r"[\W_]+")


class GuestColumns(NamedTuple):
    """Names of columns by which guests are told apart.

    visitors  of a person or a browser: users go by them where a file has nothing better.
    baskets   of a cart or an order: whoever has only these is a guest.
    """

    visitors: tuple[str, ...]
    baskets: tuple[str, ...]


def guest_id(column: str, value: str) -> str:
    """An id that no user has, nor another column's guest: `guest:order_id:1017`."""
    return f"{_PREFIX}:{_NO_LETTER.sub('_', column.casefold()).strip('_')}:{value}"


def guest_column(user_id: str) -> str | None:
    """The column that a guest goes by; None of a user."""
    prefix, _, rest = user_id.partition(":")
    column, parted, _ = rest.partition(":")
    return column if prefix == _PREFIX and parted else None


def counted_guests(messages: Iterable[T], by_column: Counter[str]) -> Iterator[T]:
    """The messages as they are; those of guests are counted by what these go by."""
    for message in messages:
        if column := guest_column(getattr(message, "user_id", "")):
            by_column[column] += 1
        yield message


def told_guests(by_column: Counter[str]) -> str:
    """Such as "190 rows without user_id are guests, by order_id."."""
    total = by_column.total()
    rows = (
        "1 row without user_id is a guest"
        if total == 1
        else f"{total:,} rows without user_id are guests"
    )
    if len(by_column) == 1:
        return f"{rows}, by {next(iter(by_column))}."
    parts = (f"{count:,} by {column}" for column, count in by_column.most_common())
    return f"{rows}: {', '.join(parts)}."
