"""Tickers in texts, in the forms that wires, posts and broker notes write them.

`$AAPL`, `#AAPL`, `(Nasdaq: AAPL)`, `NYSE:F`, `AAPL.O`, `<AAPL.O>`, `AAPL US`, and `AAPL` alone.
What alone or in brackets may as well be a word or an abbreviation (`IT`, `CAT`, `F`) needs more:
the company's name before the bracket, or the market's words beside it. Of a ticker that has its
exchange in the watchlist (`DBK.DE`, `0700.HK`) what stands before the dot is found where an
exchange, a mark or a country stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from textwire.sentiment_alerts.linking.name_context import company_logit
from textwire.sentiment_alerts.linking.words import (
    ABBREVIATIONS,
    COMMON_WORDS,
    FUNCTION_WORDS,
    MOVES,
    words_of,
)
from textwire.sentiment_alerts.scoring.clauses import Mention

EXCHANGE = (
    r"(?:nyse(?:[ -]?(?:american|arca|mkt))?"
    r"|nasdaq(?:[ -]?(?:gs|gm|cm|global select|capital market))?"
    r"|amex|cboe|otc(?:qx|qb|mkts|bb| markets)?|lse|aim|lon|tsxv?|tse|tyo|asx|hkex|hkg|hkse|sehk"
    r"|nse|bse|fra|xetra|xetr|etr|fwb|epa|euronext(?: \w+)?|enx|bit|mil|ams|swx|six|vtx|sgx|krx"
    r"|kospi|kosdaq"
    r"|jse|bme|bmad|sto|omx|cph|hel|osl|ose|wse|ist|bist|tadawul|sse|szse|shse|twse|tpe|idx|set|pse"
    r"|bursa|klse|bmv|b3|bovespa|nzx|tase|ise)"
)
# Reuters' codes of exchanges, after a dot, and Bloomberg's, after a space.
RIC_SUFFIX = words_of(
    "O OQ N K A P PK OB L PA DE F T HK SS SZ NS BO AX TO V MI AS BR ST CO HE OL SW S VX MC LS "
    "WA IS SI KS KQ JK BK KL TW TWO SA MX NZ TA JO IR VI"
)
BLOOMBERG_CODE = words_of(
    "US LN GR GY FP JP HK IN CN AU SW SM IM NA BB SS DC NO FH SP KS TT IJ TB MK PM NZ SJ BZ MM "
    "CT UN UW UQ CH"
)
MARKED = re.compile(r"(?<![\w$#])[$#](?:\s(?=[A-Z]{2}))?([A-Za-z0-9][A-Za-z0-9.\-]{0,14})")
BARE = re.compile(r"(?<![\w$#@&'/.-])[A-Z0-9][A-Z0-9]{0,9}(?:[.\-/][A-Z]{1,3})?(?![\w&]|'(?!s\b))")
CASUAL = re.compile(r"(?<![\w$#@&'/.-])[a-z]{4,5}(?![\w&'.-])")
AFTER_EXCHANGE = re.compile(rf"\b{EXCHANGE}\s?(?:[:\-–]\s?|\s)$", re.IGNORECASE)
BLOOMBERG = re.compile(r"[ :]([A-Z]{2})(?: Equity)?(?!\w)")
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
SHARE_CLASS = re.compile(r"\w{2}\.[ABC]$")
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


class Tickers:
    """The tickers of a watchlist."""

    def __init__(self, entities: Mapping[str, str]) -> None:
        """Read them.

        Args: entities: ticker -> company.
        """
        self._entities = {_key(ticker): entity for ticker, entity in entities.items()}
        for key, entity in list(self._entities.items()):
            if SHARE_CLASS.search(key):  # "BRK.A" is the company of "BRK.B"
                for letter in "ABC":
                    self._entities.setdefault(f"{key[:-1]}{letter}", entity)
        self._listed: dict[str, str] = {}
        for key, entity in list(self._entities.items()):
            symbol, _, exchange = key.rpartition(".")
            if exchange in RIC_SUFFIX and symbol:
                self._listed.setdefault(symbol, entity)
                if symbol.isdigit():  # "700 HK" is "0700.HK"
                    self._listed.setdefault(symbol.lstrip("0"), entity)
                    self._entities.setdefault(f"{symbol.lstrip('0')}.{exchange}", entity)

    def __bool__(self) -> bool:
        return bool(self._entities)

    def mentions_in(
        self, text: str, *, is_capitals: bool, named: Sequence[Mention]
    ) -> Iterator[Mention]:
        """The tickers in a text.

        Args: text: folded. is_capitals: it is written in capitals throughout.
              named: where companies are named.
        """
        if "$" in text or "#" in text:
            yield from self._marked_in(text)
        found = list(self._bare_in(text))
        for one in found:
            if self._is_meant(text, one, found, named, is_capitals=is_capitals):
                yield one
        if text.islower():
            yield from self._casual_in(text)

    def _marked_in(self, text: str) -> Iterator[Mention]:
        for match in MARKED.finditer(text):
            entity, length = self._entity_of(match[1])
            if entity is None and not match[1].isdigit():
                entity, length = self._listed.get(match[1].upper()), len(match[1])
            if entity is None or (match[0][0] == "#" and _is_word(match[1])):
                continue
            yield Mention(entity, match.start(1), match.start(1) + length)

    def _bare_in(self, text: str) -> Iterator[Mention]:
        for match in BARE.finditer(text):
            entity, length = self._entity_of(match[0])
            if _is_beside_exchange(text, *match.span()) and (
                listed := self._listed.get(match[0].upper())
            ):
                entity, length = listed, len(match[0])
            if entity is not None:
                yield Mention(entity, match.start(), match.start() + length)

    def _casual_in(self, text: str) -> Iterator[Mention]:
        for match in CASUAL.finditer(text):
            entity = self._entities.get(match[0].upper())
            if entity is not None and not _is_word(match[0]):
                yield Mention(entity, *match.span())

    def _entity_of(self, symbol: str) -> tuple[str | None, int]:
        """The company, and how many characters name it: `AAPL.O` and `AAPL-led` are `AAPL`."""
        if symbol.isalnum():
            return self._entities.get(symbol.upper()), len(symbol)
        symbol = symbol.rstrip(".-")
        if entity := self._entities.get(_key(symbol)):
            return entity, len(symbol)
        base = re.split(r"[.\-/]", symbol, maxsplit=1)[0]
        if base == symbol:
            return None, 0
        rest = symbol[len(base) + 1 :]
        if symbol[len(base)] == "." and rest in RIC_SUFFIX:
            return self._entities.get(base.upper()), len(symbol)
        # "U.S." and "S/P" are no tickers of one letter.
        is_other = len(base) < 2 or (symbol[len(base)] == "." and rest.isupper())
        return (None, 0) if is_other else (self._entities.get(base.upper()), len(base))

    def _is_meant(
        self,
        text: str,
        one: Mention,
        found: Sequence[Mention],
        named: Sequence[Mention],
        *,
        is_capitals: bool,
    ) -> bool:
        """Whether a symbol without a mark is the company's."""
        symbol = text[one.start : one.end]
        before, after = text[max(0, one.start - 24) : one.start], text[one.end : one.end + 24]
        if AFTER_EXCHANGE.search(before):
            return True
        bracket = before[-1:] if before[-1:] in OPENS and after[:1] in CLOSES else ""
        if self._entities.get(_key(symbol)) is None and _key(symbol) in self._listed:
            return True  # found by its exchange alone
        if "." in symbol:
            return bool(bracket) or len(symbol.split(".")[0]) > 1
        if symbol.isdigit():
            return False
        if bracket == "<":
            return True
        if bracket:
            return self._is_meant_in_brackets(text, one, symbol, named)
        code = BLOOMBERG.match(after)
        if code and code[1] in BLOOMBERG_CODE and not is_capitals:
            return True
        if not _is_word(symbol) and len(symbol) >= SHORTEST_ALONE + is_capitals:
            return True
        if symbol not in SECTORS and (
            SIGNED_MOVE.match(text, one.end) or (not is_capitals and MOVED.match(text, one.end))
        ):
            return True
        if symbol in NEVER_ALONE or symbol.lower() in FUNCTION_WORDS:
            return False
        return self._is_traded(text, one, symbol, found, named, is_capitals=is_capitals)

    def _is_traded(
        self,
        text: str,
        one: Mention,
        symbol: str,
        found: Sequence[Mention],
        named: Sequence[Mention],
        *,
        is_capitals: bool,
    ) -> bool:
        """Whether the market's words stand beside it, another ticker, or what companies do."""
        before, after = text[max(0, one.start - 24) : one.start], text[one.end : one.end + 40]
        if MARKET_AFTER.match(after) or MARKET_BEFORE.search(before):
            return True
        beside = [m for m in found if not _is_word(text[m.start : m.end])]
        if len({m.entity for m in found}) >= LONG_LIST and not is_capitals:
            beside = list(found)
        if any(
            text[a.end : b.start] in (BETWEEN if len(symbol) > 1 else IN_LISTS)
            for other in [*named, *beside]
            for a, b in ((one, other), (other, one))
            if other.entity != one.entity and (len(symbol) > 1 or not is_capitals)
        ):
            return True
        if is_capitals or len(symbol) < 2:
            return False
        # "GM recalls" is General Motors; "BA recalls" may be British Airways, and not Boeing.
        initials = "".join(word[0] for word in one.entity.split()).upper()
        if symbol.lower() in COMMON_WORDS and len(symbol) < SHORTEST_ALONE:
            return False
        return initials == symbol and company_logit(text, one.start, one.end) > SENTENCE_LOGIT

    def _is_meant_in_brackets(
        self, text: str, one: Mention, symbol: str, named: Sequence[Mention]
    ) -> bool:
        if any(
            name.entity == one.entity and 0 <= one.start - name.end <= NAME_BEFORE_BRACKET
            for name in named
        ):
            return True
        if spells_out(text[: one.start - 1], symbol) or _is_word(symbol):
            return False
        return len(symbol) >= SHORTEST_ALONE


def spells_out(before: str, abbreviation: str) -> bool:
    """Whether the words before a bracket begin with its letters: `information technology (IT)`."""
    words = re.findall(r"[^\W_]+", before[-80:])
    content = [word for word in words if word.lower() not in FUNCTION_WORDS]
    letters = abbreviation.lower()
    return any(
        "".join(word[0] for word in some[-len(letters) :]).lower() == letters
        for some in (words, content)
    )


def _is_beside_exchange(text: str, start: int, end: int) -> bool:
    code = BLOOMBERG.match(text, end)
    return AFTER_EXCHANGE.search(text, max(0, start - 24), start) is not None or (
        code is not None and code[1] in BLOOMBERG_CODE
    )


def _key(ticker: str) -> str:
    return re.sub(r"[\-/ ]", ".", ticker.upper())


def _is_word(symbol: str) -> bool:
    """Whether it is as well a word, or short for something else."""
    return (
        len(symbol) < SHORTEST_ALONE
        or symbol.lower() in COMMON_WORDS
        or symbol.lower() in FUNCTION_WORDS
        or symbol.upper() in ABBREVIATIONS
    )
