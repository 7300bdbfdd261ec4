"""Which items a list may hold, and why it holds no others.

An item is listed where it is on sale (available and in stock) and out, the user neither bought it
nor turned it down nor left it out, it has what filters ask and nothing that the request's words
exclude, and no rule of the shop blocks it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from textwire.recommendations.asked.asking import read_asking
from textwire.recommendations.asked.left_out import against_words
from textwire.recommendations.catalogue.column_store import Numbers
from textwire.recommendations.catalogue.filters import matches
from textwire.recommendations.catalogue.item_index import ItemIndex, is_out
from textwire.recommendations.counts.popularity import PopularitySnapshot
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.lists.rules import Rules
from textwire.recommendations.messages import MOST_CANDIDATES, DropReason, Item, ScoreRequest


@dataclass(frozen=True)
class Eligibility:
    """What may be listed, by the catalogue and the shop's rules of one moment."""

    index: ItemIndex
    popularity: PopularitySnapshot
    rules: Rules
    at: datetime

    def drop_reason(self, query: RankingQuery, item_id: str) -> DropReason | None:
        """Why an item is not in a list; None where nothing speaks against it."""
        item = self.index.item(item_id)
        if item is None:
            return "unknown"
        left = query.left_out.get(item_id)
        # Where users buy the same again, that something was bought speaks for it.
        if left is not None and not (left == "bought" and self.popularity.taken.repeat_rate > 0):
            return left
        if left is None and (variant := query.variants_out.get(item.group or "")):
            return variant
        if not item.on_sale:
            return "sold_out"
        if not is_out(item, self.at):
            return "not_out_yet"
        return self.against(query.request, item)

    def against(self, request: ScoreRequest, item: Item) -> DropReason | None:
        """Why filters, the request's words or rules speak against an item."""
        if request.filters and not matches(item, request.filters):
            return "filtered"
        if said := against_words(request.context, item):
            return said
        return "blocked" if self.rules.blocks(item, request.mode) else None

    def permitted(self, request: ScoreRequest, item_ids: Iterable[str]) -> tuple[str, ...]:
        """Those of some candidates that neither filters, words nor rules speak against."""
        items = ((item_id, self.index.item(item_id)) for item_id in item_ids)
        return tuple(
            item_id
            for item_id, item in items
            if item is not None and self.against(request, item) is None
        )

    def eligible_ids(self, query: RankingQuery) -> tuple[str, ...]:
        """Ids of items that may be offered, the likeliest first where there are too many."""
        index, request = self.index, query.request
        blocked, ids = self.rules.blocked_in(request.mode)
        beyond = read_asking(request.context).price.against
        numbers = index.offered(request.filters, self.at, [*blocked, *beyond])
        if ids:
            named = [index.numbers[item_id] for item_id in ids if item_id in index]
            numbers = numbers[~np.isin(numbers, named)]
        if len(numbers) > MOST_CANDIDATES:
            return self._likeliest(query, numbers)
        return tuple(index.items[int(number)].id for number in numbers)

    def _likeliest(self, query: RankingQuery, numbers: Numbers) -> tuple[str, ...]:
        """Ids of the items with the highest log popularity + 10 * likeness, of so many.

        What nobody likes lately is told apart by likeness alone, so only what is liked and what is
        nearest can be among them.
        """
        index = self.index
        ranked = (index.numbers.get(item_id) for item_id in self.popularity.ranked)
        known = np.array([number for number in ranked if number is not None], dtype=np.int64)
        liked = known[np.isin(known, numbers)]
        if query.directions:
            directions = np.stack(query.directions)
            near = index.nearest_among(directions, MOST_CANDIDATES, numbers)
            numbers = np.union1d(near, liked)
        else:
            numbers = np.union1d(liked, numbers[:MOST_CANDIDATES])
        found = [index.items[int(number)].id for number in numbers]
        worth = self.popularity.popularity.log_ratios(found)
        if query.directions:
            worth = worth + 10.0 * (index.vectors_of(found) @ directions.T).max(axis=1)
        best = np.argsort(-worth, kind="stable")[:MOST_CANDIDATES]
        return tuple(found[place] for place in best)
