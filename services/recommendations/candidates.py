"""Which items are looked at for a list: near to the user, near to what is asked for, liked, new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import numpy as np

from services.recommendations.config import RecommendationsSettings
from services.recommendations.item_index import Stock, is_out
from textwire.models.encoder import Vectors
from textwire.recommendations.messages import Item, ScoreRequest


@dataclass(frozen=True)
class RankingQuery:
    """A request, and where to look: vectors (d,), of unit length."""

    request: ScoreRequest
    profile_vector: Vectors | None
    context_vector: Vectors | None
    bought: tuple[str, ...] = ()

    @property
    def directions(self) -> list[Vectors]:
        """Where near items are looked for."""
        both = (self.profile_vector, self.context_vector)
        return [vector for vector in both if vector is not None]


def find_candidates(
    stock: Stock,
    wishes: Sequence[RankingQuery],
    liked: Sequence[str],
    settings: RecommendationsSettings,
    at: datetime,
) -> list[list[Item]]:
    """Different items for each wish, none of them bought before, all of them available and out.

    Args: liked: ids of items, those first which all users like most.
    """
    open_wishes = [wish for wish in wishes if wish.request.candidates is None]
    # Room for what was bought, which is left out.
    most = max((_size(wish, settings) + len(wish.bought) for wish in open_wishes), default=0)
    near = iter(_nearest(stock, open_wishes, max(settings.nearest, most)))
    common = [
        *_on_sale(stock, liked, max(settings.popular, most)),
        *stock.fresh(max(settings.fresh, most), at),
    ]
    return [
        _allowed(wish, [*next(near), *common], at)
        if wish.request.candidates is None
        else _allowed(wish, _on_sale(stock, wish.request.candidates), at)
        for wish in wishes
    ]


def unknown_candidates(stock: Stock, request: ScoreRequest) -> tuple[str, ...]:
    """What was asked for and is not in the catalogue, each once."""
    asked_for = dict.fromkeys(request.candidates or ())
    return tuple(item_id for item_id in asked_for if item_id not in stock)


def _nearest(stock: Stock, wishes: Sequence[RankingQuery], k: int) -> list[list[Item]]:
    """Items near to each wish, found for all of them in one search."""
    directions = [vector for wish in wishes for vector in wish.directions]
    if not directions:
        return [[] for _ in wishes]
    found = iter(stock.nearest(np.stack(directions), k))
    return [[item for near in islice(found, len(w.directions)) for item in near] for w in wishes]


def _size(wish: RankingQuery, settings: RecommendationsSettings) -> int:
    return wish.request.k or settings.k


def _on_sale(stock: Stock, item_ids: Iterable[str], count: int | None = None) -> list[Item]:
    known = (stock.item(item_id) for item_id in item_ids)
    return list(islice((item for item in known if item is not None and item.available), count))


def _allowed(wish: RankingQuery, items: Iterable[Item], at: datetime) -> list[Item]:
    """Each once, without those that were bought or are yet to come out."""
    different = {item.id: item for item in items if is_out(item, at)}
    for item_id in wish.bought:
        different.pop(item_id, None)
    return list(different.values())
