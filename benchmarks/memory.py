"""What a program holds in memory, and how long its stages took, by its own account."""

from __future__ import annotations

import time

import psutil

from benchmarks.setting import Setting
from textwire.observing.reports import ServiceReport, read_reports
from textwire.results.redis import RedisResults
from textwire.stack.process import Process

# A service reports itself every second.
REPORTED_AFTER_S = 1.5


def resident_mb(process: Process) -> float:
    """Resident memory of a program and what it started, in MiB."""
    parent = psutil.Process(process.pid)
    family = [parent, *parent.children(recursive=True)]
    return float(sum(member.memory_info().rss for member in family)) / 2**20


def latest_report(setting: Setting, service: str) -> ServiceReport:
    """What a service says of itself now."""
    time.sleep(REPORTED_AFTER_S)
    results = RedisResults.from_url(setting.redis_url)
    reports = [report for report in read_reports(results) if report.service == service]
    results.close()
    if not reports:
        raise SystemExit(f"{service} does not report itself; is that its name?")
    return max(reports, key=lambda report: report.at)
