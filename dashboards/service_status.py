"""All replicas together: which are well, and what they do in sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboards.markup import Pill, Tone
from dashboards.wording import age
from textwire.observing.report_states import namesakes, shared_number, state_of
from textwire.observing.reports import ServiceReport, StageTimes


@dataclass(frozen=True)
class ServicesHealth:
    """A replica's state in one word, with why; and whether it does its work."""

    word: str
    tone: Tone
    why: str = ""
    serves: bool = False

    @property
    def pill(self) -> Pill:
        """The word in a rounded field."""
        return Pill(self.word, self.tone)


@dataclass(frozen=True)
class Trouble:
    """Something to look at: whose it is, and what it is."""

    who: str
    state: ServicesHealth


@dataclass(frozen=True)
class Totals:
    """What the replicas that report do together; dead letters and retries count silent ones too."""

    replicas: int
    ready: int
    records_per_s: float
    lag: int
    p50_ms: float | None
    p99_ms: float | None
    dead_letters: int
    retries: int
    memory_mb: float


def health(report: ServiceReport, now: datetime, silent_after_s: float) -> ServicesHealth:
    """Ready, degraded or not ready with its reason, or silent: no report for too long."""
    match state_of(report, now, silent_after_s):
        case "silent":
            return ServicesHealth("Silent", "bad", f"last report {age(now - report.at)}")
        case "not ready":
            return ServicesHealth("Not ready", "bad", _reason(report))
        case "degraded":
            return ServicesHealth("Degraded", "waiting", report.warnings, serves=True)
        case "ready":
            return ServicesHealth("Ready", "good", serves=True)


def troubles(
    reports: Sequence[ServiceReport], now: datetime, silent_after_s: float
) -> list[Trouble]:
    """What is the matter with each replica that is not well, and with their numbers."""
    of_each = [
        Trouble(f"{report.service} · replica {report.replica}", state)
        for report in reports
        if (state := health(report, now, silent_after_s)).tone != "good"
    ]
    of_numbers = [
        Trouble(
            f"{service} · replica {number}", ServicesHealth("Twice", "bad", shared_number(sharing))
        )
        for (service, number), sharing in namesakes(speaking(reports, now, silent_after_s)).items()
    ]
    return of_each + of_numbers


def is_silent(report: ServiceReport, now: datetime, silent_after_s: float) -> bool:
    """Whether the last report is older than a living replica's would be."""
    return state_of(report, now, silent_after_s) == "silent"


def speaking(
    reports: Iterable[ServiceReport], now: datetime, silent_after_s: float
) -> list[ServiceReport]:
    """The reports of replicas that are not silent."""
    return [report for report in reports if not is_silent(report, now, silent_after_s)]


def totals(reports: Sequence[ServiceReport], now: datetime, silent_after_s: float) -> Totals:
    """The sums over all replicas, and the slowest replica's times."""
    alive = speaking(reports, now, silent_after_s)
    times = [total for report in alive if (total := total_times(report))]
    return Totals(
        replicas=len(reports),
        ready=sum(report.ready for report in alive),
        records_per_s=sum(report.records_per_s for report in alive),
        lag=sum(sum(report.lag.values()) for report in alive),
        p50_ms=max((total.p50_ms for total in times), default=None),
        p99_ms=max((total.p99_ms for total in times), default=None),
        dead_letters=sum(report.dead_letters for report in reports),
        retries=sum(report.retries for report in reports),
        memory_mb=sum(report.memory_mb for report in alive),
    )


def total_times(report: ServiceReport) -> StageTimes | None:
    """How long a record took from end to end, when any did within the last minute."""
    return next((t for t in report.stages if t.stage == "total" and t.count), None)


def overall(
    reports: Sequence[ServiceReport], now: datetime, silent_after_s: float
) -> ServicesHealth:
    """The state of everything, for the head of the page."""
    if not reports:
        return ServicesHealth("Nothing reports", "quiet")
    states = [health(report, now, silent_after_s) for report in reports]
    serving = sum(state.serves for state in states)
    degraded = sum(state.serves and state.tone != "good" for state in states)
    if serving == 0:
        return ServicesHealth("Nothing is ready", "bad")
    if serving < len(states):
        return ServicesHealth(f"{serving} of {len(states)} ready", "waiting")
    if degraded:
        return ServicesHealth(f"All ready, {degraded} degraded", "waiting")
    return ServicesHealth("All ready", "good")


def presence(
    reports: Sequence[ServiceReport], service: str, now: datetime, silent_after_s: float
) -> ServicesHealth:
    """Whether a customer who asks now can expect an answer."""
    own = [report for report in reports if report.service == service]
    if any(health(report, now, silent_after_s).serves for report in own):
        return ServicesHealth("Online", "good")
    if any(not is_silent(report, now, silent_after_s) for report in own):
        return ServicesHealth("Getting ready", "waiting")
    return ServicesHealth("Offline", "quiet")


def _reason(report: ServiceReport) -> str:
    """Why it is not ready, and what else it does without."""
    lacking = [text for text in (report.reason, report.warnings) if text]
    return "; ".join(lacking) or "it gives no reason"
