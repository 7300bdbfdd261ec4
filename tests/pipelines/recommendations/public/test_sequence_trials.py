"""Trials of a sequence model beside the item model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.recommendations.public.baselines import Known
from pipelines.recommendations.public.cases import TEST_FROM, PurchaseLog, read_cases
from pipelines.recommendations.public.sequence_trials import (
    ALONE,
    Division,
    Trial,
    choose_part,
    figures,
    ndcg_of,
)


@pytest.fixture
def division(folder: Path) -> Division:
    log = PurchaseLog(folder, TEST_FROM).read()
    vectors = np.zeros((len(log.by_id), 4), dtype=np.float32)
    return Division(log, Known(log, vectors), read_cases(folder / "test.csv"))


def scores_of(division: Division, *, right: bool) -> np.ndarray:
    """All of the score on what followed, or on another item."""
    scores = np.zeros((len(division.cases), len(division.known.places)), dtype=np.float32)
    for row, case in zip(scores, division.cases, strict=True):
        row[(division.known.places[case.item_id] + (not right)) % len(row)] = 1.0
    return scores


def test_the_model_that_knows_gets_all_of_the_say(division: Division) -> None:
    knows, errs = (scores_of(division, right=right) for right in (True, False))
    assert ndcg_of(knows, division) == (1.0, True)
    assert choose_part(knows, errs, division)[0] > 0.5
    assert choose_part(errs, knows, division)[0] < 0.5


def test_a_shape_is_layers_and_epochs() -> None:
    assert Trial.of("2x30") == Trial(ALONE, 2, 30)


def test_what_is_not_found_is_neither_hit_nor_gain() -> None:
    hits, gains = figures([1, 3, 10, 11, None])
    assert hits.tolist() == [1, 1, 1, 0, 0]
    assert gains.tolist() == pytest.approx([1, 0.5, 1 / np.log2(11), 0, 0])
