"""From a request and the vectors of its words to the query that lists are made for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.asked.asking import read_asking
from textwire.recommendations.asked.naming import likened_among
from textwire.recommendations.asked.spelled import as_the_shop_spells
from textwire.recommendations.asked.wish_parts import wishes_in
from textwire.recommendations.asked.words import NEAR_ITEMS, AskedWords
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.lists.reading import is_understood
from textwire.recommendations.messages import ScoreRequest
from textwire.recommendations.results import Profile


def query_of(
    request: ScoreRequest,
    profile: Profile | None,
    vectors: Mapping[str, Vectors],
    index: ItemIndex,
    languages: Sequence[str],
    known_words: Set[str] = frozenset(),
) -> RankingQuery:
    """What a request asks of an index; its words are left out where the model does not read them.

    What they say of prices, and what they exclude, holds all the same.

    Args: vectors: (d,) float32 of each of the texts that `read_asking(request.context)` names.
          languages: that the model reads (ISO 639-1); none: all.
          known_words: of its language, by which a slip is told from a word; none: no slips.
    """
    asking = read_asking(request.context)
    vector = vectors.get(asking.wanted)
    unread = vector is not None and not is_understood(asking.wanted, vector, languages, index)
    known = None if unread else vector
    if known is not None:
        known = _towards_what_it_is_like(request.context or "", known, index)
    query = RankingQuery.of(request, profile, known, index.on_sale.dimension)
    if vector is None or unread:
        return replace(query, unread=unread)

    def spelled(words: str) -> str:
        return as_the_shop_spells(words, vectors[words], index, known_words)

    wishes = wishes_in(asking.parts, vectors, index) if asking.parts else ()
    if wishes:
        return replace(query, wishes=tuple((spelled(one), vectors[one]) for one in wishes))
    mended = spelled(asking.wanted)
    return query if mended == asking.wanted else replace(query, words=mended)


def _towards_what_it_is_like(asked: str, vector: Vectors, index: ItemIndex) -> Vectors:
    """The vector of a request's words, half way to the item that it compares with.

    Of "books like The Iron Crown" the title says little of what the book is.
    """
    words = AskedWords.of(asked)
    if not words.likened:
        return vector
    (near,) = index.nearest(vector[None], NEAR_ITEMS)
    compared = likened_among(words, near)
    if compared is None:
        return vector
    middle = vector + index.vectors_of([compared.id])[0]
    towards: Vectors = (middle / np.linalg.norm(middle)).astype(np.float32)
    return towards
