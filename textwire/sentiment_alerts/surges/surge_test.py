"""What counts are measured with: baselines as they stand before a window, and the budget."""

from __future__ import annotations

from collections.abc import Iterable

from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.surges.baseline import Rate
from textwire.sentiment_alerts.surges.pooled_baseline import PooledBaseline, prior_rate
from textwire.sentiment_alerts.surges.rules import Rules
from textwire.sentiment_alerts.surges.series import SeriesState

# The budget is not shared among fewer keys than this: an engine that has just begun knows few.
FEWEST_KEYS = 100
# How many times the expected a cell of a surge counts in the baseline, at most. A surge is some
# hundred times the expected, and so as good as left out; while one that is a company's new level,
# or an hour of the day that was not known to be busy, is learned within days.
SURGE_TEACHES = 3.0


class SurgeTest:
    """What counts are measured with, from the pooled baseline's folded cell on."""

    def __init__(self, pooled: PooledBaseline, timing: Timing, rules: Rules, upto: int) -> None:
        """For cells before `upto`."""
        self.timing, self.rules = timing, rules
        self.discount = rules.discount(timing)
        self._pooled = pooled
        self._exposures = pooled.exposures(upto, timing, self.discount)

    @property
    def warm_from(self) -> int:
        """The first cell in which a surge can begin."""
        cells = self.rules.warm_up_hours * self.timing.cells_per_hour
        return self._pooled.first + int(cells)

    def season(self, cell: int) -> float:
        """How busy a cell is, beside an average one."""
        return self._pooled.season(cell, self.timing)

    def window_exposure(self, cell: int) -> float:
        """Of the window that ends with a cell, as busy as it may be for all that is known."""
        return sum(self._pooled.season_at_most(one, self.timing) for one in self.window(cell))

    def window(self, cell: int) -> range:
        """The cells of the window that ends with a cell."""
        return range(cell - self.timing.window + 1, cell + 1)

    def tide(self, cells: Iterable[int], own: float) -> float:
        """By how much busier than expected cells are for all companies but one; 1 at least."""
        return self._pooled.tide(cells, own, self.timing)

    def level(self, cell: int) -> float:
        """How improbable a count must be: the budget, shared among all tests of a day."""
        keys = max(FEWEST_KEYS, self._pooled.hour(cell, self.timing).keys)
        return self.rules.surge_alarms_per_day / (keys * self.timing.cells_per_day)

    def rate(self, key: SeriesState, cell: int) -> Rate:
        """A key's rate from its cells before this one, which are all folded."""
        rolled = self.rolled(key, cell)
        hour = self._pooled.hour(cell, self.timing)
        return prior_rate(key.kind, hour, rolled.articles, rolled.exposure)

    def rolled(self, key: SeriesState, cell: int) -> SeriesState:
        """The key after cells without articles."""
        if key.at is None or key.at == cell:
            return key
        faded = self.discount ** (cell - key.at)
        now = self._exposures[cell]
        exposure = faded * key.exposure + now - faded * key.all_exposure
        return SeriesState(
            key.kind, key.first_seen, cell, faded * key.articles, max(0.0, exposure), now
        )

    def folded(
        self, key: SeriesState, cell: int, articles: int, *, surged: bool
    ) -> tuple[SeriesState, float]:
        """The key with one more cell, and what was counted of it.

        A surge teaches little: what is far beyond the expected is left out.
        """
        if key.first_seen > cell:
            return key, 0.0
        if key.at is None:
            key = SeriesState(key.kind, key.first_seen, cell, all_exposure=self._exposures[cell])
        key = self.rolled(key, cell)
        season = self.season(cell)
        counted = float(articles)
        if surged:
            expected = self.rate(key, cell).mean * season * self.tide([cell], articles)
            counted = min(counted, SURGE_TEACHES * expected)
        return (
            SeriesState(
                key.kind,
                key.first_seen,
                cell + 1,
                self.discount * key.articles + counted,
                self.discount * key.exposure + season,
                self._exposures[cell + 1],
            ),
            counted,
        )
