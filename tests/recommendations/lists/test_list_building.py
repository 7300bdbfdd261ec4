"""Lists: of what search finds, in the ranker's order made diverse; alone as in a batch."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.recommendations.shop import NOON, event, unit_vectors
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.counts.popularity import Popularity, PopularitySnapshot
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.lists.list_building import build_lists, gather_candidates
from textwire.recommendations.messages import Item, ScoreRequest
from textwire.recommendations.profiles.user_profile import updated
from textwire.recommendations.ranking.features import FEATURES, compute_features
from textwire.recommendations.results import Profile

ITEMS = [Item(id=f"i{n}", title=f"Item {n}", category=f"c{n % 3}") for n in range(260)]
VECTORS = unit_vectors(len(ITEMS))
INDEX = ItemIndex.empty(16).changed(ITEMS, VECTORS)
LIKED = PopularitySnapshot.of(Popularity(liked={"i7": 5.0, "i8": 3.0, "gone": 9.0}))
FEW = RecommendationsSettings(nearest=12, popular=4, fresh=4, k=6)


class ByMatch:
    """A ranker that goes by the match of texts, and counts how often it is asked."""

    name = "match"

    def __init__(self) -> None:
        self.runs = 0

    def score(self, features: Vectors) -> Vectors:
        self.runs += 1
        scores: Vectors = (1.0 + features[:, FEATURES.index("text_match")]) / 2.0
        return scores


def profile_of(places: list[int]) -> Profile | None:
    profile = None
    for place in places:
        bought = event("purchase" if place % 5 == 0 else "click", ITEMS[place].id)
        profile = updated(profile, bought, ITEMS[place], VECTORS[place], 7.0)
    return profile


def query(places: list[int], k: int | None = None) -> RankingQuery:
    return RankingQuery.of(ScoreRequest(user_id="u", k=k), profile_of(places), None, 16)


PASTS = st.lists(st.lists(st.integers(0, 59), max_size=4), min_size=1, max_size=5)


@given(PASTS)
def test_a_list_is_the_same_alone_and_in_a_batch(pasts: list[list[int]]) -> None:
    queries, ranker = [query(places) for places in pasts], ByMatch()
    together = build_lists(INDEX, ranker, queries, LIKED, FEW, NOON)
    assert ranker.runs == 1
    for one, asked in zip(together, queries, strict=True):
        (alone,) = build_lists(INDEX, ByMatch(), [asked], LIKED, FEW, NOON)
        assert [item.id for item in alone.items] == [item.id for item in one.items]
        np.testing.assert_allclose(alone.scores, one.scores, atol=1e-6)


@given(st.lists(st.integers(0, 59), max_size=6), st.integers(1, 20))
def test_a_list_holds_as_many_as_were_asked_for_of_what_was_found(
    places: list[int], k: int
) -> None:
    (built,) = build_lists(INDEX, ByMatch(), [query(places, k)], LIKED, FEW, NOON)
    found = [item.id for item in built.candidates.items]
    ids = [item.id for item in built.items]
    assert len(ids) == len(set(ids)) == min(k, len(found))
    assert set(ids) <= set(found)
    assert not set(ids) & {ITEMS[place].id for place in places if place % 5 == 0}
    assert len(built.scores) == len(built.candidates.features) == len(found)


def test_without_diversity_a_list_is_in_the_order_of_the_scores() -> None:
    by_score = FEW.model_copy(update={"trade_off": 1.0})
    (built,) = build_lists(INDEX, ByMatch(), [query([3, 4])], LIKED, by_score, NOON)
    listed = built.scores[list(built.places)]
    assert list(listed) == sorted(built.scores, reverse=True)[:6]


def test_candidates_are_described_as_the_ranker_sees_them() -> None:
    (found,) = gather_candidates(INDEX, [query([1, 2])], LIKED, FEW, NOON)
    expected = compute_features(found.context, found.items, found.vectors)
    np.testing.assert_array_equal(found.features, expected)
    assert {"i7", "i8"} <= {item.id for item in found.items}
    assert len(found.items) < len(ITEMS)


def test_no_query_makes_no_list() -> None:
    ranker = ByMatch()
    assert build_lists(INDEX, ranker, [], LIKED, FEW, NOON) == []
    assert ranker.runs == 0
