"""What a service reports of itself to Redis, for the page Operations.

Each process has a report of its own, so that two that were given one replica number by mistake are
both seen. What a process reported last goes when another of its number has taken its place.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from textwire.results.keys import key
from textwire.results.reading import read_list, read_table
from textwire.results.store import ResultStore
from textwire.results.writes import Append, SetField, Write
from textwire.wire.message import Moment

REPORTS_KEY = key("services")
# 15 minutes of one report a second.
KEPT_REPORTS = 900
# So many dead letters are counted one by one; a larger number may be too large.
LETTERS_COUNTED_UP_TO = 10_000
# Whoever has said nothing for a day is gone for good, and not merely away.
GONE_AFTER = timedelta(days=1)


class StageTimes(msgspec.Struct, frozen=True):
    """How long one stage took over the last minute."""

    stage: str  # queue, decode, process, store, publish, total; or a service's own
    count: int
    p50_ms: float
    p99_ms: float
    misdated: int = 0  # records whose date tells no time: left out of the rest


class ServiceReport(msgspec.Struct, frozen=True, kw_only=True):
    """One process of one replica, at one moment. Counts are totals since it started."""

    service: str
    replica: int
    at: Moment
    started_at: Moment
    ready: bool
    reason: str = ""  # why it is not ready
    warnings: str = ""  # what works worse than it should, ready or not
    model: str = ""
    records_in: int = 0
    records_out: int = 0
    dead_letters: int = 0
    dead_letters_standing: dict[str, int] = {}  # by their topic, whoever put them there and when
    retries: int = 0
    records_per_s: float = 0.0  # over the last 10 seconds
    lag: dict[str, int] = {}  # by "topic/partition", of the partitions this replica owns
    stages: tuple[StageTimes, ...] = ()
    memory_mb: float = 0.0
    host: str = ""
    pid: int = 0

    @property
    def process(self) -> str:
        """Which process this is, for people: `4711 on host-a`."""
        return f"{self.pid} on {self.host}" if self.host else f"{self.pid}"


class ServiceMoment(msgspec.Struct, frozen=True):
    """A report's few numbers that are drawn over time."""

    at: Moment
    records_per_s: float
    p50_ms: float
    p99_ms: float
    lag: int
    dead_letters: int


def report_writes(report: ServiceReport) -> list[Write]:
    """The writes of one report: the latest, and a moment of its history."""
    total = next((times for times in report.stages if times.stage == "total"), None)
    moment = ServiceMoment(
        at=report.at,
        records_per_s=report.records_per_s,
        p50_ms=total.p50_ms if total else 0.0,
        p99_ms=total.p99_ms if total else 0.0,
        lag=sum(report.lag.values()),
        dead_letters=report.dead_letters,
    )
    return [
        SetField(REPORTS_KEY, _field(report), msgspec.json.encode(report)),
        Append(
            history_key(report.service, report.replica),
            msgspec.json.encode(moment),
            keep=KEPT_REPORTS,
            ttl_s=round(GONE_AFTER.total_seconds()),
        ),
    ]


def farewell_writes(report: ServiceReport) -> list[Write]:
    """A process that stops on purpose is not missed."""
    return [SetField(REPORTS_KEY, _field(report), None)]


def succession_writes(store: ResultStore, successor: ServiceReport) -> list[Write]:
    """What others of its number reported before this process was started is gone for good.

    Raises: Unavailable.
    """
    return [
        SetField(REPORTS_KEY, _field(report), None)
        for report in _all_reports(store)
        if _came_after(report, successor)
    ]


def gone_writes(store: ResultStore, now: datetime) -> list[Write]:
    """Replicas that are gone for good are missed no more: at each start of one is enough.

    Raises: Unavailable.
    """
    reports = read_table(store, REPORTS_KEY, ServiceReport).items()
    gone = [name for name, report in reports if now - report.at > GONE_AFTER]
    return [SetField(REPORTS_KEY, name, None) for name in gone]


def read_reports(store: ResultStore) -> list[ServiceReport]:
    """The last report of each process, however old, by service and replica.

    Left out are those that another process of the same number has come after: a replica that was
    killed and started again is one.
    """
    reports = _all_reports(store)
    return [
        report
        for report in sorted(reports, key=lambda one: (one.service, one.replica, one.started_at))
        if not any(_came_after(report, other) for other in reports)
    ]


def read_history(
    store: ResultStore, service: str, replica: int, count: int = KEPT_REPORTS
) -> list[ServiceMoment]:
    """A replica's last moments, oldest first."""
    return read_list(store, history_key(service, replica), count, ServiceMoment)


def history_key(service: str, replica: int) -> str:
    """Where a replica's history stands."""
    return key("service-history", service, str(replica))


def _all_reports(store: ResultStore) -> list[ServiceReport]:
    return list(read_table(store, REPORTS_KEY, ServiceReport).values())


def _came_after(report: ServiceReport, other: ServiceReport) -> bool:
    """Whether another process of the same number was started when this one said no more.

    A process whose clock was set back has reported before its own start, and is no successor of
    itself.
    """
    same_number = (report.service, report.replica) == (other.service, other.replica)
    return same_number and _field(report) != _field(other) and report.at < other.started_at


def _field(report: ServiceReport) -> str:
    return key(report.service, str(report.replica), report.host, str(report.pid))
