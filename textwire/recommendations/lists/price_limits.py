"""What a request in words says of prices: "a tent under 200 €", "headphones, not too expensive".

Prices are numbers in the shop's own currency, and so is what is said: a limit of 50 dollars is one
of 50 in any shop. English, German and Chinese wordings are read, whatever languages the model
reads. A number that no currency stands beside is a price only of a few English wordings, and where
nothing says that it is a time, a weight, a size, an age or a year: a limit that nobody meant would
hide what was asked for.

Libraries that read amounts (price-parser, quantulum3, text2num) give the number, and not whether it
is a limit, which way it goes, or whether it is money at all; that is what is read here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from textwire.recommendations.folding import small_letters
from textwire.recommendations.lists.cutting import without
from textwire.recommendations.messages import Filters, Range
from textwire.rows.numbers import as_number


class PriceWish(NamedTuple):
    """What is wished of prices, in the shop's currency; limits are meant with what they name.

    least, most  limits.
    near         about so much.
    cheap        rather little, beside what is usual for the like.
    """

    least: float | None = None
    most: float | None = None
    near: float | None = None
    cheap: bool = False

    @property
    def against(self) -> tuple[Filters, ...]:
        """What the items have that are left out, as `filters` say it; one without a price stays."""
        least, most = self.least, self.most
        below = () if least is None else ({"price": Range(max=math.nextafter(least, -math.inf))},)
        above = () if most is None else ({"price": Range(min=math.nextafter(most, math.inf))},)
        return (*below, *above)

    @property
    def words(self) -> str:
        """The limits for people; empty where there are none."""
        if self.least is not None and self.most is not None:
            return f"{self.least:,g} to {self.most:,g}"
        if self.most is not None:
            return f"at most {self.most:,g}"
        return "" if self.least is None else f"at least {self.least:,g}"

    def leaves_out(self, price: float | None) -> bool:
        """Whether a price is beyond the limits; one that is not known is not."""
        if price is None:
            return False
        too_low = self.least is not None and price < self.least
        return too_low or (self.most is not None and price > self.most)


NO_WISH = PriceWish()


class Priced(NamedTuple):
    """A request's words without what they say of prices, and that."""

    words: str
    wish: PriceWish


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

_SPENDING = r"(?:want(?:ing)?\s+to\s+|wish\s+to\s+|like\s+to\s+)?(?:spend|pay|cost|exceed|go|be)"
_REFUSED = r"(?:do(?:es)?|can|could|should|must|would|will)(?:n?['’]?t|\s*not)\s+" + _SPENDING
# What stands before an amount, by what it makes of it.
_MOST = rf"""
under|below|less\ than|lower\ than|cheaper\ than|beneath
|no(?:t|thing)?\ (?:more|dearer|higher)\ (?:expensive\ )?than|no\ more\ expensive\ than
|(?:not|nothing|never|none)\ (?:over|above|beyond|exceeding|past)
|{_REFUSED}(?:\ (?:more\ than|over|above|beyond))?
|at\ (?:the\ )?most|up\ to|max(?:imum)?\.?(?:\ of)?|within
|budget(?:\ (?:is|of|around|about|max\.?|up\ to|under|limit))*:?|limit(?:\ (?:is|of))?:?
|bis(?:\ zu)?|unter|höchstens|maximal|nicht\ (?:mehr|teurer)\ als|nicht\ über|weniger\ als
|(?:billiger|günstiger)\ als
|不超过|不到|低于|少于|小于|最多|不高于|便宜于|预算(?:是|为|在)?
"""
_LEAST = r"""
over|above|more\ than|at\ (?:the\ )?least|no(?:t)?\ (?:less|cheaper)\ than|not\ (?:under|below)
|from|starting\ (?:at|from)|min(?:imum)?\.?(?:\ of)?|upwards\ of|dearer\ than
|ab|über|mehr\ als|mindestens|teurer\ als|nicht\ unter
|超过|高于|大于|至少|不低于|最少
"""
_NEAR = r"""
around|about|roughly|approximately|approx\.?|circa|ca\.?|close\ to|near|for
|um(?:\ die)?|etwa|ungefähr|rund|für
|大约|大概|差不多|约
"""


def _ending(alternatives: str) -> re.Pattern[str]:
    """The wordings at the end of what stands before an amount."""
    spaced = re.sub(r"\s*\n\s*", "", alternatives).replace(r"\ ", r"\s+")
    return re.compile(rf"(?:(?<!\w)|(?<=[^\x00-\u024f]))(?:{spaced})\s*$")


_BEFORE = {"most": _ending(_MOST), "least": _ending(_LEAST), "near": _ending(_NEAR)}
_BEHIND = {
    "most": re.compile(
        r",?\s*(?:(?:or|and)\s+(?:less|under|below|cheaper|lower)\b|max(?:imum|imal)?\b\.?|tops\b"
        r"|at\s+(?:the\s+)?most\b|budget\b|to\s+spend\b|oder\s+weniger\b|höchstens\b|(?:以下|以内|之内|内)的?)"
    ),
    "least": re.compile(
        r",?\s*(?:(?:or|and)\s+(?:more|up|above|over|upwards?)\b|upwards?\b|min(?:imum)?\b\.?"
        r"|oder\s+mehr\b|以上|起)"
    ),
    "near": re.compile(r"\s*(?:or\s+so\b|-?ish\b|左右|上下)"),
}
_BETWEEN = re.compile(r"(?:(?<!\w)(?:between|from|zwischen|von)|在)\s*$")
_AND = re.compile(r"\s*(?:[-–—~]|to\b|and\b|bis\b|und\b|到|至|和)\s*")
_BEHIND_TWO = re.compile(r"\s*(?:之间的?|apiece\b|each\b)")
# Wordings before which, and only before which, a number is a price without a currency beside it.
_PLAIN_MOST = re.compile(
    r"(?:under|below|(?:less|lower|cheaper)\s+than"
    r"|no(?:t|thing)?\s+(?:more|dearer|higher)\s+than"
    r"|(?:not|nothing)\s+(?:over|above)|at\s+(?:the\s+)?most|budget\D*|spend\D*|pay\D*|cost\D*)\s*$"
)
_PLAIN_NEAR = re.compile(r"(?:around|about|roughly|approx\.?|approximately)\s*$")
_PLAIN_MAX = re.compile(r"(?:^|[,;(])\s*max(?:imum)?\.?\s*$")
# "A chair, 50 max".
_PLAIN_MAX_BEHIND = re.compile(r"\s*(?:max(?:imum)?\b\.?|tops\b)$")
_ALONE = re.compile(r"(?:^|[,;(])\s*$")
# Words of money a little before it: then any number is a price.
_MONEY = re.compile(
    r"\b(?:costs?|costing|priced?|prices|budget|spend(?:ing)?|pay(?:ing)?|worth|cheaper|dearer"
    r"|expensive)\b(?:\W+(?:is|are|be|at|of|range|limit|me|for|a|the|max|maximum))*\W*$"
)
# What a number is of when it follows these: ages, sizes and other measures.
_MEASURED = re.compile(
    r"\b(?:kids?|child(?:ren)?|toddlers?|bab(?:y|ies)|boys?|girls?|teens?|teenagers?|adults?"
    r"|women|woman|men|man|ladies|people|persons?|seniors?|players?|guests?|anyone|everyone|those"
    r"|age[sd]?|aged|aging|sizes?|waist|chest|inseam|length|width|height|depth|weights?|diameter"
    r"|volume|capacity|temperatures?|pages?|levels?|numbers?|nos?\.?|years?|models?|versions?"
    r"|chapters?|episodes?|volumes?|resolution|spf|grades?|scores?|rated|ratings?|stars?|dates?"
    r"|published|written|set|born|made|war|wars|history|century|centuries|calories)\W*$"
)
# A plain number ends what is said, or only little words follow it.
_ENDS = re.compile(
    r"\s*(?:$|[,.;:!?)](?!\d)|(?:and|but|or|for|please|with|that|which|if|as|each|apiece|per\s+piece"
    r"|a\s+piece|in\s+total|total|thanks|would)\b)"
)
# Without a currency these are years, unless something is to cost less.
_FIRST_YEAR, _LAST_YEAR = 1000, 2100
# What leads to a limit and goes with it: "that costs under", "my budget is".
_LEAD = re.compile(
    r"(?:(?:[,;]\s*)?(?:\b(?:and|but|which|that|it|they|each|all|both|everything|anything\s+that)\s+)*"
    r"\b(?:(?:should|must|may|can|to)\s+)?(?:be\s+)?(?:costs?|costing|priced?(?:\s+at)?|prices?"
    r"(?:\s+range)?|spend(?:ing)?|pay(?:ing)?|for|at|in|is"
    r"|i|we|have|can|each|all|both|only|a|my|our|with\s+a|on\s+a|preis|kosten|kostet|价格|价钱)\s*:?\s*)+$"
)
_CHEAP_PHRASE = re.compile(
    r"(?:,\s*|\b(?:but|and|that(?:['’]s|\s+is|\s+are)|which\s+(?:is|are))\s+)*\b"
    r"(?:(?:is|are)n['’]?t|not|nothing|nicht)\s+"
    r"(?:(?:too|very|so|that|overly|all\s+that|terribly|zu|so|allzu|sehr)\s+)?"
    r"(?:expensive|pricey|costly|dear|teuer)\b|\bon\s+a\s+(?:tight\s+|small\s+)?budget\b"
    r"|(?:不要?|别)(?:太)?贵的?"
)
# A word may also be part of a name: it counts, and stays where it is.
_CHEAP_WORD = re.compile(
    r"\b(?:cheap|inexpensive|affordable|low[- ](?:cost|priced?)|budget[- ]friendly"
    r"|reasonably\s+priced|günstige?[nmrs]?|billige?[nmrs]?|preiswerte?[nmrs]?)\b|便宜|平价|实惠"
)


class _Amount(NamedTuple):
    start: int
    end: int
    value: float
    # What says that it is money: a currency beside it.
    marked: bool
    pounds: bool
    # In words, as "fifty"; such a number is a price where money is spoken of.
    spelled: bool


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
        for m in _CHEAP_PHRASE.finditer(plain)
        if not any(begin < m.end() and m.start() < end for begin, end in spans)
    ]
    wish = NO_WISH
    for one in found:
        said = {name: value for name, value in one.wish._asdict().items() if value}
        wish = wish._replace(**said)
    if wish.least is not None and wish.most is not None and wish.least > wish.most:
        wish = wish._replace(least=None)
    cheap = bool(phrases) or _CHEAP_WORD.search(plain) is not None
    wish = wish._replace(cheap=cheap)
    if not spans and not phrases:
        return Priced(asked.strip(), wish)
    return Priced(without(asked, sorted([*spans, *phrases])), wish)


def _limits(plain: str) -> Iterator[_Found]:
    """What is said of amounts, in its order."""
    amounts = [*_amounts(plain)]
    at, done = 0, 0
    while at < len(amounts):
        pair = _between(plain, amounts[at : at + 2], done)
        found = pair or _one(plain, amounts[at], done)
        if found is not None:
            yield found
            done = found.end
        at += 2 if pair else 1


def _amounts(plain: str) -> Iterator[_Amount]:
    for found in _AMOUNT.finditer(plain):
        marked = bool(found["before"] or found["after"] or found["note"])
        if not marked and not found["pounds"] and _GOES_ON.match(plain, found.end()):
            continue
        if _MONEY_THING.match(plain, found.end()):
            continue
        pounds, spelled = bool(found["pounds"]), found["digits"] is None and not found["note"]
        yield _Amount(found.start(), found.end(), _value(found), marked, pounds, spelled)


def _value(found: re.Match[str]) -> float:
    if found["digits"]:
        # Beside a currency, so that a point before three digits is one of thousands.
        return as_number(f"€{found['digits']}") * (1_000.0 if found["k"] else 1.0)
    if found["note"]:
        return float(_NOTES[found["note"]])
    if found["alone"]:
        return float(_ONES[found["alone"]])
    return float(_ONES.get(found["ones"], 1) * _TIMES[found["times"]])


def _between(plain: str, two: list[_Amount], done: int) -> _Found | None:
    """Limits on both sides: "between 20 and 40", "from 20 to 40 euros", "20-40 €"."""
    if len(two) < 2:
        return None
    first, second = two
    joined = _AND.fullmatch(plain, first.end, second.start)
    if joined is None or first.value > second.value:
        return None
    before = plain[done : first.start]
    lead = _BETWEEN.search(before)
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
    years = all(_is_year(one) for one in two)
    if not money and (not is_plain or years or first.spelled or second.spelled):
        return None
    end = second.end
    if behind := _BEHIND_TWO.match(plain, end):
        end = behind.end()
    return _Found(_begin(said, done), end, PriceWish(first.value, second.value))


def _one(plain: str, amount: _Amount, done: int) -> _Found | None:
    """A limit on one side, or about so much."""
    before = plain[done : amount.start]
    ways = {way: m for way, ending in _BEFORE.items() if (m := ending.search(before))}
    behind = {way: m for way, begins in _BEHIND.items() if (m := begins.match(plain, amount.end))}
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


def _is_money(said: str, amount: _Amount) -> bool:
    """Whether the words before a number speak of money."""
    spoken = said.rstrip()
    if amount.pounds and re.search(r"\bfor\s+(?:\w+\s+){0,2}\w+$", spoken):
        return True
    return _MONEY.search(spoken) is not None or _MONEY.search(_last_words(spoken)) is not None


def _last_words(said: str) -> str:
    """What is said without a wording of limits at its end."""
    starts = [m.start() for ending in _BEFORE.values() if (m := ending.search(said))]
    return said[: min(starts, default=len(said))]


def _is_said_plainly(said: str, wording: str, amount: _Amount, behind: str) -> bool:
    """Whether a number without a currency is a price, by the words around it."""
    if amount.spelled or amount.pounds:
        return False
    if not wording and _PLAIN_MAX_BEHIND.match(behind):
        return _ALONE.search(said) is not None
    if _PLAIN_MOST.search(wording):
        return True
    if _PLAIN_NEAR.fullmatch(wording):
        return not _is_year(amount)
    return _PLAIN_MAX.search(said + wording) is not None


def _is_plain(plain: str, said: str, amount: _Amount, end: int) -> bool:
    """Whether nothing says that a number is of something else than money."""
    if amount.pounds or _MEASURED.search(said):
        return False
    return _ENDS.match(plain, end) is not None


def _is_year(amount: _Amount) -> bool:
    return amount.value.is_integer() and _FIRST_YEAR <= amount.value <= _LAST_YEAR


def _begin(said: str, done: int) -> int:
    """Where what is said of a price begins: "that costs under" goes with it."""
    lead = _LEAD.search(said)
    return done + (lead.start() if lead else len(said))
