import pytest

from pipelines.measuring.ranking_metrics import (
    average_precision,
    mean_reciprocal_rank,
    rank_of,
    recall_at,
)


def test_ranks_count_from_one() -> None:
    assert rank_of("b", ["a", "b"]) == 2
    assert rank_of("c", ["a", "b"]) is None


def test_recall_counts_what_is_among_the_first() -> None:
    ranks = [1, 2, 6, None]
    assert [recall_at(k, ranks) for k in (1, 2, 5, 6)] == [0.25, 0.5, 0.5, 0.75]


def test_reciprocal_ranks_are_averaged_with_nothing_for_what_was_not_found() -> None:
    assert mean_reciprocal_rank([1, 2, 4, None]) == pytest.approx(1.75 / 4)


def test_precision_is_averaged_over_the_places_of_what_is_right() -> None:
    assert average_precision([True, False, True]) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([False, False]) == 0
