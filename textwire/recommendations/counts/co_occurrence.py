"""What is bought, or opened, by the same users: counted from the stream, read when lists are made.

When a user does something with an item that is new to their trail, it is counted with each of the
last `STEPS` items there, in both directions, and once as taken. A user counts a pair once as long
as the trail remembers it, and an item as long as they are known to have seen it, so no one can make
an item famous by repeating themselves; what one user alone took is taken by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from textwire.recommendations.counts.forward_decay import decayed_units
from textwire.recommendations.keys import REPEATS_KEY, TAKEN_KEY, TAKERS_KEY, together_key
from textwire.recommendations.messages import BehaviourEvent
from textwire.recommendations.profiles.comments import CommentReading
from textwire.recommendations.profiles.event_meaning import event_weight
from textwire.recommendations.profiles.trail import FOLLOWED_WEIGHT, STEPS
from textwire.recommendations.results import Profile
from textwire.results.reading import read_table, read_tables
from textwire.results.store import ResultStore
from textwire.results.writes import Count, SetField, Write

# A row that is longer is cut to its heaviest neighbours, in the background.
MOST_NEIGHBOURS = 200
KEPT_NEIGHBOURS = 100
# A row that nobody added to for two years is dropped.
ROW_TTL_S = 730 * 24 * 60 * 60
PURCHASES, REPEATED = "purchases", "repeated"
# Fewer purchases do not say whether users buy the same again, and 1 in 500 is no habit.
LEAST_PURCHASES = 100
HABIT = 0.002

Neighbours = Mapping[str, int]
"""Item id -> decayed units in which both were taken by the same user."""


@dataclass(frozen=True)
class Taken:
    """What all users took, by item, in decayed units; and how often it was the same again.

    takers  by item: how many times it was new to a user; none where that was not counted yet.
    """

    units: Mapping[str, int] = field(default_factory=dict)
    purchases: int = 0
    repeated: int = 0
    takers: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def shared(self) -> Mapping[str, int]:
        """The units of what was not taken by one user alone."""
        takers = self.takers
        return {i: units for i, units in self.units.items() if takers.get(i, 2) > 1}

    @cached_property
    def total(self) -> int:
        """The sum over all items that were not taken by one user alone."""
        return sum(self.shared.values())

    @cached_property
    def ranked(self) -> tuple[str, ...]:
        """Item ids, what several users took most first; equal ones by id."""
        return _most_first(self.shared)

    @cached_property
    def known(self) -> tuple[str, ...]:
        """The same with what one user alone took."""
        return _most_first(self.units)

    @property
    def repeat_rate(self) -> float:
        """Part of the purchases by known buyers that are of what they bought before.

        0 where too little is known, or so few do that it is no habit.
        """
        if self.purchases < LEAST_PURCHASES:
            return 0.0
        rate = self.repeated / self.purchases
        return rate if rate >= HABIT else 0.0


def _most_first(units: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(units, key=lambda item_id: (-units[item_id], item_id)))


def co_occurrence_writes(
    profile: Profile | None, event: BehaviourEvent, reading: CommentReading | None = None
) -> list[Write]:
    """What an event adds to the counts.

    Args: profile: the user's, before the event. reading: of a comment.
    """
    return [*_pair_writes(profile, event, reading), *_repeat_writes(profile, event)]


def _pair_writes(
    profile: Profile | None, event: BehaviourEvent, reading: CommentReading | None
) -> list[Write]:
    item_id, trail = event.item_id, profile.trail if profile else {}
    if item_id is None or event.at is None or item_id in trail:
        return []
    if event_weight(event, reading) < FOLLOWED_WEIGHT:
        return []
    by = decayed_units(event.at.timestamp())
    writes: list[Write] = []
    if profile is None or item_id not in profile.seen:
        writes += [Count(TAKEN_KEY, item_id, by), Count(TAKERS_KEY, item_id)]
    for other in list(trail)[-STEPS:]:
        writes.append(Count(together_key(item_id), other, by, ttl_s=ROW_TTL_S))
        writes.append(Count(together_key(other), item_id, by, ttl_s=ROW_TTL_S))
    return writes


def _repeat_writes(profile: Profile | None, event: BehaviourEvent) -> list[Write]:
    if event.kind != "purchase" or event.item_id is None or profile is None or not profile.bought:
        return []
    counted: list[Write] = [Count(REPEATS_KEY, PURCHASES)]
    if event.item_id in profile.bought:
        counted.append(Count(REPEATS_KEY, REPEATED))
    return counted


def read_taken(store: ResultStore) -> Taken:
    """All that was counted of single items."""
    repeats = read_table(store, REPEATS_KEY, int)
    return Taken(
        read_table(store, TAKEN_KEY, int),
        repeats.get(PURCHASES, 0),
        repeats.get(REPEATED, 0),
        read_table(store, TAKERS_KEY, int),
    )


def read_neighbours(
    store: ResultStore, profiles: Iterable[Profile | None]
) -> dict[str, Neighbours]:
    """The rows of all items at the end of these users' trails, in one round trip."""
    wanted = dict.fromkeys(
        item_id
        for profile in profiles
        if profile is not None
        for item_id in list(profile.trail)[-STEPS:]
    )
    return {**read_tables(store, {item_id: together_key(item_id) for item_id in wanted}, int)}


def with_counted(
    neighbours: Mapping[str, Neighbours], counted: Iterable[Write]
) -> dict[str, Neighbours]:
    """The rows after counts that the store does not have yet: of events earlier in a batch."""
    rows = {together_key(item_id): item_id for item_id in neighbours}
    after = {item_id: dict(row) for item_id, row in neighbours.items()}
    for write in counted:
        if isinstance(write, Count) and write.key in rows:
            row = after[rows[write.key]]
            row[write.field] = row.get(write.field, 0) + write.by
    return dict(after)


def trim_writes(store: ResultStore, item_ids: Sequence[str]) -> list[Write]:
    """Cut the rows of these items that have grown too long.

    What is counted between the reading and the cutting of a row may be lost with a neighbour that
    was among its lightest.
    """
    rows = read_tables(store, {item_id: together_key(item_id) for item_id in item_ids}, int)
    return [
        SetField(together_key(item_id), other, None)
        for item_id, row in rows.items()
        if len(row) > MOST_NEIGHBOURS
        for other in sorted(row, key=lambda other: (-row[other], other))[KEPT_NEIGHBOURS:]
    ]
