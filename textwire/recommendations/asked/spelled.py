"""A request's words as the shop writes them, where a slip of the keyboard parts the two.

Vectors find what is meant by "runing shoos", but no item has these words. A word is taken for a
slip where neither the model's language nor any near item has it, and a near item has one that is
a slip away: fewer words are looked at than a shop has, and those that are meant are among them.
"""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.asked.small_words import WORD
from textwire.recommendations.asked.words import NEAR_ITEMS, said_of
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.search.spelling import Spelling


def as_the_shop_spells(words: str, vector: Vectors, index: ItemIndex, known_words: Set[str]) -> str:
    """The words with their slips mended; most come back as they are.

    Args: vector: (d,) float32, of the words. known_words: of the model's language, in small
          letters; none: nothing is mended.
    """
    if all(word.lower() in known_words for word in WORD.findall(words)) or not known_words:
        return words
    (near,) = index.nearest(np.atleast_2d(vector), NEAR_ITEMS)
    return Spelling(known_words).changed(said_of(item) for item in near).corrected(words)
