"""How long a thread that looks every so often rests between two looks."""

from __future__ import annotations

import random
from collections.abc import Callable

# After a failure the pauses double up to this: what returns is noticed within as much.
LONGEST_RETRY_S = 5.0
FIRST_RETRY_S = 0.5


class Pauses:
    """Pauses that keep to an interval, and get longer while looks fail."""

    def __init__(
        self,
        every_s: float,
        *,
        spread: float = 0.0,
        busy_at_most: float = 1.0,
        chance: Callable[[float, float], float] = random.uniform,
    ) -> None:
        """Every so often, at first.

        Args: spread: each pause is drawn from `every_s` less to more by this part of it, so that
                  replicas do not look in step.
              busy_at_most: the part of its time, in (0, 1], that a thread may spend looking: after
                  a slow look it rests for longer.
              chance: a number between two others.
        """
        self._every_s, self._spread, self._busy_at_most = every_s, spread, busy_at_most
        self._chance = chance
        self._retry_s = 0.0

    def after_success(self, took_s: float) -> float:
        """The pause after a look that took so long."""
        self._retry_s = 0.0
        rest_s = took_s * (1 / self._busy_at_most - 1)
        return max(rest_s, self._every_s * self._chance(1 - self._spread, 1 + self._spread))

    def after_failure(self) -> float:
        """The pause after a look that failed: drawn, so that replicas do not knock in step."""
        first, longest = max(self._every_s, FIRST_RETRY_S), max(self._every_s, LONGEST_RETRY_S)
        self._retry_s = min(max(first, 2 * self._retry_s), longest)
        return self._retry_s * self._chance(0.5, 1.0)
