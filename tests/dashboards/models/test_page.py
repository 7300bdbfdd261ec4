from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import pytest

from dashboards.models.model_cards import STAGES
from tests.dashboards.conftest import OpenPage, shown
from tests.dashboards.page_examples import MARKUP, NOW, AwayStore, edges
from textwire.results.memory import MemoryResults
from textwire.shadow.results import (
    Stage,
    TwoSampleTest,
    WatchState,
    compared_writes,
    skipped_write,
    watch_write,
)

PAGE = "models/page.py"


def state(**changes: Any) -> WatchState:
    fields: dict[str, Any] = {
        "task": "sentiment",
        "champion": "20260301-a",
        "at": NOW - timedelta(seconds=20),
        "stage": "shadow",
        "told": "12 of 200 texts read beside the champion.",
        "challenger": "20260302-b",
        "reasons": ("scores have drifted",),
        "drift": (
            TwoSampleTest(
                of="scores", test="Kolmogorov-Smirnov", statistic=0.21, p=1e-9, level=0.005
            ),
            TwoSampleTest(of="vectors", test="classifier", statistic=0.51, p=0.4, level=0.005),
        ),
    }
    return WatchState(**(fields | changes))


def test_while_nobody_watches_the_page_says_how(store: MemoryResults, open_page: OpenPage) -> None:
    page = shown(open_page(edges(store), PAGE))
    assert "No model is watched." in page
    assert "pipelines watch sentiment-alerts" in page


def test_drift_challenger_shadow_figures_and_reasons_are_shown(
    store: MemoryResults, open_page: OpenPage
) -> None:
    store.write([watch_write(state())])
    pair = ("sentiment", "20260301-a", "20260302-b")
    store.write(compared_writes(*pair, texts=12, same=9, difference=1.5))
    store.write([skipped_write(*pair, 3)])
    page = shown(open_page(edges(store), PAGE))
    for part in (
        "In shadow", "20260301-a", "20260302-b", "12 of 200 texts", "scores have drifted",
        "0.210", "p below 0.001, drifted", "p 0.400, as at first",
        "9 of 12 texts, 3 skipped", "0.125",
    ):  # fmt: skip
        assert part in page


@pytest.mark.parametrize("stage", get_args(Stage))
def test_each_stage_has_its_words(store: MemoryResults, open_page: OpenPage, stage: Stage) -> None:
    store.write([watch_write(state(stage=stage))])
    assert STAGES[stage][0] in shown(open_page(edges(store), PAGE))


def test_a_watch_that_has_fallen_silent_is_said(store: MemoryResults, open_page: OpenPage) -> None:
    store.write([watch_write(state(at=NOW - timedelta(minutes=11)))])
    page = shown(open_page(edges(store), PAGE))
    assert "1 of 1 not looked at" in page
    assert "does its watch still run?" in page


def test_markup_in_what_is_told_is_text(store: MemoryResults, open_page: OpenPage) -> None:
    store.write([watch_write(state(told=MARKUP, reasons=(MARKUP,)))])
    page = shown(open_page(edges(store), PAGE))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_while_redis_is_away_the_page_says_so(open_page: OpenPage) -> None:
    page = shown(open_page(edges(AwayStore()), PAGE))  # type: ignore[arg-type]
    assert "Nothing can be read right now." in page
