"""What the reranker weighs beside the retriever, how sure both are together, and what it gains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.measuring.bootstrap import chance_of_gain
from pipelines.measuring.calibration import (
    Bools,
    brier_score,
    choose_threshold,
    expected_calibration_error,
    risk_and_coverage,
)
from pipelines.measuring.ranking_metrics import mean_reciprocal_rank, rank_of, recall_at
from pipelines.reranker.retriever import Retriever
from pipelines.support_qa.absent import find_without_answers
from pipelines.support_qa.calibrate import (
    Features,
    are_right,
    fit_confidence,
    split_held_out,
    texts_of,
    without_some_passages,
)
from pipelines.support_qa.data import LabelledQuestion, SupportData
from textwire.models.artifacts.manifest import Calibration
from textwire.support_qa.confidence import FEATURES, RERANKED_FEATURES, confidence, features
from textwire.support_qa.passage_index import CANDIDATES, Candidate
from textwire.support_qa.reranking import Reranker, fused

# Of log odds, which lie some 10 apart, beside scores that lie some 0.3 apart.
TRIED_WEIGHTS = (0.0, 0.003, 0.006, 0.01, 0.015, 0.02, 0.03, 0.05, 0.08, 0.15, 0.3, 1.0)
Found = Sequence[Sequence[Candidate]]


@dataclass(frozen=True)
class Calibrated:
    """What serves, and how good it is on questions that it was not fitted on."""

    weight: float
    calibration: Calibration
    threshold: float
    metrics: dict[str, float]


@dataclass(frozen=True)
class ReadQuestions:
    """Questions with their candidates in the retriever's order, each read by the reranker."""

    asked: Sequence[LabelledQuestion]
    read: Found

    def ranked(self, weight: float) -> list[list[Candidate]]:
        """The candidates that are served, in the order of both scores."""
        return [fused(candidates, weight)[:CANDIDATES] for candidates in self.read]


@dataclass(frozen=True)
class Readings:
    """Held-out questions, read: to fit on, and to report on; and what no answer is.

    further  what was found for more questions that nothing answers.
    absent   what was found for the fitted ones once their answer is taken away.
    """

    fitted: ReadQuestions
    reported: ReadQuestions
    further: ReadQuestions
    absent: ReadQuestions


def read_held_out(
    retriever: Retriever, reranker: Reranker, data: SupportData, depth: int, seed: int
) -> Readings:
    """Each held-out question searched and its first `depth` candidates read, once.

    Without unanswerable questions one passage in five is taken away, as in the retriever's own
    calibration.
    """
    parts = split_held_out(data, seed)
    if not data.unanswerable_train:
        retriever = replace(retriever, index=without_some_passages(retriever.index, data))
    fitted, reported, further = (read_questions(retriever, reranker, some, depth) for some in parts)
    without = find_without_answers(retriever.index, parts.fitted, depth)
    asked = [one.question for one in without]
    read = reranker.read(texts_of(asked), [one.found for one in without])
    return Readings(fitted, reported, further, ReadQuestions(asked, read))


def read_questions(
    retriever: Retriever, reranker: Reranker, asked: Sequence[LabelledQuestion], depth: int
) -> ReadQuestions:
    """Some questions, searched, and their candidates read."""
    texts = texts_of(asked)
    return ReadQuestions(asked, reranker.read(texts, retriever.index.search(texts, depth)))


def calibrate(retriever: Retriever, readings: Readings, max_risk: float) -> Calibrated:
    """Choose the weight, fit the confidence and the threshold on one half; report on the other."""
    weight = choose_weight(readings.fitted)
    ranked = readings.fitted.ranked(weight)
    right = are_right(ranked, readings.fitted.asked)
    calibration = fit_confidence(
        [_features(candidates) for candidates in ranked],
        right,
        [_features(candidates) for candidates in readings.further.ranked(weight)],
        [_features(candidates) for candidates in readings.absent.ranked(weight)],
    )
    sure = np.array([confidence(candidates, calibration) for candidates in ranked])
    threshold = choose_threshold(sure, right, max_risk)
    metrics = _report(retriever, readings.reported, weight, calibration, threshold)
    # By which recipes can be chosen without a look at what is reported.
    metrics["fitted_mrr"] = mean_reciprocal_rank(ranks_of(readings.fitted, weight))
    metrics["fitted_alone_mrr"] = mean_reciprocal_rank(ranks_of(readings.fitted, 0.0))
    return Calibrated(weight, calibration, threshold, metrics)


def _features(candidates: Sequence[Candidate]) -> Features:
    """What speaks for the first; where nothing was found, nothing was read either."""
    return dict.fromkeys((*FEATURES, *RERANKED_FEATURES), 0.0) | features(candidates)


def choose_weight(questions: ReadQuestions) -> float:
    """Of the weights that are tried, that of the highest mean reciprocal rank; the least of equals.

    0 where the reranker makes nothing better.
    """

    def quality(weight: float) -> tuple[float, float]:
        ranks = ranks_of(questions, weight)
        return round(mean_reciprocal_rank(ranks), 4), -weight

    return max(TRIED_WEIGHTS, key=quality)


def ranks_of(questions: ReadQuestions, weight: float) -> list[int | None]:
    """The rank of each answerable question's passage among its candidates; None: not there."""
    return [
        rank_of(question.passage_id, [one.passage.id for one in fused(candidates, weight)])
        for question, candidates in zip(questions.asked, questions.read, strict=True)
        if question.passage_id
    ]


def _report(
    retriever: Retriever,
    questions: ReadQuestions,
    weight: float,
    calibration: Calibration,
    threshold: float,
) -> dict[str, float]:
    """Figures with the reranker, and as `alone_` those of the retriever on the same questions."""
    answerable = np.array([question.passage_id is not None for question in questions.asked])
    figures: dict[str, float] = {}
    firsts = {}
    for name, of_weight, by, least in (
        ("", weight, calibration, threshold),
        ("alone_", 0.0, retriever.calibration, retriever.threshold),
    ):
        ranked = questions.ranked(of_weight)
        right = are_right(ranked, questions.asked)
        sure = np.array([confidence(candidates, by) for candidates in ranked])
        ranks = ranks_of(questions, of_weight)
        risk, coverage = risk_and_coverage(sure, right, least)
        firsts[name] = right[answerable].astype(np.float64)
        figures |= {
            f"{name}recall_at_1": recall_at(1, ranks),
            f"{name}recall_at_5": recall_at(5, ranks),
            f"{name}mrr": mean_reciprocal_rank(ranks),
            f"{name}ece": expected_calibration_error(sure, right),
            f"{name}brier": brier_score(sure, right),
            f"{name}risk": risk,
            f"{name}coverage": coverage,
            f"{name}coverage_at_5_percent": _coverage_at(sure, right, 0.05),
        }
    figures["chance_of_gain"] = chance_of_gain(firsts[""], firsts["alone_"], 1e-9)
    return figures


def _coverage_at(
    sure: np.ndarray[tuple[int], np.dtype[np.float64]], right: Bools, risk: float
) -> float:
    """The part that could be answered with so many wrong, if the threshold were known."""
    return risk_and_coverage(sure, right, choose_threshold(sure, right, risk))[1]
