"""Whether events go by the same ids as the catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice

from textwire.recommendations.messages import Item

SHOWN_IDS = 3
# A shop's old log names things that it no longer has; most of it names things that it has.
MOSTLY = 0.5


def told_unknown(ids: Mapping[str, int], items: Sequence[Item]) -> str | None:
    """How many events are about no item; where most ids are no item's, by which field they go.

    None where all are known, or where there is no catalogue yet.

    Args: ids: of items, by how many events name each.
    """
    unknown = ids.keys() - {item.id for item in items}
    if not items or not unknown:
        return None
    shown = ", ".join(f"`{one}`" for one in islice(sorted(unknown), SHOWN_IDS))
    if len(unknown) <= MOSTLY * len(ids):
        return (
            f"{sum(ids[one] for one in unknown):,} of {sum(ids.values()):,} events are about items "
            f"that are not in the catalogue, such as {shown}. Nothing is learned from them until "
            "these are."
        )
    what = (
        f"{len(unknown):,} of {len(ids):,} item ids are not in the catalogue, such as {shown}; "
        f"it has ids such as `{items[0].id}`. Nothing is learned from them until it has."
    )
    held = Counter(
        name
        for item in items
        for name, value in (*item.more.items(), ("group", item.group))
        if value in unknown
    )
    if not held:
        return f"{what} Another column may hold the ids: `--map item_id=COLUMN`."
    (name, _), *_ = held.most_common(1)
    return f"{what} They are its items' `{name}`: load it with `--map id={name}`."
