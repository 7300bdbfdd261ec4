"""Whether the parts of a request are wishes of their own, by what the shop has.

"Milk, eggs and flour" are three things where items are called so; "jumper, wool" is one, since no
item is a wool or since one item is both, and so is "salt and pepper mill" where there is a set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.asked.wishes import Part
from textwire.recommendations.asked.words import NEAR_ITEMS, AskedWords, head_of, named
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.messages import Item

_STEPS = re.compile(r"[>/|›»:]")


def wishes_in(
    parts: Sequence[Part], vectors: Mapping[str, Vectors], index: ItemIndex
) -> tuple[str, ...]:
    """The words of each wish; empty where the parts are one.

    Args: vectors: (d,) float32 of the words of each part.
    """
    words = tuple(part.words for part in parts)
    unsure = [part.words for part in parts if not part.is_sure]
    if not unsure:
        return words
    found = index.nearest(np.stack([vectors[one] for one in words]), NEAR_ITEMS)
    near = dict(zip(words, found, strict=True))
    if not all(_is_a_thing(one, near[one]) for one in unsure):
        return ()
    asked = [AskedWords.of(one) for one in words]
    everything = (item for items in near.values() for item in items)
    return () if any(_is_all_of(asked, item) for item in everything) else words


def _is_a_thing(words: str, near: Iterable[Item]) -> bool:
    """Whether an item or its category is called what the words name."""
    thing = AskedWords.of(words).thing
    return thing is not None and any(thing in _heads(item) for item in near)


def _heads(item: Item) -> set[str | None]:
    steps = _STEPS.split(item.category or "")
    return {head_of(item.title), *map(head_of, steps)}


def _is_all_of(asked: Sequence[AskedWords], item: Item) -> bool:
    called = named(item)
    return all(one.name_the_thing_of(called) for one in asked)
