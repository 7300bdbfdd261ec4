"""What all users like at the moment, read anew every few seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Thread
from time import monotonic

import structlog

from textwire.errors import Unavailable
from textwire.ranking.popularity import Popularity, read_popularity
from textwire.results.recommendations import inactive_writes
from textwire.results.store import ResultStore

STOPPED_WITHIN_S = 2.0
# Two weeks of counts of 100,000 items take a second to read: then it is read less often.
MOST_PART_OF_TIME = 0.05
# Lists look at 1,000 popular items at most; some of those are sold out.
KEPT_RANKED = 5_000

log = structlog.get_logger()


@dataclass(frozen=True)
class Liking:
    """A snapshot: counts, and the ids of what is liked, the most liked first."""

    popularity: Popularity = field(default_factory=Popularity)
    ranked: tuple[str, ...] = ()


class LikingReader(Thread):
    """Reads on a thread of its own, so that no request waits for it.

    What is counted by any replica is seen by all, a few seconds late. It also lets go of users
    who have not been active lately.
    """

    def __init__(self, store: ResultStore, clock: Callable[[], datetime], every_s: float) -> None:
        """Start with `start()`; before, nothing is liked."""
        super().__init__(name="liking", daemon=True)
        self._store = store
        self._clock = clock
        self._every_s = every_s
        self._stopping = Event()
        self.now = Liking()

    def run(self) -> None:
        """Read until stopped; while the store is away, what was read last stands."""
        pause_s = 0.0
        while not self._stopping.wait(pause_s):
            began_s = monotonic()
            try:
                self.read()
                self.tidy()
            except Unavailable as error:
                log.warning("liking_not_read", error=str(error))
            except Exception:  # lists go on with what was read last, and the log says why
                log.exception("liking_not_read")
            pause_s = max(self._every_s, (monotonic() - began_s) / MOST_PART_OF_TIME)

    def read(self) -> None:
        """Read once.

        Raises: RedisUnavailable.
        """
        popularity = read_popularity(self._store, self._clock())
        self.now = Liking(popularity, tuple(popularity.ranked()[:KEPT_RANKED]))

    def tidy(self) -> None:
        """Let go of what nobody reads any more.

        Raises: RedisUnavailable.
        """
        self._store.write(inactive_writes(self._store))

    def stop(self) -> None:
        """Read no more."""
        self._stopping.set()
        if self.is_alive():
            self.join(STOPPED_WITHIN_S)
