"""Services that are no parts of the stack here, by what they report to Redis."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from textwire.addresses import redis_url
from textwire.observing.report_states import SILENT_AFTER_S, ProcessState, state_of
from textwire.observing.reports import ServiceReport, read_reports
from textwire.results.redis import RedisResults
from textwire.stack.state import PartState

# A person waits for it.
ANSWERS_WITHIN_S = 2.0


def read_fleet() -> list[ServiceReport]:
    """Every process that reports, the parts of a stack here among them.

    Raises: RedisUnavailable.
    """
    with closing(RedisResults.from_url(redis_url(), ANSWERS_WITHIN_S)) as results:
        return read_reports(results)


def elsewhere(fleet: list[ServiceReport], parts: Mapping[str, PartState]) -> list[ServiceReport]:
    """Those that are none of these parts."""
    pids = {part.pid for part in parts.values()}
    return [one for one in fleet if one.host != socket.gethostname() or one.pid not in pids]


def state_now(report: ServiceReport) -> ProcessState:
    """How it is."""
    return state_of(report, datetime.now(UTC), SILENT_AFTER_S)


def told(report: ServiceReport) -> str:
    """Who it is, for people."""
    return f"{report.service} replica {report.replica}, process {report.process}"


def why(report: ServiceReport) -> str:
    """What it lacks, to be put behind its state."""
    lacking = "; ".join(text for text in (report.reason, report.warnings) if text)
    return f", {lacking}" if lacking else ""


def outline(report: ServiceReport) -> dict[str, Any]:
    """What other programs may rely on."""
    shown = ("service", "replica", "host", "pid", "reason", "warnings")
    return {"state": state_now(report), **{name: getattr(report, name) for name in shown}}
