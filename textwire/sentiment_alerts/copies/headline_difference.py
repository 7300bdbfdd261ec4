"""Whether two headlines tell the same, word by word.

Headlines that differ in one word are as often two stories ("wins"/"loses", "third"/"fourth", 3/4,
another company) as one that was edited. So a word that stands in one only must be harmless: a
function word, another form of a word of the other, or an addition beside which nothing is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import floor
from typing import NamedTuple

from textwire.sentiment_alerts.linking.words import FUNCTION_WORDS, words_of

AGENCY_TAG = re.compile(
    r"^(?:(?:brief|rpt|repeat|corrected|correction|refile|update|wrapup|urgent|alert|exclusive|flash"
    r"|breaking(?: news)?|just in|snap|newsflash|developing|watch|adds|recasts|new)"
    r"(?:[\s-]\d+)?(?:\s\([^)]{1,60}\))?\s?[-:\u2013\u2014|]+\s*)+"
    r"|^\*+(?=\w)|^\[[^\]]{1,20}\]\s*",
    re.IGNORECASE,
)
# "- Reuters", "| Yahoo Finance Australia", "/ Eurodesk", "(wire)": who says it, not what.
SOURCE = re.compile(
    r"(?:\s+[-\u2013\u2014|/\u00b7\u2022]+\s+(?P<source>(?:[A-Z0-9][\w.&'\u2019]*|the|of|and|by|for)"
    r"(?:\s+(?:[A-Z0-9][\w.&'\u2019]*|the|of|and|by|for)){0,4})"
    r"|\s*\((?:[A-Z][\w.]*|wire|update|corrected|updated?|video|photos?)(?:\s\d+)?\))\s*$"
)
# Regular columns bear one headline whatever they tell.
COLUMN = re.compile(
    r"\b(?:(?:morning|evening|daily|market|markets|closing|midday|weekly|news) "
    r"(?:brief|briefing|bid|call|wrap|wrap-up|roundup|round-up|report|update|digest|summary|snapshot|movers|recap)"
    r"|stocks? (?:to watch|in focus|in news|on the move)|week ahead|day ahead|what to watch"
    r"|things to know|top (?:stories|news)|live updates|business live|buzzing stocks|hot stocks"
    r"|analyst (?:actions|calls)|earnings (?:calendar|scheduled)|movers and shakers"
    r"|press digest)\b",
    re.IGNORECASE,
)
COUNTRY = re.compile(r"\bU\.?S\.?(?:A\.?)?(?!\w)|\bU\.K\.?(?!\w)")
# What two editors write of one thing: the first is what the second is read as.
SAID_OTHERWISE = (
    (re.compile(r"\b(?:due to|because of|on account of)\b", re.IGNORECASE), "over"),
    (re.compile(r"\b(?:finance chief|chief financial officer)\b", re.IGNORECASE), "cfo"),
    (re.compile(r"\b(?:chief executive(?: officer)?)\b", re.IGNORECASE), "ceo"),
    (re.compile(r"\bchief operating officer\b", re.IGNORECASE), "coo"),
    (re.compile(r"\b(?:chief|boss)\b", re.IGNORECASE), "ceo"),
    (re.compile(r"\bfirst[- ]quarter\b", re.IGNORECASE), "Q1"),
    (re.compile(r"\bsecond[- ]quarter\b", re.IGNORECASE), "Q2"),
    (re.compile(r"\bthird[- ]quarter\b", re.IGNORECASE), "Q3"),
    (re.compile(r"\bfourth[- ]quarter\b", re.IGNORECASE), "Q4"),
    (
        re.compile(
            r"\b(\w{2,}(?:al|on|ar|or|og|an|ic|id|et|im|it|er)i)s(e|es|ed|ing|ation)\b",
            re.IGNORECASE,
        ),
        r"\1z\2",
    ),
    (re.compile(r"\b(anti|pre|post|non|re|co|multi)-(?=[a-z])", re.IGNORECASE), r"\1"),
)
# What stands beside an amount: "$900 mln", "900 mln euros".
CURRENCY_SIGNS = {"$": "usd", "\u20ac": "eur", "\u00a3": "gbp", "\u00a5": "jpy", "\u20b9": "inr"}
CURRENCY_WORDS = {
    "dollar": "usd", "dollars": "usd", "dlrs": "usd", "euro": "eur", "euros": "eur",
    "pound": "gbp", "pounds": "gbp", "yen": "jpy", "rupees": "inr",
}  # fmt: skip
CURRENCIES = frozenset(CURRENCY_SIGNS.values())
SIGN = re.compile(rf"[{''.join(CURRENCY_SIGNS)}](?=\s?\d)")
AMOUNT_IN = re.compile(
    r"(?<=\d)(\s?(?:million|billion|trillion|mln|bln|tln|mn|bn|m|b)?\s)"
    rf"({'|'.join(CURRENCY_WORDS)})\b",
    re.IGNORECASE,
)
# "Three thousand jobs".
ONES = dict(
    zip(
        ["a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        (1, *range(1, 10)),
        strict=True,
    )
)
TENS = {"hundred": 100, "thousand": 1_000}
ROUND_NUMBER = re.compile(rf"\b({'|'.join(ONES)}) ({'|'.join(TENS)})\b", re.IGNORECASE)
# "BB+" is another rating than "BB".
TOKEN = re.compile(
    r"[\u4e00-\u9fff]|\d+(?:[.,]\d+)*|(?<!\w)[ABC]{1,3}[+-](?![\w+-])|[^\W\d_]+(?:_[^\W\d_]+)*"
)
NEGATIONS = words_of(
    "not no never denies denied deny without cannot rejects refutes fails failed false hoax "
    "cancels cancelled unlikely off abandons abandoned abandon scraps scrapped scrap shelves "
    "shelved terminates terminated blocks blocked withdraws withdrawn rescinds rescinded revokes "
    "revoked overturns overturned reverses reversed"
)
# "N says boilers safe", "Boilers safe, says N".
SAYING = words_of("says said say")
# By which a headline tells of a later event: "cuts forecast", "cuts forecast again".
RENEWALS = words_of("again further anew another")
# "May leave" is another story than "will leave"; May is a month after these and before a day.
HEDGES = words_of("may might could")
BEFORE_MAY = words_of("in by from to since of until till early late mid this last next on")
QUANTITIES = words_of(
    "first second third fourth fifth sixth one two three four five six seven eight nine ten "
    "half monday tuesday wednesday thursday friday saturday sunday january february march april "
    "may june july august september october november december"
)
# Function words by which a headline turns into another.
TELLING = (
    QUANTITIES
    | NEGATIONS
    | RENEWALS
    | words_of("up down above below under over before after more less off against out")
)
UNITS = {
    "percent": "%", "pct": "%", "percentage": "%",
    "mln": "million", "mn": "million", "m": "million",
    "bln": "billion", "bn": "billion", "b": "billion", "tln": "trillion", "tn": "trillion",
}  # fmt: skip
SAME_WORDS = {
    "employee": "workers", "employees": "workers", "staff": "workers", "worker": "workers",
    "stock": "shares", "stocks": "shares", "share": "shares",
    "labour": "labor", "defence": "defense", "centre": "center", "tyre": "tire", "tyres": "tires",
    "programme": "program", "aluminium": "aluminum", "colour": "color", "favour": "favor",
    "licence": "license", "litre": "liter", "grey": "gray", "jewellery": "jewelry",
    "aeroplane": "airplane", "plane": "jet", "planes": "jets", "lawsuit": "suit",
    "lawsuits": "suits",
}  # fmt: skip
WRITTEN_AS = SAME_WORDS | UNITS
LONGEST_TITLE = 60
# An addition may be so much of a headline; with more it is another story.
LEAST_SHARED = 0.6
LEAST_WORDS = 3
LONGEST_SOURCE_IN_CAPITALS = 2
# In a flood of headlines that are alike the same words are compared again and again.
KNOWN_HEADLINES = 4_096
KNOWN_WORDS = 1 << 16


class Told(NamedTuple):
    """What a headline tells.

    content     its words, less function words.
    turns       how often it negates, repeats or hedges.
    currencies  of its amounts.
    """

    content: tuple[str, ...]
    turns: int
    currencies: frozenset[str]

    def may_be(self, other: Told) -> bool:
        """Whether another tells of as many turns, and of amounts in no other currency."""
        one_is_silent = not (self.currencies and other.currencies)
        return self.turns == other.turns and (one_is_silent or self.currencies == other.currencies)


def headline_words(title: str) -> tuple[str, ...]:
    """A headline's words in small letters, without agency's tag and source."""
    title = AGENCY_TAG.sub("", title.strip())
    title = _without_source(title)
    if not title.isupper():
        title = COUNTRY.sub(lambda match: "usa" if "S" in match[0] else "uk", title)
    for written, plain in SAID_OTHERWISE:
        title = written.sub(plain, title)
    title = ROUND_NUMBER.sub(
        lambda match: str(ONES[match[1].lower()] * TENS[match[2].lower()]), title
    )
    title = SIGN.sub(lambda match: f" {CURRENCY_SIGNS[match[0]]} ", title)
    title = AMOUNT_IN.sub(lambda match: f"{match[1]}{CURRENCY_WORDS[match[2].lower()]}", title)
    apart = re.sub(r"(?<=\d)(?=[a-zA-Z]{1,3}\b)", " ", title.replace("%", " percent "))
    apart = re.sub(r"(?<=\w)['\u2019]s\b", "", apart, flags=re.IGNORECASE)
    words = [WRITTEN_AS.get(word.lower(), word.lower()) for word in TOKEN.findall(apart)]
    return tuple(word.replace(",", "") if word[0].isdigit() else word for word in words)[
        :LONGEST_TITLE
    ]


def is_column(title: str) -> bool:
    """Whether it is the headline of a regular column, which comes again with other news."""
    return COLUMN.search(title) is not None


def content_stems(words: Iterable[str]) -> list[str]:
    """The words that tell something, without their endings."""
    return [_stem(word) for word in _told(tuple(words)).content]


def tells_the_same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether headlines of these words tell the same story.

    Args: one, other: as `headline_words` gives them, companies replaced by their names.
    """
    if tuple(one) == tuple(other):
        return bool(one)
    first, second = _told(tuple(one)), _told(tuple(other))
    shorter, longer = sorted((first.content, second.content), key=len)
    if len(shorter) < LEAST_WORDS or len(shorter) < LEAST_SHARED * len(longer):
        return False
    return first.may_be(second) and _is_within(shorter, longer)


def is_flash_of(flash: Sequence[str], title: Sequence[str], lead: Iterable[str]) -> bool:
    """Whether all that a flash tells stands in a story's headline and how its body begins."""
    short, story, lead = _told(tuple(flash)), _told(tuple(title)), list(lead)
    told = short.content
    if len(told) <= LEAST_WORDS or not short.may_be(story):
        return False
    missing = _missing(told, story.content, floor(len(told) * (1 - LEAST_SHARED)) if lead else 0)
    if missing is None or any(map(_is_quantity, missing)):
        return False
    shared = [word for word in told if word not in missing]
    return (
        len(shared) >= LEAST_SHARED * len(told)
        and _is_within(shared, story.content)
        and _missing(missing, lead, 0) is not None
    )


def conflicts(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a word of each stands for another: opposites, other numbers, other names."""
    first, second = _told(tuple(one)), _told(tuple(other))
    each_has_others = (
        _missing(first.content, second.content, 0) is None
        and _missing(second.content, first.content, 0) is None
    )
    return each_has_others or not first.may_be(second)


def _without_source(title: str) -> str:
    bare = SOURCE.sub("", title)
    # What is left must still be a headline: "Boeing - Airbus" has no source.
    if bare == title or len(TOKEN.findall(bare)) < LEAST_WORDS:
        return title
    # In capitals a source looks like any other words; the longer ones are no source.
    is_long = len(TOKEN.findall(title[len(bare) :])) > LONGEST_SOURCE_IN_CAPITALS
    return title if is_long and title.isupper() else bare


def _is_quantity(word: str) -> bool:
    return word[0].isdigit() or word in QUANTITIES


@lru_cache(maxsize=KNOWN_HEADLINES)
def _told(words: tuple[str, ...]) -> Told:
    content = tuple(
        word
        for word in words
        if word in TELLING
        or (word not in FUNCTION_WORDS and word not in SAYING and word not in CURRENCIES)
    )
    turns = sum(
        word in NEGATIONS or word in RENEWALS or _hedges(words, place)
        for place, word in enumerate(words)
    )
    return Told(content, turns, CURRENCIES.intersection(words))


def _hedges(words: Sequence[str], place: int) -> bool:
    """Whether a word there says that something is only possible; a month does not."""
    if words[place] not in HEDGES:
        return False
    before = words[place - 1] if place else ""
    after = words[place + 1] if place + 1 < len(words) else ""
    return words[place] != "may" or not (
        before in BEFORE_MAY or before[:1].isdigit() or after[:1].isdigit() or not after
    )


def _missing(words: Iterable[str], others: Sequence[str], most: int) -> list[str] | None:
    """The words that have no partner among others, each of which is partner to one.

    None where there are more than `most` of them.
    """
    left = list(others)
    missing = []
    for word in words:
        partner = word if word in left else next((o for o in left if _same_word(word, o)), None)
        if partner is not None:
            left.remove(partner)
            continue
        missing.append(word)
        if len(missing) > most:
            return None
    return missing


@lru_cache(maxsize=KNOWN_WORDS)
def _same_word(one: str, other: str) -> bool:
    """Whether they are forms of one word, or one is the other with a slip."""
    if one == other:
        return True
    if min(len(one), len(other)) < 3 or not (one.isalpha() and other.isalpha()):
        return False
    return _stem(one) == _stem(other) or _is_slip(one, other)


def _stem(word: str) -> str:
    for ending in ("ing", "ied", "ies", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: len(word) - len(ending)].rstrip("y")
    return word.rstrip("y")


def _is_slip(one: str, other: str) -> bool:
    """One letter more or less, or two exchanged, within a long word."""
    if min(len(one), len(other)) < 6 or abs(len(one) - len(other)) > 1 or one[0] != other[0]:
        return False
    if len(one) == len(other):
        places = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        if len(places) == 2 and places[1] == places[0] + 1:
            a, b = places
            return one[a] == other[b] and one[b] == other[a]
        return False
    shorter, longer = sorted((one, other), key=len)
    return any(longer[:n] + longer[n + 1 :] == shorter for n in range(1, len(longer)))


def _is_within(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether words stand among others in their order: "Intel sues AMD" is not "AMD sues Intel"."""
    left = iter(others)
    return all(any(_same_word(word, other) for other in left) for word in words)
