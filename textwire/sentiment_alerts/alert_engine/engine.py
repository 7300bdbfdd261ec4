"""One batch of the log, folded over what is remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textwire.results.store import ResultStore
from textwire.sentiment_alerts.alert_engine.actions import Actions
from textwire.sentiment_alerts.alert_engine.articles import Articles
from textwire.sentiment_alerts.alert_engine.cell_closing import CellClosing
from textwire.sentiment_alerts.alert_engine.changes import Changes
from textwire.sentiment_alerts.alert_engine.counting import Counting
from textwire.sentiment_alerts.alert_engine.events import Events
from textwire.sentiment_alerts.alert_engine.market import Market
from textwire.sentiment_alerts.alert_engine.memory import Memory
from textwire.sentiment_alerts.alert_engine.publishing import Publishing
from textwire.sentiment_alerts.alert_engine.shifts import Shifts
from textwire.sentiment_alerts.alert_engine.silences import Silences
from textwire.sentiment_alerts.alert_rules import AlertRules
from textwire.sentiment_alerts.event_time import Timing, advanced, as_ms
from textwire.sentiment_alerts.messages import ArticleSentiment, DeskEntry
from textwire.sentiment_alerts.surges.rules import Rules
from textwire.stream.processor import Result


class AlertEngine:
    """Folds one batch: what each entry leads to, and with the last one what is remembered."""

    def __init__(
        self,
        store: ResultStore,
        timing: Timing,
        rules: Rules,
        sectors: Mapping[str, str | None] | None = None,
        alert_rules: AlertRules | None = None,
    ) -> None:
        """Read how far the engine has come.

        Args:   sectors: of the companies, for the pages. alert_rules: what is grave.
        Raises: RedisUnavailable: the store is away.
        """
        self._sectors = sectors or {}
        self._changes = Changes()
        self._memory = Memory(store, timing, rules, alert_rules or AlertRules())
        self._counting = Counting(self._memory)
        self._publishing = Publishing(self._memory, self._changes)
        self._shifts = Shifts(self._memory, self._publishing)
        self._market = Market(self._memory, self._publishing)
        self._closing = CellClosing(self._memory, self._publishing, self._shifts, self._market)
        self._silences = Silences(self._memory, self._publishing)
        self._events = Events(self._memory, self._publishing)
        self._actions = Actions(self._memory, self._publishing, self._changes)

    def fold(self, entries: Sequence[DeskEntry]) -> list[Result]:
        """What each entry leads to, in their order.

        Raises: RedisUnavailable: the store is away.
        """
        articles = Articles(entries, self._memory, self._counting, self._changes, self._sectors)
        results = [self._one(entry, articles) for entry in entries]
        if results:
            remembered = (*articles.writes(), *self._memory.writes())
            results[-1] = Result(results[-1].messages, (*results[-1].writes, *remembered))
        return results

    def _one(self, entry: DeskEntry, articles: Articles) -> Result:
        if entry.sentiment is not None:
            self._article(entry, entry.sentiment, articles)
        if entry.feed is not None:
            self._silences.take_feed(entry.feed)
        if entry.action is not None:
            self._actions.act(entry.action)
        return self._changes.taken()

    def _article(self, entry: DeskEntry, sentiment: ArticleSentiment, articles: Articles) -> None:
        at_ms = as_ms(sentiment.published_at)
        written_ms = as_ms(entry.written_at) if entry.written_at else at_ms
        self._memory.begin(at_ms, written_ms)
        taken = articles.take(entry, sentiment)
        state = self._memory.state
        state.clock_ms = max(state.clock_ms, at_ms)
        before = state.progress.get(entry.partition)
        state.progress[entry.partition] = advanced(before, at_ms, written_ms)
        self._silences.take(entry.partition)
        self._closing.close_passed()
        self._events.pass_time()
        self._shifts.pass_time()
        self._market.pass_time()
        if taken.original is not None:
            self._events.take(taken.original)
        self._publishing.correct(taken.corrected)
        self._publishing.announce_early(taken.tipped)
