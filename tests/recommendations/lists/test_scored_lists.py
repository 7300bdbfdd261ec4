"""Filters that leave more than a list looks at: the likeliest are looked at."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from tests.recommendations.shop import unit_vectors
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.counts.popularity import Popularity, PopularitySnapshot
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.lists.rules import Rule, Rules
from textwire.recommendations.lists.scored_lists import ListMaker
from textwire.recommendations.messages import MOST_CANDIDATES, Item, ScoreRequest
from textwire.recommendations.ranking.features import FEATURES

AT = datetime(2026, 1, 1, tzinfo=UTC)
COUNT = 2 * MOST_CANDIDATES
ITEMS = [
    Item(id=f"i{n}", title=f"Thing {n}", category="kitchen" if n % 4 else "garden")
    for n in range(COUNT)
]
VECTORS = unit_vectors(COUNT)
KITCHEN = [n for n in range(COUNT) if n % 4]


class Seeing:
    """A ranker that remembers how many items it was shown."""

    name = "seeing"

    def __init__(self) -> None:
        self.shown = 0

    def score(self, features: Vectors) -> Vectors:
        self.shown = len(features)
        match = features[:, FEATURES.index("context_match")]
        popular = features[:, FEATURES.index("popularity")]
        scores: Vectors = (1 / (1 + np.exp(-match - popular))).astype(np.float32)
        return scores


def maker_of(liked: dict[str, float], rules: Rules | None = None) -> ListMaker:
    index = ItemIndex.empty(VECTORS.shape[1]).changed(ITEMS, VECTORS)
    popularity = PopularitySnapshot.of(Popularity(liked=liked))
    settings = RecommendationsSettings(trade_off=1.0)
    return ListMaker(index, Seeing(), "m", popularity, settings, AT, rules or Rules())


def listed(maker: ListMaker, context: Vectors | None, k: int = 10, **wishes: object) -> list[str]:
    request = ScoreRequest(user_id="u", filters={"category": "Kitchen"}, k=k, **wishes)
    query = RankingQuery.of(request, None, context, VECTORS.shape[1])
    (made,) = maker.lists([query])
    return [one.item_id for one in made.scores]


def test_no_more_is_looked_at_than_a_request_may_name() -> None:
    maker = maker_of({})
    listed(maker, VECTORS[1])
    assert maker.ranker.shown == MOST_CANDIDATES  # type: ignore[attr-defined]


def test_what_rules_block_is_not_listed_by_field_or_by_id() -> None:
    rules = Rules(block=(Rule(ids=("i1",)), Rule(where={"title": ("Thing 2", "Thing 3")})))
    found = listed(maker_of({"i1": 9.0, "i2": 9.0, "i3": 9.0, "i5": 5.0}, rules), None)
    assert found[0] == "i5"
    assert not {"i1", "i2", "i3"} & set(found)
