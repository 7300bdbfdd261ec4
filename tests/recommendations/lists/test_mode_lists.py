from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.recommendations.shop import BREAD, ITEMS, NOON, PAN, TENT
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.counts.popularity import Popularity, PopularitySnapshot
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.lists.eligibility import Eligibility
from textwire.recommendations.lists.mode_lists import Found, ModeLists
from textwire.recommendations.lists.rules import Rule, Rules
from textwire.recommendations.messages import Item, Mode, ScoreRequest

LAMP = Item(id="lamp", title="A head lamp", category="hiking", price=30.0)


class Beside:
    """What is bought with bread."""

    def beside(self, item_id: str, count: int) -> list[tuple[str, float]]:
        known = {"bread": [("pan", 8.0), ("bread", 4.0), ("tent", 2.0), ("lamp", 0.0)]}
        return known.get(item_id, [])[:count]


def vectors(*cosines: float) -> Vectors:
    """Unit vectors at these cosines to the first axis."""
    return np.array([[c, (1 - c * c) ** 0.5] for c in cosines], dtype=np.float32)


def lists(liked: dict[str, float] | None = None, rules: Rules | None = None) -> ModeLists:
    index = ItemIndex.empty(2).changed([BREAD, TENT, PAN, LAMP], vectors(1.0, 0.1, 0.8, -0.5))
    popularity = PopularitySnapshot.of(Popularity(liked=liked or {}))
    return ModeLists(
        index, popularity, Beside(), Eligibility(index, popularity, rules or Rules(), NOON)
    )


def found(made: ModeLists, mode: Mode, item_id: str | None = "bread", **wishes: object):
    request = ScoreRequest(user_id="u1", mode=mode, item_id=item_id, **wishes)
    return made.found(RankingQuery.of(request, None, None, 2), wanted=10)


def ids(some: list[Found]) -> list[str]:
    return [one.item_id for one in some]


def test_similar_is_by_the_cosine_of_texts_and_without_the_item_itself() -> None:
    near = found(lists(), "similar")
    assert [(one.item_id, one.score, one.why) for one in near] == [
        ("pan", 0.8, "Like Sourdough for beginners"),
        ("tent", 0.1, "Like Sourdough for beginners"),
        ("lamp", 0.0, "Like Sourdough for beginners"),
    ]


def test_similar_looks_past_what_filters_and_rules_leave_out() -> None:
    hiking = found(lists(), "similar", filters={"category": "hiking"})
    assert ids(hiking) == ["tent", "lamp"]
    blocked = lists(rules=Rules(block=(Rule(ids=("pan",)),)))
    assert ids(found(blocked, "similar")) == ["tent", "lamp"]


def test_bought_together_is_measured_by_the_strongest() -> None:
    beside = found(lists(), "bought_together")
    assert [(one.item_id, one.score, one.parts) for one in beside] == [
        ("pan", 1.0, {"together": 8.0}),
        ("tent", 0.25, {"together": 2.0}),
    ]
    assert beside[0].why == "Often bought with Sourdough for beginners"


def test_trending_is_what_is_liked_measured_by_the_most_liked() -> None:
    liked = found(lists({"tent": 4.0, "pan": 1.0, "gone": 9.0}), "trending", None)
    assert [(one.item_id, one.why) for one in liked] == [("tent", "Popular"), ("pan", "Popular")]
    assert liked[0].score == pytest.approx(4 / 9)


@pytest.mark.parametrize("mode", ["similar", "bought_together"])
def test_of_an_item_that_is_gone_nothing_is_said(mode: Mode) -> None:
    assert found(lists(), mode, "gone") == []


def test_where_nothing_is_liked_nothing_is_trending() -> None:
    assert found(lists(), "trending", None) == []


MODES = st.sampled_from(["similar", "bought_together", "trending"])
NAMED = st.none() | st.lists(st.sampled_from(["bread", "tent", "pan", "lamp", "gone"])).map(tuple)
EXCLUDED = st.lists(st.sampled_from([item.id for item in ITEMS]), max_size=2).map(tuple)


@given(MODES, NAMED, EXCLUDED)
def test_a_list_of_any_mode_is_in_order_within_bounds_and_of_what_may_be_listed(
    mode: Mode, named: tuple[str, ...] | None, excluded: tuple[str, ...]
) -> None:
    made = found(
        lists({"tent": 4.0, "pan": 1.0}), mode, candidates=named, exclude=excluded
    )  # fmt: skip
    scores = [one.score for one in made]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert len(set(ids(made))) == len(made)
    assert not set(ids(made)) & {"bread", *excluded}
    assert named is None or set(ids(made)) <= set(named)
