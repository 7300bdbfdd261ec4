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
from textwire.support_qa.passage_index import READ_CLOSELY, Candidate, PassageIndex
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
TRIED_CLOSELY = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


Features = dict[str, float]  # of `textwire.support_qa.confidence`


class QuestionSplit(NamedTuple):
    """Questions to fit on, and questions to report on; and more that nothing answers.

    Of those that nothing answers the fitted ones are as large a part as the reported ones, since a
    threshold that is chosen among more of them is too high for what is reported. All others are
    further examples of what is no answer.
    """

    fitted: list[LabelledQuestion]
    reported: list[LabelledQuestion]
    further: list[LabelledQuestion]


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
    found = index.search(texts_of(parts.fitted))
    right = are_right(found, parts.fitted)
    calibration = fit_confidence(
        [features(candidates) for candidates in found],
        right,
        [features(some) for some in index.search(texts_of(parts.further)) if some],
        [features(one.found) for one in find_without_answers(index, parts.fitted) if one.found],
    )
    threshold = choose_threshold(_confidences(found, calibration), right, max_risk)
    return Calibrated(
        ranking, calibration, threshold, _report(index, parts.reported, calibration, threshold)
    )


def fit_confidence(
    asked: Sequence[Features],
    right: Bools,
    further: Sequence[Features],
    absent: Sequence[Features],
) -> Calibration:
    """Learned from what has no answer too; on average right on the questions asked.

    Each further question counts as one that was asked, all without their answer together for a part
    of those.

    Args: asked: what speaks for the first candidate of each of n questions. right: (n,) bool.
          further: the same of questions that nothing answers.
          absent: the same of questions whose answer is taken away from what they found.
    """
    weight = ABSENT_SHARE * len(asked) / max(1, len(absent))
    fitted = fit_calibration(
        [*asked, *further, *absent],
        np.concatenate([right, np.zeros(len(further) + len(absent), dtype=np.bool_)]),
        np.repeat([1.0, weight], [len(asked) + len(further), len(absent)]),
    )
    return centred(fitted, asked, right)


def texts_of(asked: Sequence[LabelledQuestion]) -> list[str]:
    """What is searched for."""
    return [question.text for question in asked]


def split_held_out(data: SupportData, seed: int) -> QuestionSplit:
    """Two halves of the answerable questions, each with its part of the unanswerable ones."""
    rng = random.Random(seed)  # noqa: S311 - an order, no secret
    shuffled = rng.sample(list(data.held_out), len(data.held_out))
    half = len(shuffled) // 2
    unanswerable = rng.sample(list(data.unanswerable_train), len(data.unanswerable_train))
    alike = len(data.unanswerable_held_out) or len(unanswerable)
    return QuestionSplit(
        [*shuffled[:half], *unanswerable[:alike]],
        [*shuffled[half:], *data.unanswerable_held_out],
        unanswerable[alike:],
    )


def without_some_passages(index: PassageIndex, data: SupportData) -> PassageIndex:
    """A smaller index, which some held-out questions have no answer in."""
    asked_for = list(dict.fromkeys(asked.passage_id for asked in data.held_out))
    withheld = set(asked_for[::WITHHELD_ONE_OF])
    kept = [passage for passage in data.passages if passage.id not in withheld]
    return PassageIndex.build(index.encoder, kept, index.weights, index.word_encoder)


def choose_ranking(index: PassageIndex, asked: Sequence[LabelledQuestion]) -> RankingWeights:
    """Of the weights that are tried, those nearest to the index's that are as good as the best.

    As good: their mean reciprocal rank is lower by no more than one standard error of the
    difference, since which is the very best changes from run to run (Breiman et al. 1984).
    """
    answerable = [question for question in asked if question.passage_id]
    # What is found does not depend on the weights, only its order does.
    found = index.search(texts_of(answerable), MOST_RANKED, closely=MOST_RANKED)
    evidence = evidence_of(found, [question.passage_id for question in answerable])
    of_each = {
        weights: reciprocal_ranks(weights, evidence)
        for weights in (
            RankingWeights(heading, words, closely)
            for heading in TRIED_HEADING
            for words in TRIED_WORDS
            for closely in (TRIED_CLOSELY if index.word_encoder else (0.0,))
        )
    }
    best = max(of_each.values(), key=lambda reciprocals: float(reciprocals.mean()))

    def is_as_good(reciprocals: Floats) -> bool:
        lost = best - reciprocals
        return bool(lost.mean() <= lost.std() / np.sqrt(len(lost)))

    return min(
        (weights for weights, reciprocals in of_each.items() if is_as_good(reciprocals)),
        key=lambda weights: _distance(weights, index.weights),
    )


class Evidence(NamedTuple):
    """What speaks for each candidate of each question: all (questions, candidates)."""

    heading_cosines: Floats
    cosines: Floats  # -inf where a question has fewer candidates
    word_scores: Floats
    closeness: Floats  # 0 where none was read closely
    right: Bools


def evidence_of(
    found: Sequence[Sequence[Candidate]], passage_ids: Sequence[str | None]
) -> Evidence:
    """All of it, of candidates that were all read closely or none."""
    shape = len(found), max((len(candidates) for candidates in found), default=0)
    evidence = Evidence(
        np.full(shape, -np.inf),
        np.full(shape, -np.inf),
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape, dtype=np.bool_),
    )
    for row, (candidates, passage_id) in enumerate(zip(found, passage_ids, strict=True)):
        of_row = slice(len(candidates))
        evidence.heading_cosines[row, of_row] = [one.heading_cosine for one in candidates]
        evidence.cosines[row, of_row] = [one.cosine for one in candidates]
        evidence.word_scores[row, of_row] = [one.word_score for one in candidates]
        evidence.closeness[row, of_row] = [one.closeness or 0.0 for one in candidates]
        evidence.right[row, of_row] = [one.passage.id == passage_id for one in candidates]
    return evidence


def reciprocal_ranks(weights: RankingWeights, evidence: Evidence) -> Floats:
    """Of each question's passage, (questions,): 1 where it comes first, 0 where it is not found.

    Ranked as `PassageIndex` ranks: the first by one score are ranked anew by another.
    """
    # Not by weights of 0, which times -inf are no numbers.
    shown = np.isfinite(evidence.cosines)
    headings: Floats = np.where(shown, evidence.heading_cosines, 0.0)
    cosines: Floats = np.where(shown, evidence.cosines, 0.0)
    scores = np.where(shown, weights.score(headings, cosines, evidence.word_scores), -np.inf)
    places = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1)
    is_read = shown & (places < READ_CLOSELY)
    closely = np.where(is_read, scores + weights.closely * evidence.closeness, -np.inf)

    def rank(of: Floats) -> Floats:
        own = np.where(evidence.right, of, -np.inf).max(axis=1, keepdims=True)
        ranks: Floats = 1.0 + (of > own).sum(axis=1)
        return ranks

    right_is_read = (evidence.right & is_read).any(axis=1)
    ranks = np.where(right_is_read, rank(closely), rank(scores))
    reciprocals: Floats = np.where(evidence.right.any(axis=1), 1.0 / ranks, 0.0)
    return reciprocals


def _distance(one: RankingWeights, other: RankingWeights) -> float:
    return (
        abs(one.heading - other.heading)
        + abs(one.words - other.words)
        + abs(one.closely - other.closely)
    )


def _report(
    index: PassageIndex,
    asked: Sequence[LabelledQuestion],
    calibration: Calibration,
    threshold: float,
) -> dict[str, float]:
    found = index.search(texts_of(asked))
    right = are_right(found, asked)
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


def are_right(found: Sequence[Sequence[Candidate]], asked: Sequence[LabelledQuestion]) -> Bools:
    """Whether each question's first candidate answers it, (n,) bool."""
    return np.array(
        [
            bool(candidates) and candidates[0].passage.id == question.passage_id
            for candidates, question in zip(found, asked, strict=True)
        ]
    )


def _confidences(found: Sequence[Sequence[Candidate]], calibration: Calibration) -> Floats:
    return np.array([confidence(candidates, calibration) for candidates in found])
