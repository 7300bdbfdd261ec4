"""Whether a ticker that stands without a mark is the company's, or a word or an abbreviation.

What alone or in brackets may as well be something else (`IT`, `CAT`, `F`) needs more: the company's
name before the bracket, or the market's words beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from textwire.sentiment_alerts.linking.exchanges import has_bloomberg_code, is_behind_exchange
from textwire.sentiment_alerts.linking.name_context import company_logit
from textwire.sentiment_alerts.linking.words import (
    ABBREVIATIONS,
    COMMON_WORDS,
    FUNCTION_WORDS,
    MOVES,
)
from textwire.sentiment_alerts.scoring.clauses import Mention

OPENS, CLOSES = ("(", "[", "<"), (")", "]", ">")
# What stands beside a share: "CAT +2%", "long BA", "KO calls".
MARKET_AFTER = re.compile(
    r"(?:,\s?(?-i:[A-Z]{1,5})(?=[\s,]))*\s(?:is\s|are\s|stock\s|was\s|all\s|both\s)*"
    r"(?:[+\-−]?\d+(?:\.\d+)?\s?%|shares?\b|stock\b|calls?\b|puts\b|eps\b"
    r"|q[1-4]\b|(?:up|down)(?:\s[\d$]|$)|\$\d|earnings\b|price target"
    r"|premarket|pre-market|after-hours"
    r"|(?:jumps|slides|soars|tumbles|rall(?:ies|ied)|gains|beats|misses|pops|dips|plunges)\b)"
    rf"|(?:,\s?(?-i:[A-Z]{{1,5}})(?=[\s,]))+\s(?:all\s|both\s)?(?:{MOVES}|higher|lower|up|down)\b"
    r"|\s(?:upgraded|downgraded|flat|steady|unchanged|higher|lower)\b"
    r"|\sto (?:buy|sell|hold|neutral|overweight|underweight|outperform|underperform)\b",
    re.IGNORECASE,
)
# What no word is followed by, be it "ALL" or "A": "ALL down 3%", "A rises 3% after results".
MOVED = re.compile(
    rf"\s(?:(?:is|was|shares?|stock)\s)?(?:(?:up|down)|{MOVES})\s(?:by\s)?[$]?\d[\d.]*\s?"
    r"(?:%|pct|percent|per cent|pc\b)"
    r"|(?<=[A-Z]{2})\s(?:beats|misses|guides|upgraded|downgraded)\b"
    rf"|\s(?:{MOVES})\s(?:after|on)\s(?:\w+\s)?(?:earnings|results|guidance|outlook|forecast)\b",
    re.IGNORECASE,
)
# In capitals too: "ON +5%, NOW -2%".
SIGNED_MOVE = re.compile(r"\s[+\-−]\d[\d.]*\s?%")
MARKET_BEFORE = re.compile(
    r"(?:\b(?:long|short|shorting|buy|sell|buying|selling|bought|sold|calls on|puts on"
    r"|shares of|stock of|upgrades?|downgrades?|overweight|underweight))\s$",
    re.IGNORECASE,
)
SHORTEST_ALONE = 3
BETWEEN = (", ", "/", ",", " and ", " & ", "; ")
LONG_LIST = 3  # "CAT, BA, GS": so many tickers are no words
IN_LISTS = (", ", "/", ",", "; ")
NEVER_ALONE = frozenset({"A", "I", "IT", "AI"})
# "IT down 3%" is a sector.
SECTORS = frozenset({"IT", "PSU", "FMCG", "AI"})
# Much must speak for a company where the letters may as well be short for something else.
SENTENCE_LOGIT = 2.0
NAME_BEFORE_BRACKET = 30


@dataclass(frozen=True)
class BareTicker:
    """A ticker without a mark where it stands; `is_capitals`: so is all of its text, folded."""

    mention: Mention
    text: str
    is_capitals: bool

    @property
    def symbol(self) -> str:
        """As it is written."""
        return self.text[self.mention.start : self.mention.end]

    @property
    def before(self) -> str:
        """What stands before it, as far as it may say something of it."""
        return self.text[max(0, self.mention.start - 24) : self.mention.start]

    def after(self, characters: int) -> str:
        """What follows it."""
        return self.text[self.mention.end : self.mention.end + characters]

    @property
    def bracket(self) -> str:
        """The bracket that it stands in, or nothing."""
        opens, closes = self.before[-1:], self.after(1)
        return opens if opens in OPENS and closes in CLOSES else ""


def is_meant(one: BareTicker, tickers: Sequence[Mention], named: Sequence[Mention]) -> bool:
    """Whether it is the company's.

    Args: tickers: all that stand in the text without a mark. named: where companies are named.
    """
    if is_behind_exchange(one.before):
        return True
    symbol = one.symbol
    if "." in symbol:
        return bool(one.bracket) or len(symbol.split(".")[0]) > 1
    if symbol.isdigit():
        return False
    if one.bracket:
        return one.bracket == "<" or _is_meant_in_brackets(one, named)
    if _can_be_nothing_else(one) or _is_moved(one):
        return True
    if symbol in NEVER_ALONE or symbol.lower() in FUNCTION_WORDS:
        return False
    return (
        _has_market_words(one) or _is_in_a_list(one, tickers, named) or _does_what_companies_do(one)
    )


def _is_meant_in_brackets(one: BareTicker, named: Sequence[Mention]) -> bool:
    """Whether the company's name stands before the bracket, or nothing that it is short for."""
    start = one.mention.start
    if any(
        name.entity == one.mention.entity and 0 <= start - name.end <= NAME_BEFORE_BRACKET
        for name in named
    ):
        return True
    if spells_out(one.text[: start - 1], one.symbol) or is_word(one.symbol):
        return False
    return len(one.symbol) >= SHORTEST_ALONE


def _can_be_nothing_else(one: BareTicker) -> bool:
    """Whether its exchange's code follows, or it is no word."""
    if not one.is_capitals and has_bloomberg_code(one.text, one.mention.end):
        return True
    return not is_word(one.symbol) and len(one.symbol) >= SHORTEST_ALONE + one.is_capitals


def _is_moved(one: BareTicker) -> bool:
    """Whether it is said to have risen or fallen, as no word is."""
    if one.symbol in SECTORS:
        return False
    text, end = one.text, one.mention.end
    return SIGNED_MOVE.match(text, end) is not None or (
        not one.is_capitals and MOVED.match(text, end) is not None
    )


def _has_market_words(one: BareTicker) -> bool:
    return (
        MARKET_AFTER.match(one.after(40)) is not None
        or MARKET_BEFORE.search(one.before) is not None
    )


def _is_in_a_list(one: BareTicker, tickers: Sequence[Mention], named: Sequence[Mention]) -> bool:
    """Whether a company stands beside it, by its name or by a ticker that is no word."""
    is_letter = len(one.symbol) < 2
    if is_letter and one.is_capitals:
        return False
    mention, text = one.mention, one.text
    is_long = len({ticker.entity for ticker in tickers}) >= LONG_LIST and not one.is_capitals
    sure = [m for m in tickers if is_long or not is_word(text[m.start : m.end])]
    return any(
        text[a.end : b.start] in (IN_LISTS if is_letter else BETWEEN)
        for other in [*named, *sure]
        for a, b in ((mention, other), (other, mention))
        if other.entity != mention.entity
    )


def _does_what_companies_do(one: BareTicker) -> bool:
    """Whether its letters are its company's, and a verb of companies follows.

    "GM recalls" is General Motors; "BA recalls" may be British Airways, and not Boeing.
    """
    symbol, mention = one.symbol, one.mention
    if one.is_capitals or len(symbol) < 2:
        return False
    if symbol.lower() in COMMON_WORDS and len(symbol) < SHORTEST_ALONE:
        return False
    initials = "".join(word[0] for word in mention.entity.split()).upper()
    return (
        initials == symbol and company_logit(one.text, mention.start, mention.end) > SENTENCE_LOGIT
    )


def spells_out(before: str, abbreviation: str) -> bool:
    """Whether the words before a bracket begin with its letters: `information technology (IT)`."""
    words = re.findall(r"[^\W_]+", before[-80:])
    content = [word for word in words if word.lower() not in FUNCTION_WORDS]
    letters = abbreviation.lower()
    return any(
        "".join(word[0] for word in some[-len(letters) :]).lower() == letters
        for some in (words, content)
    )


def is_word(symbol: str) -> bool:
    """Whether it is as well a word, or short for something else."""
    return (
        len(symbol) < SHORTEST_ALONE
        or symbol.lower() in COMMON_WORDS
        or symbol.lower() in FUNCTION_WORDS
        or symbol.upper() in ABBREVIATIONS
    )
