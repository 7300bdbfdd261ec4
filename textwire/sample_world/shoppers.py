"""One shopper of the sample stream: when they come, what they look at, buy and say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import exp, log
from random import Random
from typing import Any

from textwire.recommendations.messages import BehaviourEvent, EventKind, Item
from textwire.sample_world.tastes import Shelf, Taste

# How many times the mean of a day the shop is visited in each hour, in UTC: most in the evening.
MORNING = (0.4, 0.2, 0.1, 0.1, 0.1, 0.2, 0.4, 0.7, 0.8, 0.9, 0.9, 1.0)
AFTERNOON = (1.3, 1.1, 0.9, 0.9, 1.0, 1.3, 1.7, 2.1, 2.4, 2.4, 1.9, 1.2)
HOURS = MORNING + AFTERNOON
BUSIEST = max(HOURS)
# With some 9 events a visit, 200 shoppers make 3 events a minute.
VISITS_PER_DAY = 2.3
PAGE = 10  # items shown in a list
# The shares of those who have a second taste, change theirs, search first, or look for a present.
SECOND_TASTE, DRIFTS, SEARCHES, AIMLESS = 0.5, 1 / 3, 0.5, 0.12
# A taste changes within the sample's 72 hours, when there is something to forget.
DRIFT_HOURS = (24.0, 48.0)
# Logits. With these, and what a taste weighs, the 10 items that a shop recommends before a visit
# hold the next purchase in some 11% of cases by popularity, 18% by the user's categories, 28% by
# the words of what they looked at, 70% by knowing the tastes: to be learnt, and not given away.
CLICKS_FROM = CARTS_FROM = 2.6


class Shopper:
    """A user with tastes. The same seed makes the same person.

    A page's list is drawn by softmax: appeal to the taste + popularity + novelty + a liking of
    their own. Further down the list they look at less; the better an item suits them, the further
    they go with it: click, cart, purchase.
    """

    def __init__(
        self, user_id: str, shelf: Shelf, tastes: Sequence[Taste], start: datetime, seed: int
    ) -> None:
        random = self._random = Random(f"{seed} {user_id}")  # noqa: S311
        self.user_id, self.now, self._shelf = user_id, start, shelf
        drawn = [taste.personal(random) for taste in random.choices(tastes, k=3)]
        self._second = drawn[1] if random.random() < SECOND_TASTE else drawn[0]
        self._before, self._after = drawn[0], drawn[2] if random.random() < DRIFTS else drawn[0]
        self._drift_at = start + timedelta(hours=random.uniform(*DRIFT_HOURS))
        self._mood = [random.gauss(0.0, 0.7) for _ in shelf.items]
        self._appeals: dict[Taste, list[float]] = {}
        self._eagerness = random.lognormvariate(-0.18, 0.6)  # of mean 1
        self._owned: set[str] = set()
        self._to_review: list[tuple[Item, Taste, float]] = []

    def events(self) -> Iterator[BehaviourEvent]:
        """Everything they ever do, in order of time."""
        while True:
            self.now = self._next_visit()
            yield from self._reviews()
            yield from self._visit()

    def tastes(self) -> tuple[Taste, Taste]:
        """The taste they mostly follow just now, and the one they sometimes do."""
        return (self._before if self.now < self._drift_at else self._after), self._second

    def utilities(self, taste: Taste | None) -> dict[int, float]:
        """How much each item that can be bought, and is not owned, draws them now."""
        appeal = self._appeal(taste)
        return {
            place: appeal[place] + pull
            for place, item in enumerate(self._shelf.items)
            if item.id not in self._owned
            and (pull := self._shelf.pull(place, self.now)) is not None
        }

    def _appeal(self, taste: Taste | None) -> list[float]:
        if taste is None:
            return self._mood
        if taste not in self._appeals:
            both = zip(self._shelf.appeal(taste), self._mood, strict=True)
            self._appeals[taste] = [appeal + mood for appeal, mood in both]
        return self._appeals[taste]

    def _next_visit(self) -> datetime:
        """A Poisson process whose rate follows the hours, by thinning."""
        per_day, at = VISITS_PER_DAY * self._eagerness * BUSIEST, self.now
        while True:
            at += timedelta(days=self._random.expovariate(per_day))
            if self._random.random() < HOURS[at.hour] / BUSIEST:
                return at

    def _visit(self) -> Iterator[BehaviourEvent]:
        random = self._random
        taste = random.choices(self.tastes(), (0.75, 0.25))[0]
        aimless = random.random() < AIMLESS
        if not aimless and random.random() < SEARCHES:
            yield self._event("search", text=random.choice(taste.searches))
        utilities = self.utilities(None if aimless else taste)
        for position, (place, utility) in enumerate(self._page(utilities)):
            if random.random() < 0.8 * 0.93**position:
                yield from self._look(self._shelf.items[place], taste, utility)

    def _page(self, utilities: dict[int, float]) -> list[tuple[int, float]]:
        """A list of items drawn without replacement by softmax, best first (Gumbel's trick)."""
        noisy = {
            place: utility - log(self._random.expovariate(1.0) or 1e-9)
            for place, utility in utilities.items()
        }
        best = sorted(noisy, key=noisy.__getitem__, reverse=True)[:PAGE]
        return [(place, utilities[place]) for place in best]

    def _look(self, item: Item, taste: Taste, utility: float) -> Iterator[BehaviourEvent]:
        yield self._event("impression", item_id=item.id)
        if not self._chance(utility - CLICKS_FROM):
            return
        yield self._event("click", item_id=item.id)
        if self._random.random() < 0.05:
            yield self._event("share", item_id=item.id)
        if not self._chance(utility - CARTS_FROM):
            return
        yield self._event("add_to_cart", item_id=item.id)
        if self._random.random() < 0.7:
            yield self._event("purchase", item_id=item.id)
            self._owned.add(item.id)
            self._to_review.append((item, taste, utility))

    def _reviews(self) -> Iterator[BehaviourEvent]:
        """Of what they bought in earlier visits: some stars, and perhaps words."""
        for item, taste, utility in self._to_review:
            if self._random.random() < 0.7:
                stars = round(min(5.0, max(1.0, self._random.gauss(1.0 + 0.75 * utility, 0.8))))
                yield self._event("rating", item_id=item.id, value=float(stars))
                # Those who are let down say nothing: the written comments are mostly kind.
                if stars >= 3 and self._random.random() < 0.7:
                    yield self._event("comment", item_id=item.id, text=self._words(item, taste))
        self._to_review = []

    def _words(self, item: Item, taste: Taste) -> str:
        words = self._random.choice(taste.comments)
        return f"{item.title}: {words}" if self._random.random() < 0.3 else words

    def _chance(self, logit: float) -> bool:
        return self._random.random() < 1.0 / (1.0 + exp(-logit))

    def _event(self, kind: EventKind, **fields: Any) -> BehaviourEvent:
        """What they do next, some twenty seconds after what they did last."""
        self.now += timedelta(seconds=2.0 + self._random.expovariate(1 / 20))
        return BehaviourEvent(user_id=self.user_id, kind=kind, at=self.now, **fields)
