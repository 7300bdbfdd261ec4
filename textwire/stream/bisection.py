"""Finding the record at fault in a batch that failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from textwire.errors import Unavailable

Item = TypeVar("Item")
Made = TypeVar("Made")


def bisect(
    process: Callable[[Sequence[Item]], Sequence[Made]], batch: Sequence[Item]
) -> list[Made | Exception]:
    """What `process` makes of each item, or why it could not: some log2(n) more calls an error.

    Raises: Unavailable: no item is at fault.
    """
    if not batch:
        return []
    try:
        return _checked(process(batch), batch)
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - whatever one record raises, the rest goes on
        if len(batch) == 1:
            return [error]
        middle = len(batch) // 2
        return bisect(process, batch[:middle]) + bisect(process, batch[middle:])


def _checked(made: Sequence[Made], batch: Sequence[Item]) -> list[Made | Exception]:
    if len(made) != len(batch):
        raise ValueError(f"{len(batch)} messages went in and {len(made)} results came out")
    return list(made)
