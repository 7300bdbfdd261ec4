"""What an item must have to be offered: a value, one of several, or a number in a range."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from textwire.errors import SettingsError
from textwire.recommendations.messages import FilterValue, Item, Range

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
OWN_FIELDS = frozenset(
    {"id", "title", "description", "tags", "category", "group", "price", "stock"}
)


def matches(item: Item, filters: Mapping[str, FilterValue]) -> bool:
    """Whether an item has all that is asked for; a field that it lacks matches nothing.

    Texts are compared without regard to case. Of a field that holds several, one is enough.
    """
    return all(_fits(field_of(item, name), wanted) for name, wanted in filters.items())


def parse_filter(written: str) -> tuple[str, FilterValue]:
    """A filter as a person types it: `brand=Acme`, `tags=steel,new`, `price=10..50`, `new=true`.

    Raises: SettingsError: it has another form.
    """
    name, equals, value = (part.strip() for part in written.partition("="))
    if not (name and equals and value):
        raise SettingsError(f"{written!r} is no filter. Write it like category=Kitchen.")
    low, dots, high = value.partition("..")
    if dots:
        try:
            least, most = float(low) if low else None, float(high) if high else None
        except ValueError:
            raise SettingsError(f"{written!r} is no range. Write it like price=10..50.") from None
        return name, Range(min=least, max=most)
    values = tuple(_typed(one.strip()) for one in value.split(","))
    return name, values if len(values) > 1 else values[0]


def _typed(text: str) -> bool | float | str:
    if text in ("true", "false"):
        return text == "true"
    return float(text) if _NUMBER.fullmatch(text) else text


def field_of(item: Item, name: str) -> Any:
    """What a filter of that name looks at; None where the item lacks it."""
    if name == "available":
        return item.on_sale
    return getattr(item, name) if name in OWN_FIELDS else item.more.get(name)


def _fits(held: Any, wanted: FilterValue) -> bool:
    if held is None:
        return False
    if isinstance(held, tuple):
        return any(_fits(one, wanted) for one in held)
    if isinstance(wanted, Range):
        return _within(held, wanted)
    if isinstance(wanted, tuple):
        return any(_same(held, one) for one in wanted)
    return _same(held, wanted)


def _within(held: Any, wanted: Range) -> bool:
    if isinstance(held, bool) or not isinstance(held, int | float):
        return False
    return (wanted.min is None or held >= wanted.min) and (wanted.max is None or held <= wanted.max)


def _same(held: Any, wanted: bool | float | str) -> bool:
    if isinstance(held, bool) or isinstance(wanted, bool):
        return held is wanted
    if isinstance(held, str) and isinstance(wanted, str):
        return held.casefold() == wanted.casefold()
    if isinstance(held, str) and isinstance(wanted, int | float):
        return held == f"{wanted:g}"
    return bool(held == wanted)
