"""Amounts of money in a request: "30 €", "US$1,200", "a tenner", "fifty quid", "20块", "1.5k".

Libraries that read amounts (price-parser, quantulum3, text2num) give the number, and not whether it
is money, nor where in the text it stands beside what makes a limit of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from textwire.rows.numbers import as_number

_NUMBER = r"\d{1,3}(?:[.,'’]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_SYMBOL = "[$€£¥￥₹₩₽₺₫₴₱₦₪฿]"
_CODE = "eur|usd|gbp|chf|cny|rmb|jpy|cad|aud|nzd|inr|sek|nok|dkk|pln|czk"
_NAMED = (
    rf"(?:euros?|dollars?|bucks?|quid|franken|francs?|yuan|yen|rupees|kronor|kroner|{_CODE})\b"
    "|[元块圆]钱?"
)
_ONES = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20},
    **{"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80},
    **{"ninety": 90},
}
_TIMES = {"": 1, "hundred": 100, "thousand": 1_000, "grand": 1_000}
# Notes that are called by what they are worth, or as good as.
_NOTES = {"fiver": 5, "tenner": 10, "grand": 1_000}
_SPELLED = (
    rf"(?P<ones>{'|'.join(_ONES)}|a)\s+(?P<times>hundred|thousand|grand)\b"
    rf"|(?P<alone>{'|'.join(_ONES)})\b"
)
_AMOUNT = re.compile(
    rf"(?<![\d.,_a-z\u00df-\u024f])(?:(?P<before>(?:(?:us|au|ca|hk|nz)?{_SYMBOL}|(?:{_CODE})\b)\s?)?"
    rf"(?:(?P<digits>{_NUMBER})(?P<k>k\b)?|\ba\s+(?P<note>{'|'.join(_NOTES)})\b|\b(?:{_SPELLED}))"
    rf"(?:\s?(?P<after>{_SYMBOL}|{_NAMED})|(?P<pounds>\s?pounds\b))?)"
)
# Behind a number that is no amount of money: a letter that belongs to it, a sign, more digits.
_GOES_ON = re.compile(r"[\da-z_\u00df-\u024f%°\"'′″/]|[.,:]\d|-[a-z]")
# Behind money that is no limit: what is reduced by it, or worth it.
_MONEY_THING = re.compile(r"\s*(?:off|discount|notes?|bills?|coins?|vouchers?|gift\s+cards?)\b")
# Without a currency these are years.
_FIRST_YEAR, _LAST_YEAR = 1000, 2100


class Amount(NamedTuple):
    """A number that may be money, and where it stands.

    marked   a currency stands beside it.
    pounds   "pounds" does, which may be a weight.
    spelled  in words, as "fifty"; it is a price where money is spoken of.
    """

    start: int
    end: int
    value: float
    marked: bool
    pounds: bool
    spelled: bool

    @property
    def is_year(self) -> bool:
        """Whether it may be a year, where no currency stands beside it."""
        return self.value.is_integer() and _FIRST_YEAR <= self.value <= _LAST_YEAR


def amounts_in(plain: str) -> Iterator[Amount]:
    """The numbers of a text in small letters that may be money, in their order."""
    for found in _AMOUNT.finditer(plain):
        marked = bool(found["before"] or found["after"] or found["note"])
        if not marked and not found["pounds"] and _GOES_ON.match(plain, found.end()):
            continue
        if _MONEY_THING.match(plain, found.end()):
            continue
        pounds, spelled = bool(found["pounds"]), found["digits"] is None and not found["note"]
        yield Amount(found.start(), found.end(), _value(found), marked, pounds, spelled)


def _value(found: re.Match[str]) -> float:
    if found["digits"]:
        # Beside a currency, so that a point before three digits is one of thousands.
        return as_number(f"€{found['digits']}") * (1_000.0 if found["k"] else 1.0)
    if found["note"]:
        return float(_NOTES[found["note"]])
    if found["alone"]:
        return float(_ONES[found["alone"]])
    return float(_ONES.get(found["ones"], 1) * _TIMES[found["times"]])
