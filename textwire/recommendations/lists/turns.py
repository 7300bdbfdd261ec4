"""One list for several wishes, each of which gets its turn.

    next = argmax over wishes w of  worth_w(first of its list that is left) / 2^n_w

n_w is how many were taken from its list, and worths are relative to each list's best: the best of
each wish come first, and a wish that has no more good items leaves the places to the others.

Source: after Santos et al. 2010, "Exploiting query reformulations for web search result
diversification" (xQuAD), WWW, where what covers an aspect makes the next for it worth less.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple


class Offer(NamedTuple):
    """An item in a wish's list: its worth there, and what it is known by; of variants the same."""

    key: Hashable
    worth: float


class Turn(NamedTuple):
    """Which wish an item was taken for, and its place in that wish's list."""

    wish: int
    place: int


def in_turns(lists: Sequence[Sequence[Offer]], k: int) -> list[Turn]:
    """At most k turns; each key once. The turns for fewer begin those for more."""
    best = [max((offer.worth for offer in one), default=0.0) or 1.0 for one in lists]
    at, taken = [0] * len(lists), [0] * len(lists)
    seen: set[Hashable] = set()
    turns: list[Turn] = []
    while len(turns) < k:
        for wish, one in enumerate(lists):
            while at[wish] < len(one) and one[at[wish]].key in seen:
                # It stands there already, for another wish: that serves this one as well.
                at[wish] += 1
        left = [wish for wish, one in enumerate(lists) if at[wish] < len(one)]
        if not left:
            break
        # Of two that are as due, the surer first: a wish that the shop has nothing for comes last.
        following = max(
            left,
            key=lambda w: (
                lists[w][at[w]].worth / best[w] / 2.0 ** taken[w],
                lists[w][at[w]].worth,
            ),
        )
        turns.append(Turn(following, at[following]))
        seen.add(lists[following][at[following]].key)
        at[following] += 1
        taken[following] += 1
    return turns
