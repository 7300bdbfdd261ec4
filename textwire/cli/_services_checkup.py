"""How running services say they are, and what to do about what they lack."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from textwire.cli._finding import Finding, Verdict
from textwire.cli._reported import elsewhere, read_fleet, state_now, told
from textwire.errors import Unavailable
from textwire.observing.report_states import namesakes, shared_number
from textwire.observing.reports import ServiceReport
from textwire.settings import RedisSettings, load
from textwire.stack.part_states import as_told
from textwire.stack.programs import installed, part_name
from textwire.stack.state import PartState, StackState

VERDICTS: Mapping[str, Verdict] = {
    "ready": "good", "degraded": "note", "silent": "note", "starting": "note", "done": "good",
}  # fmt: skip
NOTHING_IS_LOST = "nothing is lost meanwhile, records wait on their topics."
# By the condition that a reason begins with.
ADVICE = {
    "redis": f"Mend what it says of Redis; {NOTHING_IS_LOST}",
    "broker": f"Mend what it says of Kafka; {NOTHING_IS_LOST}",
    "poll": f"Mend what it says of Kafka; {NOTHING_IS_LOST}",
    "progress": "Its log says what it works on; `textwire dead skip` goes past a record.",
    "liveness": "It is started again by itself; `textwire dead skip` goes past a record.",
    "watchlist file": "Load it, or take sentiment_alerts.watchlist out of the settings.",
    "reporter": "The page Operations shows it as silent meanwhile; the rest goes on.",
}
SEE_LOG = "Its log says more: textwire logs {name}"


def check_services(running: StackState | None) -> Iterator[Finding]:
    """What each service says of itself, those of a stack here and those elsewhere."""
    services = {part_name(package) for package in installed("services")}
    parts = as_told(running.parts_now) if running else {}
    for name, part in parts.items():
        if name in services:
            yield _of_part(name, part)
    if running or load(RedisSettings).url.get_secret_value():
        yield from _check_reports(parts)


def _check_reports(parts: Mapping[str, PartState]) -> Iterator[Finding]:
    try:
        fleet = read_fleet()
    except Unavailable as error:
        yield Finding("services", "bad", f"none can be read: {error}")
        return
    for report in elsewhere(fleet, parts):
        yield _of_report(report)
    for sharing in namesakes(fleet).values():
        yield Finding("services", "bad", shared_number(sharing))


def _of_part(name: str, part: PartState) -> Finding:
    state = "degraded" if part.state == "ready" and part.warnings else part.state
    why = _joined(part.reason, part.warnings)
    return _finding(f"{name} is {state}", state, why, SEE_LOG.format(name=name))


def _of_report(report: ServiceReport) -> Finding:
    state, why = state_now(report), _joined(report.reason, report.warnings)
    if state == "silent":
        why = f"it reported last at {report.at:%Y-%m-%d %H:%M:%S} UTC, and did not say farewell"
    return _finding(f"{told(report)}, is {state}", state, why, "Its log says more.")


def _finding(what: str, state: str, why: str, otherwise: str) -> Finding:
    if not why:
        return Finding("service", VERDICTS.get(state, "bad"), what)
    first = re.split("[:,]", why, maxsplit=1)[0]
    to_do = ADVICE.get(first, otherwise)
    return Finding("service", VERDICTS.get(state, "bad"), f"{what}: {why}", to_do)


def _joined(*texts: str) -> str:
    return "; ".join(text for text in texts if text)
