"""A user as a profile: everything seen and said, each fading with its age.

    vector = sum_i w_i 2^(-age_i / half_life) v_i / sum_i w_i 2^(-age_i / half_life)

v_i is the vector of an item's text or of the user's own words, w_i the weight of the event's kind.
The mean is stored, not the sum: float16 holds it however long ago it all was. The order in which
events come does not matter, but for rounding and for what is cut to the heaviest.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec
import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.messages import BehaviourEvent, EventKind, Item
from textwire.recommendations.profiles.comments import CommentReading
from textwire.recommendations.profiles.event_meaning import (
    TAKING_BACK,
    event_weight,
    moment_of,
    speaks_against,
    takes_back,
)
from textwire.recommendations.profiles.fading import (
    DAY_S,
    NEARLY_NOTHING,
    Fading,
    decoded,
    faded,
    folded,
    weighed,
)
from textwire.recommendations.profiles.trail import extended
from textwire.recommendations.results import Profile

OPENING: frozenset[EventKind] = frozenset({"view", "click", *TAKING_BACK})
# What a user is after just now: half of it is gone after this time.
RECENT_HALF_LIFE_DAYS = 0.5 / 24
KEPT_TAGS = 50
KEPT_CATEGORIES = 30
KEPT_SEEN = 300
KEPT_BOUGHT = 500
KEPT_WORDS = 10
KEPT_DISLIKED = 200
KEPT_SHOWN = 100


def updated(
    profile: Profile | None,
    event: BehaviourEvent,
    item: Item | None,
    vector: Vectors | None,
    half_life_days: float,
    reading: CommentReading | None = None,
) -> Profile:
    """The profile after one more event, which may be older than what is known already.

    What turns an item down takes away what was known to speak for it.

    Args:    item: what the event is about, where it is known.
             vector: (d,) float32, `event_vector`. Of another width than the profile's: that is
                 dropped.
             reading: of its words, where it `comments`.
    Returns: for `forget`, a profile that knows nothing.
    Raises:  RecordRejected: the event has no time.
    """
    at = moment_of(event)
    if event.kind == "forget":
        return Profile(user_id=event.user_id, at=at)
    before = profile or Profile(user_id=event.user_id, at=at)
    now = max(before.at, at)
    turned_down = speaks_against(event, reading)
    disliked = _disliked(before, event, turned_down=turned_down)
    # Who looks again at what they turned down does not like it yet.
    weight = 0.0 if event.item_id in disliked else event_weight(event, reading)
    days, age_days = _days(now, before.at), _days(now, at)
    usual, short = (
        Fading(faded(days, half_life), weight * faded(age_days, half_life))
        for half_life in (half_life_days, RECENT_HALF_LIFE_DAYS)
    )
    if turned_down:
        # What was said for the item goes; what the user was after just now is not known any more.
        usual = usual._replace(added=-usual.left * before.seen.get(event.item_id or "", 0.0))
        before = msgspec.structs.replace(before, recent=b"", recent_weight=0.0)
    mean, mean_weight = folded(before.vector, before.weight, vector, usual)
    recent, recent_weight = folded(before.recent, before.recent_weight, vector, short)
    log_price, price_weight = _price(before, item, usual)
    return msgspec.structs.replace(
        before,
        at=now,
        vector=mean,
        weight=mean_weight,
        recent=recent,
        recent_weight=recent_weight,
        categories=weighed(before.categories, _categories(item), usual, KEPT_CATEGORIES),
        tags=weighed(before.tags, item.tags if item else (), usual, KEPT_TAGS),
        log_price=log_price,
        price_weight=price_weight,
        bought=_bought(before, event),
        seen=weighed(before.seen, _seen(event), usual, KEPT_SEEN),
        trail=extended(_without(before.trail, disliked), event, weight),
        words=_words(before, event, reading),
        disliked=disliked,
        shown=_shown(before, event, usual.left),
        events=before.events + 1,
    )


def profile_vector(profile: Profile | None, dimension: int) -> Vectors | None:
    """What a user cares for, (d,) float32 of unit length; None where nothing so wide is known."""
    return None if profile is None else _unit(profile.vector, dimension)


def recent_vector(profile: Profile | None, dimension: int) -> Vectors | None:
    """What a user was after last, (d,) float32 of unit length; None where nothing is known."""
    return None if profile is None else _unit(profile.recent, dimension)


def _price(before: Profile, item: Item | None, fading: Fading) -> tuple[float, float]:
    left = before.price_weight * fading.left
    if item is None or item.price is None or fading.added == 0.0:
        return before.log_price, left
    total = left + fading.added
    if total <= NEARLY_NOTHING:
        return 0.0, 0.0
    mean = (before.log_price * left + math.log1p(item.price) * fading.added) / total
    return mean, total


def _categories(item: Item | None) -> tuple[str, ...]:
    return (item.category,) if item is not None and item.category else ()


def _seen(event: BehaviourEvent) -> tuple[str, ...]:
    return (event.item_id,) if event.item_id else ()


def _bought(before: Profile, event: BehaviourEvent) -> tuple[str, ...]:
    if event.kind not in ("purchase", "return") or event.item_id is None:
        return before.bought
    others = tuple(item_id for item_id in before.bought if item_id != event.item_id)
    return (*others, event.item_id)[-KEPT_BOUGHT:] if event.kind == "purchase" else others


def _words(
    before: Profile, event: BehaviourEvent, reading: CommentReading | None
) -> tuple[str, ...]:
    words = (event.text or "").strip()
    told = event.kind == "search" or reading is None or reading.quotable
    return (*before.words, words)[-KEPT_WORDS:] if words and told else before.words


def _without(trail: Mapping[str, float], disliked: Collection[str]) -> Mapping[str, float]:
    if disliked and not trail.keys().isdisjoint(disliked):
        return {item_id: at_s for item_id, at_s in trail.items() if item_id not in disliked}
    return trail


def _disliked(before: Profile, event: BehaviourEvent, *, turned_down: bool) -> tuple[str, ...]:
    if event.item_id is None or not (turned_down or takes_back(event)):
        return before.disliked
    others = tuple(item_id for item_id in before.disliked if item_id != event.item_id)
    return (*others, event.item_id)[-KEPT_DISLIKED:] if turned_down else others


def _shown(before: Profile, event: BehaviourEvent, left: float) -> dict[str, float]:
    """How often items were shown since the user last opened them, faded; the most often shown."""
    if event.kind != "impression" and event.item_id not in before.shown:
        return before.shown if left == 1.0 else _faded_to(before.shown, left)
    shown = _faded_to(before.shown, left)
    if event.item_id is not None and event.kind == "impression":
        shown[event.item_id] = shown.get(event.item_id, 0.0) + 1.0
    elif event.kind in OPENING:
        shown.pop(event.item_id or "", None)
    if len(shown) <= KEPT_SHOWN:
        return shown
    return dict(heapq.nlargest(KEPT_SHOWN, shown.items(), key=lambda pair: pair[1]))


def _faded_to(weights: Mapping[str, float], left: float) -> dict[str, float]:
    return {name: weight * left for name, weight in weights.items() if weight * left > 0.05}


def _unit(stored: bytes, dimension: int) -> Vectors | None:
    vector = decoded(stored)
    norm = float(np.linalg.norm(vector))
    if len(vector) != dimension or norm < 1e-6:
        return None
    unit: Vectors = vector / np.float32(norm)
    return unit


def _days(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds() / DAY_S
