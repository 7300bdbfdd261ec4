"""Trees: the same each time, the same in ONNX, with odds that are true."""

import numpy as np
import pytest

from pipelines.recommendations.examples import Ranked
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.measures import (
    hit_rate,
    list_metrics,
    ndcg,
    rank_among,
)
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.recommendations.trees import (
    MOST_DIFFERENCE,
    as_onnx,
    check_same,
    stacked,
    train_trees,
)
from tests.pipelines.recommendations.small_shop import START
from textwire.errors import ArtifactError, DataError
from textwire.recommendations.ranking.features import FEATURES

SETTINGS = RecommendationSettings(trees=30)
STARTS = [np.zeros(4000, dtype=np.float32)]


def rows(n: int = 4000, seed: int = 0) -> list[Ranked]:
    rng = np.random.default_rng(seed)
    # Few different values: thresholds then lie between neighbours that float32 hardly tells apart.
    features = rng.normal(size=(n, len(FEATURES))).astype(np.float32)
    liked = rng.random(n) < 1 / (1 + np.exp(2 - 2 * features[:, 0]))
    moment = Moment(0, "u", START, None, (), (), START)
    return [Ranked(moment, [], features, liked)]


def test_the_same_rows_give_the_same_trees() -> None:
    one, other = (train_trees(rows(), STARTS, SETTINGS).model_to_string() for _ in range(2))
    assert one == other


def test_the_graph_says_what_the_trees_say() -> None:
    trees = train_trees(rows(), STARTS, SETTINGS)
    assert check_same(trees, as_onnx(trees), stacked(rows())[0]) < MOST_DIFFERENCE
    other = as_onnx(train_trees(rows(seed=1), STARTS, SETTINGS))
    with pytest.raises(ArtifactError, match="differs from its trees"):
        check_same(trees, other, stacked(rows())[0])


def test_a_better_match_never_lowers_a_score() -> None:
    trees = train_trees(rows(), STARTS, SETTINGS)
    features = stacked(rows())[0][:50]
    better = features.copy()
    better[:, FEATURES.index("text_match")] += 0.5
    assert (trees.predict(better) >= trees.predict(features)).all()


def test_nothing_to_tell_apart_is_said() -> None:
    (row,) = rows()
    for liked in (np.zeros(len(row.liked), dtype=bool), np.ones(len(row.liked), dtype=bool)):
        with pytest.raises(DataError, match="liked, or nothing"):
            train_trees([Ranked(row.moment, [], row.features, liked)], STARTS, SETTINGS)


def test_ranks_count_half_of_the_equal_ones_as_better() -> None:
    scores = np.array([0.5, 0.9, 0.5, 0.5, 0.1], dtype=np.float32)
    assert rank_among(scores, 1) == 1
    assert rank_among(scores, 0) == 3
    assert rank_among(scores, 4) == 5


def test_hits_and_gains() -> None:
    ranks = [1, 3, None, 11]
    assert hit_rate(ranks, 10) == 0.5
    assert ndcg(ranks, 10) == pytest.approx((1 + 0.5) / 4)
    assert list_metrics(ranks, (5, 10))["hr_at_5"] == 0.5
    assert list_metrics(ranks)["mrr_at_10"] == pytest.approx((1 + 1 / 3) / 4)
    assert hit_rate([], 10) == 0.0
