"""Trying again while something is away: ever less often, and never in step with others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog
import tenacity

from textwire.errors import Unavailable
from textwire.observing.metrics import ServiceMetrics
from textwire.settings import StreamSettings

Done = TypeVar("Done")

log = structlog.get_logger()


class Stopped(Exception):
    """There is no use in trying any more: the service stops, or the work is not ours any more."""


class Retrying:
    """Calls again what raised Unavailable, after first_s, twice that, and so on up to longest_s.

    Each wait is drawn between nothing and its full length, so that replicas do not knock in step
    (Brooker 2015, "Exponential Backoff And Jitter", full jitter).
    """

    def __init__(
        self,
        first_s: float,
        longest_s: float,
        sleep: Callable[[float], None],
        on_failure: Callable[[Unavailable], None],
    ) -> None:
        """`sleep` may raise Stopped; `on_failure` hears of every failed try."""
        self._wait = tenacity.wait_random_exponential(multiplier=first_s, max=longest_s)
        self._sleep = sleep
        self._on_failure = on_failure

    def __call__(self, action: Callable[[], Done]) -> Done:
        """The action's result, once it succeeds.

        Raises: Stopped, and whatever else the action raises.
        """
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Unavailable),
            wait=self._wait,
            sleep=self._sleep,
            after=self._tell,
        )
        return attempts(action)

    def _tell(self, attempt: tenacity.RetryCallState) -> None:
        failure = attempt.outcome.exception() if attempt.outcome else None
        if isinstance(failure, Unavailable):
            self._on_failure(failure)


class WatchedRetrying:
    """Retries that show: in the log, in a metric, and in the service's readiness."""

    def __init__(
        self,
        condition: str,
        sleep: Callable[[float], None],
        settings: StreamSettings,
        metrics: ServiceMetrics,
        of: str = "",
    ) -> None:
        """`condition` is what readiness lacks while tries fail; nobody else tells of it.

        (A poll that succeeds says nothing of a publisher that fails, though both need the broker.)

        Args: of: whose condition it is, where a service runs several loops.
        """
        self._condition = condition
        self._of = of
        self._metrics = metrics
        self._retrying = Retrying(
            settings.retry_first_s, settings.retry_longest_s, sleep, self._failed
        )

    def __call__(self, action: Callable[[], Done]) -> Done:
        """The action's result, once it succeeds."""
        try:
            return self._retrying(action)
        finally:  # also when nobody waits for it any more
            self._metrics.health.met(self._condition, self._of)

    def _failed(self, failure: Unavailable) -> None:
        log.warning("will try again", condition=self._condition, reason=str(failure))
        self._metrics.retried()
        self._metrics.health.unmet(self._condition, str(failure), self._of)
