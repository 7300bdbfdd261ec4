"""Finding the companies of a watchlist in texts.

A company is found by its name, its aliases and its ticker, at word boundaries; a possessive or a
hyphen may follow. What counts as a mention:

- A name of several words, in whatever case.
- A name of one word only as it is written in the watchlist, or in capitals throughout: "Target"
  and "TARGET", but not the "target" of a forecast. Where such a word begins a sentence it counts;
  a watchlist that must not mistake it holds the longer name alone.
- A ticker as `$NMRE`, `(NMRE)`, `NYSE:NMRE` or `(LSE: NMRE)`; alone it may be any word.

Of names that overlap, the leftmost counts, and of those the longest: "Larkfield Invest" is not
"Larkfield".

Source: Aho and Corasick 1975, Efficient string matching.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ahocorasick_rs import MATCHKIND_STANDARD, AhoCorasick

from textwire.sentiment_alerts.clauses import Mention
from textwire.sentiment_alerts.watchlist import WatchedCompany, check_names_differ

SYMBOL = r"[A-Za-z0-9][A-Za-z0-9.\-]{0,14}"
TICKERS = re.compile(
    rf"\$(?P<cash>{SYMBOL})"
    rf"|\((?:[A-Z]{{2,10}}\s?:\s?)?(?P<bracket>[A-Z0-9][A-Z0-9.\-]{{0,14}})\)"
    r"|\b[A-Z]{2,10}:\s?(?P<exchange>[A-Z0-9][A-Z0-9.\-]{0,14})"
)
TICKER_MARKS = frozenset("$(:")
STRAIGHT = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00a0": " "})
# Below this, capitals are more likely an abbreviation of something else: "IT", "ALL".
SHORTEST_IN_CAPITALS = 4


class Linker:
    """Finds companies; made once for a watchlist, and then used by any thread."""

    def __init__(self, companies: Sequence[WatchedCompany]) -> None:
        """Read the names.

        Raises: SettingsError: two companies share a name.
        """
        check_names_differ(companies)
        self.companies = {company.name: company for company in companies}
        self.sectors = {company.name: company.sector for company in companies}
        self._tickers = {c.ticker.upper(): c.name for c in companies if c.ticker}
        self._forms = [
            (form.translate(STRAIGHT), company.name)
            for company in companies
            for form in dict.fromkeys((company.name, *company.aliases))
        ]
        self._automaton = AhoCorasick(
            [_lower(form) for form, _ in self._forms], matchkind=MATCHKIND_STANDARD
        )

    def mentions_in(self, text: str) -> list[Mention]:
        """The mentions in a text, by their place."""
        straight = text.translate(STRAIGHT)
        found = self._automaton.find_matches_as_indexes(_lower(straight), overlapping=True)
        mentions = [
            Mention(self._forms[form][1], start, end)
            for form, start, end in found
            if _is_mention(straight, start, end, self._forms[form][0])
        ]
        if not TICKER_MARKS.isdisjoint(straight):
            mentions += self._tickers_in(straight)
        return _without_overlaps(mentions) if len(mentions) > 1 else mentions

    def _tickers_in(self, text: str) -> list[Mention]:
        return [
            Mention(self._tickers[symbol], match.start(group), match.start(group) + len(symbol))
            for match in TICKERS.finditer(text)
            if (group := match.lastgroup)
            and (symbol := match[group].rstrip(".-").upper()) in self._tickers
        ]


def _is_mention(text: str, start: int, end: int, form: str) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if (_joins(before) and _joins(form[0])) or (_joins(after) and _joins(form[-1])):
        return False
    said = text[start:end]
    if " " in form or said == form:
        return True
    return len(form) >= SHORTEST_IN_CAPITALS and said.isupper()


def _joins(character: str) -> bool:
    """Whether a word goes on with it; Chinese is written without spaces between words."""
    is_chinese = "\u2e80" <= character <= "\u9fff"
    return (character.isalnum() or character == "_") and not is_chinese


def _without_overlaps(mentions: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _lower(text: str) -> str:
    """In small letters, each at its place: a few letters would become two."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
