"""Moments at which a list is wanted, and what the user made of what came after.

A visit is what a user does without a longer silence. A list is wanted when something is about to be
shown: at the first look of a visit, and again after each thing that was opened. All before a
moment is known; what is liked later in the visit is what the list should have held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from pipelines.recommendations.data import LIKING, ShopData, moment_of
from textwire.recommendations.messages import BehaviourEvent

LOOKING = LIKING | {"impression", "view", "share"}


@dataclass(frozen=True)
class Moment:
    """Before event `place` of all events: those before are known, it and those after are not.

    context  what the user searched for just before.
    liked    known items that were clicked, put into the cart, bought, liked or praised later in the
             visit.
    ignored  known items that were shown later in the visit, and were not liked in it.
    until    when the last of these events was.
    """

    place: int
    user_id: str
    at: datetime
    context: str | None
    liked: tuple[str, ...]
    ignored: tuple[str, ...]
    until: datetime


def find_moments(data: ShopData, visit_gap: timedelta) -> list[Moment]:
    """All moments, in order of time."""
    moments = [
        moment for visit in _visits(data.events, visit_gap) for moment in _of_visit(data, visit)
    ]
    return sorted(moments, key=lambda moment: moment.place)


def _visits(events: Sequence[BehaviourEvent], gap: timedelta) -> Iterator[list[int]]:
    """Places of the events of each visit."""
    by_user: dict[str, list[int]] = defaultdict(list)
    for place, event in enumerate(events):
        by_user[event.user_id].append(place)
    for places in by_user.values():
        visit = places[:1]
        for before, place in pairwise(places):
            if moment_of(events[place]) - moment_of(events[before]) > gap:
                yield visit
                visit = []
            visit.append(place)
        yield visit


def _of_visit(data: ShopData, visit: Sequence[int]) -> Iterator[Moment]:
    wanted = True
    search: str | None = None
    before = _LikedBefore()
    for number, place in enumerate(visit):
        event = data.events[place]
        if event.kind == "search":
            search, wanted = event.text, True
        likes, is_new = data.likes(event), not before.has(event)
        if wanted and is_new and (likes or event.kind in LOOKING):
            yield _moment(data, visit[number:], search, before)
            wanted = False
        if likes:
            before.add(event)
        if likes and is_new:
            # What was asked for is answered; the next list goes by what was opened.
            search, wanted = None, True


class _LikedBefore:
    """What was liked earlier in a visit. To buy again what was bought in it is a wish of its own.

    So the service counts it, and a log of days without times has all of a day in one visit.
    """

    def __init__(self) -> None:
        self._liked: set[str] = set()
        self._bought: set[str] = set()

    def has(self, event: BehaviourEvent) -> bool:
        """Whether an event says no more than what is known."""
        is_repeat = event.kind == "purchase" and event.item_id in self._bought
        return event.item_id in self._liked and not is_repeat

    def add(self, event: BehaviourEvent) -> None:
        """An event that likes something."""
        self._liked.add(event.item_id or "")
        if event.kind == "purchase":
            self._bought.add(event.item_id or "")


def _moment(
    data: ShopData, rest: Sequence[int], search: str | None, before: _LikedBefore
) -> Moment:
    first = data.events[rest[0]]
    later = [data.events[place] for place in rest]
    known = [event for event in later if data.item_of(event) and not before.has(event)]
    liked = dict.fromkeys(event.item_id or "" for event in known if data.likes(event))
    shown = dict.fromkeys(event.item_id or "" for event in known if event.kind == "impression")
    return Moment(
        place=rest[0],
        user_id=first.user_id,
        at=moment_of(first),
        context=search,
        liked=tuple(liked),
        ignored=tuple(item_id for item_id in shown if item_id not in liked),
        until=moment_of(later[-1]),
    )
