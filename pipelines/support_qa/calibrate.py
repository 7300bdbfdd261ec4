"""How sure an answer is, and how sure it must be: fitted on one part, reported on another."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipelines.calibration import (
    Bools,
    Floats,
    brier_score,
    choose_threshold,
    expected_calibration_error,
    fit_calibration,
    risk_and_coverage,
)
from pipelines.support_qa.data import LabelledQuestion, SupportData
from textwire.models.manifest import Calibration
from textwire.support_qa.confidence import confidence, features
from textwire.support_qa.passage_index import Candidate, PassageIndex

# Without unanswerable questions, one in five of the passages asked for is taken away, and its
# questions have none.
WITHHELD_ONE_OF = 5


class QuestionSplit(NamedTuple):
    """Questions to fit on, and questions to report on."""

    fitted: list[LabelledQuestion]
    reported: list[LabelledQuestion]


@dataclass(frozen=True)
class Calibrated:
    """What serves, and how good it is on questions that it was not fitted on."""

    calibration: Calibration
    threshold: float
    metrics: dict[str, float]


def calibrate(index: PassageIndex, data: SupportData, max_risk: float, seed: int) -> Calibrated:
    """Fit on half of the held-out questions and the unanswerable ones of the train part.

    The threshold is where risk and coverage on those meet `max_risk`. All figures are of the other
    half and of the unanswerable ones that were held out.

    """
    parts = split_held_out(data, seed)
    if not data.unanswerable_train:
        index = without_some_passages(index, data)
    found = index.search([asked.text for asked in parts.fitted])
    right = _are_right(found, parts.fitted)
    calibration = fit_calibration([features(candidates) for candidates in found], right)
    threshold = choose_threshold(_confidences(found, calibration), right, max_risk)
    return Calibrated(
        calibration, threshold, _report(index, parts.reported, calibration, threshold)
    )


def split_held_out(data: SupportData, seed: int) -> QuestionSplit:
    """Two halves of the answerable questions, each with its part of the unanswerable ones."""
    shuffled = random.Random(seed).sample(list(data.held_out), len(data.held_out))  # noqa: S311
    half = len(shuffled) // 2
    return QuestionSplit(
        [*shuffled[:half], *data.unanswerable_train],
        [*shuffled[half:], *data.unanswerable_held_out],
    )


def without_some_passages(index: PassageIndex, data: SupportData) -> PassageIndex:
    """A smaller index, which some held-out questions have no answer in."""
    asked_for = list(dict.fromkeys(asked.passage_id for asked in data.held_out))
    withheld = set(asked_for[::WITHHELD_ONE_OF])
    kept = [passage for passage in data.passages if passage.id not in withheld]
    return PassageIndex.build(index.encoder, kept)


def _report(
    index: PassageIndex,
    asked: Sequence[LabelledQuestion],
    calibration: Calibration,
    threshold: float,
) -> dict[str, float]:
    found = index.search([question.text for question in asked])
    right = _are_right(found, asked)
    confidences = _confidences(found, calibration)
    risk, coverage = risk_and_coverage(confidences, right, threshold)
    return {
        "ece": expected_calibration_error(confidences, right),
        "brier": brier_score(confidences, right),
        "risk": risk,
        "coverage": coverage,
    }


def _are_right(found: Sequence[Sequence[Candidate]], asked: Sequence[LabelledQuestion]) -> Bools:
    return np.array(
        [
            bool(candidates) and candidates[0].passage.id == question.passage_id
            for candidates, question in zip(found, asked, strict=True)
        ]
    )


def _confidences(found: Sequence[Sequence[Candidate]], calibration: Calibration) -> Floats:
    return np.array([confidence(candidates, calibration) for candidates in found])
