"""How sure an answer is, and how sure it must be: fitted on one part, reported on another."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipelines.measuring.calibration import (
    Bools,
    Floats,
    brier_score,
    centred,
    choose_threshold,
    expected_calibration_error,
    fit_calibration,
    risk_and_coverage,
)
from pipelines.support_qa.absent import find_without_answers
from pipelines.support_qa.data import LabelledQuestion, SupportData
from textwire.models.artifacts.manifest import Calibration
from textwire.support_qa.confidence import confidence, features
from textwire.support_qa.passage_index import Candidate, PassageIndex
from textwire.support_qa.ranking import RankingWeights

# Without unanswerable questions, one in five of the passages asked for is taken away, and its
# questions have none.
WITHHELD_ONE_OF = 5
# All that the index looks at for a question: what three rankings hold.
MOST_RANKED = 150
# Beside the questions as they come, confidence is fitted on each with its passage taken away. Those
# count for so much of them together: docs/results/support_qa.md.
ABSENT_SHARE = 0.25
TRIED_HEADING = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8)
TRIED_WORDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6)


class QuestionSplit(NamedTuple):
    """Questions to fit on, and questions to report on."""

    fitted: list[LabelledQuestion]
    reported: list[LabelledQuestion]


@dataclass(frozen=True)
class Calibrated:
    """What serves, and how good it is on questions that it was not fitted on."""

    ranking: RankingWeights
    calibration: Calibration
    threshold: float
    metrics: dict[str, float]


def calibrate(index: PassageIndex, data: SupportData, max_risk: float, seed: int) -> Calibrated:
    """Fit on half of the held-out questions and the unanswerable ones of the train part.

    First how much headings and words count in the ranking, then what its confidence is. The
    threshold is where risk and coverage on those meet `max_risk`. All figures are of the other
    half and of the unanswerable ones that were held out.
    """
    parts = split_held_out(data, seed)
    ranking = choose_ranking(index, parts.fitted)
    index = index.weighing(ranking)
    if not data.unanswerable_train:
        index = without_some_passages(index, data)
    found = index.search([asked.text for asked in parts.fitted])
    right = _are_right(found, parts.fitted)
    calibration = _fit_confidence(index, parts.fitted, found, right)
    threshold = choose_threshold(_confidences(found, calibration), right, max_risk)
    return Calibrated(
        ranking, calibration, threshold, _report(index, parts.reported, calibration, threshold)
    )


def _fit_confidence(
    index: PassageIndex,
    asked: Sequence[LabelledQuestion],
    found: Sequence[Sequence[Candidate]],
    right: Bools,
) -> Calibration:
    """Learned from further questions that have no answer too; on average right on those asked."""
    rows = [features(candidates) for candidates in found]
    absent = [
        features(candidates) for candidates in find_without_answers(index, asked) if candidates
    ]
    weight = ABSENT_SHARE * len(rows) / max(1, len(absent))
    fitted = fit_calibration(
        [*rows, *absent],
        np.concatenate([right, np.zeros(len(absent), dtype=np.bool_)]),
        np.repeat([1.0, weight], [len(rows), len(absent)]),
    )
    return centred(fitted, rows, right)


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
    return PassageIndex.build(index.encoder, kept, index.weights)


def choose_ranking(index: PassageIndex, asked: Sequence[LabelledQuestion]) -> RankingWeights:
    """Of the weights that are tried, those nearest to the index's that are as good as the best.

    As good: their mean reciprocal rank is lower by no more than one standard error of the
    difference, since which is the very best changes from run to run (Breiman et al. 1984).
    """
    answerable = [question for question in asked if question.passage_id]
    # What is found does not depend on the weights, only its order does.
    found = index.search([question.text for question in answerable], MOST_RANKED)

    def reciprocal_ranks(weights: RankingWeights) -> Floats:
        ranks = [
            _rank_by(weights, candidates, question.passage_id)
            for candidates, question in zip(found, answerable, strict=True)
        ]
        return np.array([1 / rank if rank else 0.0 for rank in ranks])

    of_each = {
        weights: reciprocal_ranks(weights)
        for weights in (RankingWeights(h, w) for h in TRIED_HEADING for w in TRIED_WORDS)
    }
    best = max(of_each.values(), key=lambda reciprocals: float(reciprocals.mean()))

    def is_as_good(reciprocals: Floats) -> bool:
        lost = best - reciprocals
        return bool(lost.mean() <= lost.std() / np.sqrt(len(lost)))

    now = index.weights
    return min(
        (weights for weights, reciprocals in of_each.items() if is_as_good(reciprocals)),
        key=lambda w: abs(w.heading - now.heading) + abs(w.words - now.words),
    )


def _rank_by(
    weights: RankingWeights, candidates: Sequence[Candidate], passage_id: str | None
) -> int | None:
    """The rank of a passage among the candidates, from 1; None where it is not among them."""
    scores = {
        c.passage.id: weights.score(c.heading_cosine, c.cosine, c.word_score) for c in candidates
    }
    if passage_id not in scores:
        return None
    return 1 + sum(score > scores[passage_id] for score in scores.values())


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
    answerable = np.array([question.passage_id is not None for question in asked])
    return {
        "reported_recall_at_1": float(right[answerable].mean()),
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
