from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.recommendations.shop import BREAD, ITEMS, NOON, PAN, TENT, unit_vectors
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.counts.co_occurrence import Taken
from textwire.recommendations.counts.popularity import Popularity, PopularitySnapshot
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.lists.eligibility import Eligibility
from textwire.recommendations.lists.rules import Rule, Rules
from textwire.recommendations.messages import MOST_CANDIDATES, Item, ScoreRequest
from textwire.recommendations.results import Profile

NOTHING_KNOWN = PopularitySnapshot.of(Popularity())


def index_of(*items: Item) -> ItemIndex:
    return ItemIndex.empty(16).changed(items, unit_vectors(len(items)))


def eligibility(
    *items: Item, rules: Rules | None = None, popularity: PopularitySnapshot = NOTHING_KNOWN
) -> Eligibility:
    return Eligibility(index_of(*items), popularity, rules or Rules(), NOON)


def query(
    profile: Profile | None = None, context: Vectors | None = None, **wishes: object
) -> RankingQuery:
    return RankingQuery.of(ScoreRequest(user_id="u1", **wishes), profile, context, 16)


def user(**known: object) -> Profile:
    return Profile(user_id="u1", at=NOON, **known)


@pytest.mark.parametrize(
    ("item", "asked", "reason"),
    [
        (BREAD, query(), None),
        (replace(BREAD, available=False), query(), "sold_out"),
        (replace(BREAD, stock=0), query(), "sold_out"),
        (replace(BREAD, published_at=NOON + timedelta(hours=1)), query(), "not_out_yet"),
        (BREAD, query(filters={"category": "hiking"}), "filtered"),
        (BREAD, query(filters={"category": "cookbooks"}), None),
        (BREAD, query(exclude=("bread",)), "excluded"),
        (BREAD, query(user(bought=("bread",))), "bought"),
        (BREAD, query(user(bought=("bread",)), allow_bought=True), None),
        (BREAD, query(user(disliked=("bread",))), "disliked"),
        (BREAD, query(user(seen={"bread": 1.0})), None),
        (BREAD, query(user(seen={"bread": 1.0}), exclude_seen=True), "seen"),
    ],
)
def test_an_item_is_left_out_for_the_first_thing_that_speaks_against_it(
    item: Item, asked: RankingQuery, reason: str | None
) -> None:
    assert eligibility(item).drop_reason(asked, "bread") == reason


def test_what_the_catalogue_lacks_is_unknown() -> None:
    assert eligibility(TENT).drop_reason(query(exclude=("bread",)), "bread") == "unknown"


def test_where_users_buy_the_same_again_what_was_bought_is_offered() -> None:
    again = PopularitySnapshot.of(Popularity(), Taken({"bread": 10}, purchases=1_000, repeated=500))
    asked = query(user(bought=("bread",)))
    assert eligibility(BREAD, popularity=again).drop_reason(asked, "bread") is None


def test_another_size_of_what_was_bought_is_no_news() -> None:
    small, large = replace(PAN, id="small", group="pan"), replace(PAN, id="large", group="pan")
    allowed = eligibility(small, large)
    asked = query(user(bought=("small",))).grouped(allowed.index)
    assert allowed.drop_reason(asked, "large") == "bought"


def test_a_rule_blocks_in_the_lists_that_it_is_about() -> None:
    rules = Rules(block=(Rule(where={"tags": "sourdough"}, modes=("similar",)),))
    allowed = eligibility(*ITEMS, rules=rules)
    similar = query(mode="similar", item_id="tent")
    assert [allowed.drop_reason(similar, item.id) for item in ITEMS] == ["blocked", None, "blocked"]
    assert [allowed.drop_reason(query(), item.id) for item in ITEMS] == [None, None, None]
    assert allowed.permitted(similar.request, ["pan", "tent", "gone"]) == ("tent",)


WORDS = st.sampled_from(["kitchen", "garden", None])
SOME_ITEMS = st.lists(
    st.builds(
        Item,
        id=st.uuids().map(str),
        title=st.just("A thing"),
        category=WORDS,
        available=st.booleans(),
        stock=st.sampled_from([None, 0.0, 3.0]),
        published_at=st.sampled_from([None, NOON - timedelta(1), NOON + timedelta(1)]),
    ),
    max_size=12,
)


@given(SOME_ITEMS, st.sampled_from([{}, {"category": "kitchen"}]), st.booleans())
def test_what_is_eligible_is_what_nothing_speaks_against(
    items: list[Item], filters: dict[str, str], blocks: bool
) -> None:
    ids = tuple(item.id for item in items[:1])
    rules = Rules(block=(Rule(where={"category": "garden"}), Rule(ids=ids))) if ids else Rules()
    allowed = eligibility(*items, rules=rules if blocks else Rules())
    asked = query(filters=filters)
    one_by_one = {item.id for item in items if allowed.drop_reason(asked, item.id) is None}
    assert set(allowed.eligible_ids(asked)) == one_by_one


COUNT = 2 * MOST_CANDIDATES
MANY = [Item(id=f"i{n}", title=f"Thing {n}") for n in range(COUNT)]
VECTORS = unit_vectors(COUNT)


def of_many(liked: dict[str, float]) -> Eligibility:
    index = ItemIndex.empty(16).changed(MANY, VECTORS)
    return Eligibility(index, PopularitySnapshot.of(Popularity(liked=liked)), Rules(), NOON)


def test_of_too_many_the_nearest_and_the_most_liked_are_left_likeliest_first() -> None:
    (context,) = unit_vectors(1, seed=9)
    far = int(np.argmin(VECTORS @ context))
    found = of_many({f"i{far}": 1e6, "i0": 1e6}).eligible_ids(query(context=context))
    assert len(found) == MOST_CANDIDATES
    assert f"i{far}" in found
    nearest = [f"i{n}" for n in np.argsort(-(VECTORS @ context))[:50]]
    assert [one for one in found if one in nearest] == nearest


def test_of_too_many_what_is_liked_is_first_where_nothing_says_what_is_near() -> None:
    liked = {f"i{n}": float(n) for n in range(COUNT - 5, COUNT)}
    found = of_many(liked).eligible_ids(query())
    assert len(found) == MOST_CANDIDATES
    assert found[:5] == tuple(f"i{n}" for n in range(COUNT - 1, COUNT - 6, -1))
