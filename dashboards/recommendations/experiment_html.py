"""An experiment in tables: its arms, what differs, and how lists do before what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from dashboards.markup import Pill
from dashboards.rendering import render
from dashboards.wording import MINUS, NONE_YET, counted, day_time, fine_percent, whole
from textwire.recommendations.experiments.experiment import Experiment
from textwire.recommendations.experiments.figures import Figures, Finding
from textwire.recommendations.experiments.prequential import Prequential
from textwire.recommendations.messages import ShownArm


@dataclass(frozen=True)
class ArmRow:
    """An arm as a line."""

    arm: str
    model: str
    users: str
    lists: str
    clicks: str
    clicked: str
    purchases: str
    bought: str


@dataclass(frozen=True)
class FindingRow:
    """What was compared, as a line."""

    name: str
    a: str
    b: str
    difference: str
    interval: str
    p: str
    says: Pill


@dataclass(frozen=True)
class LiveRow:
    """How often lists of a model held what came next, as a line."""

    model: str
    outcome: str
    events: str
    hit_rate: str
    ndcg: str


def experiment_note(experiment: Experiment, zone: tzinfo) -> str:
    """When it runs, and for whom."""
    since = f"since {day_time(experiment.started_at, zone)}"
    until = "" if experiment.stopped_at is None else f" to {day_time(experiment.stopped_at, zone)}"
    if experiment.mode == "interleaved":
        who = "both models pick in turn for everybody"
    else:
        who = f"{fine_percent(experiment.share)} of users are of b"
    return f"{since}{until} · {who} · credited within {experiment.within_hours:g} h"


def arm_table(figures: Figures) -> str:
    """How many were shown what, and what they did."""
    rows = [
        ArmRow(
            arm=arm if arm != "interleaved" else "a and b",
            model=_model(figures.experiment, arm),
            users=whole(of.users),
            lists=whole(of.lists),
            clicks=whole(of.clicks),
            clicked=counted(of.clicked, "user"),
            purchases=whole(of.purchases),
            bought=counted(of.bought, "user"),
        )
        for arm, of in figures.arms.items()
    ]
    return render("recommendations/arms.html", rows=rows)


def finding_table(findings: Sequence[Finding]) -> str:
    """What differs, and whether that may be believed."""
    return render("recommendations/findings.html", rows=[_row(one) for one in findings])


def live_table(measured: Sequence[Prequential]) -> str:
    """How often the list before held what came next, by model."""
    rows = [
        LiveRow(
            model=one.model,
            outcome=one.outcome,
            events=whole(one.events),
            hit_rate=fine_percent(one.hit_rate),
            ndcg=f"{one.ndcg:.3f}",
        )
        for one in measured
    ]
    return render("recommendations/live.html", rows=rows)


def _model(experiment: Experiment, arm: ShownArm) -> str:
    if arm == "interleaved":
        return f"{experiment.a} + {experiment.b}"
    return experiment.version_of(arm)


def _row(one: Finding) -> FindingRow:
    verdict = one.verdict
    told = _points if one.is_share else _number
    if verdict is None:
        says = Pill("too few users", "quiet")
        return FindingRow(one.name, told(one.a), told(one.b), NONE_YET, NONE_YET, NONE_YET, says)
    if not verdict.is_significant:
        says = Pill("undecided", "waiting")
    else:
        says = Pill("b is ahead", "good") if verdict.difference > 0 else Pill("a is ahead", "bad")
    return FindingRow(
        name=one.name,
        a=told(one.a),
        b=told(one.b),
        difference=_signed(verdict.difference, told(abs(verdict.difference))),
        interval=" to ".join(_signed(end, told(abs(end))) for end in (verdict.low, verdict.high)),
        p="< 0.001" if verdict.p < 0.001 else f"{verdict.p:.3f}",
        says=says,
    )


def _points(share: float) -> str:
    return f"{share * 100:.1f} %"


def _number(value: float) -> str:
    return f"{value:.3f}"


def _signed(value: float, told: str) -> str:
    return f"{MINUS if value < 0 else '+'}{told}"
