from __future__ import annotations

from tests.services.recommendations.shops import ITEMS, Shop, did
from textwire.recommendations.lists.bulk import AT_ONCE, BulkScoring, index_of
from textwire.recommendations.lists.scored_lists import ListMaker
from textwire.recommendations.messages import ScoreRequest


def bulk(shop: Shop, model: str = "v1") -> BulkScoring:
    snapshot = shop.catalogue.snapshot
    shop.popularity.read()
    maker = ListMaker(
        index=index_of(ITEMS, snapshot.model.encoder),
        ranker=snapshot.model.ranker,
        model=model,
        popularity=shop.popularity.now,
        settings=shop.settings,
        at=shop.now,
    )
    return BulkScoring(maker, snapshot.model.encoder, shop.store)


def test_a_users_list_is_the_one_that_the_service_gives() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"), did("purchase", "pan", user="v"), did("dislike", "novel"))
    asked = [
        ScoreRequest(user_id="u"),
        ScoreRequest(user_id="v", context="a novel of the sea", k=3),
        ScoreRequest(user_id="nobody", filters={"category": "books"}),
        ScoreRequest(user_id="u", mode="similar", item_id="tent"),
    ]
    made = bulk(shop).lists(asked)
    for request, scored in zip(asked, made, strict=True):
        wishes = {
            name: getattr(request, name) for name in ("context", "k", "filters", "mode", "item_id")
        }
        served = shop.list_for(request.user_id, **wishes)
        ids = [item.item_id for item in served.scores]
        assert [item.item_id for item in scored.scores] == ids


def test_users_are_gone_through_in_their_order_and_no_more_than_are_asked_for() -> None:
    lists = bulk(Shop()).lists(ScoreRequest(user_id=f"u{n}") for n in range(2 * AT_ONCE + 1))
    assert [scored.user_id for scored in lists] == [f"u{n}" for n in range(2 * AT_ONCE + 1)]


def test_a_profile_of_another_model_is_counted_and_its_vector_not_used() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"))
    scoring = bulk(shop, model="v2")
    (scored,) = scoring.lists([ScoreRequest(user_id="u")])
    assert scoring.behind == 1
    assert all(item.parts["text_match"] == 0.0 for item in scored.scores)
