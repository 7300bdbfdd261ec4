"""Writes a service's report to Redis, once a second, for the page Operations."""

from __future__ import annotations

from collections.abc import Callable

from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import PeriodicTask
from textwire.observing.reports import (
    ServiceReport,
    farewell_writes,
    gone_writes,
    report_writes,
    succession_writes,
)
from textwire.results.store import ResultStore


class Reporter:
    """Reports what a process counts and lacks, and takes it off the page when it stops."""

    def __init__(
        self, metrics: ServiceMetrics, results: ResultStore, model: Callable[[], str]
    ) -> None:
        self._metrics, self._results, self._model = metrics, results, model
        self._has_succeeded = False

    def report(self) -> None:
        """Report once.

        Raises: RedisUnavailable.
        """
        report = self._now()
        writes = report_writes(report)
        if not self._has_succeeded:
            # In one step: a page that looks meanwhile sees the predecessor or its successor.
            gone = gone_writes(self._results, report.at)
            writes = [*gone, *succession_writes(self._results, report), *writes]
        self._results.write(writes)
        self._has_succeeded = True

    def say_farewell(self) -> None:
        """It was stopped on purpose: nobody needs to miss it.

        Raises: RedisUnavailable.
        """
        self._results.write(farewell_writes(self._now()))

    def _now(self) -> ServiceReport:
        return self._metrics.report(self._model())


def reporter(
    metrics: ServiceMetrics, results: ResultStore, model: Callable[[], str], every_s: float
) -> PeriodicTask:
    """A reporter on a thread of its own. While it fails the service works, and is warned of."""
    reporting = Reporter(metrics, results, model)
    return PeriodicTask(
        "reporter",
        reporting.report,
        every_s,
        metrics.health,
        metrics.liveness,
        at_end=reporting.say_farewell,
    )
