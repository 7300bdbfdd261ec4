"""The encoder that serves: tuned, or as it came where that finds more."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.evaluate import beats
from pipelines.recommendations.out_of_fold import tune_out_of_fold
from pipelines.recommendations.replay import Encode, TextVectors
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.recommendations.split import TimeSplit
from pipelines.recommendations.train import tune
from pipelines.running.progress import Progress
from pipelines.training.run import TrainingRun
from pipelines.training.text_model import TextModel
from textwire.recommendations.profiles.half_lives import HalfLives


class FittedEncoder(NamedTuple):
    """What serves, and what the ranker learns with.

    vectors  of all texts, by the model.
    earlier  of all texts, by one that was tuned on earlier moments alone; None: by none, since
             nothing was tuned, or there was nothing to tune it on.
    """

    model: TextModel
    vectors: TextVectors
    earlier: TextVectors | None
    is_tuned: bool


def fit_encoder(
    model: TextModel,
    load: Callable[[], TextModel],
    data: ShopData,
    parts: TimeSplit,
    untrained: TextVectors,
    half_lives: HalfLives,
    settings: RecommendationSettings,
    progress: Progress,
    run: TrainingRun,
    encode: Encode,
) -> FittedEncoder:
    """Tune in place on the train part, and keep it if it finds more in the calibration part.

    Args:   model: as it comes. load: it again. untrained: its vectors of all texts.
    Raises: DataError: nothing was liked after something else.
    """
    with progress.stage("Fine-tuning") as stage:
        tune(model, data, parts.train, untrained, settings, stage, run)
        trained = encode(model, data.texts)
        judged = [moment for moment in parts.calibration if moment.liked][: settings.judged_lists]
        if not beats(trained, untrained, data, judged, half_lives):
            progress.say("The base model finds more than the tuned one: it is kept as it came.")
            return FittedEncoder(load(), untrained, None, is_tuned=False)
    unseen = load()
    is_apart = tune_out_of_fold(unseen, data, parts, untrained, settings, progress, run)
    earlier = encode(unseen, data.texts) if is_apart else None
    return FittedEncoder(model, trained, earlier, is_tuned=True)
