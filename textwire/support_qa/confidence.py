"""How likely a candidate is to answer the question."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from textwire.errors import ArtifactError
from textwire.models.artifacts.manifest import Calibration
from textwire.support_qa.passage_index import Candidate

FEATURES = (
    "cosine",
    "cosine_margin",
    "heading_margin",
    "score_margin",
    "agreement",
    "word_share",
    "missing",
)
# Where the best were read closely.
CLOSE_FEATURES = ("closeness", "closeness_margin")
# Where a reranker has read the candidates as well.
RERANKED_FEATURES = ("relevance", "relevance_margin")


def features(candidates: Sequence[Candidate], of: int = 0) -> dict[str, float]:
    """What speaks for one candidate, the first unless said; of all but `missing` more is better.

    cosine          between the question and the candidate.
    cosine_margin   by how much that exceeds its best rival's; negative where the rival is nearer.
    heading_margin  the same of the cosines with their headings.
    score_margin    the same of the scores by which they are ranked.
    agreement       1 where meaning and words put the candidate first, else 0.
    word_share      its part of its own and its best rival's BM25 scores; 1/2 is a draw.
    missing         how rare the rarest of the question's words is that it lacks, 0 to 1.

    Of candidates of which some were read closely:

    closeness         what late interaction says of it; of one that was not read, the least said.
    closeness_margin  by how much that exceeds its best rival's.

    And of candidates that a reranker has read:

    relevance         the log odds by which it answers.
    relevance_margin  by how much they exceed its best rival's.

    A rival is a candidate with another text: repeats of one answer do not compete. All are 0 where
    there is no candidate.
    """
    if not candidates:
        return dict.fromkeys(FEATURES, 0.0)
    text = candidates[of].passage.text
    rivals = [other for other in candidates if other.passage.text != text]
    same = [other for other in candidates if other.passage.text == text]
    return {
        "cosine": max(candidate.cosine for candidate in same),
        "cosine_margin": _margin(same, rivals, lambda candidate: candidate.cosine),
        "heading_margin": _margin(same, rivals, lambda candidate: candidate.heading_cosine),
        "score_margin": _margin(same, rivals, lambda candidate: candidate.score),
        "agreement": float(
            any(c.dense_rank == 1 for c in same) and any(c.word_rank == 1 for c in same)
        ),
        "word_share": _share(
            max(candidate.word_score for candidate in same),
            max((rival.word_score for rival in rivals), default=0.0),
        ),
        "missing": min(candidate.missing for candidate in same),
        **_closeness(same, rivals),
        **_relevance(same, rivals),
    }


def require_known_features(calibration: Calibration) -> None:
    """That the confidence can be told with a calibration.

    Raises: ArtifactError: it weighs a feature that is not among `FEATURES`.
    """
    unknown = sorted(set(calibration.features) - {*FEATURES, *CLOSE_FEATURES, *RERANKED_FEATURES})
    if unknown:
        raise ArtifactError(
            f"The model's calibration weighs {', '.join(unknown)}, which this version of Textwire "
            "does not compute. Run `pipelines support-qa run` to fit it anew."
        )


def confidence(
    candidates: Sequence[Candidate], calibration: Calibration | None, of: int = 0
) -> float:
    """The calibrated probability, in [0, 1], that a candidate answers the question.

    Of the first unless said. Logistic regression over `features` (Platt 1999); 0 where there is no
    candidate.

    Raises: ArtifactError: the model has no calibration, or one of unknown features.
    """
    if calibration is None:
        raise ArtifactError(
            "The model has no calibration, so nothing can be said of its confidence. "
            "Run `pipelines support-qa run`, which fits it on held-out questions."
        )
    if not candidates:
        return 0.0
    logit = calibration.intercept + _weighted(features(candidates, of), calibration)
    # tanh does not overflow, however far the logit lies out.
    return 0.5 * (1.0 + math.tanh(0.5 * logit))


def with_fits(candidates: Sequence[Candidate], calibration: Calibration) -> list[Candidate]:
    """The candidates, each with how well it fits: its own confidence, beside the same rivals."""
    return [
        replace(candidate, fit=confidence(candidates, calibration, place))
        for place, candidate in enumerate(candidates)
    ]


def _margin(
    same: Sequence[Candidate],
    rivals: Sequence[Candidate],
    value: Callable[[Candidate], float],
) -> float:
    return max(map(value, same)) - max(map(value, rivals), default=0.0)


def _closeness(same: Sequence[Candidate], rivals: Sequence[Candidate]) -> dict[str, float]:
    read = [one.closeness for one in (*same, *rivals) if one.closeness is not None]
    if not read:
        return {}
    least = min(read)
    own, rival = (
        max((least if one.closeness is None else one.closeness for one in some), default=0.0)
        for some in (same, rivals)
    )
    return {"closeness": own, "closeness_margin": own - rival}


def _relevance(same: Sequence[Candidate], rivals: Sequence[Candidate]) -> dict[str, float]:
    read = [candidate.relevance for candidate in same if candidate.relevance is not None]
    if not read:
        return {}
    others = [rival.relevance for rival in rivals if rival.relevance is not None]
    own = max(read)
    return {"relevance": own, "relevance_margin": own - max(others, default=0.0)}


def _weighted(values: dict[str, float], calibration: Calibration) -> float:
    require_known_features(calibration)
    weights = zip(calibration.features, calibration.weights, strict=True)
    return sum(weight * values[name] for name, weight in weights)


def _share(own: float, rival: float) -> float:
    return own / (own + rival) if own + rival else 0.0
