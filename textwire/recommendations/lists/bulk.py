"""Lists of many users at once, by what the service knows of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import msgspec
import numpy as np

from textwire.models.engines.encoder import Encoder, Vectors
from textwire.recommendations.asked.asking import read_asking
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.counts.co_occurrence import read_neighbours
from textwire.recommendations.lists.asking_queries import query_of
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.lists.scored_lists import ListMaker, page_at
from textwire.recommendations.messages import Item, ScoredList, ScoreRequest
from textwire.recommendations.results import Profile, read_profiles
from textwire.results.store import ResultStore

AT_ONCE = 200
EMBEDDED_AT_ONCE = 1_000


def index_of(items: Sequence[Item], encoder: Encoder) -> ItemIndex:
    """All items with the vectors of their texts.

    Args: encoder: one that remembers spares the work where the service has embedded them.
    """
    index = ItemIndex.empty(encoder.dimension)
    if not items:
        return index
    starts = range(0, len(items), EMBEDDED_AT_ONCE)
    parts = [items[start : start + EMBEDDED_AT_ONCE] for start in starts]
    vectors = [encoder.encode([item.text for item in part]) for part in parts]
    return index.changed(items, np.concatenate(vectors))


@dataclass
class BulkScoring:
    """Goes through requests a few hundred at a time: there may be more users than memory holds.

    known_words  of the model's language; see `asked/spelled.py`.
    behind  how many users had a profile that another model made, which only the service makes
            anew: their lists go by all but the text.
    """

    maker: ListMaker
    encoder: Encoder
    store: ResultStore
    known_words: frozenset[str] = frozenset()
    behind: int = 0

    def lists(self, requests: Iterable[ScoreRequest]) -> Iterator[ScoredList]:
        """A list for each request, in their order, as the service would answer it now.

        Raises: RedisUnavailable.
        """
        left = iter(requests)
        while batch := list(islice(left, AT_ONCE)):
            profiles = read_profiles(self.store, [request.user_id for request in batch])
            words = self._embedded(batch)
            queries = [
                self._query(request, profiles.get(request.user_id), words) for request in batch
            ]
            neighbours = read_neighbours(self.store, [query.profile for query in queries])
            queries = [query.knowing(neighbours) for query in queries]
            for made, request in zip(self.maker.lists(queries), batch, strict=True):
                yield made if request.offset is None else page_at(made, request.offset)

    def _query(
        self, request: ScoreRequest, profile: Profile | None, words: dict[str, Vectors]
    ) -> RankingQuery:
        if profile is not None and profile.vector and profile.model != self.maker.model:
            self.behind += 1
            profile = msgspec.structs.replace(profile, vector=b"", recent=b"")
        languages = self.maker.settings.languages
        return query_of(request, profile, words, self.maker.index, languages, self.known_words)

    def _embedded(self, batch: Sequence[ScoreRequest]) -> dict[str, Vectors]:
        said = dict.fromkeys(text for one in batch for text in read_asking(one.context).texts)
        return dict(zip(said, self.encoder.encode(list(said)), strict=True)) if said else {}
