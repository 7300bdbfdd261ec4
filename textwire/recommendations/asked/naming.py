"""How much of a request each of several items names, as they stand beside one another.

Whether a word parts the items is told by them: in a bookshop nothing is called a book, so of "books
by Mara Vance" the name is all; and where one pasta says that it has no gluten, "without gluten" is
a wish that it alone names. A laptop sleeve is no laptop: there the word only says which sleeve.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.asked.small_words import WORD
from textwire.recommendations.asked.words import (
    THING,
    AskedWords,
    head_of,
    named,
    stem,
    words_of,
)
from textwire.recommendations.folding import folded
from textwire.recommendations.messages import Item

# What says that it has none of what is not wanted counts as much as two things: others may have it.
LACKING = 2.0 * THING
# The item that others are to be like is nearest of all, and comes behind them.
COMPARED = -5.0
# Behind these stands no other thing: a screwdriver set is of screwdrivers.
_SEVERAL = frozenset({"set", "kit", "pack", "bundle", "assortment", "collection"})
_STEPS = re.compile(r"[>/|›»:]")


def parts_named(asked: AskedWords, items: Sequence[Item]) -> Vectors:
    """The part of what is asked for that each of n items is called by.

    Returns: (n,) float32, in [0, 1]; `UNWANTED` of what is not wanted, and `COMPARED` of
             what others are to be like.
    """
    compared = likened_among(asked, items)
    if compared is not None:
        asked = asked.without(stem(word) for word in words_of(compared.title))
    if asked.classes and not any(asked.has_class_and_thing(named(item)) for item in items):
        asked = asked.without(asked.classes)
    parts = asked.parts_in(items)
    if asked.thing is not None:
        for place, item in enumerate(items):
            if parts[place] > 0.0 and _only_says_which(asked.thing, item):
                parts[place] -= 0.5 * THING / asked.weight
    if asked.unwanted:
        parts = _with_what_is_lacking(asked, items, parts)
    if compared is not None:
        parts[[item.id == compared.id for item in items]] = COMPARED
    return parts


def likened_among(asked: AskedWords, items: Iterable[Item]) -> Item | None:
    """The item that a request names wholly, only to compare with it."""
    if not asked.likened:
        return None
    said = words_of(asked.likened)
    return next((item for item in items if _begins_with_title(said, item, asked)), None)


def _begins_with_title(said: Sequence[str], item: Item, asked: AskedWords) -> bool:
    title = words_of(item.title)
    if len(title) < asked.likened_words:
        return False
    return title in (said[: len(title)], said[1 : len(title) + 1])


def _only_says_which(thing: str, item: Item) -> bool:
    """Whether the word for the thing only says which other thing an item is."""
    return thing in _saying_which(item.title, item.category or "", item.tags)


@lru_cache(maxsize=20_000)
def _saying_which(title: str, category: str, tags: tuple[str, ...]) -> frozenset[str]:
    """Of a title the stem right before the thing that it names, where nothing else is of it."""
    words, head = [stem(folded(word)) for word in WORD.findall(title)], head_of(title)
    if head is None or head in _SEVERAL:
        return frozenset()
    before = {one for one, behind in pairwise(words) if behind == head}
    return frozenset(before - {head, *map(head_of, (*_STEPS.split(category), *tags))})


def _with_what_is_lacking(asked: AskedWords, items: Sequence[Item], parts: Vectors) -> Vectors:
    """The same where some items say that they have none of what is not wanted."""
    lacking = np.array([asked.lacking_in(item) for item in items], dtype=bool)
    lacking = lacking.reshape(len(items), len(asked.unwanted))
    told = lacking[:, lacking.any(axis=0)]
    if not told.size:
        return parts
    whole = asked.weight + LACKING * told.shape[1]
    wished = (parts * asked.weight + LACKING * told.sum(axis=1)) / whole
    found: Vectors = np.where(parts < 0.0, parts, wished).astype(np.float32)
    return found
