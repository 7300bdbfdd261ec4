"""How much one caller may ask for in a minute, counted in this process."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from services.gateway.problems import Problem


class RateLimit:
    """At most so many of one kind in any minute, for each caller."""

    def __init__(self, of: str, each_minute: int) -> None:
        """`of` is what is counted, such as `questions`."""
        self._of = of
        self._most = RateLimitItemPerMinute(each_minute, namespace=of)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def spend(self, caller: str) -> None:
        """Count one.

        Raises: Problem: 429, with when to come back.
        """
        if await self._limiter.hit(self._most, caller):
            return
        window = await self._limiter.get_window_stats(self._most, caller)
        wait_s = max(1, math.ceil(window.reset_time - time.time()))
        raise Problem(
            429,
            f"More than {self._most.amount:,} {self._of} in a minute. Try again in {wait_s} s.",
            retry_after_s=wait_s,
        )
