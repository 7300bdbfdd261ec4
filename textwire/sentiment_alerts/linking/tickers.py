"""Tickers in texts, in the forms that wires, posts and broker notes write them.

`$AAPL`, `#AAPL`, `(Nasdaq: AAPL)`, `NYSE:F`, `AAPL.O`, `<AAPL.O>`, `AAPL US`, and `AAPL` alone.
What alone or in brackets may as well be a word is judged by `ticker_judgement`. Of a ticker that
has its exchange in the watchlist (`DBK.DE`, `0700.HK`) what stands before the dot is found where an
exchange, a mark or a country stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from textwire.sentiment_alerts.linking.exchanges import RIC_SUFFIX, is_beside_exchange
from textwire.sentiment_alerts.linking.ticker_judgement import BareTicker, is_meant, is_word
from textwire.sentiment_alerts.scoring.clauses import Mention

MARKED = re.compile(r"(?<![\w$#])[$#](?:\s(?=[A-Z]{2}))?([A-Za-z0-9][A-Za-z0-9.\-]{0,14})")
BARE = re.compile(r"(?<![\w$#@&'/.-])[A-Z0-9][A-Z0-9]{0,9}(?:[.\-/][A-Z]{1,3})?(?![\w&]|'(?!s\b))")
CASUAL = re.compile(r"(?<![\w$#@&'/.-])[a-z]{4,5}(?![\w&'.-])")
SHARE_CLASS = re.compile(r"\w{2}\.[ABC]$")


class Tickers:
    """The tickers of a watchlist."""

    def __init__(self, entities: Mapping[str, str]) -> None:
        """Read them.

        Args: entities: ticker -> company.
        """
        self._entities = {_key(ticker): entity for ticker, entity in entities.items()}
        self._add_share_classes()
        self._listed: dict[str, str] = {}
        self._list_by_symbols()

    def _add_share_classes(self) -> None:
        """A share of another class is the same company's: "BRK.A" is "BRK.B"."""
        for key, entity in list(self._entities.items()):
            if SHARE_CLASS.search(key):
                for letter in "ABC":
                    self._entities.setdefault(f"{key[:-1]}{letter}", entity)

    def _list_by_symbols(self) -> None:
        """What stands before an exchange's dot; "700 HK" is "0700.HK"."""
        for key, entity in list(self._entities.items()):
            symbol, _, exchange = key.rpartition(".")
            if exchange not in RIC_SUFFIX or not symbol:
                continue
            self._listed.setdefault(symbol, entity)
            if symbol.isdigit():
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
            if self._is_of_its_exchange(text, one) or is_meant(
                BareTicker(one, text, is_capitals), found, named
            ):
                yield one
        if text.islower():
            yield from self._casual_in(text)

    def _marked_in(self, text: str) -> Iterator[Mention]:
        for match in MARKED.finditer(text):
            entity, length = self._entity_of(match[1])
            if entity is None and not match[1].isdigit():
                entity, length = self._listed.get(match[1].upper()), len(match[1])
            if entity is None or (match[0][0] == "#" and is_word(match[1])):
                continue
            yield Mention(entity, match.start(1), match.start(1) + length)

    def _bare_in(self, text: str) -> Iterator[Mention]:
        for match in BARE.finditer(text):
            entity, length = self._entity_of(match[0])
            if is_beside_exchange(text, *match.span()) and (
                listed := self._listed.get(match[0].upper())
            ):
                entity, length = listed, len(match[0])
            if entity is not None:
                yield Mention(entity, match.start(), match.start() + length)

    def _casual_in(self, text: str) -> Iterator[Mention]:
        for match in CASUAL.finditer(text):
            entity = self._entities.get(match[0].upper())
            if entity is not None and not is_word(match[0]):
                yield Mention(entity, *match.span())

    def _is_of_its_exchange(self, text: str, one: Mention) -> bool:
        """Whether it was found by the exchange beside it alone: `DBK GY`, of `DBK.DE`."""
        key = _key(text[one.start : one.end])
        return key not in self._entities and key in self._listed

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


def _key(ticker: str) -> str:
    return re.sub(r"[\-/ ]", ".", ticker.upper())
