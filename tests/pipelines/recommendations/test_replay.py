"""Training sees what serving computes, and nothing that came later."""

import random
from datetime import timedelta

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.evaluate import measure_lists, measure_simple_ways
from pipelines.recommendations.examples import offered_items, served_rows, training_rows
from pipelines.recommendations.impressions import find_moments
from pipelines.recommendations.replay import TextVectors, item_index, replay
from tests.encoders import HashingEncoder
from tests.pipelines.recommendations.small_shop import small_events, small_items, small_shop
from textwire.models.engines.cached import CachedEncoder
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.counts.co_occurrence import (
    co_occurrence_writes,
    read_neighbours,
    read_taken,
)
from textwire.recommendations.counts.popularity import PopularitySnapshot, counted, read_popularity
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.lists.list_building import ranking_context
from textwire.recommendations.messages import BehaviourEvent, ScoreRequest
from textwire.recommendations.profiles.comments import CommentReader
from textwire.recommendations.profiles.event_meaning import event_text, event_vector
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.profiles.user_profile import updated
from textwire.recommendations.ranking.features import FEATURES, compute_features
from textwire.recommendations.results import profile_writes, read_profiles
from textwire.results.memory import MemoryResults

GAP = timedelta(minutes=30)
HALF_LIVES = HalfLives(taste_days=2.0)
ENCODER = HashingEncoder()
READER = CommentReader(ENCODER)


def rows_of(data: ShopData):
    vectors = TextVectors.encode(ENCODER, data.texts)
    return list(served_rows(data, find_moments(data, GAP), vectors, HALF_LIVES))


def serve(store: MemoryResults, data: ShopData, event: BehaviourEvent) -> None:
    """An event as a service takes it: everything it knows stands in the store, as bytes."""
    item = data.item_of(event)
    words = event_text(event, None)
    said = None if words is None else ENCODER.encode([words])[0]
    of_item = None if item is None else CachedEncoder(ENCODER, store).encode([item.text])[0]
    reading = (
        READER.read(said, event.value) if event.kind == "comment" and said is not None else None
    )
    before = read_profiles(store, [event.user_id]).get(event.user_id)
    profile = updated(
        before,
        event,
        item,
        event_vector(event, of_item, said, reading),
        HALF_LIVES.taste_days,
        reading,
    )
    together = co_occurrence_writes(before, event, reading)
    profile, counts = counted(profile, event, event.at, reading)
    store.write([*profile_writes(profile), *counts, *together])


def test_training_rows_are_those_that_serving_computes() -> None:
    data = small_shop()
    trained = {row.moment.place: row for row in rows_of(data)}
    index = item_index(data, TextVectors.encode(ENCODER, data.texts).as_served(data))
    store = MemoryResults()
    for place, event in enumerate(data.events):
        if place in trained:
            row = trained[place]
            profile = read_profiles(store, [event.user_id]).get(event.user_id)
            words = row.moment.context
            asked = None if words is None else ENCODER.encode([words])[0]
            request = ScoreRequest(user_id=event.user_id, context=words)
            query = RankingQuery.of(request, profile, asked, ENCODER.dimension)
            query = query.knowing(read_neighbours(store, [profile])).located(index)
            known = PopularitySnapshot.of(read_popularity(store, event.at), read_taken(store))
            context = ranking_context(query, known, event.at)
            catalogued = CachedEncoder(ENCODER, store)
            item_vectors = catalogued.encode([item.text for item in row.items])
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
        list(served_rows(world, moments, vectors, HALF_LIVES)) for world in (data, changed)
    )
    for one, other in zip(before, after, strict=True):
        assert [item.id for item in one.items] == [item.id for item in other.items]
        np.testing.assert_array_equal(one.features, other.features)


def test_a_ranker_learns_from_what_was_liked_and_from_what_was_not() -> None:
    data = small_shop()
    vectors = TextVectors.encode(ENCODER, data.texts)
    moments = find_moments(data, GAP)
    rows = list(training_rows(data, moments, vectors, HALF_LIVES, others=4, seed=0))
    for row in rows:
        ids = [item.id for item in row.items]
        assert len(ids) == len(set(ids)) == len(row.features) == len(row.liked)
        liked = {i for i, liked in zip(ids, row.liked, strict=True) if liked}
        assert liked <= set(row.moment.liked)
        assert len(ids) <= len(liked) + 4
    again = list(training_rows(data, moments, vectors, HALF_LIVES, others=4, seed=0))
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


def test_lists_look_at_what_is_on_offer() -> None:
    data = small_shop()
    vectors = TextVectors.encode(ENCODER, data.texts).as_served(data)
    moments = find_moments(data, GAP)
    offered = [
        {item.id for item in offered_items(data, occasion.context)}
        for occasion in replay(data, moments, vectors, HALF_LIVES)
    ]
    few = RecommendationsSettings(nearest=3, popular=2, fresh=2)
    looked_at = list(served_rows(data, moments, vectors, HALF_LIVES, few))
    for row, all_items in zip(looked_at, offered, strict=True):
        ids = {item.id for item in row.items}
        assert ids <= all_items
        assert min(10, len(all_items)) <= len(ids)


def test_an_index_holds_items_as_the_catalogue_does() -> None:
    data = small_shop()
    vectors = TextVectors.encode(ENCODER, data.texts).as_served(data)
    index = item_index(data, vectors)
    catalogued = CachedEncoder(ENCODER, MemoryResults())
    ids = list(data.by_id)
    expected = catalogued.encode([data.by_id[item_id].text for item_id in ids])
    np.testing.assert_array_equal(index.vectors_of(ids), expected)


class ByMatch:
    """A ranker that goes by the match of texts alone."""

    name = "match"

    def score(self, features: Vectors) -> Vectors:
        scores: Vectors = np.clip(features[:, FEATURES.index("text_match")], 0.0, 1.0)
        return scores


def test_a_list_can_hold_no_more_than_search_finds() -> None:
    data = small_shop()
    vectors = TextVectors.encode(ENCODER, data.texts)
    moments = find_moments(data, GAP)
    settings_of = {
        "few": RecommendationsSettings(nearest=1, popular=0, fresh=0),
        "all": RecommendationsSettings(nearest=100, popular=100, fresh=100),
    }
    found = {
        name: measure_lists(ByMatch(), data, moments, vectors, HALF_LIVES, these)
        for name, these in settings_of.items()
    }
    for metrics in found.values():
        assert metrics["hr_at_10"] <= metrics["candidate_recall"] <= 1.0
        assert 0.0 < metrics["ndcg_at_10"] <= metrics["hr_at_10"]
        assert metrics["mrr_at_10"] <= metrics["ndcg_at_10"]
    # Where few are found by their kinds, the longest list is filled all the same.
    assert found["few"]["candidates"] == found["all"]["candidates"]
    # What a simple way finds does not hang on the service's search.
    assert found["few"]["text_hr_at_10"] == found["all"]["text_hr_at_10"]


def test_texts_find_what_a_user_likes_better_than_popularity_does() -> None:
    data = small_shop()
    vectors = TextVectors.encode(ENCODER, data.texts)
    metrics = measure_simple_ways(data, find_moments(data, GAP), vectors, HALF_LIVES)
    assert metrics["text_hr_at_10"] > metrics["popularity_hr_at_10"]
    assert metrics["category_hr_at_10"] > metrics["popularity_hr_at_10"]
