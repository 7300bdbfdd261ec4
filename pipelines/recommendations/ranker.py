"""The ranker: learned from lists of the train part, calibrated on those of the part after it."""

from __future__ import annotations

from typing import NamedTuple

from pipelines.recommendations.calibrate import Sum, calibrate, choose_sum, raw_of
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.examples import served_rows
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.sequence.choose import Chosen
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.recommendations.split import TimeSplit, evenly
from pipelines.recommendations.train import LearnedRanker, train_ranker
from textwire.models.artifacts.manifest import Calibration
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.following import Following


class FittedRanker(NamedTuple):
    """What was learned, how its scores become probabilities, and the item model beside it.

    known  the item model of what was before the calibration part.
    """

    learned: LearnedRanker
    chosen: Sum
    calibration: Calibration
    known: Following

    @property
    def metrics(self) -> dict[str, float]:
        """For a manifest, by name."""
        return {
            "ranker_onnx_difference": self.learned.difference,
            "learned_parts": float([one is self.chosen for one in self.learned.sums].index(True)),
        }


def fit_ranker(
    data: ShopData,
    parts: TimeSplit,
    vectors: TextVectors,
    following: Chosen,
    settings: RecommendationSettings,
    half_lives: HalfLives,
    earlier: TextVectors | None = None,
) -> FittedRanker:
    """Learn on the train part, choose and calibrate on the calibration part.

    Args: vectors: of all texts, as they are served. following: what fits an item model.
          earlier: of all texts, by an encoder that has not learned of the moments that the ranker
              learns from; None: the one that serves has not.
    """
    # What the ranker learns from was not seen by the item model that it learns with.
    early = following.fit(data.events[: parts.first_of_ranker.place])
    with_them = vectors if earlier is None else earlier
    learned = train_ranker(data, parts.of_ranker, with_them, early, settings, half_lives)
    known = following.fit(data.events[: parts.calibration[0].place])
    judged = evenly(parts.calibration, settings.judged_lists)
    rows = list(served_rows(data, judged, vectors, half_lives, item_model=known))
    raw = raw_of(learned.graph, rows)
    chosen = choose_sum(rows, raw, learned.sums)
    calibration = calibrate(rows, raw, chosen, answers_words=learned.answers_words)
    return FittedRanker(learned, chosen, calibration, known)
