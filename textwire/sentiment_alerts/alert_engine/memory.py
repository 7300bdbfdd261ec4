"""What is remembered, as a batch goes on with it: read when it is needed, and written once."""

from __future__ import annotations

from collections.abc import Iterable

from textwire.results.store import ResultStore
from textwire.results.writes import Write
from textwire.sentiment_alerts.alert_engine.names import empty_series
from textwire.sentiment_alerts.alert_engine.state import (
    AlertEngineState,
    EntityState,
    MarketState,
    entity_writes,
    read_engine_state,
    read_entities,
    state_writes,
)
from textwire.sentiment_alerts.alert_rules import AlertRules
from textwire.sentiment_alerts.event_time import (
    HOUR_MS,
    MINUTE_MS,
    Timing,
    moment_of,
    watermark_ms,
)
from textwire.sentiment_alerts.results.records import Cell, DeskStatus, Subject
from textwire.sentiment_alerts.results.writing import cell_writes, desk_writes
from textwire.sentiment_alerts.surges.cell_tally import WHOLE, Counted
from textwire.sentiment_alerts.surges.pooled_baseline import PooledBaseline
from textwire.sentiment_alerts.surges.rules import Rules
from textwire.sentiment_alerts.surges.series import EntitySeries
from textwire.sentiment_alerts.surges.surge_test import SurgeTest

# Articles that come before the first one, from another partition, can be so much older.
BEFORE_FIRST_MS = 24 * HOUR_MS


class Memory:
    """The engine's state, and companies and topics by name."""

    def __init__(
        self, store: ResultStore, timing: Timing, rules: Rules, alert_rules: AlertRules
    ) -> None:
        """Read how far the engine has come.

        Raises: RedisUnavailable: the store is away.
        """
        self.store, self.timing, self.rules = store, timing, rules
        self.alert_rules = alert_rules
        self._begun = read_engine_state(store)
        self._entities: dict[str, EntityState] = {}
        self._touched: set[str] = set()
        self._cells: dict[tuple[str, str, int], Counted] = {}

    @property
    def has_begun(self) -> bool:
        """Whether an article ever came."""
        return self._begun is not None

    @property
    def state(self) -> AlertEngineState:
        """How far the engine has come; there is none before the first article."""
        assert self._begun is not None  # noqa: S101 - begun by the first article
        return self._begun

    def begin(self, at_ms: int, written_ms: int) -> None:
        """With the first article, unless that was long ago."""
        if self._begun is not None:
            return
        cell, begin = self.timing.cell(at_ms), self.timing.cell(at_ms - BEFORE_FIRST_MS)
        folded = begin - self.timing.window + 1
        self._begun = AlertEngineState(
            closed=begin,
            begun_ms=written_ms,
            clock_ms=at_ms,
            pooled=PooledBaseline.beginning(cell, folded, self.timing),
            progress={},
            active=[],
            active_episodes=[],
            resolved=[],
            toned={},
            fallen=[],
            market=MarketState(),
        )

    def load(self, names: Iterable[str]) -> None:
        """Read many at once, which is quicker than one by one.

        Raises: RedisUnavailable: the store is away.
        """
        missing = [name for name in dict.fromkeys(names) if name not in self._entities]
        if missing:
            self._entities |= read_entities(self.store, missing)

    def entity(self, name: str) -> EntityState:
        """One that was loaded, or a new one."""
        if name not in self._entities:
            self._entities[name] = EntityState(series=empty_series(name))
        return self._entities[name]

    def touch(self, name: str) -> None:
        """It is to be written with the batch."""
        self._touched.add(name)

    def activate(self, name: str) -> None:
        """The end of a cell changes it."""
        self.touch(name)
        if name not in self.state.active:
            self.state.active.append(name)

    def show_cell(self, name: str, key: str, cell: int, counted: Counted) -> None:
        """Pages are to see a cell's counts as they are when the batch ends."""
        self._cells[name, key, cell] = counted

    def owner_here(self, alert_id: str) -> str | None:
        """Whose alert it is that was raised within this batch, and is not stored yet."""
        for name, entity in self._entities.items():
            if entity.announced is not None and entity.announced.id == alert_id:
                return name
        standing = self._begun.standing if self._begun else {}
        return next((name for name, one in standing.items() if one.alert.id == alert_id), None)

    def surge_test(self, upto: int) -> SurgeTest:
        """The test, with the constants of all cells before `upto`."""
        return SurgeTest(self.state.pooled, self.timing, self.rules, upto)

    def writes(self) -> list[Write]:
        """Everything that the batch changed."""
        if not self.has_begun:
            return []
        writes: list[Write] = []
        for name in sorted(self._touched):
            writes += entity_writes(name, self._entities[name])
        writes += self._cell_writes()
        return [*writes, *state_writes(self.state), *desk_writes(self._status())]

    def _cell_writes(self) -> list[Write]:
        writes: list[Write] = []
        for (name, key, cell), counted in self._cells.items():
            series = self._entities[name].series
            shown = Cell(
                start=self.timing.start(cell),
                negative=counted.negative,
                neutral=counted.neutral,
                positive=counted.positive,
                score_sum=counted.score_sum,
                copies=counted.copies,
                expected=self._expected(series, key, cell),
            )
            writes += cell_writes(_subject(series, key), shown)
        return writes

    def _expected(self, series: EntitySeries, key: str, cell: int) -> float:
        if key not in series.keys:
            return 0.0
        folded = self.state.pooled.folded
        surge_test = self.surge_test(folded)
        return surge_test.rate(series.keys[key], folded).mean * surge_test.season(cell)

    def _status(self) -> DeskStatus:
        state = self.state
        watermark = watermark_ms(state.progress, state.begun_ms, self.timing)
        if watermark is None:
            watermark = state.clock_ms - self.timing.lateness_minutes * MINUTE_MS
        # What was closed stays so: an article dated long ago, through a partition of its own, does
        # not take the pages back there.
        closed_ms = state.closed * self.timing.step_ms
        return DeskStatus(
            watermark=moment_of(max(watermark, closed_ms)),
            step_minutes=self.timing.step_minutes,
            window_minutes=self.timing.window_minutes,
            articles=state.articles,
            copies=state.copies,
            late=state.late,
            corrections=state.corrections,
            keys=state.pooled.keys,
            alerts=state.alerts,
            false_alarms_per_day=self.rules.false_alarms_per_day,
        )


def _subject(series: EntitySeries, key: str) -> Subject:
    if series.kind == "topic":
        return Subject(None, series.name)
    return Subject(series.name, None if key == WHOLE else key)
