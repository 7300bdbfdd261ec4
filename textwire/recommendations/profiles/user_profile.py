"""A user as a profile: everything seen and said, each fading with its age.

    vector = sum_i w_i 2^(-age_i / half_life) v_i / sum_i w_i 2^(-age_i / half_life)

v_i is the vector of an item's text or of the user's own words, w_i the weight of the event's kind.
The mean is stored, not the sum: float16 holds it however long ago it all was. The order in which
events come does not matter, but for rounding and for what is cut to the heaviest.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec
import numpy as np

from textwire.errors import RecordRejected
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.messages import BehaviourEvent, EventKind, Item
from textwire.recommendations.profiles.comments import LOW_STARS, CommentReading
from textwire.recommendations.profiles.trail import extended
from textwire.recommendations.results import Profile

# How much an event says of what its user cares for, beside a click. What was shown and not opened
# says nothing for it: we chose to show it.
EVENT_WEIGHTS: dict[EventKind, float] = {
    "impression": 0.0,
    "view": 1.0,
    "click": 1.0,
    "add_to_cart": 2.0,
    "remove_from_cart": 0.0,
    "purchase": 3.0,
    "return": 0.0,
    "comment": 2.0,
    "like": 2.0,
    "share": 2.0,
    "rating": 2.0,
    "dislike": 0.0,
    "search": 1.5,
    "identify": 0.0,
    "forget": 0.0,
}
AGAINST: frozenset[EventKind] = frozenset({"dislike", "return", "remove_from_cart"})
# What takes back that a user turned an item down; a look at it does not.
TAKING_BACK: frozenset[EventKind] = frozenset({"add_to_cart", "purchase", "like", "share"})
OPENING: frozenset[EventKind] = frozenset({"view", "click", *TAKING_BACK})
HIGH_STARS = 4.0
HALF_LIFE_DAYS = 7.0
# What a user is after just now: half of it is gone after this time.
RECENT_HALF_LIFE_DAYS = 0.5 / 24
KEPT_TAGS = 50
KEPT_CATEGORIES = 30
KEPT_SEEN = 300
KEPT_BOUGHT = 500
KEPT_WORDS = 10
KEPT_DISLIKED = 200
KEPT_SHOWN = 100
DAY_S = 24 * 60 * 60
# Weights below this say nothing any more.
FORGOTTEN = 1e-9
# What is left of a mean from which nearly all was taken is rounding.
NEARLY_NOTHING = 0.01


def event_text(event: BehaviourEvent, item: Item | None) -> str | None:
    """What is embedded for an event: the user's own words, or else the item's text; or nothing."""
    words = (event.text or "").strip()
    if words:
        return words
    return None if item is None else item.text


def event_vector(
    event: BehaviourEvent,
    item: Vectors | None,
    words: Vectors | None,
    reading: CommentReading | None,
) -> Vectors | None:
    """What an event says of taste: the item it is about, and the words, by what they add to it.

        (item + substance * words) / |item + substance * words|

    A search is its words alone. A complaint is the item that it turns down.

    Args:    item: (d,) float32, unit length, of the item's text; None where that is not known.
             words: (d,) float32, unit length, of the user's own words; None where there are none.
             reading: of its words, where it `comments`.
    Returns: (d,) float32 of unit length; None where nothing is said.
    """
    if words is None or (reading is not None and reading.against):
        return item
    substance = 1.0 if reading is None else reading.substance
    if item is None or not comments(event):
        return words if substance > 0.0 else None
    both = item + np.float32(substance) * words
    norm = np.linalg.norm(both)
    return item if norm < 1e-6 else (both / norm).astype(np.float32)


def comments(event: BehaviourEvent) -> bool:
    """Whether an event's words are about what it did, as a comment's: reviews come with stars.

    Of a search they are what is looked for.
    """
    return event.kind == "comment" or (event.item_id is not None and event.kind != "search")


def speaks_against(event: BehaviourEvent, reading: CommentReading | None = None) -> bool:
    """Whether an event turns down the item that it is about."""
    if event.kind == "rating" and event.value is not None:
        return event.value <= LOW_STARS
    if event.kind in ("comment", "rating"):
        return reading is not None and reading.against_item
    return event.kind in AGAINST


def takes_back(event: BehaviourEvent) -> bool:
    """Whether the user cares for the item after all, whatever they said of it before."""
    if event.kind == "rating":
        return event.value is not None and event.value >= HIGH_STARS
    return event.kind in TAKING_BACK


def event_weight(event: BehaviourEvent, reading: CommentReading | None = None) -> float:
    """How much an event counts when it happens.

    A rating counts by its value on a scale from 1 to 5: fully at 5, not at all at 2 and below, and
    half where it has none, unless its words complain. A complaint counts for nothing, and a comment
    about no item by what it says of one. What was bought counts whatever is said of it.
    """
    weight = EVENT_WEIGHTS[event.kind]
    if event.kind == "rating" and event.value is None and reading is not None and reading.against:
        return 0.0
    if event.kind == "comment" and reading is not None:
        if reading.against:
            return 0.0
        return weight if event.item_id is not None else weight * reading.substance
    if event.kind != "rating":
        return weight
    liked = 0.5 if event.value is None else min(1.0, max(0.0, (event.value - 2.0) / 3.0))
    return weight * liked


def faded(age_days: float, half_life_days: float) -> float:
    """What is left of a weight of 1 after so long; an age below 0 counts as 0."""
    return float(0.5 ** (max(0.0, age_days) / half_life_days))


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
        _Fading(faded(days, half_life), weight * faded(age_days, half_life))
        for half_life in (half_life_days, RECENT_HALF_LIFE_DAYS)
    )
    if turned_down:
        # What was said for the item goes; what the user was after just now is not known any more.
        usual = usual._replace(added=-usual.left * before.seen.get(event.item_id or "", 0.0))
        before = msgspec.structs.replace(before, recent=b"", recent_weight=0.0)
    mean, mean_weight = _folded(before.vector, before.weight, vector, usual)
    recent, recent_weight = _folded(before.recent, before.recent_weight, vector, short)
    log_price, price_weight = _price(before, item, usual)
    return msgspec.structs.replace(
        before,
        at=now,
        vector=mean,
        weight=mean_weight,
        recent=recent,
        recent_weight=recent_weight,
        categories=_weighed(before.categories, _categories(item), usual, KEPT_CATEGORIES),
        tags=_weighed(before.tags, item.tags if item else (), usual, KEPT_TAGS),
        log_price=log_price,
        price_weight=price_weight,
        bought=_bought(before, event),
        seen=_weighed(before.seen, _seen(event), usual, KEPT_SEEN),
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


class _Fading(NamedTuple):
    """What is left of all that was known, and how much the event adds."""

    left: float
    added: float


def _folded(
    stored: bytes, weight: float, vector: Vectors | None, fading: _Fading
) -> tuple[bytes, float]:
    """The weighted mean with one vector more, and the sum of the weights."""
    left = weight * fading.left
    if vector is None or fading.added == 0.0:
        return stored, left
    mean = _decoded(stored)
    if len(mean) != len(vector):
        mean, left = np.zeros_like(vector, dtype=np.float32), 0.0
    total = left + fading.added
    if total <= NEARLY_NOTHING * max(1.0, left):
        return b"", 0.0
    new = (mean * left + vector * fading.added) / total
    return new.astype(np.float16).tobytes(), total


def _price(before: Profile, item: Item | None, fading: _Fading) -> tuple[float, float]:
    left = before.price_weight * fading.left
    if item is None or item.price is None or fading.added == 0.0:
        return before.log_price, left
    total = left + fading.added
    if total <= NEARLY_NOTHING:
        return 0.0, 0.0
    mean = (before.log_price * left + math.log1p(item.price) * fading.added) / total
    return mean, total


def _weighed(
    before: Mapping[str, float], names: Iterable[str], fading: _Fading, keep: int
) -> dict[str, float]:
    """Weights after the fading, with the event's added to `names`; the heaviest are kept."""
    weights = {name: weight * fading.left for name, weight in before.items()}
    for name in names:
        weights[name] = weights.get(name, 0.0) + fading.added
    kept = {name: weight for name, weight in weights.items() if weight > FORGOTTEN}
    if len(kept) <= keep:
        return kept
    return dict(heapq.nlargest(keep, kept.items(), key=lambda pair: pair[1]))


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


def _decoded(stored: bytes) -> Vectors:
    return np.frombuffer(stored, dtype=np.float16).astype(np.float32)


def _unit(stored: bytes, dimension: int) -> Vectors | None:
    vector = _decoded(stored)
    norm = float(np.linalg.norm(vector))
    if len(vector) != dimension or norm < 1e-6:
        return None
    unit: Vectors = vector / np.float32(norm)
    return unit


def moment_of(event: BehaviourEvent) -> datetime:
    """When an event was.

    Raises: RecordRejected: it does not say.
    """
    if event.at is None:
        raise RecordRejected(
            f"The {event.kind} of user {event.user_id} has no time `at`, so it cannot be weighed. "
            "Give each event its time, in RFC 3339 with a zone."
        )
    return event.at


def _days(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds() / DAY_S
