"""An encoder that has learned of no moment that the ranker learns from.

An encoder puts a user near to what that user liked in the moments that it was tuned on. A ranker
that learned from the same moments would trust the match of texts more than new moments bear out: on
two sample shops its lists found less and their odds were worse (docs/results/ranker.md). So the
ranker learns with one that was tuned on the moments before its own, as the item model was that it
learns with. What serves is tuned on all of them.

Source: Wolpert 1992, "Stacked generalization", doi:10.1016/S0893-6080(05)80023-1.
"""

from __future__ import annotations

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.recommendations.split import TimeSplit
from pipelines.recommendations.train import find_examples, tune
from pipelines.running.progress import Progress
from pipelines.training.run import TrainingRun
from pipelines.training.text_model import TextModel


def tune_out_of_fold(
    model: TextModel,
    data: ShopData,
    parts: TimeSplit,
    base: TextVectors,
    settings: RecommendationSettings,
    progress: Progress,
    run: TrainingRun,
) -> bool:
    """Train in place on the moments before those of the ranker; whether there was anything in them.

    Args: model: as it comes. base: its vectors.
    """
    if not find_examples(data, parts.before_ranker, base.places, settings.half_life_days):
        progress.say(
            "There is nothing to tune an encoder on before the moments of which the ranker learns. "
            "It learns with the encoder that serves, and may trust the match of texts too much."
        )
        return False
    with progress.stage("Fine-tuning for the ranker, on earlier moments alone") as stage:
        tune(model, data, parts.before_ranker, base, settings, stage, run.stage("out-of-fold"))
    return True
