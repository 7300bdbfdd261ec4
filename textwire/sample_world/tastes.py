"""What the shoppers of the sample stream care for, and what on the shelf answers to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from math import exp
from random import Random
from typing import Annotated

import msgspec

from textwire.recommendations.messages import Item

# In units of a softmax's logit. A category alone is a hint; a theme, which only the text reveals,
# weighs more; both together are what the shopper came for.
CATEGORY, THEME, BOTH = 0.6, 2.4, 1.0
TOO_DEAR, NEVER_DEARER = 2.0, 4.0  # lost for each time that the allowed price is exceeded
POPULARITY, NOVELTY = 0.4, 1.0
NEW_FOR = timedelta(days=1)


class Like(msgspec.Struct, frozen=True):
    """A category, and its share of a taste."""

    category: str
    weight: float


class Taste(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of shopper: categories, themes, a purse, and their own words."""

    id: str
    name: str
    likes: tuple[Like, ...]
    themes: tuple[str, ...]
    price_at_most: Annotated[float, msgspec.Meta(gt=0.0)]
    comments: tuple[str, ...]
    searches: tuple[str, ...]

    def personal(self, random: Random) -> Taste:
        """The same taste as one person has it: some of the themes, other weights."""
        themes = [theme for theme in self.themes if random.random() < 0.75]
        likes = [Like(like.category, like.weight * random.uniform(0.5, 1.5)) for like in self.likes]
        return msgspec.structs.replace(
            self, themes=tuple(themes) or self.themes[:1], likes=tuple(likes)
        )


class Shelf:
    """The shop's items, with what is the same for everybody who looks at them."""

    def __init__(self, items: Sequence[Item], seed: int) -> None:
        random = Random(f"{seed} popularity")  # noqa: S311
        self.items = tuple(item for item in items if item.available)
        self.popularity = tuple(POPULARITY * random.gauss() for _ in self.items)
        self._places = cache(self._places_of)

    def pull(self, place: int, at: datetime) -> float | None:
        """How much the item at a place draws anybody; None before it is published."""
        published_at = self.items[place].published_at
        if published_at is None:
            return self.popularity[place]
        if published_at > at:
            return None
        return self.popularity[place] + NOVELTY * exp((published_at - at) / NEW_FOR)

    def appeal(self, taste: Taste) -> list[float]:
        """How much each item suits a taste."""
        likes = {like.category: like.weight for like in taste.likes}
        most = max(likes.values(), default=1.0)
        themes = [self._places(theme) for theme in taste.themes]
        return [
            _appeal(
                category=likes.get(item.category or "", 0.0) / most,
                theme=1.0 - 0.5 ** sum(place in places for places in themes),
                times_too_dear=(item.price or 0.0) / taste.price_at_most - 1.0,
            )
            for place, item in enumerate(self.items)
        ]

    def _places_of(self, theme: str) -> frozenset[int]:
        """Where the items stand whose text has a theme's words, in singular or plural."""
        says = re.compile(rf"\b{re.escape(theme)}s?\b", re.IGNORECASE).search
        return frozenset(place for place, item in enumerate(self.items) if says(item.text))


def _appeal(category: float, theme: float, times_too_dear: float) -> float:
    dear = min(NEVER_DEARER, max(0.0, times_too_dear))
    return CATEGORY * category + THEME * theme + BOTH * category * theme - TOO_DEAR * dear
