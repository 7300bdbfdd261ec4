"""News without end about many companies: the sample articles, each told of an invented company.

Time goes on by a minute with each article. Bursts are of negative articles about one company that
was quiet before; the filling is the samples' mixture, one article a company at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, cycle, islice, product
from pathlib import Path

import msgspec

from benchmarks.driving import Sending
from textwire.sentiment_alerts.messages import Article
from textwire.sentiment_alerts.topics import NEWS_ARTICLES
from textwire.sentiment_alerts.watchlist import WatchedCompany, read_watchlist

# An alert takes some six of them, fewer where the company was quieter.
BURST = 10
BETWEEN = timedelta(minutes=1)
FIRST = ("Al", "Bren", "Cor", "Dun", "Est", "Fal", "Gram", "Hol", "Ing", "Jor")
SECOND = ("barrow", "caster", "denholm", "fordyce", "gatewick", "lanmere", "minster", "owby")
KIND = ("Foods", "Motors", "Shipping", "Chemicals", "Textiles", "Software", "Steel", "Hotels")
# A place as often as a company.
AMBIGUOUS = "Harbour Lane Assurance"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A sample article, as the file has it."""

    title: str
    label: str
    entities: dict[str, str]
    body: str | None = None
    copy_of: str | None = None


class Pattern(msgspec.Struct, frozen=True):
    """An article about one company, which can be told of another."""

    told: Told
    names: re.Pattern[str]

    def of(self, company: str, id_: str, at: datetime) -> Article:
        """The article about another company."""
        body = None if self.told.body is None else self.names.sub(company, self.told.body)
        title = self.names.sub(company, self.told.title)
        return Article(id=id_, title=title, body=body, source="benchmark", published_at=at)


def invented_companies() -> list[WatchedCompany]:
    """640 companies, no name part of another."""
    return [
        WatchedCompany(name=f"{first}{second} {kind}")
        for second, kind, first in product(SECOND, KIND, FIRST)
    ]


def patterns(folder: Path) -> list[Pattern]:
    """The articles of the sample news in a folder that name one company, in their titles."""
    watched = {one.name: one for one in read_watchlist(folder / "watchlist.jsonl")}
    lines = msgspec.json.Decoder(Told).decode_lines((folder / "articles.jsonl").read_bytes())
    about_one = [
        (told, next(iter(told.entities)))
        for told in lines
        if len(told.entities) == 1 and told.copy_of is None
    ]
    found = [Pattern(told, _names(watched[name])) for told, name in about_one if name != AMBIGUOUS]
    return [pattern for pattern in found if pattern.names.search(pattern.told.title)]


class NewsWorld:
    """One clock for all streams. An id tells the time of its article, which no other has."""

    def __init__(
        self, patterns: Sequence[Pattern], negative: Sequence[Pattern], companies: Sequence[str]
    ) -> None:
        """Begin a month ago: an article dated ahead of its record would be refused.

        Args: negative: those of the patterns that bursts are of; no fewer than `BURST`.
        """
        self._now = datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)
        self._patterns = list(patterns)
        self._negative = list(negative)
        self._companies = cycle(companies)

    def bursts(self) -> Iterator[Sending]:
        """A company after the other, each with `BURST` different negative articles."""
        negative = cycle(self._negative)
        for company in self._companies:
            for pattern in islice(negative, BURST):
                yield self._sending(pattern, company)

    def filling(self) -> Iterator[Sending]:
        """Articles of all tones, each about the next company."""
        for number in count():
            pattern = self._patterns[number % len(self._patterns)]
            yield self._sending(pattern, next(self._companies))

    def _sending(self, pattern: Pattern, company: str) -> Sending:
        self._now += BETWEEN
        id_ = article_id(self._now)
        return Sending(id_, NEWS_ARTICLES, pattern.of(company, id_, self._now))


def article_id(published_at: datetime) -> str:
    """The id of the article of a moment."""
    return f"n{round(published_at.timestamp())}"


def _names(company: WatchedCompany) -> re.Pattern[str]:
    """All that a company is called, the longest first."""
    forms = sorted((company.name, *company.aliases), key=len, reverse=True)
    ticker = rf"\${re.escape(company.ticker)}\b|" if company.ticker else ""
    return re.compile(ticker + "|".join(rf"\b{re.escape(form)}\b" for form in forms))
