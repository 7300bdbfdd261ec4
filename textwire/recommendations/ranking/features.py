"""What a ranker sees of a user and an item: each feature declared once, for training and serving.

A feature is a function of what is known before the moment of ranking: (context, candidates) to one
number for each candidate. What is not known is 0, and a feature of its own says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.asked.naming import parts_named
from textwire.recommendations.asked.words import AskedWords
from textwire.recommendations.counts.co_occurrence import Neighbours, Taken
from textwire.recommendations.counts.popularity import Popularity
from textwire.recommendations.messages import Item
from textwire.recommendations.profiles.trail import Trail
from textwire.recommendations.profiles.user_profile import recent_vector
from textwire.recommendations.ranking.prior import Evidence, Known, weigh
from textwire.recommendations.results import Profile

FRESH_HALF_LIFE_S = 7 * 24 * 60 * 60
HOUR_S = 60 * 60
# So that what is not there has a logarithm: below what the parts tell apart.
LEAST_PART = 1e-6
LEAST_WEIGHT = 1e-3


@dataclass(frozen=True)
class RankingContext:
    """Who is ranked for, when, and what was known then.

    profile_vector  (d,) unit length: what the user cares for; None where that is not known.
    taken, trail    what all users took, and what this user took last.
    neighbours      by item of the trail: what is taken with it.
    item_scores     by item: what follows from the trail, as the item model has it.
    asked           what the user asks for just now, in their words.
    unwanted        what the whole request excludes, where `asked` is one of its wishes.
    context_vector  (d,) unit length: what the user asks for just now, in words; None without.
    """

    profile: Profile | None
    profile_vector: Vectors | None
    context_vector: Vectors | None
    at: datetime
    popularity: Popularity
    taken: Taken = field(default_factory=Taken)
    trail: Trail = field(default_factory=Trail)
    neighbours: Mapping[str, Neighbours] = field(default_factory=dict)
    item_scores: Mapping[str, float] = field(default_factory=dict)
    catalogue_size: int = 0
    asked: str = ""
    unwanted: tuple[str, ...] = ()

    @property
    def known(self) -> Known:
        """What the prior weighs."""
        return Known(
            trail=self.trail,
            neighbours=self.neighbours,
            taken=self.taken,
            lately=self.popularity,
            profile_vector=self.profile_vector,
            context_vector=self.context_vector,
            catalogue_size=self.catalogue_size,
        )


@dataclass(frozen=True)
class Candidates:
    """n items and their texts' vectors, (n, d) of unit length."""

    items: Sequence[Item]
    vectors: Vectors
    evidence: Evidence | None = None

    @cached_property
    def ids(self) -> list[str]:
        """Ids, in order."""
        return [item.id for item in self.items]

    @cached_property
    def log_prices(self) -> Vectors:
        """log(1 + price), (n,) float32, NaN where there is none."""
        prices = (math.nan if item.price is None else item.price for item in self.items)
        logs: Vectors = np.log1p(np.fromiter(prices, np.float32, len(self.items)))
        return logs


class Feature(NamedTuple):
    """A column of the ranker. `rises`: all else equal, more of it never makes a score fall."""

    name: str
    meaning: str
    values: Callable[[RankingContext, Candidates], Vectors]
    rises: bool = False


def _text_match(context: RankingContext, candidates: Candidates) -> Vectors:
    return _cosines(context.profile_vector, candidates)


def _recent_match(context: RankingContext, candidates: Candidates) -> Vectors:
    return _cosines(recent_vector(context.profile, candidates.vectors.shape[1]), candidates)


def _context_match(context: RankingContext, candidates: Candidates) -> Vectors:
    return _cosines(context.context_vector, candidates)


def _popularity(context: RankingContext, candidates: Candidates) -> Vectors:
    return context.popularity.log_ratios(candidates.ids)


def _appeal(context: RankingContext, candidates: Candidates) -> Vectors:
    return context.popularity.log_appeals(candidates.ids)


def _freshness(context: RankingContext, candidates: Candidates) -> Vectors:
    now = context.at.timestamp()
    published = (
        -math.inf if item.published_at is None else item.published_at.timestamp()
        for item in candidates.items
    )
    ages = now - np.fromiter(published, np.float64, len(candidates.items))
    return _float32(np.exp2(-np.maximum(ages, 0.0) / FRESH_HALF_LIFE_S))


def _category_affinity(context: RankingContext, candidates: Candidates) -> Vectors:
    weights = context.profile.categories if context.profile else {}
    total = sum(weights.values()) or 1.0
    return _numbers(weights.get(item.category or "", 0.0) / total for item in candidates.items)


def _tag_affinity(context: RankingContext, candidates: Candidates) -> Vectors:
    weights = context.profile.tags if context.profile else {}
    heaviest = max(weights.values(), default=0.0) or 1.0
    return _numbers(
        max((weights.get(tag, 0.0) for tag in item.tags), default=0.0) / heaviest
        for item in candidates.items
    )


def _price_affinity(context: RankingContext, candidates: Candidates) -> Vectors:
    return _float32(np.nan_to_num(np.exp(-np.abs(_dearer(context, candidates))), nan=0.0))


def _price_difference(context: RankingContext, candidates: Candidates) -> Vectors:
    return _float32(np.nan_to_num(_dearer(context, candidates), nan=0.0))


def _price_known(context: RankingContext, candidates: Candidates) -> Vectors:  # noqa: ARG001
    return _float32(~np.isnan(candidates.log_prices))


def _seen_before(context: RankingContext, candidates: Candidates) -> Vectors:
    seen = context.profile.seen if context.profile else {}
    return _numbers(math.log1p(seen.get(item_id, 0.0)) for item_id in candidates.ids)


def _evident(name: str) -> Callable[[RankingContext, Candidates], Vectors]:
    """The logarithm of a part of the evidence."""

    def values(context: RankingContext, candidates: Candidates) -> Vectors:
        part: Vectors = getattr(_evidence(context, candidates), name)
        return _float32(np.log(part + LEAST_PART))

    return values


def _prior(context: RankingContext, candidates: Candidates) -> Vectors:
    return _evidence(context, candidates).log_odds


def _evidence(context: RankingContext, candidates: Candidates) -> Evidence:
    return candidates.evidence or weigh(context.known, candidates.ids, candidates.vectors)


def _item_model(context: RankingContext, candidates: Candidates) -> Vectors:
    scores = context.item_scores
    if not scores:
        return _all(math.log(LEAST_WEIGHT), candidates)
    weights = _numbers(max(0.0, scores.get(item_id, 0.0)) for item_id in candidates.ids)
    return _float32(np.log(weights + LEAST_WEIGHT))


def _nearest_step(context: RankingContext, candidates: Candidates) -> Vectors:
    if not context.trail.ids:
        return _all(0.0, candidates)
    nearest: Vectors = (context.trail.vectors @ candidates.vectors.T).max(axis=0)
    return nearest


def _bought_before(context: RankingContext, candidates: Candidates) -> Vectors:
    bought = frozenset(context.profile.bought) if context.profile else frozenset()
    if not bought:
        return _all(0.0, candidates)
    return _numbers(float(item_id in bought) for item_id in candidates.ids)


def _is_new_user(context: RankingContext, candidates: Candidates) -> Vectors:
    return _all(float(context.profile_vector is None), candidates)


def _known_events(context: RankingContext, candidates: Candidates) -> Vectors:
    return _all(math.log1p(context.profile.events if context.profile else 0), candidates)


def _idle_hours(context: RankingContext, candidates: Candidates) -> Vectors:
    if context.profile is None:
        return _all(0.0, candidates)
    idle_s = (context.at - context.profile.at).total_seconds()
    return _all(math.log1p(max(0.0, idle_s) / HOUR_S), candidates)


def _has_context(context: RankingContext, candidates: Candidates) -> Vectors:
    return _all(float(context.context_vector is not None), candidates)


DECLARED: tuple[Feature, ...] = (
    Feature("prior", "log odds that it is next, before anything was learned of the shop", _prior),
    Feature(
        "together",
        "log of the part of what is taken with the user's items",
        _evident("together"),
        True,
    ),
    Feature(
        "alike", "log of the part of all likeness to the user's items", _evident("alike"), True
    ),
    Feature("taken", "log of the part of what all users took, lately and ever", _evident("taken")),
    Feature(
        "item_model",
        "log of its weight in the item model, given the user's items",
        _item_model,
        True,
    ),
    Feature("nearest_step", "cosine to the most alike of the user's items", _nearest_step),
    Feature("bought_before", "whether the user bought it before", _bought_before),
    Feature("text_match", "cosine of the item to all the user saw and said", _text_match, True),
    Feature("recent_match", "cosine of the item to what the user did last", _recent_match, True),
    Feature("context_match", "cosine of the item to what is asked for", _context_match, True),
    Feature("popularity", "log of what all users did with it, beside the average", _popularity),
    Feature("appeal", "log of what is done with it when it is shown, beside all items", _appeal),
    Feature("freshness", "1 when just published, half after a week; 0: no date", _freshness),
    Feature("category_affinity", "part of the user's weight in its category", _category_affinity),
    Feature("tag_affinity", "weight of its best tag beside the user's heaviest", _tag_affinity),
    Feature("price_affinity", "1 at the user's usual price, 1/e at e times it", _price_affinity),
    Feature("price_difference", "log of its price beside the user's usual", _price_difference),
    Feature("price_known", "whether it has a price", _price_known),
    Feature("seen_before", "log of the weight of what the user did with it", _seen_before),
    Feature("is_new_user", "whether nothing is known of what the user cares for", _is_new_user),
    Feature("known_events", "log of how many events of the user are known", _known_events),
    Feature("idle_hours", "log of the hours since the user's last event", _idle_hours),
    Feature("has_context", "whether something is asked for in words", _has_context),
)
FEATURES: tuple[str, ...] = tuple(feature.name for feature in DECLARED)


def compute_features(
    context: RankingContext, items: Sequence[Item], item_vectors: Vectors
) -> Vectors:
    """Every feature of every item.

    Args:    item_vectors: (n, d) float32, unit length, in the order of the items.
    Returns: (n, len(FEATURES)) float32, finite.
    """
    candidates = Candidates(items, item_vectors)
    named = None
    if context.asked:
        named = parts_named(AskedWords.of(context.asked, context.unwanted), items)
    evidence = weigh(context.known, candidates.ids, item_vectors, named)
    candidates = replace(candidates, evidence=evidence)
    columns = np.empty((len(items), len(DECLARED)), dtype=np.float32)
    for column, feature in enumerate(DECLARED):
        columns[:, column] = feature.values(context, candidates)
    return columns


def named_parts(row: Vectors) -> dict[str, float]:
    """One item's features, (len(FEATURES),) float32, by name, rounded for people."""
    return {name: round(float(value), 4) for name, value in zip(FEATURES, row, strict=True)}


def _cosines(vector: Vectors | None, candidates: Candidates) -> Vectors:
    if vector is None:
        return _all(0.0, candidates)
    cosines: Vectors = candidates.vectors @ vector
    return cosines


def _dearer(context: RankingContext, candidates: Candidates) -> Vectors:
    """log(1 + price) beside the user's usual; NaN where either is not known."""
    if context.profile is None or context.profile.price_weight <= 0.0:
        return _all(math.nan, candidates)
    return _float32(candidates.log_prices - context.profile.log_price)


def _all(value: float, candidates: Candidates) -> Vectors:
    return np.full(len(candidates.items), value, dtype=np.float32)


def _numbers(values: object) -> Vectors:
    return np.fromiter(values, np.float32)  # type: ignore[call-overload, no-any-return]


def _float32(values: object) -> Vectors:
    return np.asarray(values, dtype=np.float32)
