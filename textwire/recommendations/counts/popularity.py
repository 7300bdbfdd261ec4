"""What all users like lately: counts by day in event time, so that replicas and partitions add up.

A snapshot fades the days by their age. No user counts for many: to one item they add at most
`MOST_OF_ONE_USER` a day, to at most `MOST_COUNTED` items in two weeks, and what one user alone
likes is no fame at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

import msgspec
import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.counts.co_occurrence import Taken
from textwire.recommendations.keys import liked_key, likers_key, shown_key
from textwire.recommendations.messages import BehaviourEvent
from textwire.recommendations.profiles.comments import CommentReading
from textwire.recommendations.profiles.event_meaning import event_weight
from textwire.recommendations.profiles.fading import faded
from textwire.recommendations.results import Profile
from textwire.results.reading import read_table
from textwire.results.store import ResultStore
from textwire.results.writes import Count, Write

HALF_LIFE_DAYS = 2.0
READ_DAYS = 14
# A clock may be ahead, and days differ by time zones.
AHEAD = timedelta(days=1)
OLDEST = timedelta(days=READ_DAYS) - AHEAD
# A day's tables go when nobody reads that day any more.
KEPT_AFTER = timedelta(days=READ_DAYS + 2)
# Counters are whole numbers: a weight of 1 is counted as 10.
UNITS = 10
# What one user adds to one item on a day: a click, a purchase, and words about it.
MOST_OF_ONE_USER = 6.0
# How many items a day, all days of two weeks together, are remembered of a user.
MOST_COUNTED = 200
# More showings to one user, not opened, say nothing more of an item.
MOST_SHOWN = 10.0
# What fewer users like is not what users like.
FEWEST_LIKERS = 2
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


def counted(
    profile: Profile, event: BehaviourEvent, now: datetime, reading: CommentReading | None = None
) -> tuple[Profile, list[Write]]:
    """What an event adds to its day, as far as its user may, and the user as having added it.

    Nothing where it is about no item, says nothing, or is of a day that nobody reads any more.

    Args: profile: of the event's user, the event taken in. reading: of a comment.
    """
    if event.item_id is None or event.at is None or _day(event.at) < _day(now) - OLDEST:
        return profile, []
    ttl_s = _left_s(event.at, now)
    if event.kind == "impression":
        few = profile.shown.get(event.item_id, 0.0) <= MOST_SHOWN
        return profile, [Count(shown_key(event.at), event.item_id, ttl_s=ttl_s)] if few else []
    days = _days_read(profile.counted, now)
    day = f"{_day(event.at):%Y-%m-%d}"
    so_far = days.get(day, {}).get(event.item_id, 0)
    by = min(round(UNITS * event_weight(event, reading)), round(UNITS * MOST_OF_ONE_USER) - so_far)
    is_full = so_far == 0 and sum(map(len, days.values())) >= MOST_COUNTED
    if by <= 0 or is_full:
        return profile, []
    writes: list[Write] = [Count(liked_key(event.at), event.item_id, by, ttl_s=ttl_s)]
    if not any(event.item_id in items for items in days.values()):
        writes.append(Count(likers_key(event.at), event.item_id, ttl_s=ttl_s))
    of_day = {**days.get(day, {}), event.item_id: so_far + by}
    return msgspec.structs.replace(profile, counted={**days, day: of_day}), writes


def read_popularity(
    store: ResultStore, now: datetime, half_life_days: float = HALF_LIFE_DAYS
) -> Popularity:
    """All that was counted in the last two weeks, faded; also what is dated a day ahead."""
    days = [now + AHEAD - timedelta(days=back) for back in range(READ_DAYS + 1)]
    likers = _read(store, {likers_key(day): 1.0 for day in days})
    liked = _read(store, {liked_key(day): _left(now, day, half_life_days) / UNITS for day in days})
    return Popularity(
        liked={
            item_id: weight
            for item_id, weight in liked.items()
            if likers.get(item_id, 0.0) >= FEWEST_LIKERS
        },
        shown=_read(store, {shown_key(day): _left(now, day, half_life_days) for day in days}),
    )


def _days_read(
    counted: Mapping[str, Mapping[str, int]], now: datetime
) -> dict[str, Mapping[str, int]]:
    """What a user has added, without the days that nobody reads any more."""
    first = f"{_day(now) - OLDEST:%Y-%m-%d}"
    return {day: items for day, items in counted.items() if day >= first}


def _left_s(at: datetime, now: datetime) -> int:
    return max(1, round((_day(at) + KEPT_AFTER - now).total_seconds()))


def _read(store: ResultStore, weights: Mapping[str, float]) -> dict[str, float]:
    sums: defaultdict[str, float] = defaultdict(float)
    for key, weight in weights.items():
        for item_id, count in read_table(store, key, int).items():
            sums[item_id] += weight * count
    return dict(sums)


def _left(now: datetime, day: datetime, half_life_days: float) -> float:
    """A day's counts are as old as its noon."""
    return faded((now - _day(day) - timedelta(hours=12)) / timedelta(days=1), half_life_days)


def _day(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
