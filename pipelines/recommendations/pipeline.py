"""Recommendations as one of the pipelines."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.measuring.judgement import Judge
from pipelines.pipeline import Make, Pipeline
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.samples import SampleShop
from pipelines.recommendations.settings import APPLICATION, TASK, RecommendationSettings
from textwire.samples import samples_dir


def usual() -> tuple[SampleShop, RecommendationSettings]:
    """The sample shop, and the settings chosen on it."""
    return SampleShop(samples_dir() / "recommendations"), RecommendationSettings()


def summary(metrics: Mapping[str, float]) -> str:
    """Lists beside those of simpler ways."""
    m = metrics
    return (
        f"the next liked item is in {m['hr_at_10']:.1%} of the lists of 10 that serve (by text "
        f"alone {m['text_hr_at_10']:.1%}, untuned {m['base_hr_at_10']:.1%}, by category "
        f"{m['category_hr_at_10']:.1%}, by popularity {m['popularity_hr_at_10']:.1%}), and found "
        f"by their search for {m['candidate_recall']:.1%}; AUC {m['auc']:.3f}."
    )


def load_make() -> Make[ShopData, RecommendationSettings]:
    """What makes the artifact."""
    from pipelines.recommendations.make import make_artifact

    return make_artifact


def load_judge() -> Judge:
    """What compares versions by rows."""
    from pipelines.recommendations.judge import judge

    return judge


pipeline = Pipeline(APPLICATION, TASK, usual, load_make, summary, load_judge)
