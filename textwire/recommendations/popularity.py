"""What all users like lately: counts by day in event time, so that replicas and partitions add up.

An event adds the same to the same day's table wherever and whenever it is processed. A snapshot
fades the days by their age.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np

from textwire.models.encoder import Vectors
from textwire.recommendations.co_occurrence import Taken
from textwire.recommendations.messages import BehaviourEvent
from textwire.recommendations.profiles import event_weight, faded
from textwire.recommendations.results import liked_key, shown_key
from textwire.results.reading import read_table
from textwire.results.store import ResultStore
from textwire.results.writes import Count, Write

HALF_LIFE_DAYS = 2.0
READ_DAYS = 14
# A clock may be ahead, and days differ by time zones.
AHEAD = timedelta(days=1)
OLDEST = timedelta(days=READ_DAYS) - AHEAD
# A table is read for at most so long after its last event.
TTL_S = (READ_DAYS + 2) * 24 * 60 * 60
# Counters are whole numbers: a weight of 1 is counted as 10.
UNITS = 10
# As if each item had this much of what an item has on average: one early click is no fame.
PRIOR_WEIGHT = 3.0
PRIOR_SHOWN = 20.0
# Lists look at 1,000 popular items at most; some of those are sold out.
KEPT_RANKED = 5_000


@dataclass(frozen=True)
class Popularity:
    """Weighted, faded counts by item id. A snapshot never changes.

    liked  what was done: clicks, purchases, comments, by their weights.
    shown  how often it was shown without more being known.
    """

    liked: Mapping[str, float] = field(default_factory=dict)
    shown: Mapping[str, float] = field(default_factory=dict)

    def log_ratios(self, item_ids: Sequence[str]) -> Vectors:
        """How much more an item is liked than the average one that is liked at all.

            log((liked + prior) / (mean + prior))

        Returns: (n,) float32; 0 is average, or nothing is known of any item.
        """
        liked = np.fromiter((self.liked.get(i, 0.0) for i in item_ids), np.float32, len(item_ids))
        ratios: Vectors = np.log((liked + PRIOR_WEIGHT) / (self._mean_liked + PRIOR_WEIGHT))
        return ratios.astype(np.float32)

    def log_appeals(self, item_ids: Sequence[str]) -> Vectors:
        """How much is done with an item each time it is shown, beside all items together.

        Shrunk towards all items' rate by as many showings as `PRIOR_SHOWN`.

        Returns: (n,) float32; 0 is as all items, or nothing is known.
        """
        rate = self._rate
        if rate <= 0.0:
            return np.zeros(len(item_ids), dtype=np.float32)
        liked = np.fromiter((self.liked.get(i, 0.0) for i in item_ids), np.float32, len(item_ids))
        shown = np.fromiter((self.shown.get(i, 0.0) for i in item_ids), np.float32, len(item_ids))
        own = (liked + PRIOR_SHOWN * rate) / (shown + liked + PRIOR_SHOWN)
        appeals: Vectors = np.log(own / rate).astype(np.float32)
        return appeals

    def ranked(self) -> list[str]:
        """Item ids, the most liked first; equal ones by id."""
        return sorted(self.liked, key=lambda item_id: (-self.liked[item_id], item_id))

    @cached_property
    def _mean_liked(self) -> float:
        return sum(self.liked.values()) / len(self.liked) if self.liked else 0.0

    @cached_property
    def total_liked(self) -> float:
        """The sum of the weights of all that was done."""
        return sum(self.liked.values())

    @cached_property
    def _rate(self) -> float:
        liked, shown = sum(self.liked.values()), sum(self.shown.values())
        return liked / (liked + shown) if liked + shown > 0.0 else 0.0


@dataclass(frozen=True)
class PopularitySnapshot:
    """Counts, and the ids of what is liked, the most liked first."""

    popularity: Popularity = field(default_factory=Popularity)
    ranked: tuple[str, ...] = ()
    taken: Taken = field(default_factory=Taken)

    @classmethod
    def of(cls, popularity: Popularity, taken: Taken | None = None) -> PopularitySnapshot:
        """Counts with their order, as far as lists look."""
        return cls(popularity, tuple(popularity.ranked()[:KEPT_RANKED]), taken or Taken())


def count_writes(event: BehaviourEvent, now: datetime) -> list[Write]:
    """What an event adds to its day.

    Nothing where it is about no item, says nothing, or is of a day that nobody reads any more.
    """
    if event.item_id is None or event.at is None or _day(event.at) < _day(now) - OLDEST:
        return []
    if event.kind == "view":
        return [Count(shown_key(event.at), event.item_id, ttl_s=TTL_S)]
    by = round(UNITS * event_weight(event))
    return [Count(liked_key(event.at), event.item_id, by, ttl_s=TTL_S)] if by > 0 else []


def read_popularity(store: ResultStore, now: datetime) -> Popularity:
    """All that was counted in the last two weeks, faded; also what is dated a day ahead."""
    days = [now + AHEAD - timedelta(days=back) for back in range(READ_DAYS + 1)]
    return Popularity(
        liked=_read(store, {liked_key(day): _left(now, day) / UNITS for day in days}),
        shown=_read(store, {shown_key(day): _left(now, day) for day in days}),
    )


def _read(store: ResultStore, weights: Mapping[str, float]) -> dict[str, float]:
    sums: defaultdict[str, float] = defaultdict(float)
    for key, weight in weights.items():
        for item_id, count in read_table(store, key, int).items():
            sums[item_id] += weight * count
    return dict(sums)


def _left(now: datetime, day: datetime) -> float:
    """A day's counts are as old as its noon."""
    return faded((now - _day(day) - timedelta(hours=12)) / timedelta(days=1), HALF_LIFE_DAYS)


def _day(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
