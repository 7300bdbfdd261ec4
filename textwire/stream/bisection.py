"""Going through a batch so that one record at fault is found, and stands in nobody's way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from textwire.errors import Unavailable
from textwire.stream.retrying import Stopped

Item = TypeVar("Item")
Made = TypeVar("Made")


def in_pieces(
    process: Callable[[Sequence[Item]], Made], batch: Sequence[Item]
) -> Iterator[tuple[Sequence[Item], Made | Exception]]:
    """Pieces of a batch in its order, each with what `process` makes of it: the whole, if it can.

    A piece on which `process` fails is halved, down to the item at fault, which comes alone with
    its error: some log2(n) more calls an error. A piece is processed when it is asked for, so that
    what the one before led to can be stored first: both may bear on the same state.

    Raises: Unavailable, Stopped: no item is at fault.
    """
    left = [batch] if batch else []
    while left:
        piece = left.pop()
        try:
            made = process(piece)
        except (Unavailable, Stopped):
            raise
        except Exception as error:  # noqa: BLE001 - whatever one record raises, the rest goes on
            if len(piece) == 1:
                yield piece, error
            else:
                middle = len(piece) // 2
                left += [piece[middle:], piece[:middle]]
        else:
            yield piece, made
