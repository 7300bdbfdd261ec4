"""Training sees what serving computes, and nothing that came later."""

import random
from datetime import timedelta

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.examples import nearest, served_rows, training_rows
from pipelines.recommendations.impressions import find_moments
from pipelines.recommendations.replay import TextVectors, replay
from tests.encoders import HashingEncoder
from tests.pipelines.recommendations.small_shop import small_events, small_items, small_shop
from textwire.recommendations.features import RankingContext, compute_features
from textwire.recommendations.messages import BehaviourEvent
from textwire.recommendations.popularity import count_writes, read_popularity
from textwire.recommendations.profiles import event_text, profile_vector, updated
from textwire.recommendations.results import profile_writes, read_profiles
from textwire.results.memory import MemoryResults

GAP = timedelta(minutes=30)
HALF_LIFE_DAYS = 2.0
ENCODER = HashingEncoder()


def rows_of(data: ShopData):
    vectors = TextVectors.encode(ENCODER, data.texts)
    return list(served_rows(data, find_moments(data, GAP), vectors, HALF_LIFE_DAYS))


def serve(store: MemoryResults, data: ShopData, event: BehaviourEvent) -> None:
    """An event as a service takes it: everything it knows stands in the store, as bytes."""
    item = data.item_of(event)
    text = event_text(event, item)
    profile = updated(
        read_profiles(store, [event.user_id]).get(event.user_id),
        event,
        item,
        None if text is None else ENCODER.encode([text])[0],
        HALF_LIFE_DAYS,
    )
    store.write([*profile_writes(profile), *count_writes(event, event.at)])


def test_training_rows_are_those_that_serving_computes() -> None:
    data = small_shop()
    trained = {row.moment.place: row for row in rows_of(data)}
    store = MemoryResults()
    for place, event in enumerate(data.events):
        if place in trained:
            row = trained[place]
            profile = read_profiles(store, [event.user_id]).get(event.user_id)
            words = row.moment.context
            context = RankingContext(
                profile=profile,
                profile_vector=profile_vector(profile, ENCODER.dimension),
                context_vector=None if words is None else ENCODER.encode([words])[0],
                at=event.at,
                popularity=read_popularity(store, event.at),
            )
            item_vectors = ENCODER.encode([item.text for item in row.items])
            served = compute_features(context, row.items, item_vectors)
            np.testing.assert_allclose(row.features, served, rtol=1e-6, atol=1e-6)
        serve(store, data, event)
    assert len(trained) > 50


@settings(max_examples=15)
@given(st.integers(10, 300), st.integers(0, 99))
def test_later_events_change_nothing(cut: int, seed: int) -> None:
    data = small_shop(users=6, visits=5)
    cut = min(cut, len(data.events))
    rng = random.Random(seed)
    later = [
        msgspec.structs.replace(
            event,
            kind=rng.choice(["click", "purchase", "comment"]),
            item_id=rng.choice([item.id for item in data.items]),
            text=rng.choice([None, "the parcel is late"]),
        )
        for event in data.events[cut:]
    ]
    moments = [moment for moment in find_moments(data, GAP) if moment.place <= cut]
    changed = ShopData(data.items, [*data.events[:cut], *later])
    vectors = TextVectors.encode(ENCODER, [*data.texts, *changed.texts])
    before, after = (
        list(served_rows(world, moments, vectors, HALF_LIFE_DAYS)) for world in (data, changed)
    )
    for one, other in zip(before, after, strict=True):
        assert [item.id for item in one.items] == [item.id for item in other.items]
        np.testing.assert_array_equal(one.features, other.features)


def test_a_ranker_learns_from_what_was_liked_and_from_what_was_not() -> None:
    data = small_shop()
    vectors = TextVectors.encode(ENCODER, data.texts)
    moments = find_moments(data, GAP)
    rows = list(training_rows(data, moments, vectors, HALF_LIFE_DAYS, others=4, seed=0))
    for row in rows:
        ids = [item.id for item in row.items]
        assert len(ids) == len(set(ids)) == len(row.features) == len(row.liked)
        assert {i for i, liked in zip(ids, row.liked, strict=True) if liked} == set(
            row.moment.liked
        )
        assert set(row.moment.ignored) <= set(ids)
    again = list(training_rows(data, moments, vectors, HALF_LIFE_DAYS, others=4, seed=0))
    assert all(np.array_equal(a.features, b.features) for a, b in zip(rows, again, strict=True))


def test_what_was_bought_is_out_or_not_yet_published_is_not_offered() -> None:
    items = [msgspec.structs.replace(item, available=item.id != "card3") for item in small_items()]
    late = small_events()[0].at + timedelta(days=300)
    items[0] = msgspec.structs.replace(items[0], published_at=late)
    data = ShopData(items, small_events()).checked()
    for row in rows_of(data):
        offered = {item.id for item in row.items}
        bought = {
            event.item_id
            for event in data.events[: row.moment.place]
            if event.kind == "purchase" and event.user_id == row.moment.user_id
        }
        assert not offered & (bought | {"card3", items[0].id})


def test_events_of_unknown_items_are_gone_through_all_the_same() -> None:
    events = [
        msgspec.structs.replace(event, item_id="gone") if number % 5 == 0 else event
        for number, event in enumerate(small_events())
    ]
    rows = rows_of(ShopData(small_items(), events).checked())
    assert all(np.isfinite(row.features).all() for row in rows)


def test_the_nearest_are_those_of_the_users_kind() -> None:
    data = small_shop()
    vectors = TextVectors.encode(ENCODER, data.texts)
    moments = find_moments(data, GAP)
    found = [
        nearest(list(data.items), context, vectors, 5)
        for moment, context in replay(data, moments, vectors, HALF_LIFE_DAYS)
        if moment.user_id == "u0" and context.profile_vector is not None
    ]
    share = np.mean([item.tags == ("card",) for items in found for item in items])
    assert share == pytest.approx(1.0, abs=0.2)
