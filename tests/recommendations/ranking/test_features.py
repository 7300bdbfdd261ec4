"""Features: finite, in order, the same one by one as together, and quick."""

import time
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.recommendations.shop import BREAD, ITEMS, NOON, PAN, TENT, event, unit_vectors
from textwire.recommendations.counts.popularity import Popularity
from textwire.recommendations.messages import Item
from textwire.recommendations.profiles.user_profile import profile_vector, updated
from textwire.recommendations.ranking.features import (
    DECLARED,
    FEATURES,
    RankingContext,
    compute_features,
    named_parts,
)
from textwire.recommendations.results import Profile

VECTORS = unit_vectors(3)


def known(*kinds_and_places) -> Profile:
    profile = None
    for number, (kind, place) in enumerate(kinds_and_places):
        happened = event(kind, ITEMS[place].id, number - 10)
        profile = updated(profile, happened, ITEMS[place], VECTORS[place], 7.0)
    return profile


def context_of(profile: Profile | None, **more) -> RankingContext:
    usual = {
        "profile": profile,
        "profile_vector": profile_vector(profile, VECTORS.shape[1]),
        "context_vector": None,
        "at": NOON,
        "popularity": Popularity(),
        "catalogue_size": 3,
    }
    return RankingContext(**(usual | more))


def parts_of(context: RankingContext, place: int) -> dict[str, float]:
    return named_parts(compute_features(context, ITEMS, VECTORS)[place])


def test_every_feature_is_declared_once_and_says_what_it_means() -> None:
    assert len(set(FEATURES)) == len(FEATURES)
    assert all(feature.meaning for feature in DECLARED)


def test_a_user_who_looked_at_bread_is_nearer_to_bread() -> None:
    context = context_of(known(("click", 0), ("purchase", 0)))
    bread, tent = parts_of(context, 0), parts_of(context, 1)
    assert bread["text_match"] > 0.99
    assert bread["text_match"] > tent["text_match"]
    assert bread["category_affinity"] == 1.0
    assert tent["category_affinity"] == 0.0
    assert parts_of(context, 2)["tag_affinity"] == 1.0
    assert bread["price_affinity"] == pytest.approx(1.0)
    assert tent["price_difference"] > 1.0
    assert bread["seen_before"] > 0.0
    assert bread["is_new_user"] == 0.0
    assert bread["idle_hours"] == pytest.approx(np.log1p(9.0), abs=1e-3)


def test_of_a_new_user_only_the_items_speak() -> None:
    popular = Popularity(liked={"tent": 9.0, "pan": 1.0})
    parts = parts_of(context_of(None, popularity=popular), 1)
    assert parts["is_new_user"] == 1.0
    assert parts["text_match"] == 0.0
    assert parts["popularity"] > 0.0


def test_what_is_asked_for_in_words_is_a_feature() -> None:
    asked = context_of(None, context_vector=VECTORS[1])
    assert parts_of(asked, 1)["context_match"] == pytest.approx(1.0)
    assert parts_of(asked, 1)["has_context"] == 1.0


def test_fresh_is_what_was_published_lately() -> None:
    assert parts_of(context_of(None), 0)["freshness"] > 0.9
    assert parts_of(context_of(None), 1)["freshness"] == 0.0
    tomorrow = Item(id="x", title="x", published_at=NOON + timedelta(days=1))
    row = compute_features(context_of(None), [tomorrow], VECTORS[:1])[0]
    assert named_parts(row)["freshness"] == 1.0


def test_an_item_without_a_price_says_so() -> None:
    parts = parts_of(context_of(known(("click", 0))), 2)
    assert PAN.price is None
    assert parts["price_known"] == 0.0
    assert parts["price_affinity"] == parts["price_difference"] == 0.0


@given(
    st.lists(
        st.tuples(st.sampled_from(["view", "click", "purchase"]), st.integers(0, 2)), max_size=5
    ),
    st.booleans(),
)
def test_one_by_one_is_as_together_and_all_is_finite(rows, popular) -> None:
    liked = {"bread": 3.0} if popular else {}
    context = context_of(known(*rows), popularity=Popularity(liked=liked))
    together = compute_features(context, ITEMS, VECTORS)
    alone = [compute_features(context, [item], VECTORS[i : i + 1]) for i, item in enumerate(ITEMS)]
    assert together.dtype == np.float32
    assert together.shape == (3, len(FEATURES))
    assert np.isfinite(together).all()
    # Likeness is told beside all that is looked at, and the prior with it.
    own = [name not in ("prior", "alike") for name in FEATURES]
    np.testing.assert_allclose(together[:, own], np.vstack(alone)[:, own], rtol=1e-5, atol=1e-6)


def test_no_items_give_no_rows() -> None:
    assert compute_features(context_of(None), [], VECTORS[:0]).shape == (0, len(FEATURES))


def test_three_hundred_items_take_well_under_two_milliseconds() -> None:
    items = [replace(kind, id=f"i{n}") for n, kind in enumerate([BREAD, TENT, PAN] * 100)]
    vectors = unit_vectors(300, dimension=384)
    profile = updated(None, event(), BREAD, vectors[0], 7.0)
    context = context_of(profile, profile_vector=profile_vector(profile, 384))
    took = []
    for _ in range(30):
        started = time.perf_counter()
        compute_features(context, items, vectors)
        took.append(time.perf_counter() - started)
    assert min(took) < 0.002
