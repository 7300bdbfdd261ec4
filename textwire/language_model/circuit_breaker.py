"""When a language model that does not answer is left alone, so that customers need not wait."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textwire.backoff import Backoff

# One may be chance, and three customers have waited then.
FAILURES_IN_A_ROW = 3
FIRST_PAUSE_S = 5.0
# One that is back serves again within a minute.
LONGEST_PAUSE_S = 60.0


class CircuitBreaker:
    """Closed: everything is asked. Open: nothing. After a pause one question tries.

    closed ── three failures in a row ──▶ open ── pause ──▶ trying ── it answers ──▶ closed
                                            ▲                 │
                                            └─ twice as long ─┘ it fails
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Closed. Args: clock: in seconds."""
        self._clock = clock
        self._pauses = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        self._failures = 0
        self._closed_until_s: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has failed too often, and has not answered since."""
        return self._closed_until_s is not None

    def may_ask(self, wanted: int) -> int:
        """How many of so many questions may be asked now."""
        if self._closed_until_s is None:
            return wanted
        return min(wanted, 1) if self._clock() >= self._closed_until_s else 0

    def answered(self) -> None:
        """It answered: everything may be asked again."""
        self._pauses.succeeded()
        self._failures = 0
        self._closed_until_s = None

    def failed(self, retry_after_s: float = 0.0) -> None:
        """It did not; it may have said for how long to leave it alone."""
        if self.is_open and not self.may_ask(1):
            return  # of those that were under way when it opened
        self._failures += 1
        if retry_after_s or self.is_open or self._failures >= FAILURES_IN_A_ROW:
            pause_s = max(self._pauses.failed(), min(retry_after_s, LONGEST_PAUSE_S))
            self._closed_until_s = self._clock() + pause_s
