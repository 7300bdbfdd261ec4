"""Lists of the last part of the time, by the ranker and by what it must beat; how int8 strays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from pipelines.agreement import VectorAgreement, compare_vectors
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.examples import Ranked, served_rows
from pipelines.recommendations.histories import find_histories, mean_vectors
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.measures import list_metrics, odds_metrics, rank_among
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.trees import stacked
from textwire.errors import DataError
from textwire.models.encoder import Vectors
from textwire.recommendations.features import FEATURES
from textwire.recommendations.ranker import Ranker

Scorer = Callable[[Vectors], Vectors]  # features of a moment's items to a score for each
# So little decides among items that are the same otherwise.
TIE = 1e-4


def measure_ranker(ranker: Ranker, rows: Sequence[Ranked]) -> dict[str, float]:
    """Lists and odds of the ranker, and lists of each simpler way, over the same moments.

    Raises: DataError: nothing, or everything, was liked.
    """
    features, liked = stacked(rows)
    if liked.all() or not liked.any():
        raise DataError(
            "In the last part of the time everything that could be offered was liked, or nothing: "
            "there is nothing to judge the ranker by. Give events over a longer time."
        )
    metrics = odds_metrics(ranker.score(features), liked)
    for name, scorer in scorers(ranker).items():
        found = list_metrics(ranks(rows, scorer))
        metrics |= {f"{name}{key}": value for key, value in found.items()}
    return metrics


def measure_text_match(
    data: ShopData, moments: Sequence[Moment], vectors: TextVectors, half_life_days: float
) -> dict[str, float]:
    """Lists by the match of texts alone, with some encoder's vectors."""
    rows = list(served_rows(data, moments, vectors, half_life_days))
    return list_metrics(ranks(rows, text_match))


def scorers(ranker: Ranker) -> dict[str, Scorer]:
    """Ways to order items, by the prefix of their metrics; the ranker's own has none."""
    return {
        "": ranker.score,
        "text_": text_match,
        "popularity_": lambda features: _column(features, "popularity"),
        "category_": by_category,
    }


def text_match(features: Vectors) -> Vectors:
    """By cosine to the user and to what is asked for; of a user not known, by popularity.

    Args:    features: (n, len(FEATURES)) float32.
    Returns: (n,) float32.
    """
    matched = _column(features, "text_match") + _column(features, "context_match")
    scores: Vectors = matched + TIE * _column(features, "popularity")
    return scores


def by_category(features: Vectors) -> Vectors:
    """By the user's categories, and within one by popularity.

    Args:    features: (n, len(FEATURES)) float32.
    Returns: (n,) float32.
    """
    affinity = _column(features, "category_affinity")
    scores: Vectors = affinity + 0.01 * _column(features, "popularity")
    return scores


def ranks(rows: Sequence[Ranked], scorer: Scorer) -> list[int | None]:
    """Where what was liked next stands, for each moment at which something was liked next."""
    return list(_ranks(rows, scorer))


def _ranks(rows: Sequence[Ranked], scorer: Scorer) -> Iterator[int | None]:
    for row in rows:
        if not row.moment.liked:
            continue
        target = row.moment.liked[0]
        place = next((n for n, item in enumerate(row.items) if item.id == target), None)
        yield None if place is None else rank_among(scorer(row.features), place)


def _column(features: Vectors, name: str) -> Vectors:
    column: Vectors = np.asarray(features[:, FEATURES.index(name)])
    return column


def compare_engines(
    trained: TextVectors,
    served: TextVectors,
    data: ShopData,
    moments: Sequence[Moment],
    half_life_days: float,
) -> VectorAgreement:
    """How near the int8 graph's vectors are to the model's: of items, and of users by then."""
    histories = find_histories(data, moments, served.places, half_life_days)
    items = [item.text for item in data.by_id.values()]
    return compare_vectors(
        mean_vectors(trained.vectors, histories),
        trained.rows(items),
        mean_vectors(served.vectors, histories),
        served.rows(items),
    )
