"""What all users like at the moment, read anew every few seconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import PeriodicTask
from textwire.recommendations.counts.co_occurrence import read_taken, trim_writes
from textwire.recommendations.counts.popularity import (
    HALF_LIFE_DAYS,
    PopularitySnapshot,
    read_popularity,
)
from textwire.recommendations.results import inactive_writes
from textwire.results.store import ResultStore

# Two weeks of counts of 100,000 items take a second to read: then it is read less often.
MOST_PART_OF_TIME = 0.05
# Rows of neighbours that are looked at each time, lest they grow too long.
TRIMMED_AT_ONCE = 500


class PopularityReader:
    """Reads beside the requests, so that none waits for it.

    What is counted by any replica is seen by all, a few seconds late. It also lets go of users
    who have not been active lately.
    """

    def __init__(
        self,
        store: ResultStore,
        clock: Callable[[], datetime],
        half_life_days: Callable[[], float] = lambda: HALF_LIFE_DAYS,
    ) -> None:
        """Before the first look nothing is liked; while looks fail, what was read last stands.

        Args: half_life_days: of what all users did, as the model in use was trained.
        """
        self._store = store
        self._clock = clock
        self._half_life_days = half_life_days
        self.now = PopularitySnapshot()
        self._trimmed = 0

    def every(self, seconds: float, metrics: ServiceMetrics) -> PeriodicTask:
        """Looks on a thread of its own. While they fail lists are made, and we are warned."""
        return PeriodicTask(
            "popularity",
            self.look,
            seconds,
            metrics.health,
            metrics.liveness,
            busy_at_most=MOST_PART_OF_TIME,
        )

    def look(self) -> None:
        """Read, and tidy.

        Raises: RedisUnavailable.
        """
        self.read()
        self.tidy()

    def read(self) -> None:
        """Read once.

        Raises: RedisUnavailable.
        """
        popularity = read_popularity(self._store, self._clock(), self._half_life_days())
        self.now = PopularitySnapshot.of(popularity, read_taken(self._store))

    def tidy(self) -> None:
        """Let go of what nobody reads any more.

        Raises: RedisUnavailable.
        """
        self._store.write(inactive_writes(self._store))
        self._store.write(trim_writes(self._store, self._next_rows()))

    def _next_rows(self) -> list[str]:
        """Items whose neighbours are looked at this time; over time all have their turn."""
        taken = list(self.now.taken.units)
        rows = taken[self._trimmed : self._trimmed + TRIMMED_AT_ONCE]
        self._trimmed = self._trimmed + len(rows) if rows else 0
        return rows
