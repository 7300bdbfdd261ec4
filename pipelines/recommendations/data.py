"""What the pipeline learns from: items, and what users did with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from textwire.errors import DataError
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.asked.asking import read_asking
from textwire.recommendations.messages import BehaviourEvent, EventKind, Item
from textwire.recommendations.profiles.event_meaning import HIGH_STARS, event_text

LIKING: frozenset[EventKind] = frozenset({"click", "add_to_cart", "purchase", "like"})
# Where nothing is clicked or bought, stars are all that there is.
WITH_STARS: frozenset[EventKind] = frozenset({"rating", "comment"})
# Fewer cannot be divided into three parts that say anything.
LEAST_LIKED = 10


@dataclass(frozen=True)
class ShopData:
    """Items, and events in order of time.

    vectors  by kind, such as `picture`, and by item id, (d,) float32: what is known beside texts.
    """

    items: Sequence[Item]
    events: Sequence[BehaviourEvent]
    vectors: Mapping[str, Mapping[str, Vectors]] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """Items by their ids; of two under one id the last."""
        return {item.id: item for item in self.items}

    @cached_property
    def texts(self) -> list[str]:
        """Every text that is embedded, once: of the items, then of what users wrote."""
        items = [item.text for item in self.by_id.values()]
        words = (event_text(event, None) for event in self.events)
        searched = (
            text
            for event in self.events
            if event.kind == "search"
            for text in read_asking(event.text).texts
        )
        return list(dict.fromkeys([*items, *(text for text in (*words, *searched) if text)]))

    def item_of(self, event: BehaviourEvent) -> Item | None:
        """What an event is about, where it is known."""
        return self.by_id.get(event.item_id) if event.item_id else None

    @cached_property
    def has_stars_alone(self) -> bool:
        """Whether it is a log of ratings or reviews, in which nothing is clicked or bought."""
        return not any(event.kind in LIKING for event in self.events)

    def likes(self, event: BehaviourEvent) -> bool:
        """Whether an event says that its user wants the item: what a list should have held.

        Beside purchases a rating comes after the fact.
        """
        if event.kind in LIKING:
            return True
        praises = event.kind in WITH_STARS and (event.value or 0.0) >= HIGH_STARS
        return praises and event.item_id is not None and self.has_stars_alone

    def text_of(self, event: BehaviourEvent) -> str | None:
        """What stands for an event in a user's past: the item's text, or else their own words.

        Words about an item add to it and never stand in its place, as in a profile.
        """
        item = self.item_of(event)
        return event_text(event, None) if item is None else item.text

    def checked(self) -> ShopData:
        """Itself in order of time, when it can be used.

        Events about unknown items stay: they are what the service would meet.

        Raises: DataError: there are no items; events have no time; too little was liked.
        """
        if not self.items:
            raise DataError("There are no items, so there is nothing to recommend.")
        timeless = sum(event.at is None for event in self.events)
        if timeless:
            raise DataError(
                f"{timeless} of {len(self.events)} events have no time `at`, and what came first "
                "decides what can be learned. Say which column holds it: `--map at=COLUMN`."
            )
        ordered = replace(self, events=sorted(self.events, key=moment_of))
        ordered._check_liked()
        return ordered

    def _check_liked(self) -> None:
        liked = [event for event in self.events if self.likes(event)]
        known = [event for event in liked if self.item_of(event)]
        if len(known) >= LEAST_LIKED:
            return
        if len(liked) >= LEAST_LIKED:
            unknown = next(event.item_id for event in liked if not self.item_of(event))
            raise DataError(
                f"Of {len(liked)} things liked only {len(known)} are of items that are "
                f"known; {unknown!r} is not, for one. Do both files use the same ids?"
            )
        kinds = ", ".join(sorted({event.kind for event in self.events})) or "none"
        raise DataError(
            f"There are {len(liked)} clicks, carts, purchases and ratings of {HIGH_STARS:g} or "
            f"more (kinds found: {kinds}), and at least {LEAST_LIKED} are needed to learn what "
            "users like. "
            "Give more events, or say which column holds their kind: `--map kind=COLUMN`."
        )


def moment_of(event: BehaviourEvent) -> datetime:
    """When an event was; checked data have a time for each."""
    assert event.at is not None  # noqa: S101 - `checked` has seen to it
    return event.at
