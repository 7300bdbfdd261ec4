"""Several wishes in one list."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from textwire.recommendations.lists.turns import Offer, in_turns


def offers(prefix: str, *worths: float) -> list[Offer]:
    return [Offer(f"{prefix}{n}", worth) for n, worth in enumerate(worths)]


def keys(lists: list[list[Offer]], k: int) -> list[object]:
    return [lists[turn.wish][turn.place].key for turn in in_turns(lists, k)]


def test_the_best_of_each_wish_come_first() -> None:
    tents, bags = offers("tent", 0.02, 0.02, 0.02), offers("bag", 0.9, 0.001)
    assert set(keys([tents, bags], 2)) == {"tent0", "bag0"}


def test_a_wish_without_more_good_items_leaves_the_places_to_others() -> None:
    tents, bags = offers("tent", *[0.02] * 5), offers("bag", 0.9, 1e-4)
    assert set(keys([tents, bags], 5)) == {"bag0", "tent0", "tent1", "tent2", "tent3"}


def test_of_two_wishes_the_surer_is_first() -> None:
    assert keys([offers("unicorn", 0.2), offers("tent", 0.5)], 2) == ["tent0", "unicorn0"]


def test_what_serves_two_wishes_stands_there_once() -> None:
    both = Offer("set", 0.5)
    assert keys([[both, Offer("a", 0.1)], [both, Offer("b", 0.1)]], 9) == ["set", "b", "a"]


LISTS = st.lists(
    st.lists(st.builds(Offer, st.integers(0, 12), st.floats(0.0, 1.0)), max_size=8), max_size=4
)


@given(LISTS, st.integers(0, 20), st.integers(0, 20))
def test_each_item_has_one_turn_and_shorter_lists_begin_longer_ones(
    lists: list[list[Offer]], k: int, more: int
) -> None:
    turns = in_turns(lists, k)
    taken = keys(lists, k)
    assert len(taken) == len(set(taken)) == min(k, len({o.key for one in lists for o in one}))
    assert in_turns(lists, k + more)[:k] == turns
