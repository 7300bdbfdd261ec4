"""How a process is, by what it reported last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from textwire.observing.reports import ServiceReport

ProcessState = Literal["ready", "degraded", "not ready", "silent"]
# A report comes each second: some that did not come are no accident any more.
SILENT_AFTER_S = 5.0


def state_of(
    report: ServiceReport, now: datetime, silent_after_s: float = SILENT_AFTER_S
) -> ProcessState:
    """Its state in a word; silence goes before what was reported last."""
    if now - report.at > timedelta(seconds=silent_after_s):
        return "silent"
    if not report.ready:
        return "not ready"
    return "degraded" if report.warnings else "ready"


def namesakes(reports: Iterable[ServiceReport]) -> dict[tuple[str, int], list[ServiceReport]]:
    """The processes that share one replica number of a service, where several do."""
    by_number: defaultdict[tuple[str, int], list[ServiceReport]] = defaultdict(list)
    for report in reports:
        by_number[report.service, report.replica].append(report)
    return {number: sharing for number, sharing in by_number.items() if len(sharing) > 1}


def shared_number(sharing: Iterable[ServiceReport]) -> str:
    """That several processes have one number, and what to do."""
    one, *others = sharing
    processes = " and ".join(report.process for report in (one, *others))
    return (
        f"replica {one.replica} of {one.service} is several processes: {processes}. Give each a "
        "number of its own: TEXTWIRE_SERVICE_REPLICA=0, 1, 2 and so on."
    )
