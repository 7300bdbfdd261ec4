"""Requests through Kafka to scored lists, and events to the profiles in Redis that hold them.

Users have profiles before anything is measured; they do what the sample shoppers do, and one
request in four says in words what it is about. Lists that are pushed since profiles changed are
made beside.

The plain loop: kafka-python, sentence-transformers in fp32 on one thread, FAISS's flat index, the
same features and trees one user at a time, profiles as JSON in Redis, read and written one by one.
It counts no popularity, looks at near items alone, does not diversify, and pushes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import msgspec
import numpy as np

from benchmarks.arrivals import ProfileArrivals, TopicArrivals
from benchmarks.comparing import Candidate, Figures, measure_candidate, written
from benchmarks.driving import Load, drive
from benchmarks.pace import Pace
from benchmarks.setting import Setting, champion, servers
from benchmarks.shop import NoisyCopies, Shoppers, composed_items, shop_items
from textwire.models.engines.cached import CachedEncoder
from textwire.models.engines.serving import load_encoder
from textwire.recommendations.messages import Item
from textwire.recommendations.topics import RECS_ITEMS, RECS_SCORES
from textwire.results.redis import RedisResults
from textwire.settings import ModelSettings
from textwire.stream.clients.sender import BULK_LINGER_MS, Sender

TASK = "recommendations"
LIGHT = 5.0
# Items in a file, and their vectors where they need not be made: for the plain loop.
ITEMS, VECTORS = "BENCHMARK_ITEMS", "BENCHMARK_VECTORS"
# Of each user, and a second of all.
EVENTS_BEFORE, EVENTS_RATE = 3, 100.0
SENT_AT_ONCE = 5_000
SERVICE = Candidate("Textwire, exactly once", "services.recommendations", "recommendations")
CANDIDATES = (SERVICE, Candidate("plain loop", "benchmarks.plain.recommendations"))

OF_MANY = """\
With {count:,} items, put together from titles, descriptions and tags of the sample items. Their
vectors were not made by the model but put where the service keeps vectors that it made before:
noisy copies of the sample items' (cosine about 0.9). The plain loop reads the same from a file."""


@dataclass(frozen=True)
class Loads:
    """What one set of users does and asks for."""

    requests: Load
    events: Load


def measure(pace: Pace) -> str:
    champion(TASK)  # lest all be started for nothing
    items = shop_items()
    with servers() as bare:
        few = compare(supply(bare, items), pace, with_events=True)
    with servers() as bare:
        many = compare(supply_many(bare, items, pace.many_items), pace, with_events=False)
    return "\n\n".join(
        [
            f"With the sample catalogue's {len(items)} items:",
            written(few),
            OF_MANY.format(count=pace.many_items),
            written(many),
        ]
    )


def compare(setting: Setting, pace: Pace, *, with_events: bool) -> list[Figures]:
    """Each candidate, with users of its own."""
    all_figures = []
    for candidate in CANDIDATES:
        loads = new_loads(pace.users)
        measured = [loads.requests, *([loads.events] if with_events else [])]
        come_to_know = partial(make_profiles, events=loads.events, users=pace.users)
        all_figures.append(measure_candidate(setting, candidate, measured, pace, come_to_know))
    return all_figures


def new_loads(users: int) -> Loads:
    """Loads of users whom nobody knows yet."""
    shoppers = Shoppers(users)
    scores = partial(TopicArrivals, topic=RECS_SCORES, ids_of=answered_request)
    return Loads(
        Load("requests", LIGHT, shoppers.requests(), {"request to scores": scores}),
        Load("events", LIGHT, shoppers.events(), {"event to profile": ProfileArrivals}),
    )


def make_profiles(setting: Setting, events: Load, users: int) -> None:
    """A few events of each user."""
    drive(setting, events, EVENTS_RATE, EVENTS_BEFORE * users)


class _Scored(msgspec.Struct):
    request_id: str | None = None
    error: str | None = None


def answered_request(value: bytes) -> Iterable[str]:
    """Which request a list answers; none where it was pushed, or refused."""
    scored = msgspec.json.decode(value, type=_Scored)
    return [scored.request_id] if scored.request_id and not scored.error else []


def supply(setting: Setting, items: Sequence[Item]) -> Setting:
    """The catalogue goes to its topic, and to a file."""
    sender = Sender("benchmark", setting.kafka, linger_ms=BULK_LINGER_MS)
    for start in range(0, len(items), SENT_AT_ONCE):
        sender.send_all(RECS_ITEMS, list(items[start : start + SENT_AT_ONCE]))
    sender.close()
    path = setting.folder / "items.jsonl"
    path.write_bytes(b"\n".join(msgspec.json.encode(item) for item in items))
    return replace(setting, supplies={**setting.supplies, ITEMS: str(path)})


def supply_many(setting: Setting, items: Sequence[Item], count: int) -> Setting:
    """A catalogue of so many items, with vectors for all of them."""
    many = composed_items(items, count)
    encoder = load_encoder(champion(TASK), ModelSettings())
    copies = NoisyCopies(encoder.name, encoder.encode([item.text for item in items]))
    results = RedisResults.from_url(setting.redis_url)
    vectors = CachedEncoder(copies, results).encode([item.text for item in many])
    results.close()
    path = setting.folder / "vectors.npy"
    np.save(path, vectors)
    supplied = supply(setting, many)
    return replace(supplied, supplies={**supplied.supplies, VECTORS: str(path)})
