"""One log through the pipeline's replay and through the service: the same features and lists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.examples import served_lists
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.replay import TextVectors
from tests.services.recommendations.shops import AT, ITEMS, Shop, WeighingScorer, did
from textwire.recommendations.lists.list_building import RankedList
from textwire.recommendations.messages import BehaviourEvent, Item, ScoredList
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.features import named_parts

KINDS = st.sampled_from(["view", "click", "add_to_cart", "purchase", "share", "rating"])
# More than a list has: some are not on sale, some are new, some are yet to come out.
STOCK = (
    *ITEMS,
    *(
        Item(
            id=f"{what}{n}",
            title=f"{what} {n} {kind}",
            category=kind,
            tags=(what,),
            price=None if n == 2 else 10.0 * (n + 1),
            published_at=AT + timedelta(days=30 * n - 20) if n else None,
            available=(n, what) != (1, "bread"),
        )
        for what, kind in (("bread", "kitchen"), ("tent", "outdoor"), ("sea", "books"))
        for n in range(4)
    ),
)
ABOUT = st.builds(did, KINDS, st.sampled_from([*(i.id for i in STOCK), "ghost"]))
SAID = st.builds(
    lambda text, item: did("comment", item, text=text),
    st.sampled_from(["a light tent", "bread", "the sea"]),
    st.sampled_from([None, "pan", "ghost"]),
)
OTHERS = st.builds(lambda event: replace(event, user_id="other"), ABOUT)
LOGS = st.lists(st.tuples(ABOUT | SAID | OTHERS, st.floats(0, 90)), min_size=1, max_size=10)
# As it comes, with a search that finds a part of the stock, and without diversity.
WISHES = st.sampled_from(
    [{}, {"nearest": 2, "popular": 2, "fresh": 1, "k": 4}, {"trade_off": 1.0}, {"trade_off": 0.3}]
)


@settings(max_examples=40)
@given(LOGS, st.none() | st.sampled_from(["tent", "a novel"]), WISHES)
def test_a_log_leads_to_the_same_list_in_evaluation_and_in_the_service(
    log, context, wishes
) -> None:
    shop = Shop(STOCK, **wishes)
    events: list[BehaviourEvent] = []
    for event, hours in log:
        shop.later(hours=hours)
        (received,) = shop.batch(event)
        events.append(received.message)
        shop.processed(received.message)
    shop.later(minutes=5)
    measured, scored = evaluated(shop, events, context), shop.list_for(context=context)
    assert [item.id for item in measured.items] == [item.item_id for item in scored.scores]
    for place, item in zip(measured.places, scored.scores, strict=True):
        assert item.score == pytest.approx(float(measured.scores[place]), abs=1e-6)
        assert item.parts == named_parts(measured.candidates.features[place])


def test_lists_of_many_users_are_the_same_one_by_one_and_in_a_batch() -> None:
    shop = Shop(STOCK)
    events = [
        did("click", "tent0"),
        did("purchase", "bread2", user="other"),
        did("search", text="a novel of the sea", user="third"),
    ]
    received = [one.message for one in shop.batch(*events)]
    shop.processed(*received)
    for user in ("u", "other", "third", "nobody"):
        measured = evaluated(shop, received, None, user)
        assert [item.id for item in measured.items] == ids_of(shop.list_for(user))


def evaluated(
    shop: Shop, events: list[BehaviourEvent], context: str | None, user: str = "u"
) -> RankedList:
    """The list that evaluation measures after these events."""
    moment = Moment(
        place=len(events),
        user_id=user,
        at=shop.now,
        context=context,
        liked=(),
        ignored=(),
        until=AT + timedelta(days=999),
    )
    data = ShopData(STOCK, events)
    texts = [*data.texts, *([context] if context else [])]
    vectors = TextVectors.encode(shop.catalogue.snapshot.model.encoder, texts)
    ((_, built),) = served_lists(
        data, [moment], vectors, HalfLives(), WeighingScorer(), shop.settings
    )
    return built


def ids_of(scored: ScoredList) -> list[str]:
    return [item.item_id for item in scored.scores]
