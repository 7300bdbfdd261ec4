"""What an item must have to be offered: a value, one of several, or a number in a range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textwire.recommendations.messages import FilterValue, Item, Range

OWN_FIELDS = frozenset({"id", "title", "description", "tags", "category", "price", "stock"})


def matches(item: Item, filters: Mapping[str, FilterValue]) -> bool:
    """Whether an item has all that is asked for; a field that it lacks matches nothing.

    Texts are compared without regard to case. Of a field that holds several, one is enough.
    """
    return all(_fits(_field(item, name), wanted) for name, wanted in filters.items())


def _field(item: Item, name: str) -> Any:
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
    return bool(held == wanted)
