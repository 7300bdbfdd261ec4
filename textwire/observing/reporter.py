"""Writes a service's report to Redis, once a second, for the page Operations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Event, Thread

from textwire.errors import Unavailable
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.reports import farewell_writes, gone_writes, report_writes
from textwire.results.store import ResultStore
from textwire.results.writes import Write


class Reporter:
    """A thread that reports; while Redis is away it says nothing, and says so in the readiness."""

    def __init__(
        self,
        metrics: ServiceMetrics,
        results: ResultStore,
        model: Callable[[], str],
        every_s: float,
    ) -> None:
        self._metrics = metrics
        self._results = results
        self._model = model
        self._every_s = every_s
        self._stop = Event()
        self._thread = Thread(target=self._report_until_stopped, name="reporter", daemon=True)

    def start(self) -> None:
        """Begin to report."""
        self._thread.start()

    def stop(self) -> None:
        """Stop reporting, and take the service off the page: it was stopped on purpose."""
        self._stop.set()
        self._thread.join(timeout=2)

    def _report_until_stopped(self) -> None:
        self._write(lambda: gone_writes(self._results, datetime.now(UTC)))
        while not self._stop.wait(self._every_s):
            self._write(lambda: report_writes(self._metrics.report(self._model())))
        report = self._metrics.report(self._model())
        self._write(lambda: farewell_writes(report.service, report.replica))

    def _write(self, made: Callable[[], Sequence[Write]]) -> None:
        try:
            self._results.write(made())
        except Unavailable as error:
            self._metrics.health.unmet("redis", str(error))
        else:
            self._metrics.health.met("redis")
