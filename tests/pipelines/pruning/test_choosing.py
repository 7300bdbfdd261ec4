"""What carries least goes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.pruning.choosing import heads_that_stay, layers_that_stay

importances = st.lists(
    st.lists(st.floats(0, 1), min_size=1, max_size=6), min_size=1, max_size=5
).map(lambda rows: [np.array(row) for row in rows])


@given(importances, st.floats(0, 0.99))
def test_each_layer_keeps_its_best_head_and_no_more_go_than_were_asked_for(
    importance: list[np.ndarray], part: float
) -> None:
    kept = heads_that_stay(importance, part)
    for layer, of in enumerate(importance):
        assert kept[layer] == sorted(set(kept[layer]))
        assert int(of.argmax()) in kept[layer]
    there = sum(map(len, importance))
    gone = there - sum(map(len, kept.values()))
    assert gone == min(round(part * there), there - len(importance))


@given(importances, st.floats(0, 0.99))
def test_no_head_that_went_counts_more_than_one_that_stayed_beside_the_best(
    importance: list[np.ndarray], part: float
) -> None:
    kept = heads_that_stay(importance, part)
    best = {layer: int(of.argmax()) for layer, of in enumerate(importance)}
    gone = [of[h] for i, of in enumerate(importance) for h in range(len(of)) if h not in kept[i]]
    stayed = [importance[i][h] for i, heads in kept.items() for h in heads if h != best[i]]
    assert max(gone, default=0) <= min(stayed, default=1)


def test_layers_that_carry_least_go_and_the_others_keep_their_order() -> None:
    assert layers_that_stay(np.array([3.0, 0.5, 2.0, 1.0]), 2) == [0, 2]
    assert layers_that_stay(np.array([3.0, 0.5]), 0) == [0, 1]
