from hypothesis import given
from hypothesis import strategies as st

from textwire.support_qa.ranking import UNTUNED, RankingWeights, ranking_weights

SHARES = st.floats(0, 1)


def test_a_model_that_states_no_weights_has_those_for_unknown_knowledge() -> None:
    assert ranking_weights({}) == UNTUNED
    assert ranking_weights({"heading": 0.1, "words": 0.3}) == RankingWeights(0.1, 0.3)
    closely = {"heading": 0.1, "words": 0.3, "closely": 0.8}
    assert ranking_weights(closely) == RankingWeights(0.1, 0.3, 0.8)


@given(SHARES, SHARES, SHARES, SHARES, st.floats(0, 100), st.floats(0, 100))
def test_more_of_anything_never_lowers_a_score(heading, words, cosine, other, low, more) -> None:
    weights = RankingWeights(heading, words)
    base = weights.score(cosine, other, low)
    assert weights.score(cosine, other, low + more) >= base - 1e-12
    assert weights.score(min(1, cosine + 0.1), other, low) >= base - 1e-12
