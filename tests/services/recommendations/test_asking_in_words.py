"""What is asked for in words comes first, even where the model learned of purchases alone."""

from __future__ import annotations

import pytest

from services.recommendations.catalogue import Model
from tests.encoders import HashingEncoder
from tests.models.graphs import ranking_graph
from tests.services.recommendations.shops import Shop, did
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.manifest import Calibration
from textwire.recommendations.messages import Item
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.ranker import LOG_ODDS, Ranker

GLOVES = [Item(id=f"glove{n}", title=f"Safety gloves size {n}") for n in range(3)]
OTHERS = [
    Item(id=f"{what}{n}", title=f"{what} for the workshop number {n}")
    for what in ("drill", "saw", "lamp", "glue")
    for n in range(4)
]
FITS = "Fits what you asked for"


def of_purchases(artifact: Artifact) -> Model:
    """A ranker that learned, without any words, to go by what all users bought."""
    learned = Calibration((LOG_ODDS, "prior", "taken"), (0.0, 1.0, 5.0), 0.0)
    ranker = Ranker("purchases", ranking_graph([0.5, 0.5]), learned)
    return Model(HashingEncoder(), ranker, artifact.manifest.version, HalfLives())


@pytest.fixture
def shop() -> Shop:
    """Everybody buys drills and saws, and nobody gloves."""
    shop = Shop([*OTHERS, *GLOVES], load=of_purchases)
    for user in range(20):
        for item in ("drill0", "saw0", "drill1"):
            shop.processed(did("purchase", item, user=f"other{user}"))
    shop.processed(did("purchase", "lamp0"))
    return shop


def test_without_words_what_all_buy_is_first(shop: Shop) -> None:
    first = [one.item_id for one in shop.list_for(k=3).scores]
    assert set(first) == {"drill0", "saw0", "drill1"}


def test_what_is_asked_for_is_first_on_a_log_of_purchases_alone(shop: Shop) -> None:
    scored = shop.list_for(context="safety gloves", k=5)
    assert {one.item_id for one in scored.scores[:3]} == {item.id for item in GLOVES}


def test_only_what_fits_is_said_to_fit(shop: Shop) -> None:
    scored = shop.list_for(context="safety gloves", k=5)
    gloves = {item.id for item in GLOVES}
    assert any(one.reason == FITS for one in scored.scores if one.item_id in gloves)
    assert not any(FITS in one.reason for one in scored.scores if one.item_id not in gloves)
