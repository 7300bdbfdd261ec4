"""What `pipelines watch` found of a model, as a page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dashboards.markup import Pill, Tone
from dashboards.rendering import render
from dashboards.tiles import Tile
from dashboards.wording import NONE_YET, age, fine_percent, whole
from textwire.shadow.results import ShadowFigures, TwoSampleTest, WatchState

STAGES: dict[str, tuple[str, Tone]] = {
    "steady": ("Steady", "good"),
    "training": ("A challenger is trained", "waiting"),
    "shadow": ("In shadow", "brand"),
    "waits": ("Waits for a person", "waiting"),
    "promoted": ("Promoted", "good"),
    "refused": ("Refused", "bad"),
    "nothing_new": ("Nothing new to learn from", "waiting"),
}
# `pipelines watch` looks every minute; a training takes longer, and is a stage of its own.
SILENT_AFTER = timedelta(minutes=10)


def models_head(states: Sequence[WatchState], now: datetime) -> str:
    """The page's title, and how many models are watched."""
    return render("models/head.html", state=_overall(states, now))


def model_card(state: WatchState, now: datetime) -> str:
    """A model: who serves, who challenges, where it stands and why."""
    return render(
        "models/model.html",
        state=state,
        stage=Pill(*STAGES[state.stage]),
        challenger=state.challenger or NONE_YET,
        looked=age(now - state.at),
        silent=_is_silent(state, now),
    )


def drift_tiles(drift: Sequence[TwoSampleTest]) -> list[Tile]:
    """A figure for each test; how sure it is stands beside it."""
    tested = {one.of: one for one in drift}
    return [_drift_tile(of, tested.get(of)) for of in ("scores", "vectors")]


def shadow_tiles(figures: ShadowFigures | None) -> list[Tile]:
    """How a challenger compares; `None` where there is no challenger."""
    if figures is None or not figures.texts:
        return [Tile("Agreement in shadow", NONE_YET, "no text was read by both")]
    skipped = f", {whole(figures.skipped)} skipped" if figures.skipped else ""
    return [
        Tile(
            "Agreement in shadow",
            fine_percent(figures.agreement),
            f"{whole(figures.same)} of {whole(figures.texts)} texts{skipped}",
        ),
        Tile(
            "Difference of scores", f"{figures.difference:.3f}", "mean of all texts, 1 is the most"
        ),
    ]


def _drift_tile(of: str, one: TwoSampleTest | None) -> Tile:
    if one is None:
        return Tile(f"Drift of {of}", NONE_YET, "not tested yet")
    word = "drifted" if one.drifted else "as at first"
    return Tile(
        f"Drift of {of}",
        f"{one.statistic:.3f}",
        f"{one.test} · p {_p(one.p)}, {word}",
        "bad" if one.drifted else "quiet",
    )


def _p(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else "below 0.001"


def _overall(states: Sequence[WatchState], now: datetime) -> Pill:
    if not states:
        return Pill("Nothing is watched", "quiet")
    silent = sum(_is_silent(state, now) for state in states)
    if silent:
        return Pill(f"{silent} of {len(states)} not looked at", "waiting")
    waits = sum(state.stage == "waits" for state in states)
    return Pill(f"{waits} wait for a person", "waiting") if waits else Pill("Watched", "good")


def _is_silent(state: WatchState, now: datetime) -> bool:
    return state.stage != "training" and now - state.at > SILENT_AFTER
