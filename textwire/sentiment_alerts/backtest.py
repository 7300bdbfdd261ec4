"""The alerts that a history would have raised: the service's own code over dated articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import compress, islice
from typing import Protocol

import msgspec

from textwire.results.memory import MemoryResults
from textwire.results.writes import Fence
from textwire.sentiment_alerts.alert_engine.engine import AlertEngine
from textwire.sentiment_alerts.alert_rules import AlertRules
from textwire.sentiment_alerts.config import SentimentAlertsSettings
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.messages import Alert, Article, DeskEntry
from textwire.sentiment_alerts.results.reading import read_desk
from textwire.sentiment_alerts.results.records import DeskStatus
from textwire.sentiment_alerts.scoring.article_scorer import Scored
from textwire.sentiment_alerts.topics import NEWS_DESK
from textwire.wire.record import LogPlace

BATCH = 64
FENCE = Fence("backtest", NEWS_DESK.name, 0)


class LabelledSurge(msgspec.Struct, frozen=True, kw_only=True):
    """A surge that is known to have been, about a company, a topic or both."""

    entity: str | None
    topic: str | None
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Replayed:
    """What a history led to.

    alerts  all that were ever raised, oldest first, each as it was told of last; those that were
            withdrawn are none.
    """

    alerts: list[Alert]
    desk: DeskStatus | None
    articles: int


@dataclass(frozen=True)
class BacktestReport:
    """Alerts beside the surges that are known.

    delays    of each surge in order, from its beginning to its alert; None where none came.
    false     alerts that belong to no surge.
    """

    delays: list[timedelta | None]
    false: list[Alert]
    alerts: int

    @property
    def precision(self) -> float | None:
        """Of the alerts, the share that belongs to a surge; None without any."""
        return (self.alerts - len(self.false)) / self.alerts if self.alerts else None

    @property
    def recall(self) -> float | None:
        """Of the surges, the share that was found; None without any."""
        found = sum(delay is not None for delay in self.delays)
        return found / len(self.delays) if self.delays else None

    @property
    def median_delay(self) -> timedelta | None:
        """The middle one of those that were found."""
        found = sorted(delay for delay in self.delays if delay is not None)
        return found[len(found) // 2] if found else None


class Scorer(Protocol):
    """Reads articles."""

    @property
    def linker(self) -> Linker:
        """Whose companies are looked for."""
        ...

    def readable(self, articles: Sequence[Article]) -> list[bool]:
        """Of each whether its letters are known; others are left out, as live they are rejected."""
        ...

    def read(self, articles: Sequence[Article]) -> list[Scored]:
        """What each says."""
        ...


def _unseen(_count: int) -> None:
    """Nobody looks."""


class Replay:
    """An engine over a history. Its store forgets in the articles' time, as Redis does in ours."""

    def __init__(
        self,
        scorer: Scorer,
        settings: SentimentAlertsSettings,
        alert_rules: AlertRules | None = None,
    ) -> None:
        """Args: alert_rules: what is grave."""
        self._scorer, self._alert_rules = scorer, alert_rules
        self._timing, self._rules = settings.timing(sources=1), settings.rules
        self._now_s = 0.0
        self.store = MemoryResults(clock=lambda: self._now_s)
        self._offset = 0
        self._alerts: dict[str, Alert] = {}

    def run(
        self, articles: Iterable[Article], advance: Callable[[int], None] = _unseen
    ) -> Replayed:
        """Read and fold the articles, which are in the order of their time.

        Args: advance: told of so many more that are done.
        """
        for batch in _batches(articles):
            self._fold(batch)
            advance(len(batch))
        alerts = sorted(self._alerts.values(), key=lambda alert: (alert.raised_at, alert.id))
        return Replayed(alerts, read_desk(self.store), self._offset)

    def _fold(self, batch: Sequence[Article]) -> None:
        self._now_s = max(a.published_at.timestamp() for a in batch if a.published_at)
        readable = list(compress(batch, self._scorer.readable(batch)))
        entries = [
            DeskEntry(sentiment=one.sentiment, sketch=one.sketch, excerpt=one.excerpt)
            for one in self._scorer.read(readable)
        ]
        sectors = self._scorer.linker.sectors
        engine = AlertEngine(self.store, self._timing, self._rules, sectors, self._alert_rules)
        results = engine.fold(entries)
        numbered = [
            (LogPlace(-1, self._offset + n), result.writes) for n, result in enumerate(results)
        ]
        self.store.apply(FENCE, numbered)
        self._offset += len(batch)
        for message in (outgoing.message for result in results for outgoing in result.messages):
            if isinstance(message, Alert):
                self._keep(message)

    def _keep(self, alert: Alert) -> None:
        """The store forgets what was resolved long ago, and a history is longer."""
        if alert.transition == "withdrawn":
            self._alerts.pop(alert.id, None)
        else:
            self._alerts[alert.id] = alert


def judge(
    alerts: Sequence[Alert], labelled: Sequence[LabelledSurge], slack: timedelta
) -> BacktestReport:
    """Which alerts belong to which surges.

    An alert belongs to a surge of its company (or topic) in whose time it was raised. Falls of tone
    are told by the day and judged by nobody here.

    Args: slack: how long after a surge's end an alert still belongs to it.
    """
    alerts = [alert for alert in alerts if alert.kind != "shift"]
    delays: list[timedelta | None] = []
    true: set[str] = set()
    for surge in labelled:
        own = [alert for alert in alerts if _belongs(alert, surge, slack)]
        true |= {alert.id for alert in own}
        first = min((alert.raised_at for alert in own), default=None)
        delays.append(None if first is None else first - surge.begins)
    return BacktestReport(delays, [alert for alert in alerts if alert.id not in true], len(alerts))


def _belongs(alert: Alert, surge: LabelledSurge, slack: timedelta) -> bool:
    if surge.entity is not None and alert.entity != surge.entity:
        return False
    if surge.entity is None and alert.topic != surge.topic:
        return False
    return surge.begins <= alert.raised_at <= surge.ends + slack


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    iterator = iter(articles)
    while batch := list(islice(iterator, BATCH)):
        yield batch
