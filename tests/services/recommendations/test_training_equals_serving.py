"""One log through the pipeline's replay and through the service: the ranker sees the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.replay import TextVectors, replay
from tests.services.recommendations.shops import AT, ITEMS, Shop, did
from textwire.recommendations.features import compute_features, named_parts
from textwire.recommendations.messages import BehaviourEvent

KINDS = st.sampled_from(["view", "click", "add_to_cart", "purchase", "share", "rating"])
ABOUT = st.builds(did, KINDS, st.sampled_from([*(i.id for i in ITEMS), "ghost"]))
SAID = st.builds(
    lambda text, item: did("comment", item, text=text),
    st.sampled_from(["a light tent", "bread", "the sea"]),
    st.sampled_from([None, "pan", "ghost"]),
)
LOGS = st.lists(st.tuples(ABOUT | SAID, st.floats(0, 90)), min_size=1, max_size=10)


@settings(max_examples=30)
@given(LOGS, st.none() | st.sampled_from(["tent", "a novel"]))
def test_a_log_leads_to_the_same_features_in_training_and_in_serving(log, context) -> None:
    shop = Shop(trade_off=1.0)
    events: list[BehaviourEvent] = []
    for event, hours in log:
        shop.later(hours=hours)
        (received,) = shop.batch(event)
        events.append(received.message)
        shop.processed(received.message)
    shop.later(minutes=5)
    moment = Moment(
        place=len(events),
        user_id="u",
        at=shop.now,
        context=context,
        liked=(),
        ignored=(),
        until=AT + timedelta(days=999),
    )
    data = ShopData(ITEMS, events)
    texts = [*data.texts, *([context] if context else [])]
    vectors = TextVectors.encode(shop.catalogue.snapshot.model.encoder, texts)
    ((_, known),) = replay(data, [moment], vectors, half_life_days=7.0)
    scored = shop.list_for(context=context)
    assert scored.scores or {e.item_id for e in events if e.kind == "purchase"} == set(data.by_id)
    for item in scored.scores:
        offered = data.by_id[item.item_id]
        row = compute_features(known, [offered], vectors.rows([offered.text]))[0]
        # Served vectors of items went through float16.
        assert item.parts == pytest.approx(named_parts(row), abs=2e-3)
