"""What a request in words says of prices: "a tent under 200 €", "headphones, not too expensive".

Prices are numbers in the shop's own currency, and so is what is said: a limit of 50 dollars is one
of 50 in any shop. English, German and Chinese wordings are read, whatever languages the model
reads. A number that no currency stands beside is a price only of a few English wordings, and where
nothing says that it is a time, a weight, a size, an age or a year: a limit that nobody meant would
hide what was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from textwire.recommendations.asked import price_wordings as wordings
from textwire.recommendations.asked.amounts import Amount, amounts_in
from textwire.recommendations.asked.cutting import without
from textwire.recommendations.asked.price_wish import NO_WISH, PriceWish
from textwire.recommendations.folding import small_letters

# Who names more means none of them as a limit, and each costs as much as all before it.
MOST_AMOUNTS = 12


class Priced(NamedTuple):
    """A request's words without what they say of prices, and that."""

    words: str
    wish: PriceWish


class _Found(NamedTuple):
    start: int
    end: int
    wish: PriceWish


@lru_cache(maxsize=2_000)
def priced(asked: str) -> Priced:
    """What a request says of prices, and its words without that.

    Of several limits of one kind the last counts, as of someone who corrects themselves.
    """
    plain = small_letters(asked)
    found = [*_limits(plain)]
    spans = [(one.start, one.end) for one in found]
    phrases = [
        m.span()
        for wording in (wordings.CHEAP_PHRASE, wordings.CHEAPER_PHRASE)
        for m in wording.finditer(plain)
        if not any(begin < m.end() and m.start() < end for begin, end in spans)
    ]
    wish = NO_WISH
    for one in found:
        said = {name: value for name, value in one.wish._asdict().items() if value}
        wish = wish._replace(**said)
    if wish.least is not None and wish.most is not None and wish.least > wish.most:
        wish = wish._replace(least=None)
    cheap = bool(phrases) or wordings.CHEAP_WORD.search(plain) is not None
    wish = wish._replace(cheap=cheap)
    if not spans and not phrases:
        return Priced(asked.strip(), wish)
    return Priced(without(asked, sorted([*spans, *phrases])), wish)


def _limits(plain: str) -> Iterator[_Found]:
    """What is said of amounts, in its order."""
    amounts = [*islice(amounts_in(plain), MOST_AMOUNTS)]
    at, done = 0, 0
    while at < len(amounts):
        pair = _between(plain, amounts[at : at + 2], done)
        found = pair or _one(plain, amounts[at], done)
        if found is not None:
            yield found
            done = found.end
        at += 2 if pair else 1


def _between(plain: str, two: list[Amount], done: int) -> _Found | None:
    """Limits on both sides: "between 20 and 40", "from 20 to 40 euros", "20-40 €"."""
    if len(two) < 2:
        return None
    first, second = two
    joined = wordings.AND.fullmatch(plain, first.end, second.start)
    if joined is None or first.value > second.value:
        return None
    before = plain[done : first.start]
    lead = wordings.BETWEEN.search(before)
    if joined[0].strip() in ("and", "und", "和") and lead is None:
        return None
    start = done + (lead.start() if lead else len(before))
    said = plain[done:start]
    money = first.marked or second.marked or _is_money(said, second)
    is_plain = (
        lead is not None
        and lead[0].strip() == "between"
        and _is_plain(plain, said, second, second.end)
    )
    years = all(one.is_year for one in two)
    if not money and (not is_plain or years or first.spelled or second.spelled):
        return None
    end = second.end
    if behind := wordings.BEHIND_TWO.match(plain, end):
        end = behind.end()
    return _Found(_begin(said, done), end, PriceWish(first.value, second.value))


def _one(plain: str, amount: Amount, done: int) -> _Found | None:
    """A limit on one side, or about so much."""
    before = plain[done : amount.start]
    ways = {way: m for way, ending in wordings.BEFORE.items() if (m := ending.search(before))}
    behind = {
        way: m for way, begins in wordings.BEHIND.items() if (m := begins.match(plain, amount.end))
    }
    # "No less than" and "not over" say the contrary of their last words: the longer wording counts.
    way = min(ways, key=lambda one: ways[one].start(), default=None)
    end = amount.end
    start = len(before)
    wording = ""
    if way is not None:
        start, wording = ways[way].start(), before[ways[way].start() :]
    if behind and (way is None or way == "near"):
        way, found = next(iter(behind.items()))
        end = found.end()
    elif behind:
        end = max(found.end() for found in behind.values())
    if way is None:
        return None
    said = before[:start]
    if not (amount.marked or _is_money(said + wording, amount)) and not (
        _is_said_plainly(said, wording, amount, plain[amount.end : end])
        and _is_plain(plain, said, amount, end)
    ):
        return None
    return _Found(_begin(said, done), end, _wish(way, amount.value))


def _wish(way: str, value: float) -> PriceWish:
    if way == "near":
        return PriceWish(near=value)
    return PriceWish(most=value) if way == "most" else PriceWish(least=value)


def _is_money(said: str, amount: Amount) -> bool:
    """Whether the words before a number speak of money."""
    spoken = said.rstrip()
    if amount.pounds and re.search(r"\bfor\s+(?:\w+\s+){0,2}\w+$", spoken):
        return True
    return (
        wordings.MONEY.search(spoken) is not None
        or wordings.MONEY.search(_last_words(spoken)) is not None
    )


def _last_words(said: str) -> str:
    """What is said without a wording of limits at its end."""
    starts = [m.start() for ending in wordings.BEFORE.values() if (m := ending.search(said))]
    return said[: min(starts, default=len(said))]


def _is_said_plainly(said: str, wording: str, amount: Amount, behind: str) -> bool:
    """Whether a number without a currency is a price, by the words around it."""
    if amount.spelled or amount.pounds:
        return False
    if not wording and wordings.PLAIN_MAX_BEHIND.match(behind):
        return wordings.ALONE.search(said) is not None
    if wordings.PLAIN_MOST.search(wording):
        return True
    if wordings.PLAIN_NEAR.fullmatch(wording):
        return not amount.is_year
    return wordings.PLAIN_MAX.search(said + wording) is not None


def _is_plain(plain: str, said: str, amount: Amount, end: int) -> bool:
    """Whether nothing says that a number is of something else than money."""
    if amount.pounds or wordings.MEASURED.search(said):
        return False
    return wordings.ENDS.match(plain, end) is not None


def _begin(said: str, done: int) -> int:
    """Where what is said of a price begins: "that costs under" goes with it."""
    lead = wordings.LEAD.search(said)
    return done + (lead.start() if lead else len(said))
