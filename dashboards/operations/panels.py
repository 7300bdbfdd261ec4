"""The HTML of Operations: tiles, the table of services, outcomes, recent answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from dashboards.markup import Pill, Tone, shortened
from dashboards.rendering import render
from dashboards.service_status import ServicesHealth, Totals, Trouble, health, total_times
from dashboards.tiles import Tile
from dashboards.wording import (
    NONE_YET,
    age,
    clock_time,
    confidence_words,
    counted,
    megabytes,
    milliseconds,
    percent,
    rate,
    seconds,
    whole,
)
from textwire.observing.reports import ServiceReport
from textwire.support_qa.messages import Answer

ANSWER_CHARACTERS = 180

OUTCOME_WORDS: dict[str, tuple[str, Tone]] = {
    "answered": ("Answered", "good"),
    "asked_back": ("Asked back", "brand"),
    "handed_over": ("Handed over", "waiting"),
    "acknowledged": ("Acknowledged", "brand"),
    "waiting": ("Waiting for a colleague", "waiting"),
    "replied": ("A colleague replied", "good"),
    "refused": ("Refused", "bad"),
}


@dataclass(frozen=True)
class ServiceRow:
    """A replica as a line; its figures in the order of the columns."""

    service: str
    process: str
    state: Pill
    model: str
    figures: tuple[str, ...]


@dataclass(frozen=True)
class OutcomeView:
    """How many questions had an outcome."""

    name: str
    words: str
    count: int
    counted: str
    share: str


@dataclass(frozen=True)
class AnswerRow:
    """An answer as a line; what was refused has no confidence."""

    at: str
    age: str
    outcome: Pill
    text: str
    confidence: str
    sure_words: str
    sources: int
    model: str


def page_head(state: ServicesHealth, now: datetime, zone: tzinfo) -> str:
    """The page's title with the state of everything."""
    return render("operations/head.html", state=state.pill, at=clock_time(now, zone))


def tiles_of(total: Totals, letters: Tile) -> list[Tile]:
    """The figures at the head of the page; `letters`: what stands on the topics of dead letters."""
    return [
        Tile("Throughput", f"{rate(total.records_per_s)} /s", "records in, last 10 s"),
        _time_tile(total),
        Tile("Consumer lag", whole(total.lag), "records not yet read", _alarm(total.lag > 1_000)),
        letters,
        Tile("Retries", whole(total.retries), "since the start"),
        Tile("Memory", megabytes(total.memory_mb), _ready_words(total)),
    ]


def service_table(reports: Sequence[ServiceReport], now: datetime, silent_after_s: float) -> str:
    """A line for each replica."""
    rows = [_service_row(report, health(report, now, silent_after_s), now) for report in reports]
    return render("operations/services.html", rows=rows)


def trouble_list(troubles: Sequence[Trouble]) -> str:
    """A line for each thing to look at, with its reason as a whole; nothing where all is well."""
    return render("operations/troubles.html", troubles=troubles) if troubles else ""


def outcome_bar(outcomes: Mapping[str, int]) -> str:
    """How many questions had each outcome, as one bar with its numbers."""
    counts = {name: outcomes.get(name, 0) for name in OUTCOME_WORDS}
    asked = sum(counts.values())
    views = [
        OutcomeView(
            name,
            words=OUTCOME_WORDS[name][0],
            count=count,
            counted=whole(count),
            share=percent(count / asked) if asked else NONE_YET,
        )
        for name, count in counts.items()
    ]
    return render("operations/outcomes.html", outcomes=views)


def answer_table(answers: Sequence[Answer], now: datetime, zone: tzinfo) -> str:
    """The newest answers, newest first."""
    rows = [_answer_row(answer, now, zone) for answer in reversed(answers)]
    return render("operations/answers.html", rows=rows)


def _service_row(report: ServiceReport, state: ServicesHealth, now: datetime) -> ServiceRow:
    total = total_times(report)
    # What a silent replica did last is no news.
    live = state.word != "Silent"
    return ServiceRow(
        service=report.service,
        process=f"replica {report.replica} · process {report.process}",
        state=state.pill,
        model=report.model or NONE_YET,
        figures=(
            rate(report.records_per_s) if live else NONE_YET,
            milliseconds(total.p50_ms) if live and total else NONE_YET,
            milliseconds(total.p99_ms) if live and total else NONE_YET,
            whole(sum(report.lag.values())) if live else NONE_YET,
            whole(report.dead_letters),
            whole(report.retries),
            megabytes(report.memory_mb) if live else NONE_YET,
            seconds((now - report.started_at).total_seconds()) if live else NONE_YET,
        ),
    )


def _answer_row(answer: Answer, now: datetime, zone: tzinfo) -> AnswerRow:
    refused = answer.outcome == "refused"
    return AnswerRow(
        at=clock_time(answer.answered_at, zone),
        age=age(now - answer.answered_at),
        outcome=Pill(*OUTCOME_WORDS[answer.outcome]),
        text=shortened(answer.text, ANSWER_CHARACTERS),
        confidence=NONE_YET if refused else percent(answer.confidence),
        sure_words="" if refused else confidence_words(answer.confidence),
        sources=len(answer.sources),
        model=answer.model or NONE_YET,
    )


def _time_tile(total: Totals) -> Tile:
    if total.p50_ms is None or total.p99_ms is None:
        return Tile("Time to result", NONE_YET, "nothing came in the last minute")
    return Tile(
        "Time to result",
        milliseconds(total.p50_ms),
        f"p50 · p99 is {milliseconds(total.p99_ms)}",
    )


def _ready_words(total: Totals) -> str:
    return f"{total.ready} of {counted(total.replicas, 'replica')} ready"


def _alarm(raised: bool) -> Tone:
    return "bad" if raised else "quiet"
