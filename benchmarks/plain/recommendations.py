"""Events to profiles in Redis, requests to lists: record after record."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import faiss
import msgspec
import numpy as np
import redis

from benchmarks.plain.encoder import embed, load_encoder
from benchmarks.plain.loop import Handle, Publish, serve
from benchmarks.recommendations import ITEMS, TASK, VECTORS
from benchmarks.setting import champion
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.counts.popularity import Popularity
from textwire.recommendations.keys import profile_key
from textwire.recommendations.messages import BehaviourEvent, Item, ScoreRequest
from textwire.recommendations.profiles.fading import HALF_LIFE_DAYS
from textwire.recommendations.profiles.user_profile import profile_vector, updated
from textwire.recommendations.ranking.features import RankingContext, compute_features
from textwire.recommendations.ranking.ranker import load_ranker
from textwire.recommendations.results import Profile

NEAREST = 100
LENGTH = 10


class Shop:
    """Items, their vectors, and the users' profiles."""

    def __init__(self, items: Sequence[Item], vectors: Vectors, profiles: redis.Redis) -> None:
        """Index the items."""
        self.items = items
        self.vectors = vectors
        self.index = faiss.IndexFlatIP(vectors.shape[1])
        self.index.add(vectors)
        self._places = {item.id: place for place, item in enumerate(items)}
        self._profiles = profiles

    def profile(self, user_id: str) -> Profile | None:
        """What is known of a user."""
        value = self._profiles.get(profile_key(user_id))
        return None if value is None else msgspec.json.decode(value, type=Profile)

    def follow(self, event: BehaviourEvent, words: Vectors | None) -> None:
        """Bring a user's profile up to an event."""
        place = self._places.get(event.item_id or "")
        item = None if place is None else self.items[place]
        vector = words if words is not None or place is None else self.vectors[place]
        after = updated(self.profile(event.user_id), event, item, vector, HALF_LIFE_DAYS)
        self._profiles.set(profile_key(event.user_id), msgspec.json.encode(after))

    def near(self, directions: Sequence[Vectors | None]) -> list[int]:
        """Places of items near to any of the directions; the first ones where there is none."""
        known = [vector for vector in directions if vector is not None]
        if not known:
            return list(range(min(NEAREST, len(self.items))))
        _, found = self.index.search(np.stack(known), min(NEAREST, len(self.items)))
        return list(dict.fromkeys(int(place) for place in found.ravel()))


def prepare() -> Handle:
    model = load_encoder(TASK)
    ranker = load_ranker(champion(TASK))
    items = msgspec.json.Decoder(Item).decode_lines(Path(os.environ[ITEMS]).read_bytes())
    made = os.environ.get(VECTORS)
    vectors = np.load(made) if made else embed(model, [item.text for item in items])
    shop = Shop(items, vectors, redis.Redis.from_url(os.environ["TEXTWIRE_REDIS_URL"]))

    def work(records: Sequence[Any], publish: Publish) -> None:
        messages = [decoded(record) for record in records]
        said = [text for text in (words_of(message) for message in messages) if text]
        words: Mapping[str, Vectors] = (
            dict(zip(said, embed(model, said), strict=True)) if said else {}
        )
        for message in messages:
            vector = words.get(words_of(message))
            if isinstance(message, BehaviourEvent):
                shop.follow(message, vector)
                continue
            scored = scored_list(shop, ranker, message, vector)
            publish("recs.scores", message.user_id, scored)

    return work


def decoded(record: Any) -> BehaviourEvent | ScoreRequest:
    kind = BehaviourEvent if record.topic == "recs.events" else ScoreRequest
    message: BehaviourEvent | ScoreRequest = msgspec.json.decode(record.value, type=kind)
    return message


def words_of(message: BehaviourEvent | ScoreRequest) -> str:
    return (message.text if isinstance(message, BehaviourEvent) else message.context) or ""


def scored_list(
    shop: Shop, ranker: Any, request: ScoreRequest, words: Vectors | None
) -> dict[str, Any]:
    profile = shop.profile(request.user_id)
    likes = profile_vector(profile, shop.vectors.shape[1])
    now = datetime.now(UTC)
    context = RankingContext(profile, likes, words, now, Popularity())
    places = shop.near([likes, words])
    features = compute_features(context, [shop.items[p] for p in places], shop.vectors[places])
    scores = ranker.score(features)
    best = np.argsort(-scores)[: request.k or LENGTH]
    return {
        "user_id": request.user_id,
        "request_id": request.id,
        "scores": [
            {"item_id": shop.items[places[b]].id, "rank": rank, "score": float(scores[b])}
            for rank, b in enumerate(best, start=1)
        ],
        "model": "plain",
        "scored_at": now.isoformat(),
    }


if __name__ == "__main__":
    serve("plain-recommendations", ["recs.events", "recs.requests"], prepare)
