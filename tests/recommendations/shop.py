"""A few items, users and moments for tests."""

from datetime import UTC, datetime, timedelta

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.messages import BehaviourEvent, EventKind, Item

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BREAD = Item(
    id="bread",
    title="Sourdough for beginners",
    tags=("sourdough", "baking"),
    category="cookbooks",
    price=20.0,
    published_at=NOON - timedelta(days=1),
)
TENT = Item(id="tent", title="A light tent", tags=("ultralight",), category="hiking", price=300.0)
PAN = Item(id="pan", title="A bread pan", tags=("sourdough",), category="kitchen")
ITEMS = (BREAD, TENT, PAN)


def event(
    kind: EventKind = "click",
    item_id: str | None = "bread",
    hours: float = 0.0,
    text: str | None = None,
    user_id: str = "u1",
    value: float | None = None,
) -> BehaviourEvent:
    return BehaviourEvent(
        user_id=user_id,
        kind=kind,
        item_id=item_id,
        text=text,
        value=value,
        at=NOON + timedelta(hours=hours),
    )


def unit_vectors(n: int, dimension: int = 16, seed: int = 0) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(n, dimension)).astype(np.float32)
    made: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return made
