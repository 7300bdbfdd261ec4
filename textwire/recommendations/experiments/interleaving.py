"""Two lists as one, so that each user judges both: team draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from textwire.recommendations.experiments.experiment import Arm, drawn

T = TypeVar("T")


class Picked(NamedTuple):
    """A place of a list, and whose pick it is."""

    arm: Arm
    place: int


def team_draft(
    a: Sequence[T], b: Sequence[T], k: int, same: Callable[[T], object], *seed: str
) -> list[Picked]:
    """Who picks what, at most k times: in each round both teams pick once, a coin says who first.

    A team picks the first of its list that nobody has picked. Where one has nothing left, the other
    goes on.

    Args:    same: what two entries have in common that are the same to a reader.
             seed: the same words throw the same coins.
    Returns: in the order of the list; `place` is that in the picking team's own list.
    Source:  Radlinski, Kurup and Joachims 2008, "How does clickthrough data reflect retrieval
             quality?", CIKM.
    """
    lists: dict[Arm, Sequence[T]] = {"a": a, "b": b}
    taken: set[object] = set()
    picked: list[Picked] = []
    turn = 0
    while len(picked) < k:
        first: Arm = "a" if drawn(*seed, str(turn)) < 0.5 else "b"
        before = len(picked)
        for arm in (first, _other(first)):
            place = _first_free(lists[arm], taken, same)
            if place is not None and len(picked) < k:
                taken.add(same(lists[arm][place]))
                picked.append(Picked(arm, place))
        if len(picked) == before:
            break
        turn += 1
    return picked


def _other(arm: Arm) -> Arm:
    return "b" if arm == "a" else "a"


def _first_free(listed: Sequence[T], taken: set[object], same: Callable[[T], object]) -> int | None:
    free = (place for place, one in enumerate(listed) if same(one) not in taken)
    return next(free, None)
