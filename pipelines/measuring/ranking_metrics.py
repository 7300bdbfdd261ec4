"""How high the right passage is ranked."""

from __future__ import annotations

from collections.abc import Sequence


def rank_of(right: str, ranking: Sequence[str]) -> int | None:
    """The place of the right one, from 1, or None."""
    return ranking.index(right) + 1 if right in ranking else None


def recall_at(k: int, ranks: Sequence[int | None]) -> float:
    """Part of the questions whose right passage is among the first k."""
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float:
    """Mean of 1 / rank, 0 where the right passage was not found (Voorhees 1999)."""
    return sum(1 / rank for rank in ranks if rank) / len(ranks)


def average_precision(ranking: Sequence[bool]) -> float:
    """The mean precision at the places of what is right, in a ranking of everything; 0 of none."""
    places = [place for place, is_right in enumerate(ranking, start=1) if is_right]
    return sum(n / place for n, place in enumerate(places, start=1)) / max(1, len(places))
