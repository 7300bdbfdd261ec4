"""How probable each item is next, before anything was learned of a shop: a mixture.

    next  = (1 - r) (together + (1 - m) (t alike + (1 - t) taken)) + r again

together  sum over the trail of share_i * pairs_ij / (pairs_i + PRIOR_PAIRS), m its sum over all j:
          the more is known of what is taken with these items, the more it counts; each times
          taken_j^LIFT, and scaled to the same sum
alike     sum over the trail of share_i * softmax_j(cosine_ij / TEMPERATURE), of other items
taken     part of what all users took that was this item, lately and since ever; what one user
          alone took counts as if nobody had
again     share of this item in the trail, where it was bought
r         how often buyers buy the same again, as the log says; t  TEXT_PART, 0 of a newcomer

Each part is a distribution over the catalogue, so there is no scale to be learned: the same sum
serves a shop of any size. Where something is asked for in words, these come first:

    asked_j ~ softmax_j((cosine to the words + NAMED * n_j) / ASKED_TEMPERATURE)
              * next_j^LEFT_TO_TASTE

n_j is the part of the words that the item is called by; -1 where it has what is not wanted.

The constants were compared on valid cases of amazon_industrial, and some on others of its cases,
which its figures are therefore somewhat kind to (docs/results/recommendations.md). Learned rankers
start from here (`ranker.py`).

Source: Jelinek and Mercer 1980, "Interpolated estimation of Markov source parameters".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.counts.co_occurrence import Neighbours, Taken
from textwire.recommendations.counts.forward_decay import decayed_units
from textwire.recommendations.counts.popularity import Popularity
from textwire.recommendations.profiles.trail import Trail

# Sums of many small parts, in double precision until they are told.
Weights = NDArray[np.float64]

PRIOR_PAIRS = 20.0
# Pairs are few: of what is taken together as often, that is likelier which more users take.
LIFT = 0.3
TEMPERATURE = 0.05
ASKED_TEMPERATURE = 0.04
# An item that is called what is asked for is as one that is so much nearer.
NAMED = 0.2
TEXT_PART = 0.7
# Of `alike`, where there is a trail: the profile also holds what the user said.
PROFILE_PART = 0.5
LEFT_TO_TASTE = 0.15
# MiniLM's cosine of two texts that have little in common: so is what was not looked at.
UNLIKE = 0.25
# As if every item had been taken by this part of what one is taken on average.
UNTAKEN = 0.05
# So much done lately says as much as half of all that was ever done.
LATELY = 50.0
LEAST = 1e-7


@dataclass(frozen=True)
class Evidence:
    """What speaks for n items: each (n,) float32, in [0, 1]."""

    together: Vectors
    alike: Vectors
    taken: Vectors
    again: Vectors
    asked: Vectors
    next: Vectors

    @property
    def log_odds(self) -> Vectors:
        """Of `next`, (n,) float32, finite."""
        return log_odds(self.next)


@dataclass(frozen=True)
class Known:
    """All that is known when items are weighed; vectors (d,) of unit length, or None."""

    trail: Trail
    neighbours: Mapping[str, Neighbours]
    taken: Taken
    lately: Popularity
    profile_vector: Vectors | None
    context_vector: Vectors | None
    catalogue_size: int


def weigh(
    known: Known, ids: Sequence[str], vectors: Vectors, named: Vectors | None = None
) -> Evidence:
    """The evidence for items.

    Args: ids: n different ids. vectors: (n, d) float32, unit length.
          named: the part of what is asked for that each names, (n,) float32 in [0, 1], or -1
          where it has what is not wanted; None: nothing is asked for.
    """
    places = {item_id: place for place, item_id in enumerate(ids)}
    taken = _taken(known, ids)
    together, mass = _together(known, places)
    together = _lifted(together, taken)
    alike = _alike(known, places, vectors)
    again = _again(known, places)
    text_part = TEXT_PART if alike.any() else 0.0
    rest = together + (1.0 - mass) * (text_part * alike + (1.0 - text_part) * taken)
    rate = known.taken.repeat_rate if again.any() else 0.0
    following = np.where(again > 0.0, rate * again, (1.0 - rate) * rest)
    asked = _asked(known, vectors, named)
    if known.context_vector is not None and len(ids):
        following = _asked_first(asked, following)
    return Evidence(
        *(part.astype(np.float32) for part in (together, alike, taken, again, asked, following))
    )


def log_odds(probabilities: Vectors) -> Vectors:
    """log(p / (1 - p)), (n,) as they are, with p kept off 0 and 1."""
    p = np.clip(probabilities.astype(np.float64), LEAST, 1.0 - LEAST)
    odds: Vectors = np.log(p / (1.0 - p)).astype(np.float32)
    return odds


def _together(known: Known, places: Mapping[str, int]) -> tuple[Weights, float]:
    """(n,) float64, and the sum over all items, looked at or not."""
    found, mass = np.zeros(len(places)), 0.0
    unit = decayed_units(known.trail.newest_s)
    for item_id, share in zip(known.trail.ids, known.trail.shares, strict=True):
        row = known.neighbours.get(item_id)
        if not row:
            continue
        pairs = sum(row.values())
        weight = float(share) / (pairs + PRIOR_PAIRS * unit)
        for other, units in row.items():
            place = places.get(other)
            if place is not None:
                found[place] += weight * units
        mass += weight * pairs
    return found, mass


def _lifted(together: Weights, taken: Weights) -> Weights:
    """Parts of what is taken together, (n,), towards what is taken by many; their sum stays."""
    total = float(together.sum())
    if total <= 0.0:
        return together
    lifted: Weights = together * taken**LIFT
    return lifted * (total / max(float(lifted.sum()), 1e-300))


def _alike(known: Known, places: Mapping[str, int], vectors: Vectors) -> Weights:
    trail, profile = known.trail, known.profile_vector
    parts = []
    if trail.ids:
        cosines = trail.vectors @ vectors.T
        for row, item_id in zip(cosines, trail.ids, strict=True):
            if item_id in places:
                row[places[item_id]] = -np.inf  # an item is not like itself
        part = 1.0 if profile is None else 1.0 - PROFILE_PART
        parts.append(part * (trail.shares @ _softmax(cosines, TEMPERATURE, known.catalogue_size)))
    if profile is not None:
        part = PROFILE_PART if trail.ids else 1.0
        cosines = (vectors @ profile)[None, :]
        parts.append(part * _softmax(cosines, TEMPERATURE, known.catalogue_size)[0])
    alike: Weights = np.sum(parts, axis=0) if parts else np.zeros(len(places))
    return alike


def _taken(known: Known, ids: Sequence[str]) -> Weights:
    counts = known.taken.shared
    ever = _shares(
        [counts.get(item_id, 0) for item_id in ids], known.taken.total, len(counts), known
    )
    liked = known.lately.liked
    sum_lately = known.lately.total_liked
    lately = _shares([liked.get(i, 0.0) for i in ids], sum_lately, len(liked), known)
    if not counts:
        return lately
    part = 0.5 * sum_lately / (sum_lately + LATELY)
    mixed: Weights = (1.0 - part) * ever + part * lately
    return mixed


def _shares(counts: Sequence[float], total: float, different: int, known: Known) -> Weights:
    """Parts of a total, as if each item of the catalogue had a little of it."""
    size = max(known.catalogue_size, len(counts), 1)
    little = UNTAKEN * total / different if different else 1.0
    shares: Weights = (np.asarray(counts, dtype=np.float64) + little) / (total + little * size)
    return shares


def _again(known: Known, places: Mapping[str, int]) -> Weights:
    found = np.zeros(len(places))
    for item_id, share in zip(known.trail.ids, known.trail.shares, strict=True):
        if item_id in known.trail.bought and item_id in places:
            found[places[item_id]] = share
    return found


def _asked(known: Known, vectors: Vectors, named: Vectors | None) -> Weights:
    if known.context_vector is None:
        return np.zeros(len(vectors))
    cosines = (vectors @ known.context_vector)[None, :]
    if named is not None:
        cosines = cosines + NAMED * named
    asked: Weights = _softmax(cosines, ASKED_TEMPERATURE, known.catalogue_size)[0]
    return asked


def _asked_first(asked: Weights, following: Weights) -> Weights:
    """What is asked for, and among the same what the user would take; as probable as was asked."""
    taste = (following / max(float(following.mean()), LEAST)) ** LEFT_TO_TASTE
    both = asked * taste
    scaled: Weights = both * (asked.sum() / max(float(both.sum()), 1e-300))
    return scaled


def _softmax(cosines: Vectors, temperature: float, catalogue_size: int) -> Vectors:
    """Over the catalogue, for each row: (m, n) cosines, -inf for what is left out.

    Those that were not looked at count as `UNLIKE`.
    """
    grown = np.exp((cosines.astype(np.float64) - 1.0) / temperature)
    others = max(0, catalogue_size - cosines.shape[1])
    rest = others * np.exp((UNLIKE - 1.0) / temperature)
    parts: Vectors = grown / np.maximum(grown.sum(axis=1, keepdims=True) + rest, 1e-300)
    return parts
