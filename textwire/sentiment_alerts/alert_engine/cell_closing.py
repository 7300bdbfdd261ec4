"""Closing the cells that the watermark has passed, one by one, and a long silence at once."""

from __future__ import annotations

from textwire.sentiment_alerts.alert_engine.market import Market
from textwire.sentiment_alerts.alert_engine.memory import Memory
from textwire.sentiment_alerts.alert_engine.publishing import Publishing
from textwire.sentiment_alerts.alert_engine.shifts import Shifts
from textwire.sentiment_alerts.alert_engine.state import EntityState
from textwire.sentiment_alerts.event_time import watermark_ms
from textwire.sentiment_alerts.surges.pooled_baseline import LONGEST_WALK_DAYS
from textwire.sentiment_alerts.surges.stepping import step


class CellClosing:
    """Moves the first open cell on."""

    def __init__(
        self, memory: Memory, publishing: Publishing, shifts: Shifts, market: Market
    ) -> None:
        self._memory, self._publishing = memory, publishing
        self._shifts, self._market = shifts, market
        self._timing, self._rules = memory.timing, memory.rules
        self._discount = memory.rules.discount(memory.timing)

    def close_passed(self) -> None:
        """Close what the watermark has passed by now."""
        state = self._memory.state
        watermark = watermark_ms(state.progress, state.begun_ms, self._timing)
        if watermark is None:
            return
        upto = self._timing.cell(watermark)
        if upto - state.closed > LONGEST_WALK_DAYS * self._timing.cells_per_day:
            self._step_over_silence(upto)
        while state.closed < upto:
            self._close_one()

    def _step_over_silence(self, upto: int) -> None:
        """Close at once the cells between the last article and the one that comes now."""
        state = self._memory.state
        quiet_cells = self._rules.quiet_minutes // self._timing.step_minutes + 1
        for _ in range(self._timing.window + quiet_cells):
            self._close_one()  # what was before comes to its end
        self._memory.load(state.active)
        firsts = [self._first_cell(self._memory.entity(name)) for name in state.active]
        quiet = min([upto, *firsts]) - self._timing.window - state.closed
        if quiet > 0:
            state.pooled.skip(quiet, self._timing, self._discount)
            state.closed += quiet
            self._shifts.close_days()
            self._market.close()

    def _first_cell(self, entity: EntityState) -> int:
        """The first cell in which an entity of which nothing is under way has anything."""
        unseen = [key.first_seen for key in entity.series.keys.values() if key.at is None]
        return min([*entity.series.cells, *unseen], default=self._memory.state.closed)

    def _close_one(self) -> None:
        state, cell = self._memory.state, self._memory.state.closed
        self._memory.load([*state.active, *state.active_episodes])
        folded = self._step_all(cell)
        candidates = dict.fromkeys([*state.active_episodes, *state.active])
        state.active_episodes = [name for name in candidates if self._may_go_on(name, cell)]
        self._publishing.announce_closed(cell)
        state.pooled.fold(folded, self._timing, self._discount)
        state.active = [name for name in state.active if self._memory.entity(name).is_active]
        state.closed = cell + 1
        self._shifts.close_days()
        self._market.close()
        self._publishing.forget_old()

    def _step_all(self, cell: int) -> dict[str, float]:
        """Test everything that has something in the window; what was counted, by kind."""
        surge_test = self._memory.surge_test(cell + 1)
        folded: dict[str, float] = {}
        for name in self._memory.state.active:
            entity = self._memory.entity(name)
            entity.series, counted = step(entity.series, cell, surge_test)
            self._memory.touch(name)
            for kind, count in counted.items():
                folded[kind] = folded.get(kind, 0.0) + count
        return folded

    def _may_go_on(self, name: str, cell: int) -> bool:
        """Whether its episode is under way, or ended so lately that more may belong to it."""
        entity = self._memory.entity(name)
        if entity.is_early:
            return True
        episode = entity.series.episode
        if episode is None:
            return False
        since = cell if episode.ended is None else episode.ended
        return cell - since <= self._rules.reopen_hours * self._timing.cells_per_hour
