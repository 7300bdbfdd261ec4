"""Which items the words of a request leave out: beyond its prices, or called what it excludes.

What has the excluded thing in its description alone is put down, and not left out: a pan that is
"no good for meat" may be what who eats none is after (`ranking/prior.py`).
"""

from __future__ import annotations

from functools import lru_cache

from textwire.recommendations.asked.asking import read_asking
from textwire.recommendations.asked.words import AskedWords
from textwire.recommendations.messages import DropReason, Item


def against_words(asked: str | None, item: Item) -> DropReason | None:
    """Why what is asked for in words speaks against an item; None where it does not."""
    asking = read_asking(asked)
    if asking.price.leaves_out(item.price):
        return "priced_out"
    if asking.unwanted and _excluding(asked or "").excludes_by_name(item):
        return "excluded"
    return None


@lru_cache(maxsize=2_000)
def _excluding(asked: str) -> AskedWords:
    return AskedWords.of(asked)
