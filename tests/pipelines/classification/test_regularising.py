"""How strongly a head's weights are held back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.classification.regularising import FOLDS, MANY, TRIED_L2, Places, choose_l2


@pytest.mark.parametrize("best", TRIED_L2)
def test_what_tells_other_texts_best_is_chosen(best: float) -> None:
    assert choose_l2(50, lambda _, __, l2: abs(np.log(l2 / best))) == best
    assert choose_l2(50, lambda *_: 1.0) == TRIED_L2[0]


@given(count=st.integers(2, 200))
def test_each_text_is_judged_once_by_a_head_that_did_not_learn_it(count: int) -> None:
    seen: list[int] = []

    def loss(learned: Places, judged: Places, l2: float) -> float:
        assert sorted([*learned, *judged]) == list(range(count))
        if l2 == TRIED_L2[0]:
            seen.extend(judged)
        return 0.0

    choose_l2(count, loss)
    assert sorted(seen) == list(range(count))


def test_of_many_texts_one_fold_is_judged() -> None:
    judged: list[int] = []

    def loss(_: Places, part: Places, __: float) -> float:
        judged.append(len(part))
        return 0.0

    choose_l2(MANY + 1, loss)
    assert judged == [-(-(MANY + 1) // FOLDS)] * len(TRIED_L2)
