import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.search.fusion import K, reciprocal_rank_fusion

RANKING = st.lists(st.integers(0, 20), unique=True, max_size=12)


def test_scores_are_those_of_the_paper() -> None:
    assert reciprocal_rank_fusion([["a", "b"], ["b"]]) == {"b": 1 / 62 + 1 / 61, "a": 1 / 61}
    assert K == 60


@given(st.lists(RANKING, max_size=4))
def test_everything_ranked_is_scored_once_and_descending(rankings) -> None:
    fused = reciprocal_rank_fusion(rankings)
    assert set(fused) == {thing for ranking in rankings for thing in ranking}
    assert list(fused.values()) == sorted(fused.values(), reverse=True)


@given(RANKING)
def test_a_ranking_fused_with_itself_keeps_its_order(ranking) -> None:
    assert list(reciprocal_rank_fusion([ranking, ranking])) == ranking


@given(RANKING, RANKING)
def test_the_order_of_the_rankings_changes_no_score(one, other) -> None:
    assert reciprocal_rank_fusion([one, other]) == pytest.approx(
        reciprocal_rank_fusion([other, one])
    )


@given(RANKING.filter(bool), RANKING)
def test_a_ranking_without_weight_decides_nothing(one, other) -> None:
    fused = reciprocal_rank_fusion([one, other], weights=[1.0, 0.0])
    assert [thing for thing in fused if thing in one] == one


def test_first_in_both_is_first() -> None:
    assert next(iter(reciprocal_rank_fusion([[3, 1, 2], [3, 2, 1]]))) == 3
