"""When an address that did not take a post is asked again."""

from __future__ import annotations

import random
from collections.abc import Callable
from time import monotonic

from textwire.backoff import Backoff

FIRST_WAIT_S = 0.5
# An address that is back has what waited within a minute, and one that is away is asked so often.
LONGEST_WAIT_S = 60.0
# An address may ask for longer, but not for so long that its posts grow too old.
LONGEST_RETRY_AFTER_S = 3600.0


class RetrySchedule:
    """One schedule for an address: it is not asked more often where more waits for it.

    What has failed waits after each failure: twice as long as before, half of that drawn, so that
    replicas do not knock in step. What has not been tried yet does not wait for what has failed,
    but for an address that asks to be left alone everything does.
    """

    def __init__(
        self,
        clock: Callable[[], float] = monotonic,
        chance: Callable[[float, float], float] = random.uniform,
    ) -> None:
        """`clock` in seconds; `chance` is a number between two others."""
        self._clock, self._chance = clock, chance
        self._backoff = Backoff(FIRST_WAIT_S, LONGEST_WAIT_S)
        self._again_at_s = self._open_at_s = clock()

    def failed(self, retry_after_s: float = 0.0) -> None:
        """A post was not taken; the address may have said for how long to leave it alone."""
        now_s = self._clock()
        self._again_at_s = now_s + self._backoff.failed() * self._chance(0.5, 1.0)
        self._open_at_s = now_s + min(retry_after_s, LONGEST_RETRY_AFTER_S)

    def answered(self) -> None:
        """A post was taken, or refused for good: what waits may go at once."""
        self._backoff.succeeded()
        self._again_at_s = self._clock()

    def until_open_s(self) -> float:
        """How long until anything may be posted."""
        return max(0.0, self._open_at_s - self._clock())

    def until_again_s(self) -> float:
        """How long until what has failed before may be posted."""
        return max(self.until_open_s(), self._again_at_s - self._clock())
