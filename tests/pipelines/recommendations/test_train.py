"""Training: each text once in an epoch, and users come near what they like."""

import io
import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.impressions import find_moments
from pipelines.recommendations.out_of_fold import tune_out_of_fold
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.recommendations.split import TimeSplit
from pipelines.recommendations.train import draw_steps, find_examples, tune
from pipelines.running.progress import Progress
from pipelines.training.run import UNKEPT
from pipelines.training.text_model import TextModel
from tests.encoders import HashingEncoder
from tests.pipelines.recommendations.small_shop import START, made, small_items, small_shop
from tests.slow_params import slow_but
from textwire.errors import DataError
from textwire.models.base_model import BaseModel

GAP = timedelta(minutes=30)
SETTINGS = RecommendationSettings(
    epochs=3, learning_rate=1e-3, texts_per_step=16, max_tokens=32, half_life_days=2.0
)


class SilentStage:
    def expect(self, steps: int) -> None: ...

    def advance(self) -> None: ...


def test_an_epoch_encodes_each_text_once_and_each_step_has_lessons_about_its_texts() -> None:
    data = small_shop()
    vectors = TextVectors.encode(HashingEncoder(), data.texts)
    examples = find_examples(data, find_moments(data, GAP), vectors.places, 2.0)
    steps = draw_steps(examples, SETTINGS, random.Random(0))
    texts = [place for step in steps for place in step.texts]
    assert len(texts) == len(set(texts))
    for step in steps:
        for lesson in step.examples:
            assert {lesson.target, *lesson.history.places} & set(step.texts)


@pytest.mark.parametrize("method", slow_but(["full", "head", "lora"], "lora"))
def test_what_is_liked_next_comes_nearer(tiny_base: Path, tmp_path: Path, method) -> None:
    data = small_shop(users=6, visits=4)
    model = TextModel(BaseModel("tiny", tiny_base), tmp_path, 32)
    base = TextVectors.encode(model, data.texts)
    moments = find_moments(data, GAP)
    losses = tune(model, data, moments, base, replace(SETTINGS, method=method), SilentStage())
    assert losses[-1] < losses[0]
    assert not np.allclose(TextVectors.encode(model, data.texts).vectors, base.vectors)


def test_a_larger_catalogue_is_drawn_from(tiny_base: Path, tmp_path: Path) -> None:
    data = small_shop(users=4, visits=4)
    model = TextModel(BaseModel("tiny", tiny_base), tmp_path, 32)
    base = TextVectors.encode(model, data.texts)
    few = replace(SETTINGS, negatives=5, epochs=1)
    assert tune(model, data, find_moments(data, GAP), base, few, SilentStage())[0] > 0


def test_users_without_a_past_teach_nothing(tiny_base: Path, tmp_path: Path) -> None:
    events = [made(n, "click", START + timedelta(hours=n), "card1") for n in range(12)]
    data = ShopData(small_items(), events).checked()
    model = TextModel(BaseModel("tiny", tiny_base), tmp_path, 32)
    base = TextVectors.encode(model, data.texts)
    with pytest.raises(DataError, match="no history"):
        tune(model, data, find_moments(data, GAP), base, SETTINGS, SilentStage())


def test_where_nothing_was_before_the_rankers_moments_it_is_said(
    tiny_base: Path, tmp_path: Path
) -> None:
    data = small_shop(users=6, visits=4)
    moments = find_moments(data, GAP)
    told = io.StringIO()
    progress = Progress(Console(file=told, width=200))
    model = TextModel(BaseModel("tiny", tiny_base), tmp_path, 32)
    base = TextVectors.encode(model, data.texts)
    late = TimeSplit(moments[-2:], moments[-2:], moments[-2:])
    assert not tune_out_of_fold(model, data, late, base, SETTINGS, progress, UNKEPT)
    assert "nothing to tune an encoder on" in told.getvalue()
    early = TimeSplit(moments, moments, moments)
    few = replace(SETTINGS, epochs=1)
    assert tune_out_of_fold(model, data, early, base, few, progress, UNKEPT)
