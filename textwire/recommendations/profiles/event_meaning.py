"""What one event says of its user's taste: of what, how much, and whether for it or against it."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from textwire.errors import RecordRejected
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.messages import BehaviourEvent, EventKind, Item
from textwire.recommendations.profiles.comments import LOW_STARS, CommentReading

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
HIGH_STARS = 4.0


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
