"""A small shop with three kinds of things and users who each like one, over some days."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from pipelines.recommendations.data import ShopData
from textwire.recommendations.messages import BehaviourEvent, Item

START = datetime(2026, 11, 2, tzinfo=UTC)
ENDINGS = ("old", "new", "late", "open", "my", "our", "you", "it", "one", "second")
KINDS = {"card": "bank", "parcel": "shop", "phone": "app"}


def small_items() -> list[Item]:
    return [
        Item(
            id=f"{word}{n}",
            title=f"{word} {ENDINGS[n]}",
            category=category,
            tags=(word,),
            price=None if n == 0 else 10.0 * n,
            published_at=START - timedelta(days=n) if n % 2 else None,
        )
        for word, category in KINDS.items()
        for n in range(10)
    ]


def small_events(users: int = 12, visits: int = 8, seed: int = 0) -> list[BehaviourEvent]:
    """Each user comes each few hours, sees four things, and opens those of their kind."""
    rng = random.Random(seed)
    return [
        event
        for user in range(users)
        for visit in range(visits)
        for event in _visited(user, visit, rng)
    ]


def _visited(user: int, visit: int, rng: random.Random) -> Iterator[BehaviourEvent]:
    likes = list(KINDS)[user % len(KINDS)]
    at = START + timedelta(hours=5 * visit + rng.random(), minutes=user)
    if visit % 3 == 1:
        yield made(user, "search", at, text=f"where is my {likes}?")
    items = small_items()
    own = [item for item in items if likes in item.tags]
    for item in [*rng.sample(own, 2), *rng.sample(items, 2)]:
        at += timedelta(seconds=20)
        yield made(user, "impression", at, item.id)
        if likes in item.tags and rng.random() < 0.8:
            yield made(user, "click", at + timedelta(seconds=5), item.id)
            if rng.random() < 0.2:
                yield made(user, "purchase", at + timedelta(seconds=9), item.id)


def made(user: int, kind, at: datetime, item_id: str | None = None, text: str | None = None):
    return BehaviourEvent(user_id=f"u{user}", kind=kind, item_id=item_id, text=text, at=at)


def small_shop(**sizes: int) -> ShopData:
    return ShopData(small_items(), small_events(**sizes)).checked()
