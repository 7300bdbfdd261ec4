from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from textwire.recommendations.experiments.interleaving import team_draft

LISTS = st.lists(st.integers(0, 30), unique=True, max_size=15)


def drafted(a: list[int], b: list[int], k: int = 30, seed: str = "s") -> list[tuple[str, int]]:
    lists = {"a": a, "b": b}
    picked = team_draft(a, b, k, lambda one: one, seed)
    return [(pick.arm, lists[pick.arm][pick.place]) for pick in picked]


@given(LISTS, LISTS, st.integers(0, 20), st.text(max_size=5))
def test_each_stands_once_and_all_do_where_there_is_room(
    a: list[int], b: list[int], k: int, seed: str
) -> None:
    found = [one for _, one in drafted(a, b, k, seed)]
    assert len(found) == len(set(found)) == min(k, len({*a, *b}))
    assert set(found) <= {*a, *b}


@given(LISTS, LISTS, st.text(max_size=5))
def test_no_team_is_ever_more_than_one_pick_ahead_while_both_have_something(
    a: list[int], b: list[int], seed: str
) -> None:
    taken: set[int] = set()
    lead = 0
    for arm, one in drafted(a, b, seed=seed):
        if not (set(a) - taken) or not (set(b) - taken):
            break
        lead += 1 if arm == "a" else -1
        assert abs(lead) <= 1
        taken.add(one)


@given(LISTS, LISTS, st.text(max_size=5))
def test_a_team_picks_the_first_of_its_list_that_is_left(
    a: list[int], b: list[int], seed: str
) -> None:
    taken: set[int] = set()
    lists = {"a": a, "b": b}
    for arm, one in drafted(a, b, seed=seed):
        assert one == next(left for left in lists[arm] if left not in taken)
        taken.add(one)


def test_the_same_words_throw_the_same_coins_and_others_do_not() -> None:
    a, b = list(range(10)), list(range(10, 20))
    assert drafted(a, b, seed="x") == drafted(a, b, seed="x")
    first = [drafted(a, b, seed=str(number))[0][0] for number in range(400)]
    assert 150 < first.count("a") < 250


def test_equal_lists_stay_as_they_are() -> None:
    assert [one for _, one in drafted([3, 1, 2], [3, 1, 2])] == [3, 1, 2]


def test_what_is_the_same_to_a_reader_stands_once() -> None:
    picked = team_draft(["pan red"], ["pan blue", "cup"], 9, lambda one: one.split()[0], "s")
    assert len(picked) == 2
