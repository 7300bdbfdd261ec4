"""The sample shop as the service would have left it: items, what shoppers did, a list for each.

The lists are scored by how often a shopper's tags stand on an item, so that no model is needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import log1p
from pathlib import Path

from textwire.recommendations.messages import BehaviourEvent, Item, ScoredItem, ScoredList
from textwire.recommendations.results import (
    Profile,
    event_writes,
    item_writes,
    profile_writes,
    scores_writes,
)
from textwire.results.store import ResultStore
from textwire.sample_world.shop import sample_items, sample_tastes, simulate_shoppers

SAMPLES = Path(__file__).parents[3] / "samples" / "recommendations"
BEGAN = datetime(2026, 2, 23, 8, tzinfo=UTC)
OPENED = {"click": 1.0, "add_to_cart": 2.0, "purchase": 3.0, "comment": 2.0}


def shop_world(
    store: ResultStore, began: datetime = BEGAN, users: int = 12, events: int = 600
) -> list[str]:
    """Write the sample shop after so many events; the users, the last active first."""
    items = sample_items(SAMPLES, began)
    for item in items:
        store.write(item_writes(item.id, item))
    done: dict[str, list[BehaviourEvent]] = {}
    for event in simulate_shoppers(items, sample_tastes(SAMPLES), began, users, events):
        store.write(event_writes(event))
        done.setdefault(event.user_id, []).append(event)
    by_id = {item.id: item for item in items}
    for user_id, theirs in done.items():
        profile = profile_of(user_id, theirs, by_id)
        store.write(profile_writes(profile))
        store.write(scores_writes(scored_list(profile, items)))
    return sorted(done, key=lambda user_id: done[user_id][-1].at or began, reverse=True)


def profile_of(user_id: str, events: Sequence[BehaviourEvent], items: dict[str, Item]) -> Profile:
    """A plain sum of what was opened."""
    categories: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    prices = []
    for event in events:
        item = items.get(event.item_id or "")
        if item is None or event.kind not in OPENED:
            continue
        categories[item.category or ""] += OPENED[event.kind]  # type: ignore[assignment]
        tags.update(dict.fromkeys(item.tags, OPENED[event.kind]))  # type: ignore[arg-type]
        prices.append(log1p(item.price or 0.0))
    return Profile(
        user_id=user_id,
        at=events[-1].at or BEGAN,
        categories=dict(categories),
        tags=dict(tags),
        log_price=sum(prices) / len(prices) if prices else 0.0,
        price_weight=float(len(prices)),
        bought=tuple(e.item_id for e in events if e.kind == "purchase" and e.item_id),
        words=tuple(e.text for e in events if e.text)[-10:],
        events=len(events),
    )


def scored_list(
    profile: Profile, items: Sequence[Item], k: int = 10, request_id: str | None = None
) -> ScoredList:
    """The items whose tags the shopper opened most."""
    heaviest = max(profile.tags.values(), default=1.0)

    def affinity(item: Item) -> float:
        return max((profile.tags.get(tag, 0.0) for tag in item.tags), default=0.0) / heaviest

    best = sorted(items, key=lambda item: (-affinity(item), item.id))
    best = [item for item in best if item.id not in profile.bought][:k]
    return ScoredList(
        user_id=profile.user_id,
        scores=tuple(
            ScoredItem(
                item_id=item.id, rank=rank, score=round(0.42 * affinity(item) / rank**0.5, 4),
                parts={
                    "text_match": round(0.7 - 0.03 * rank, 3),
                    "tag_affinity": round(affinity(item), 3),
                    "popularity": round(0.4 - 0.1 * rank, 3),
                    "price_difference": round(log1p(item.price or 0) - profile.log_price, 3),
                    "known_events": float(profile.events),
                },
                reason=f"Like the {item.tags[0]} things you looked at" if item.tags else "New",
            )
            for rank, item in enumerate(best, 1)
        ),
        model="recommendations-20260223-77b0",
        scored_at=profile.at + timedelta(seconds=2),
        request_id=request_id,
        trigger="request" if request_id else "push",
    )  # fmt: skip
