"""All that the words of a request say: prices, what is not wanted, and one or several wishes.

What is said of prices is read first, since "do not want to spend more than 50 euros" excludes no
thing; then what is not wanted; and what is left is what is embedded.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from textwire.recommendations.asked.price_limits import priced
from textwire.recommendations.asked.price_wish import NO_WISH, PriceWish
from textwire.recommendations.asked.small_words import PREPOSITIONS, SAYS_NOTHING, WORD
from textwire.recommendations.asked.unwanted import parted
from textwire.recommendations.asked.wishes import Part, parts_of
from textwire.recommendations.folding import small_letters


class Asking(NamedTuple):
    """A request in words, read.

    wanted    what is embedded, as it was written; empty where the rest names nothing.
    parts     of what is wanted, where it may be several wishes.
    unwanted  things that are not wanted, each of one to three words in small letters.
    price     what is wished of prices.
    """

    wanted: str = ""
    parts: tuple[Part, ...] = ()
    unwanted: tuple[str, ...] = ()
    price: PriceWish = NO_WISH

    @property
    def texts(self) -> tuple[str, ...]:
        """All that a vector is needed of."""
        texts = (self.wanted, *(part.words for part in self.parts))
        return tuple(text for text in texts if text)


NOTHING_ASKED = Asking()


def read_asking(asked: str | None) -> Asking:
    """What a request's words say; nothing where there are none."""
    said = (asked or "").strip()
    return _read(said) if said else NOTHING_ASKED


@lru_cache(maxsize=2_000)
def _read(said: str) -> Asking:
    without_prices, price = priced(said)
    wanted, unwanted = parted(without_prices)
    if wanted != said and not _names_something(wanted):
        wanted = ""
    return Asking(wanted, parts_of(wanted), unwanted, price)


def _names_something(words: str) -> bool:
    """Whether more is left than "something", which lies near to nothing that a shop has."""
    return bool(set(WORD.findall(small_letters(words))) - SAYS_NOTHING - PREPOSITIONS)
