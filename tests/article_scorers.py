"""A classifier that reads a handful of words, and articles and a desk for tests of the news."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np

from textwire.models.engines.classifier import Classified
from textwire.results.memory import MemoryResults
from textwire.results.store import ResultStore
from textwire.results.writes import Fence
from textwire.sentiment_alerts.alert_engine.engine import AlertEngine
from textwire.sentiment_alerts.alert_rules import AlertRules
from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.messages import Alert, Article, ArticleSentiment, DeskEntry
from textwire.sentiment_alerts.results.reading import read_alerts
from textwire.sentiment_alerts.scoring.article_scorer import ArticleScorer
from textwire.sentiment_alerts.scoring.clauses import BETWEEN, MASK
from textwire.sentiment_alerts.surges.rules import Rules
from textwire.sentiment_alerts.watchlist import WatchedCompany
from textwire.stream.processor import Result
from textwire.wire.record import LogPlace

DAY = datetime(2026, 3, 2, tzinfo=UTC)
GOOD = {"soars", "wins", "gains", "record"}
BAD = {"slumps", "recalls", "fire", "strike", "loses", "raid"}
TOPICS = {"labour": {"strike"}, "products": {"recalls"}, "legal": {"raid"}, "safety": {"fire"}}
COMPANIES = (
    WatchedCompany(name="Northmere Energy", ticker="NMRE", aliases=("Northmere",), sector="energy"),
    WatchedCompany(name="Solvanta Power", ticker="SLVP", aliases=("Solvanta",), sector="energy"),
    WatchedCompany(name="Larkfield", ticker="LRKF", aliases=("Larkfield Bank",), sector="banking"),
    WatchedCompany(name="Brackwell Motors", ticker="BRKW", aliases=("Brackwell",), sector="cars"),
)
# Of its own, so that titles differ as headlines do.
FILLER = [
    "plant",
    "dock",
    "mill",
    "river",
    "market",
    "winter",
    "harbour",
    "board",
    "report",
    "region",
    "tower",
    "north",
    "autumn",
    "supplier",
    "valley",
    "union",
    "engine",
    "storm",
    "bridge",
    "summer",
    "museum",
    "garden",
    "office",
    "county",
    "letter",
    "signal",
    "copper",
]


def about_masked(text: str) -> str:
    """Of a company's text what stands in one clause with it; another text as it is."""
    clauses = re.split(r"\bwhile\b", text.partition(BETWEEN)[2])
    return " ".join(clause for clause in clauses if MASK in clause) or text


class LexiconClassifier:
    """Sure of what a few words say."""

    name = "lexicon"
    labels = ("negative", "neutral", "positive")
    topics = tuple(TOPICS)

    def classify(self, texts: Sequence[str]) -> Classified:
        labels = np.full((len(texts), 3), 0.05, dtype=np.float32)
        topics = np.full((len(texts), len(TOPICS)), 0.02, dtype=np.float32)
        for row, text in enumerate(texts):
            words = set(re.findall(r"\w+", about_masked(text).lower()))
            labels[row, 0 if words & BAD else 2 if words & GOOD else 1] = 0.9
            for column, signs in enumerate(TOPICS.values()):
                if words & signs:
                    topics[row, column] = 0.9
        return Classified(labels, topics)


def reader(companies: Sequence[WatchedCompany] = COMPANIES) -> ArticleScorer:
    return ArticleScorer(Linker(companies), LexiconClassifier(), version="lexicon-1")


def at(hours: float = 0.0, minutes: float = 0.0) -> datetime:
    return DAY + timedelta(hours=hours, minutes=minutes)


def article(
    number: int, when: datetime, says: str = "Northmere slumps", **fields: object
) -> Article:
    """An article whose title nobody else has."""
    words = Random(number).sample(FILLER, 7)
    title = f"{says} {' '.join(words)} {number}"
    usual = {"id": f"a{number:04}", "title": title, "published_at": when}
    return Article(**(usual | fields))


def quiet_day(first: int = 0, hours: int = 12, start_hour: float = 0.0) -> list[Article]:
    """One neutral article an hour of each company, and a bad one now and then."""
    articles = []
    for hour in range(hours):
        for place, company in enumerate(COMPANIES):
            number = first + hour * len(COMPANIES) + place
            says = "slumps" if number % 23 == 0 else "reports"
            when = at(start_hour + hour, 5 + 13 * place)
            articles.append(article(number, when, f"{company.name} {says}"))
    return articles


def burst(
    when: datetime,
    count: int = 8,
    says: str = "Northmere strike",
    first: int = 500,
    every: float = 5,
) -> list[Article]:
    """Bad news that comes thick and fast."""
    return [
        article(first + n, when + timedelta(minutes=every * n), f"{says} hits {FILLER[n % 27]}")
        for n in range(count)
    ]


def entries_of(articles: Sequence[Article], partition: int = 0) -> list[DeskEntry]:
    """What the service makes of articles for the desk."""
    return [
        DeskEntry(
            sentiment=one.sentiment,
            sketch=one.sketch,
            excerpt=one.excerpt,
            partition=partition,
            written_at=DAY,
        )
        for one in reader().read(articles)
    ]


class Newsroom:
    """A desk whose batches are stored as the loop does."""

    def __init__(
        self,
        store: ResultStore | None = None,
        timing: Timing | None = None,
        rules: Rules | None = None,
        batch: int = 16,
        alert_rules: AlertRules | None = None,
    ) -> None:
        self.store = store or MemoryResults()
        self.timing, self.rules, self.batch = timing or Timing(), rules or Rules(), batch
        self.alert_rules = alert_rules
        self.results: list[Result] = []

    def take(self, entries: Sequence[DeskEntry]) -> Newsroom:
        for start in range(0, len(entries), self.batch):
            part = entries[start : start + self.batch]
            engine = AlertEngine(self.store, self.timing, self.rules, alert_rules=self.alert_rules)
            results = engine.fold(part)
            first = len(self.results)
            numbered = [
                (LogPlace(-1, first + n), result.writes) for n, result in enumerate(results)
            ]
            self.store.apply(Fence("desk", "news.desk", 0), numbered)
            self.results += results
        return self

    def read(self, articles: Sequence[Article]) -> Newsroom:
        return self.take(entries_of(articles))

    @property
    def alerts(self) -> list[Alert]:
        return sorted(read_alerts(self.store), key=lambda alert: (alert.raised_at, alert.id))

    @property
    def announced(self) -> list[Alert]:
        return [m for m in self._messages() if isinstance(m, Alert)]

    @property
    def sentiments(self) -> list[ArticleSentiment]:
        return [m for m in self._messages() if isinstance(m, ArticleSentiment)]

    def _messages(self) -> Iterable[object]:
        return (out.message for result in self.results for out in result.messages)


def essence(alerts: Iterable[Alert]) -> list[tuple[object, ...]]:
    """What must not depend on the way in which articles came."""
    return [
        (
            alert.id,
            alert.entity,
            alert.topic,
            alert.state,
            alert.severity,
            alert.window_start,
            alert.window_end,
            alert.observed,
            alert.article_ids,
            round(alert.expected, 9),
            alert.raised_at,
            alert.digest,
        )
        for alert in sorted(alerts, key=lambda alert: alert.id)
    ]
