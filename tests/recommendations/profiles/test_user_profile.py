"""Profiles: what fades, what adds up, in whatever order it comes."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.recommendations.shop import BREAD, ITEMS, NOON, PAN, TENT, event, unit_vectors
from textwire.errors import RecordRejected
from textwire.recommendations.messages import BehaviourEvent
from textwire.recommendations.profiles.event_meaning import EVENT_WEIGHTS, event_text, event_weight
from textwire.recommendations.profiles.fading import faded
from textwire.recommendations.profiles.user_profile import profile_vector, recent_vector, updated
from textwire.recommendations.results import Profile

VECTORS = unit_vectors(3)
HALF_LIFE_DAYS = 2.0
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["view", "click", "add_to_cart", "purchase", "share"]),
        st.integers(0, 2),
        st.floats(0, 200),
    ),
    min_size=1,
    max_size=12,
)


def folded(rows) -> Profile:
    profile = None
    for kind, place, hours in rows:
        happened = event(kind, ITEMS[place].id, hours)
        profile = updated(profile, happened, ITEMS[place], VECTORS[place], HALF_LIFE_DAYS)
    return profile


@given(EVENTS)
def test_a_profile_is_the_mean_of_what_was_done_each_weighed_by_its_age(rows) -> None:
    newest = max(hours for _, _, hours in rows)
    weights = [
        EVENT_WEIGHTS[kind] * faded((newest - hours) / 24, HALF_LIFE_DAYS)
        for kind, _, hours in rows
    ]
    mean = sum(w * VECTORS[place] for w, (_, place, _) in zip(weights, rows, strict=True))
    found = profile_vector(folded(rows), VECTORS.shape[1])
    assert float(found @ mean) / np.linalg.norm(mean) > 0.999


@given(EVENTS, st.randoms())
def test_the_order_in_which_events_come_does_not_matter(rows, random) -> None:
    shuffled = random.sample(rows, len(rows))
    one, other = folded(rows), folded(shuffled)
    assert one.at == other.at
    assert one.events == other.events
    assert math.isclose(one.weight, other.weight, rel_tol=1e-6)
    for field in ("categories", "tags", "seen"):
        assert getattr(one, field) == pytest.approx(getattr(other, field), rel=1e-6, abs=2e-9)
    assert math.isclose(one.log_price, other.log_price, rel_tol=1e-6)
    vectors = (profile_vector(profile, VECTORS.shape[1]) for profile in (one, other))
    assert float(np.dot(*vectors)) > 0.999


def test_what_is_older_weighs_less() -> None:
    profile = folded([("click", 1, -96.0), ("click", 0, 0.0)])
    assert profile.categories == pytest.approx({"hiking": 0.25, "cookbooks": 1.0})
    vector = profile_vector(profile, VECTORS.shape[1])
    assert vector @ VECTORS[0] > vector @ VECTORS[1]


def test_what_was_last_fades_within_hours() -> None:
    rows = [("purchase", 1, -3.0), ("purchase", 1, -2.0), ("click", 0, 0.0)]
    profile = folded(rows)
    recent = recent_vector(profile, VECTORS.shape[1])
    usual = profile_vector(profile, VECTORS.shape[1])
    assert recent @ VECTORS[0] > 0.95
    assert usual @ VECTORS[1] > usual @ VECTORS[0]


def test_a_user_who_comes_back_after_years_is_still_known() -> None:
    profile = folded([("click", 1, -24.0 * 900), ("view", 0, 0.0)])
    assert profile_vector(profile, VECTORS.shape[1]) @ VECTORS[0] > 0.999
    late = updated(
        folded([("click", 0, 0.0)]),
        event("click", "tent", -24.0 * 90_000),
        TENT,
        VECTORS[1],
        HALF_LIFE_DAYS,
    )
    assert profile_vector(late, VECTORS.shape[1]) @ VECTORS[0] > 0.999


def test_a_profile_without_text_has_no_vector() -> None:
    profile = updated(None, event("click", "gone"), None, None, HALF_LIFE_DAYS)
    assert profile_vector(profile, 16) is None
    assert profile_vector(None, 16) is None
    assert profile.seen == {"gone": 1.0}


def test_a_vector_of_another_width_begins_anew() -> None:
    profile = folded([("click", 0, 0.0)])
    wider = unit_vectors(1, dimension=24)[0]
    again = updated(profile, event("click", "tent", 1.0), TENT, wider, HALF_LIFE_DAYS)
    assert profile_vector(again, 16) is None
    assert profile_vector(again, 24) @ wider > 0.999


def test_purchases_are_kept_in_order_and_once() -> None:
    rows = [("purchase", 0, 0.0), ("purchase", 1, 1.0), ("purchase", 0, 2.0), ("click", 2, 3.0)]
    assert folded(rows).bought == ("tent", "bread")


def test_own_words_go_before_the_items_text() -> None:
    assert event_text(event("comment", text=" too heavy "), BREAD) == "too heavy"
    assert event_text(event("click"), BREAD) == BREAD.text
    assert event_text(event("click", "gone"), None) is None
    said = [event("search", None, hours, text=f"words {hours}") for hours in range(20)]
    profile = None
    for words in said:
        profile = updated(profile, words, None, VECTORS[0], HALF_LIFE_DAYS)
    assert profile.words[-1] == "words 19"
    assert len(profile.words) == 10


def test_a_like_takes_back_that_an_item_was_turned_down() -> None:
    hidden = updated(None, event("dislike"), BREAD, VECTORS[0], HALF_LIFE_DAYS)
    assert hidden.disliked == (BREAD.id,)
    liked = updated(hidden, event("like"), BREAD, VECTORS[0], HALF_LIFE_DAYS)
    assert liked.disliked == ()
    assert profile_vector(liked, 16) == pytest.approx(VECTORS[0], abs=1e-2)


def test_a_low_rating_speaks_for_nothing() -> None:
    weights = [event_weight(event("rating", value=value)) for value in (1, 2, 3, 5, 100)]
    assert weights[:2] == [0.0, 0.0]
    assert weights == sorted(weights)
    assert weights[-1] == EVENT_WEIGHTS["rating"]
    assert event_weight(event("rating")) == EVENT_WEIGHTS["rating"] / 2
    profile = updated(None, event("rating", value=1), BREAD, VECTORS[0], HALF_LIFE_DAYS)
    assert profile_vector(profile, 16) is None
    assert not profile.categories


def test_to_forget_leaves_nothing() -> None:
    profile = updated(folded([("click", 0, 0.0)]), event("forget", None, 1.0), None, None, 2.0)
    assert profile == Profile(user_id="u1", at=event(hours=1.0).at)


def test_prices_are_a_weighted_mean_of_those_that_are_known() -> None:
    profile = folded([("click", 0, 0.0), ("click", 2, 0.0)])
    assert PAN.price is None
    assert math.isclose(profile.log_price, math.log1p(20.0))


def test_an_event_without_a_time_is_refused() -> None:
    with pytest.raises(RecordRejected, match="no time"):
        updated(None, BehaviourEvent(user_id="u1", kind="click"), None, None, 2.0)


def test_fading_halves_each_half_life() -> None:
    left = [faded(days, 3.0) for days in (0.0, 3.0, 6.0)]
    assert all(math.isclose(a, 2 * b) for a, b in pairwise(left))
    assert faded(-1.0, 3.0) == 1.0
    assert NOON.tzinfo is not None
