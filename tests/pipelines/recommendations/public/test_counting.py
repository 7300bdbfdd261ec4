from __future__ import annotations

from pathlib import Path

import numpy as np

from pipelines.recommendations.public.cases import TEST_FROM, PurchaseLog, read_cases
from pipelines.recommendations.public.counting import (
    bought_together,
    measure_counts,
    purchases,
    recent,
)


def test_nothing_from_after_the_division_is_counted(folder: Path) -> None:
    before = PurchaseLog(folder, TEST_FROM).read()
    places = {item_id: place for place, item_id in enumerate(before.by_id)}
    assert purchases(before, places).sum() == len(before.events)
    assert all(event.at < TEST_FROM for event in before.events)


def test_items_are_together_as_often_as_users_bought_both() -> None:
    bought = np.array([[2, 1, 0], [1, 1, 1]], dtype=np.float32)
    expected = [[0, 2, 1], [2, 0, 1], [1, 1, 0]]
    np.testing.assert_array_equal(bought_together(bought), expected)


def test_the_newest_of_a_history_weighs_most(folder: Path) -> None:
    places = {
        item_id: place for place, item_id in enumerate(PurchaseLog(folder, TEST_FROM).read().by_id)
    }
    case = next(case for case in read_cases(folder / "test.csv") if len(case.history) > 2)
    (row,) = recent([case], places)
    assert row[places[case.history[-1].item_id]] >= 1.0
    assert row.sum() == sum(0.5**age for age in range(len(case.history)))


def test_users_of_one_kind_are_found_by_what_they_bought_together(folder: Path) -> None:
    before = PurchaseLog(folder, TEST_FROM).read()
    figures = measure_counts(before, read_cases(folder / "test.csv"), (10,))
    assert figures["together_hr_at_10"] > figures["popularity_hr_at_10"]
