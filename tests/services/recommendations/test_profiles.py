from __future__ import annotations

import pytest

from tests.services.recommendations.shops import (
    ITEMS,
    Shop,
    artifact,
    did,
    ids,
)
from textwire.recommendations.results import (
    read_profiles,
    read_user_history,
)


def test_an_event_before_its_item_counts_once_the_item_comes() -> None:
    early, late = Shop(items=ITEMS[3:]), Shop()
    for shop in (early, late):
        shop.processed(did("click", "novel"), did("click", "tent"), did("purchase", "pan"))
    before = read_profiles(early.store, ["u"])["u"]
    assert (before.events, before.bought) == (3, ("pan",))
    assert list(before.pending.values()) == ["tent", "pan"]
    assert [event.item_id for event in read_user_history(early.store, "u")][1] == "tent"

    early.catalogue.apply({item.id: item for item in ITEMS[:3]})
    assert ids(early.list_for()) == ids(late.list_for())  # at the next request
    for shop in (early, late):
        shop.processed(did("click", "lamp"))
    caught_up, usual = (read_profiles(s.store, ["u"])["u"] for s in (early, late))
    assert caught_up.pending == {}  # and stored at the next event
    assert caught_up.categories == pytest.approx(usual.categories)
    assert (caught_up.events, caught_up.bought) == (usual.events, usual.bought)
    assert caught_up.seen == pytest.approx(usual.seen)
    assert caught_up.log_price == pytest.approx(usual.log_price)


def test_what_never_comes_does_not_pile_up() -> None:
    shop = Shop()
    for n in range(3):
        shop.processed(*(did("view", f"ghost-{n}-{m}") for m in range(40)))
    profile = read_profiles(shop.store, ["u"])["u"]
    assert (len(profile.pending), profile.events) == (50, 120)
    assert ids(shop.list_for())


def test_another_model_finds_the_same_taste_in_the_history() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"), did("search", text="head lamp"))
    before = read_profiles(shop.store, ["u"])["u"]
    shop.catalogue.use(artifact("v2"))
    scored = shop.list_for()
    assert scored.model == "v2"
    assert ids(scored)[:2] == ["lamp", "tent"]
    assert read_profiles(shop.store, ["u"])["u"] == before  # requests write no profile
    shop.processed(did("click", "lamp"))
    after = read_profiles(shop.store, ["u"])["u"]
    assert (after.model, after.events) == ("v2", 3)
    assert after.vector != before.vector
    assert after.weight == pytest.approx(before.weight + 1)
