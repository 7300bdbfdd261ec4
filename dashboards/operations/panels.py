"""The HTML of Operations: tiles, the table of services, outcomes, recent answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from dashboards.markup import Tone, pill, plain, shortened, table
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
    "refused": ("Refused", "bad"),
}


def page_head(state: ServicesHealth, now: datetime, zone: tzinfo) -> str:
    """The page's title with the state of everything."""
    return (
        f'<div class="tw-page-head"><div><h1>Operations</h1>'
        f"<p>Every service, as it last reported</p></div>"
        f'<div class="tw-page-state">{pill(state.word, state.tone)}'
        f"<span>{clock_time(now, zone)}</span></div></div>"
    )


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
    return table(
        (
            "Service", "State", "Model", ">Records /s", ">p50", ">p99",
            ">Lag", ">Dead letters", ">Retries", ">Memory", ">Up for",
        ),
        [_service_row(report, health(report, now, silent_after_s), now) for report in reports],
        "tw-services",
    )  # fmt: skip


def trouble_list(troubles: Sequence[Trouble]) -> str:
    """A line for each thing to look at, with its reason as a whole; nothing where all is well."""
    if not troubles:
        return ""
    lines = "".join(
        f"<li>{pill(one.state.word, one.state.tone)}<strong>{plain(one.who)}</strong>"
        f"<span>{plain(one.state.why)}</span></li>"
        for one in troubles
    )
    return f'<ul class="tw-card tw-troubles">{lines}</ul>'


def outcome_bar(outcomes: Mapping[str, int]) -> str:
    """How many questions had each outcome, as one bar with its numbers."""
    counts = {name: outcomes.get(name, 0) for name in OUTCOME_WORDS}
    asked = sum(counts.values())
    parts = "".join(
        f'<b class="tw-{name}" style="flex-grow:{count}"></b>'
        for name, count in counts.items()
        if count
    )
    legend = "".join(
        f'<li><i class="tw-{name}"></i><span>{OUTCOME_WORDS[name][0]}</span>'
        f"<strong>{whole(count)}</strong>"
        f"<em>{percent(count / asked) if asked else NONE_YET}</em></li>"
        for name, count in counts.items()
    )
    return (
        f'<div class="tw-card tw-outcomes"><div class="tw-stack">{parts}</div>'
        f"<ul>{legend}</ul></div>"
    )


def answer_table(answers: Sequence[Answer], now: datetime, zone: tzinfo) -> str:
    """The newest answers, newest first."""
    return table(
        ("When", "Outcome", "Answer", "Confidence", ">Sources", "Model"),
        [_answer_row(answer, now, zone) for answer in reversed(answers)],
        "tw-answers",
    )


def _service_row(report: ServiceReport, state: ServicesHealth, now: datetime) -> list[str]:
    total = total_times(report)
    # What a silent replica did last is no news.
    live = state.word != "Silent"
    return [
        f"<strong>{plain(report.service)}</strong><small>replica {report.replica} · "
        f"process {plain(report.process)}</small>",
        pill(state.word, state.tone),
        f'<span class="tw-model">{plain(report.model) or NONE_YET}</span>',
        rate(report.records_per_s) if live else NONE_YET,
        milliseconds(total.p50_ms) if live and total else NONE_YET,
        milliseconds(total.p99_ms) if live and total else NONE_YET,
        whole(sum(report.lag.values())) if live else NONE_YET,
        whole(report.dead_letters),
        whole(report.retries),
        megabytes(report.memory_mb) if live else NONE_YET,
        seconds((now - report.started_at).total_seconds()) if live else NONE_YET,
    ]


def _answer_row(answer: Answer, now: datetime, zone: tzinfo) -> list[str]:
    words, tone = OUTCOME_WORDS[answer.outcome]
    return [
        f"{clock_time(answer.answered_at, zone)}<small>{age(now - answer.answered_at)}</small>",
        pill(words, tone),
        f'<span class="tw-excerpt">{plain(shortened(answer.text, ANSWER_CHARACTERS))}</span>',
        _confidence(answer),
        str(len(answer.sources)),
        f'<span class="tw-model">{plain(answer.model) or NONE_YET}</span>',
    ]


def _confidence(answer: Answer) -> str:
    if answer.outcome == "refused":
        return NONE_YET
    return f"{percent(answer.confidence)}<small>{confidence_words(answer.confidence)}</small>"


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
